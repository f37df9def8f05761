-- /// card
-- description = "One row is recorded stalking and harassment (the subgroup, or one class) in one whole month."
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Recorded crime is not prevalence: an increase can be better recording.",
--     """For a force extract: by month of recording and by current class; cancelled and transferred crimes are left \
--     out.""",
--     """A month counts if the extract covers it: all of it is between the days that mapping.toml states. Where it \
--     states none, this is derived: from the first to the last month with at least half the usual number of crimes of \
--     all kinds, without months so low that a part of the extract must be missing.""",
-- ]
-- [columns]
-- series_ref = ["varchar", "Name of the series: source, force, offence"]
-- source = ["varchar", "extract, or the publication that gives months"]
-- "force_code, force_name, offence_code, offence_label" = "columns"
-- month = ["date", "First day of the month"]
-- crime_count = ["bigint", "Recorded crimes; null where a publication does not give the number", "crimes"]
-- ///

-- Forecasts use these months. A month inside the extract without such a crime is 0; missing or incomplete months are
-- left out. Monthly publications have series of their own.
with spans as (
    select
        f.force_code,
        m.covers_from,
        m.covers_until,
        -- the next month, unless the extract begins on the first of a month
        cast(date_trunc(
            'month',
            coalesce(cast(m.covers_from as timestamp), f.first_recorded_at at time zone 'Europe/London')
            + interval 1 month - interval 1 day
        ) as date) as first_month,
        -- first incomplete month
        cast(date_trunc(
            'month',
            least(
                coalesce(cast(m.covers_until as timestamp), f.last_recorded_at at time zone 'Europe/London'),
                m.as_of_at at time zone 'Europe/London'
            ) + interval 1 day
        ) as date) as end_month
    from core.force_moments as f
    cross join core.extract_moments as m
),

all_crimes as (
    select force_code, recorded_month as month, count(*) as crime_count
    from core.crimes
    group by force_code, recorded_month
),

-- crimes of all kinds in a usual month of the last year: the median, because the last month may have only late
-- recordings
last_year as (
    select
        a.force_code,
        a.crime_count,
        row_number() over (partition by a.force_code order by a.crime_count) as place,
        count(*) over (partition by a.force_code) as month_count
    from all_crimes as a
    inner join spans as s
        on a.force_code = s.force_code and a.month >= s.end_month - interval 12 month and a.month < s.end_month
),

candidates as (
    select
        *,
        cast(unnest(generate_series(first_month, end_month - interval 1 day, interval 1 month)) as date) as month
    from spans
),

counted as (
    select
        c.force_code,
        c.month,
        c.covers_from is not null as is_start_stated,
        c.covers_until is not null as is_end_stated,
        u.crime_count as usual_count,
        coalesce(a.crime_count, 0) as crime_count,
        coalesce(a.crime_count >= g.covered_share * u.crime_count, false) as is_full
    from candidates as c
    left join last_year as u on c.force_code = u.force_code and u.place = floor(u.month_count / 2) + 1
    cross join (select demand_covered_share as covered_share from core.settings) as g
    left join all_crimes as a on c.month = a.month and c.force_code = a.force_code
),

-- Where no end is stated, a few old crimes or late recordings do not make one: the extract is taken to begin and to end
-- with a full month. A month between is quiet by chance, or a part of the extract is missing: beyond three standard
-- deviations of a count it is taken to be missing.
months as (
    select force_code, month
    from (
        select
            *,
            min(case when is_full then month end) over (partition by force_code) as first_full,
            max(case when is_full then month end) over (partition by force_code) as last_full
        from counted
    ) as f
    where
        (is_start_stated or month >= first_full)
        and (is_end_stated or month <= last_full)
        and (
            is_full or (is_start_stated and is_end_stated) or crime_count >= usual_count - 3 * sqrt(usual_count)
        )
),

recorded as (
    select
        force_code,
        offence_code,
        month_of(recorded_date) as month,
        cast(sum(crime_count) as bigint) as crime_count
    from core.demand_days
    group by force_code, offence_code, date_trunc('month', recorded_date)
),

forces as (
    select force_code, force_name
    from core.force_scope
    union all
    -- where no crime is of a force that is known, there is one series of all of them
    select f.force_code, f.force_name
    from core.extract_forces as f
    where f.crime_count > 0 and not exists (select 1 from core.force_scope)
),

labels as (
    select offence_code, offence_label
    from reference.offence_classes
    union all
    select 'S&H', 'Stalking and harassment'
)

select
    'extract|' || coalesce(f.force_code, '') || '|' || l.offence_code as series_ref,
    'extract' as source,
    f.force_code,
    f.force_name,
    l.offence_code,
    l.offence_label,
    m.month,
    coalesce(r.crime_count, 0) as crime_count
from months as m
cross join labels as l
inner join forces as f on m.force_code = f.force_code
left join recorded as r
    on m.force_code = r.force_code and m.month = r.month and l.offence_code = r.offence_code
where l.offence_code = 'S&H' or l.offence_code in (
    select offence_code from reference.offence_classes where is_stalking_and_harassment
)
union all
select
    t.source || '|' || t.force_code || '|' || t.offence_code,
    t.source,
    t.force_code,
    t.force_name,
    t.offence_code,
    l.offence_label,
    t.period_start,
    t.crime_count
from metrics.recorded_rates as t
inner join labels as l on t.offence_code = l.offence_code
where t.period_months = 1
