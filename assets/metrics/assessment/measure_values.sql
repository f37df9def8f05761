-- /// card
-- description = """One row is a measure in a period, whole or in a part of one breakdown, with its share or median and \
--     95% interval."""
-- grain = ["measure_code", "period_type", "period_start", "breakdown", "breakdown_value"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A period that the extract does not cover whole is marked: compare it with no other.",
--     "No share is given where more is not known than known.",
--     """A count of zero is shown for months that the extract covers. A share has no row where nothing was due: that \
--     is not zero.""",
--     """By a breakdown, shares and medians have rows in a type of period where in any one of them a part has enough \
--     cases (shares.minimum_denominator). The whole always has rows, and so has every part to date.""",
--     """A median is of the events of the period, whenever the crime was recorded. Medians of parts do not add up to \
--     that of the whole; the events do. Cases still open are not in it: metrics.outcome_incidence counts those.""",
--     """There is no median of fewer events than a share needs cases, nor of the extract's first twelve months \
--     (settings).""",
--     "Measures at the end of a month have for each longer period the figure of its last month.",
--     """Wards have quarters, financial years and all to date alone: by month most have no crime or one. They have no \
--     medians, control charts or pairs.""",
--     """Weekday and hour of the offence are of three counts of recorded crimes alone, and not by month. Of conduct over \
--     days or weeks neither is known: core.crime_breakdowns has the rule.""",
--     "Standards are broken down by unit and class alone. Repeats count people, each in the part of the latest event.",
--     "Orders applied for and granted in a month are for the whole force alone: each could be a part by itself.",
--     """By suspect, a crime counts once: by the first entered of those named and not eliminated. Suspects are not \
--     offenders: most are not convicted.""",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- period_type = ["varchar", "month, quarter, financial_year, rolling_12 or to_date"]
-- period_start = ["date", "First day of the period; to date, of the first month"]
-- period_end = ["date", "Last month of the period, as its first day"]
-- is_whole = ["boolean", "The extract covers every month of the period, and what it counts had time to happen"]
-- is_drawn = ["boolean", "It is whole, or would be if its duty had a time limit"]
-- breakdown = ["varchar", "none, or one of reference.breakdowns"]
-- breakdown_value = ["varchar", "Part of the breakdown; all where there is none", "", "Part"]
-- numerator = ["bigint", "Counted; of a median the events", "", "Counted"]
-- denominator = ["bigint", "Of these; null for a count; of a median the events", "", "Of"]
-- not_known_count = ["bigint", "Neither: what decides is not known", "", "Not known"]
-- value = ["double", """The count, the share, or the median in days; null where more is not known than known, and where \
--     too few events have a median""", "", "Value"]
-- lower = ["double", "Lower 95% limit of a share (Wilson) or median (ranks); null for a count", "", "Lower limit"]
-- upper = ["double", "Upper 95% limit of a share (Wilson) or median (ranks); null for a count", "", "Upper limit"]
-- ///

-- Any measure, by month, district and unit, with one definition for every page. Months add up to longer periods; what
-- is counted at a month's end does not, and a period has its last.
with settings as (
    select intervals_z as z, shares_minimum_denominator as fewest
    from core.settings
),

covered as (
    select distinct month
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

median_months as (
    select
        cast(min(c.month) + interval 1 month * cast(any_value(s.medians_history_months) as integer) as date)
            as first_month
    from covered as c
    cross join core.settings as s
),

-- a part without a crime in a month that the extract covers has a count of zero there
parts as (
    select distinct g.measure_code, g.breakdown, g.breakdown_value
    from metrics.measure_cells as g
    inner join reference.measures as k on g.measure_code = k.measure_code and k.kind = 'count'
),

zeros as (
    select p.measure_code, c.month, p.breakdown, p.breakdown_value
    from parts as p
    cross join covered as c
    anti join metrics.measure_cells as g
        on p.measure_code = g.measure_code and p.breakdown = g.breakdown and p.breakdown_value = g.breakdown_value
        and c.month = g.month
),

cells as (
    select g.*, k.kind in ('count_at_end', 'share_at_end') as is_at_end
    from metrics.measure_cells as g
    inner join reference.measures as k on g.measure_code = k.measure_code
    union all
    select
        measure_code, month, breakdown, breakdown_value, cast(0 as bigint), cast(null as bigint), cast(0 as bigint), false
    from zeros
),

placed as (
    select c.*, p.period_type, p.period_start, p.period_end
    from cells as c
    left join reference.breakdowns as b on c.breakdown = b.breakdown
    inner join metrics.measure_periods as p
        on c.month = p.month
        -- a force has hundreds of wards: their months and years to each would be more rows than all the rest
        and (not coalesce(b.is_fine, false) or p.period_type in ('quarter', 'financial_year', 'to_date'))
        -- in a month a weekday or a band of hours has a few crimes
        and (p.period_type <> 'month' or not coalesce(b.is_by_time, false))
    union all
    select c.*, p.period_type, p.period_start, p.period_end
    from cells as c
    cross join (
        select distinct period_type, period_start, period_end
        from metrics.measure_periods
        where period_type = 'to_date'
    ) as p
    where c.month is null
),

last_months as (
    select measure_code, period_type, period_start, max(month) as month
    from placed
    where is_at_end
    group by measure_code, period_type, period_start
),

summed as (
    select
        p.measure_code,
        p.period_type,
        p.period_start,
        p.period_end,
        p.breakdown,
        p.breakdown_value,
        cast(sum(p.numerator) as bigint) as numerator,
        cast(sum(p.denominator) as bigint) as denominator,
        cast(sum(p.not_known_count) as bigint) as not_known_count
    from placed as p
    left join last_months as l
        on p.measure_code = l.measure_code and p.period_type = l.period_type and p.period_start = l.period_start
    where not p.is_at_end or p.month = l.month
    group by p.measure_code, p.period_type, p.period_start, p.period_end, p.breakdown, p.breakdown_value
),

-- of few crimes most rows would be of parts that no page shows
enough as (
    select measure_code, period_type, breakdown
    from summed
    group by measure_code, period_type, breakdown
    having breakdown = 'none' or period_type = 'to_date'
        or coalesce(max(denominator) >= (select fewest from settings), true)
),

whole as (
    select
        s.*,
        s.period_type = 'to_date' or (
            coalesce(w.month_count, 0)
            = 12 * (year(s.period_end) - year(s.period_start)) + month(s.period_end) - month(s.period_start) + 1
            -- in whole days, as crimes are followed: the last day of the period has been followed by the as-of day
            and coalesce(
                s.period_end + interval 1 month + interval 1 day * (k.follow_days - 1)
                <= london_date(m.as_of_at - interval 1 second), true
            )
            -- medians begin later than the extract: see metrics.measure_times
            and (k.kind <> 'median' or s.period_start >= f.first_month)
        ) as is_drawn,
        coalesce(k.is_open_ended, false) as is_open_ended,
        k.kind = 'median' as is_median,
        s.numerator / cast(nullif(s.denominator, 0) as double) as share
    from summed as s
    semi join enough as e
        on s.measure_code = e.measure_code and s.period_type = e.period_type and s.breakdown = e.breakdown
    cross join median_months as f
    inner join reference.measures as k on s.measure_code = k.measure_code
    cross join core.extract_moments as m
    left join (
        select p.period_start, p.period_end, count(*) as month_count
        from (select distinct period_start, period_end from summed) as p
        inner join covered as c on c.month >= p.period_start and c.month <= p.period_end
        group by p.period_start, p.period_end
    ) as w on s.period_start = w.period_start and s.period_end = w.period_end
)

select
    w.measure_code,
    w.period_type,
    w.period_start,
    w.period_end,
    w.is_drawn and not w.is_open_ended as is_whole,
    w.is_drawn,
    w.breakdown,
    w.breakdown_value,
    w.numerator,
    w.denominator,
    w.not_known_count,
    case
        when w.denominator is null then cast(w.numerator as double)
        when w.not_known_count > w.denominator then null
        when w.is_median then d.median_days
        else w.share
    end as value,
    case
        when w.not_known_count > w.denominator then null
        when w.is_median then d.lower_days
        when w.numerator = 0 and w.denominator > 0 then 0.0
        when w.denominator > 0 then wilson_lower(w.share, w.denominator, z)
    end as lower,
    case
        when w.not_known_count > w.denominator then null
        when w.is_median then d.upper_days
        when w.numerator = w.denominator and w.denominator > 0 then 1.0
        when w.denominator > 0 then wilson_upper(w.share, w.denominator, z)
    end as upper
from whole as w
cross join settings
left join metrics.measure_medians as d
    on w.measure_code = d.measure_code and w.period_type = d.period_type and w.period_start = d.period_start
    and w.breakdown = d.breakdown and w.breakdown_value = d.breakdown_value and d.second_breakdown = 'none'
where w.denominator is null or w.denominator > 0 or w.not_known_count > 0
