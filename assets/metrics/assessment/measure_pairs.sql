-- /// card
-- description = """One row is a measure in a period, in a part of each of two breakdowns at once, with its share and 95% \
--     interval."""
-- grain = [
--     "measure_code", "period_type", "period_start", "breakdown", "breakdown_value", "second_breakdown", "second_value",
-- ]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Quarters and financial years alone: by month most pairs are of one crime, and the copy would be much larger.",
--     """The pairs of a part add up to that part in metrics.measure_values, what is not known included. A pair without \
--     a row has none in a period that others have.""",
--     "Standards and repeats have no pairs: standards are counted by unit or class, repeats are of people.",
--     "Most pairs are of few crimes. No share is given where more is not known than known.",
-- ]
-- [columns]
-- "measure_code, period_type, period_start, period_end, is_whole" = "metrics.measure_values"
-- breakdown = ["varchar", "district or unit"]
-- breakdown_value = ["varchar", "Part of the first breakdown", "", "Part"]
-- second_breakdown = ["varchar", "class or relationship"]
-- second_value = ["varchar", "Part of the second breakdown", "", "And by"]
-- numerator = ["bigint", "Counted", "", "Counted"]
-- denominator = ["bigint", "Of these; null for a count", "", "Of"]
-- not_known_count = ["bigint", "Neither: what decides is not known", "", "Not known"]
-- value = ["double", "The count, or the share; null where more is not known than known", "", "Value"]
-- lower = ["double", "Lower 95% limit of a share (Wilson); null for a count", "0 to 1", "Lower limit"]
-- upper = ["double", "Upper 95% limit of a share (Wilson); null for a count", "0 to 1", "Upper limit"]
-- ///

-- Which district or team, and which kind of crime or against whom. Periods, and whether they are whole, are those of
-- the whole measure.
with settings as (
    select intervals_z as z
    from core.settings
),

periods as (
    select
        v.measure_code,
        v.period_type,
        v.period_start,
        v.period_end,
        v.is_whole,
        k.kind in ('count_at_end', 'share_at_end') as is_at_end
    from metrics.measure_values as v
    inner join reference.measures as k on v.measure_code = k.measure_code
    where v.breakdown = 'none' and v.period_type in ('quarter', 'financial_year')
),

-- what is counted at a month's end has for the period its last month
months as (
    select
        p.*,
        c.month,
        max(c.month) over (partition by p.measure_code, p.period_type, p.period_start) as last_month
    from periods as p
    inner join (select distinct measure_code, month from metrics.measure_crimes) as c
        on p.measure_code = c.measure_code and c.month >= p.period_start and c.month <= p.period_end
),

described as (
    select
        m.measure_code,
        m.period_type,
        m.period_start,
        m.period_end,
        m.is_whole,
        c.is_met,
        c.is_share,
        coalesce(b.district, 'not known') as district,
        coalesce(b.unit, 'not known') as unit,
        coalesce(b.class, 'not known') as class,
        coalesce(b.relationship, 'not recorded') as relationship
    from months as m
    inner join metrics.measure_crimes as c on m.measure_code = c.measure_code and m.month = c.month
    left join core.crime_breakdowns as b on c.crime_ref = b.crime_ref
    where not m.is_at_end or m.month = m.last_month
),

counted as (
    select
        measure_code,
        period_type,
        period_start,
        period_end,
        is_whole,
        case when grouping(district) = 0 then 'district' else 'unit' end as breakdown,
        case when grouping(district) = 0 then district else unit end as breakdown_value,
        case when grouping(class) = 0 then 'class' else 'relationship' end as second_breakdown,
        case when grouping(class) = 0 then class else relationship end as second_value,
        count(*) filter (where is_met) as numerator,
        case when any_value(is_share) then count(is_met) end as denominator,
        count(*) - count(is_met) as not_known_count
    from described
    group by grouping sets (
        (measure_code, period_type, period_start, period_end, is_whole, district, class),
        (measure_code, period_type, period_start, period_end, is_whole, district, relationship),
        (measure_code, period_type, period_start, period_end, is_whole, unit, class),
        (measure_code, period_type, period_start, period_end, is_whole, unit, relationship)
    )
),

shared as (
    select
        *,
        case when denominator >= not_known_count then numerator / cast(nullif(denominator, 0) as double) end as share
    from counted
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
    case when denominator is null then cast(numerator as double) else share end as value,
    case
        when numerator = 0 and share is not null then 0.0
        else (
            share + z * z / (2 * denominator)
            - z * sqrt(share * (1 - share) / denominator + z * z / (4.0 * denominator * denominator))
        ) / (1 + z * z / denominator)
    end as lower,
    case
        when numerator = denominator and share is not null then 1.0
        else (
            share + z * z / (2 * denominator)
            + z * sqrt(share * (1 - share) / denominator + z * z / (4.0 * denominator * denominator))
        ) / (1 + z * z / denominator)
    end as upper
from shared
cross join settings
