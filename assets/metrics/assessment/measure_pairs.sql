-- /// card
-- description = """One row is a measure in a period, in a part of each of two breakdowns at once, with its share or median \
--     and 95% interval."""
-- grain = [
--     "measure_code", "period_type", "period_start", "breakdown", "second_breakdown", "breakdown_value", "second_value",
-- ]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """By month: counts alone, of the latest 25 months, of district or unit with class or relationship and of class with \
--     relationship. Other pairs of a month are of few crimes, and the copy would be much larger. Pairs with weekday or \
--     hour are of years alone.""",
--     """By financial year alone: ethnicity with anything, and unit with domestic abuse or risk. By quarter nearly all \
--     such pairs are of too few crimes to be shown.""",
--     """Medians have four pairs: class with district, relationship, domestic abuse and risk. Their events are counted as \
--     numerator and denominator.""",
--     """The pairs of a part add up to that part in metrics.measure_values, what is not known included. A pair without \
--     a row has none in a period that others have.""",
--     """Two breakdowns of a share or median have rows in a period where one pair has enough cases for a share \
--     (shares.minimum_denominator).""",
--     "Standards and repeats have no pairs: standards are counted by unit or class, repeats are of people.",
--     """By weekday or hour of the offence: with each other, with district and with class, in financial years and years to \
--     each month. They are of three counts of recorded crimes alone (is_by_time in reference.own_measures).""",
--     """Most pairs are of few crimes. A share or median of fewer than shares.minimum_denominator is null, and so is one \
--     where more is not known than known.""",
-- ]
-- [columns]
-- measure_code = "metrics.measure_values"
-- period_type = ["varchar", "month, quarter or financial_year; by weekday or hour financial_year or rolling_12"]
-- period_start = "columns"
-- "period_end, is_whole" = "metrics.measure_values"
-- breakdown = ["varchar", "First of a pair of reference.breakdown_pairs"]
-- breakdown_value = ["varchar", "Part of the first breakdown", "", "Part"]
-- second_breakdown = ["varchar", "Second of that pair"]
-- second_value = ["varchar", "Part of the second breakdown", "", "And by"]
-- numerator = ["bigint", "Counted; of a median the events", "", "Counted"]
-- denominator = ["bigint", "Of these; null for a count; of a median the events", "", "Of"]
-- not_known_count = ["bigint", "Neither: what decides is not known", "", "Not known"]
-- value = ["double", """The count, share or median days; null where more is not known than known, or too few are known \
--     for a share""", "", "Value"]
-- lower = [
--     "double", "Lower 95% limit of a share (Wilson), or of a median (by ranks); null for a count", "", "Lower limit",
-- ]
-- upper = [
--     "double", "Upper 95% limit of a share (Wilson), or of a median (by ranks); null for a count", "", "Upper limit",
-- ]
-- ///

-- Which district or team, and which kind of crime or against whom. The pairs are rows of a list.
-- Periods, and whether they are whole, are those of the whole measure.
with settings as (
    select intervals_z as z, shares_minimum_denominator as fewest
    from core.settings
),

counted as (
    select measure_code, crime_ref, month, is_met, is_share
    from metrics.measure_crimes
    union all
    -- of a median the events are counted, and so add up
    select measure_code, crime_ref, month, case when days is not null then true end, true
    from metrics.measure_times
),

periods as (
    select
        v.measure_code,
        v.period_type,
        v.period_start,
        v.period_end,
        v.is_whole,
        k.kind in ('count_at_end', 'share_at_end') as is_at_end,
        k.kind = 'median' as is_median,
        coalesce(o.is_by_time, false) as is_by_time
    from metrics.measure_values as v
    inner join reference.measures as k on v.measure_code = k.measure_code
    left join reference.own_measures as o on v.measure_code = o.measure_code
    where v.breakdown = 'none'
        and (
            v.period_type in ('quarter', 'financial_year') or (v.period_type = 'rolling_12' and o.is_by_time)
            -- the latest month, the twelve before it, and for each of them the month a year before
            or (
                v.period_type = 'month' and k.kind = 'count'
                and v.period_start > (
                    select max(w.period_start) - interval 25 month
                    from metrics.measure_values as w
                    where w.breakdown = 'none' and w.period_type = 'month'
                )
            )
        )
),

-- what is counted at a month's end has for the period its last month
months as (
    select
        p.*,
        c.month,
        max(c.month) over (partition by p.measure_code, p.period_type, p.period_start) as last_month
    from periods as p
    inner join (select distinct measure_code, month from counted) as c
        on p.measure_code = c.measure_code and c.month >= p.period_start and c.month <= p.period_end
),

