-- /// card
-- description = "One row is a month and a measure of its crimes as a whole."
-- grain = ["series_ref", "measure"]
-- audience = ["integrity"]
-- caveats = [
--     "A month with fewer than ten crimes (series.minimum_count) is not evaluated.",
--     "A crime whose value is not known is in no share.",
-- ]
-- [columns]
-- series_ref = ["varchar", "Month as YYYY-MM, after the code of the force if the extract has several"]
-- force_code = ["varchar", "Force; null if no crime is of a force that is known"]
-- recorded_month = ["date", "First day of the month, London; of the report for reports at midnight"]
-- measure = ["varchar", "Measure"]
-- crime_count = ["bigint", "Crimes of the month that can be measured", "crimes"]
-- counted = ["bigint", "Of these, crimes with the measured property", "crimes"]
-- month_share = ["double", "Share in the month", "share"]
-- mean_share = ["double", "Share of all months together", "share"]
-- lower_limit = ["double", "Lowest share that is not queried", "share"]
-- upper_limit = ["double", "Highest share that is not queried", "share"]
-- is_within_limits = ["boolean", """TIM-04, CLS-21, CLS-22: the share is within the limits; null where the month has \
--     too few crimes"""]
-- ///

-- Rules on a whole month: recording-standards 6.2 (TIM-04) and 6.3 (CLS-21, CLS-22). Months are in London time.
with limits as (
    select
        series_minimum_count as minimum_count,
        timeliness_midnight_share as midnight_share,
        classification_unknown_relationship_share as unknown_share,
        classification_other_relationship_share as other_share,
        classification_former_partner_stalking_share as stalking_share,
        classification_share_deviations as deviations
    from core.settings
),

former_partner_rule as (
    select min(valid_from) as valid_from
    from reference.recording_regimes
    where regime_ref = 'R20'
),

-- crimes of forces without figures of their own belong to no series
scope as (
    select count(*) as force_count
    from core.force_scope
),

local_times as (
    select
        f.force_code,
        c.recorded_at at time zone 'Europe/London' as recorded_local,
        c.reported_at at time zone 'Europe/London' as reported_local,
        c.recorded_month,
        c.recorded_date,
        c.relationships,
        c.is_stalking_or_harassment,
        c.class_code,
        c.is_former_partner
    from core.crimes as c
    cross join scope as n
    left join core.force_scope as f on c.force_code = f.force_code
    where n.force_count = 0 or f.force_code is not null
),

-- a crime whose value is not known is in no share
measured as (
    select
        'recorded at midnight' as measure,
        force_code,
        month_of(recorded_local) as month,
        recorded_local = date_trunc('day', recorded_local) as is_counted
    from local_times
    where recorded_local is not null
    union all
    select
        'reported at midnight',
        force_code,
        month_of(reported_local),
        reported_local = date_trunc('day', reported_local)
    from local_times
    where reported_local is not null
    union all
    -- 7.1: unknown is a value of its own, apart from null
    select 'relationship unknown', force_code, recorded_month, relationships = 'unknown'
    from local_times
    where is_stalking_or_harassment and relationships is not null and recorded_month is not null
    union all
    select 'relationship other', force_code, recorded_month, relationships = 'other'
    from local_times
    where is_stalking_or_harassment and relationships is not null and recorded_month is not null
    union all
    select 'former partners: stalking', t.force_code, t.recorded_month, t.class_code = '8Q'
    from local_times as t
    cross join former_partner_rule as r
    inner join reference.class_groups as g on g.class_group = 'stalking or harassment' and t.class_code = g.code
    where t.is_former_partner and t.recorded_date >= r.valid_from
),

counts as (
    select force_code, measure, month, count(*) as crime_count, count(*) filter (where is_counted) as counted
    from measured
    group by force_code, measure, month
),

shares as (
    select
        force_code,
        measure,
        month,
        crime_count,
        counted,
        counted * 1.0 / crime_count as month_share,
        sum(counted) over (partition by force_code, measure) * 1.0
            / sum(crime_count) over (partition by force_code, measure) as mean_share
    from counts
),

bounded as (
    select
        s.*,
        s.crime_count >= l.minimum_count as is_large_enough,
        -- p-chart: limits depend on the month's own number of crimes
        case
            when s.measure = 'former partners: stalking'
                then greatest(
                    l.stalking_share,
                    s.mean_share - l.deviations * sqrt(s.mean_share * (1 - s.mean_share) / s.crime_count)
                )
        end as lower_limit,
        case s.measure
            when 'relationship unknown' then l.unknown_share
            when 'relationship other' then l.other_share
            when 'former partners: stalking'
                then s.mean_share + l.deviations * sqrt(s.mean_share * (1 - s.mean_share) / s.crime_count)
            else l.midnight_share
        end as upper_limit
    from shares as s
    cross join limits as l
)

select
    case when n.force_count > 1 then force_code || ' ' else '' end || strftime(month, '%Y-%m') as series_ref,
    force_code,
    month as recorded_month,
    measure,
    crime_count,
    counted,
    month_share,
    mean_share,
    lower_limit,
    upper_limit,
    case
        when is_large_enough then month_share >= coalesce(lower_limit, 0) and month_share <= upper_limit
    end as is_within_limits
from bounded
cross join scope as n