parts as (
    select crime_ref, breakdown, breakdown_value
    from core.crime_breakdowns
    unpivot (breakdown_value for breakdown in (columns(* exclude (crime_ref))))
    union all
    -- of an event without a crime
    select cast(null as varchar), breakdown, not_known
    from reference.breakdowns
),

paired as (
    select
        p.breakdown, p.second_breakdown, a.crime_ref, a.breakdown_value, b.breakdown_value as second_value,
        k.is_by_time
    from reference.breakdown_pairs as p
    inner join reference.breakdowns as k on p.second_breakdown = k.breakdown
    inner join parts as a on p.breakdown = a.breakdown
    inner join parts as b
        on p.second_breakdown = b.breakdown and a.crime_ref is not distinct from b.crime_ref
),

-- by month first, because each month is in several periods
monthly as (
    select
        c.measure_code,
        c.month,
        p.breakdown,
        p.breakdown_value,
        p.second_breakdown,
        p.second_value,
        count(*) filter (where c.is_met) as numerator,
        case when any_value(c.is_share) then count(c.is_met) end as denominator,
        count(*) - count(c.is_met) as not_known_count
    from counted as c
    left join core.crime_breakdowns as e on c.crime_ref = e.crime_ref
    inner join paired as p on e.crime_ref is not distinct from p.crime_ref
    left join reference.own_measures as o on c.measure_code = o.measure_code
    where not p.is_by_time or o.is_by_time
    group by c.measure_code, c.month, p.breakdown, p.breakdown_value, p.second_breakdown, p.second_value
),

summed as (
    select
        m.measure_code, m.period_type, m.period_start, m.period_end, m.is_whole, m.is_median, c.breakdown,
        c.breakdown_value, c.second_breakdown, c.second_value,
        cast(sum(c.numerator) as bigint) as numerator,
        cast(sum(c.denominator) as bigint) as denominator,
        cast(sum(c.not_known_count) as bigint) as not_known_count
    from months as m
    inner join monthly as c on m.measure_code = c.measure_code and m.month = c.month
    inner join reference.breakdown_pairs as p
        on c.breakdown = p.breakdown and c.second_breakdown = p.second_breakdown
    inner join reference.breakdowns as k on p.second_breakdown = k.breakdown
    where (not m.is_at_end or m.month = m.last_month)
        and (p.has_medians or not m.is_median)
        and case m.period_type
            when 'month' then p.shortest_period = 'month'
            when 'quarter' then p.shortest_period in ('month', 'quarter')
            when 'rolling_12' then k.is_by_time
            else true
        end
    group by
        m.measure_code, m.period_type, m.period_start, m.period_end, m.is_whole, m.is_median, c.breakdown,
        c.breakdown_value, c.second_breakdown, c.second_value
),

-- of few crimes most would be of tables without a pair that a page shows
enough as (
    select measure_code, period_type, period_start, breakdown, second_breakdown
    from summed
    group by measure_code, period_type, period_start, breakdown, second_breakdown
    having coalesce(max(denominator) >= (select fewest from settings), true)
),

shared as (
    select
        c.*,
        d.median_days,
        d.lower_days,
        d.upper_days,
        case
            when c.denominator >= s.fewest and c.denominator >= c.not_known_count
                then c.numerator / cast(c.denominator as double)
        end as share
    from summed as c
    semi join enough as e
        on c.measure_code = e.measure_code and c.period_type = e.period_type and c.period_start = e.period_start
        and c.breakdown = e.breakdown and c.second_breakdown = e.second_breakdown
    cross join settings as s
    left join metrics.measure_medians as d
        on c.measure_code = d.measure_code and c.period_type = d.period_type and c.period_start = d.period_start
        and c.breakdown = d.breakdown and c.breakdown_value = d.breakdown_value
        and c.second_breakdown = d.second_breakdown and c.second_value = d.second_value
)

select
    measure_code,
    period_type,
    period_start,
    period_end,
    is_whole,
    breakdown,
    breakdown_value,
    second_breakdown,
    second_value,
    numerator,
    denominator,
    not_known_count,
    case
        when denominator is null then cast(numerator as double)
        when is_median and share is not null then median_days
        else share
    end as value,
    case
        when is_median and share is not null then lower_days
        when numerator = 0 and share is not null then 0.0
        else wilson_lower(share, denominator, z)
    end as lower,
    case
        when is_median and share is not null then upper_days
        when numerator = denominator and share is not null then 1.0
        else wilson_upper(share, denominator, z)
    end as upper
from shared
cross join settings
