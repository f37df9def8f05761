-- /// card
-- description = """One row is a measure, whole or in a district, unit or class, with the verdict on its latest month \
--     and the limits that apply to it."""
-- grain = ["measure_code", "breakdown", "breakdown_value", "period_type"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
--     """The verdict is what the chart shows of the latest month. A change is what is named: the last months together \
--     differ from what earlier ones lead to expect. Of all that is named at most one in ten is by chance \
--     (attention.false_findings).""",
--     "A district or unit is compared with the rest of the force: a change of the whole force is none of its parts.",
--     "A duty without a time limit is not judged: its cases can still be met.",
--     """Assurance compares the target with the limits: they hold what chance alone gives while nothing changes. After a \
--     signal they are those of before it. A target of a count is for the whole force alone, not for its parts.""",
--     """The change on the same month a year before is a ratio of two counts, a difference of two shares, and days of two \
--     medians. Counts have the spread of their own months (extra_variance). There is none across a recording change. One \
--     in twenty intervals leaves out no change by chance alone.""",
-- ]
-- method = "change.measure_verdicts"
-- [columns]
-- "series_ref, measure_code, breakdown, breakdown_value" = "metrics.measure_points"
-- period_type = ["varchar", "month"]
-- latest_period = ["date", "Latest month with a value", "", "Latest"]
-- latest_value = ["double", "Its count, share or median", "", "Value"]
-- expected_lower = ["double", "Lower limit of that month; null without limits", "", "From"]
-- expected_upper = ["double", "Upper limit of that month; null without limits", "", "To"]
-- verdict = "columns"
-- signal = ["varchar", """Signal rule that the latest point meets: beyond_limit, shift, trend, two_of_three or \
--     long_gap; null where none"""]
-- q_value = ["double", """Share of false findings if this and all that is clearer were named; null where it is not \
--     judged: few months or cases, an open duty, a class"""]
-- is_change = ["boolean", "Named as changed; false where it is not judged"]
-- is_new = ["boolean", "Named as changed, and for the first time in the latest three months"]
-- change_direction = ["varchar", "higher or lower than expected; null where it is not named"]
-- fired_month = ["date", "First month from which it would have been named without a break; at most twelve months back"]
-- changed_since = ["date", "First of the months that together differ most", "", "Since"]
-- change_numerator = ["bigint", "Counted since then; of a median the events", "", "Counted"]
-- change_denominator = ["bigint", "Of these; null for a count", "", "Of"]
-- change_expected = ["double", "Expected since then from the months before: count, share or days", "", "Expected"]
-- expected_from = ["double", "Lower 95% limit of what is expected"]
-- expected_to = ["double", "Upper 95% limit of what is expected"]
-- first_month = ["date", "First month with a value"]
-- segment_first_month = ["date", "First month since the last recording change"]
-- segment_point_count = ["bigint", "Months with a value since then", "months"]
-- break_title = ["varchar", "That change; null where there is none"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- value_before = ["double", "The value of the same month a year before; null across a recording change", "", "Year before"]
-- change_lower = ["double", """Lower 95% limit of the change since then: of counts times as many, of shares and medians the \
--     difference"""]
-- change_upper = ["double", "Upper 95% limit of that change; null where there was none before"]
-- extra_variance = ["double", """Variance of the measure's monthly counts, whole force, beyond that of chance, as a share of \
--     the squared mean; null for shares, medians and fewer than six successive months"""]
-- pair_count = ["bigint", "Pairs of successive months that it rests on; null with it", "pairs"]
-- target = ["double", "Target of the force, as in core.measure_targets; null where it set none", "", "Target"]
-- is_target_met = ["boolean", """The latest value is on the better side of it, or equal; null without target, or where \
--     neither way is better"""]
-- target_verdict = ["varchar", """Assurance: consistently_met, hit_or_miss or consistently_missed by the limits of the \
--     latest month; null without target or limits, or where neither way is better"""]
-- ///

with settings as (
    select intervals_z as z
    from core.settings
),

-- those of a value, as in metrics.measure_values, which has not every part of few cases
intervals as (
    select
        p.*,
        case
            when d.measure_code is not null then d.lower_days
            when p.numerator = 0 then 0.0
            else wilson_lower(p.value, p.denominator, z)
        end as lower,
        case
            when d.measure_code is not null then d.upper_days
            when p.numerator = p.denominator then 1.0
            else wilson_upper(p.value, p.denominator, z)
        end as upper
    from metrics.measure_points as p
    cross join settings
    left join metrics.measure_medians as d
        on p.measure_code = d.measure_code and p.month = d.period_start and d.period_type = 'month'
        and p.breakdown = d.breakdown and p.breakdown_value = d.breakdown_value and d.second_breakdown = 'none'
    where p.value is not null
),

-- a month and the same a year before, with no recording change between them; of counts the share of the first in both
years as (
    select
        n.series_ref,
        n.month,
        n.measure_code,
        n.denominator is null as is_count,
        n.value,
        n.lower,
        n.upper,
        b.value as value_before,
        b.lower as lower_before,
        b.upper as upper_before,
        n.numerator + b.numerator as both_count,
        n.numerator / cast(nullif(n.numerator + b.numerator, 0) as double) as part
    from intervals as n
    inner join reference.measures as k on n.measure_code = k.measure_code and not coalesce(k.is_open_ended, false)
    inner join intervals as b
        on n.series_ref = b.series_ref and n.segment = b.segment
        and b.month = cast(n.month - interval 1 year as date)
),

-- successive months differ by chance, by what spreads counts beyond it, and little by season or trend: von Neumann (1941)
spreads as (
    select
        n.measure_code,
        greatest(
            sum(power(n.value - b.value, 2) - n.value - b.value) / (sum(power(n.value + b.value, 2)) / 2), 0
        ) as extra_variance,
        count(*) as pair_count
    from intervals as n
    inner join intervals as b
        on n.series_ref = b.series_ref and n.segment = b.segment and b.month = cast(n.month - interval 1 month as date)
    where n.denominator is null and n.breakdown = 'none' and n.value + b.value > 0
    group by n.measure_code
    having count(*) >= 6
),

-- counts: Przyborowski and Wilenski (1940), with Wilson's limits. Shares: Newcombe (1998). Medians: Zou and Donner (2008)
sized as (
    select
        y.*,
        y.both_count / (1 + coalesce(p.extra_variance, 0) * y.both_count / 2) as size,
        coalesce(student_quantile(s.z, p.pair_count * 2 / 3.0), s.z) as quantile
    from years as y
    cross join settings as s
    left join spreads as p on y.measure_code = p.measure_code
),

limited as (
    select
        *,
        case when part = 0 then 0.0 else wilson_lower(part, size, quantile) end as low_part,
        wilson_upper(part, size, quantile) as high_part
    from sized
),

changes as (
    select
        series_ref,
        month,
        value_before,
        case
            when is_count then low_part / (1 - low_part)
            else value - value_before - sqrt(power(value - lower, 2) + power(upper_before - value_before, 2))
        end as change_lower,
        case
            when is_count then case when part < 1 then high_part / (1 - high_part) end
            else value - value_before + sqrt(power(upper - value, 2) + power(value_before - lower_before, 2))
        end as change_upper
    from limited
)

select
    p.series_ref, p.measure_code, p.breakdown, p.breakdown_value, 'month' as period_type, p.month,
    p.month as latest_period, p.value, p.value as latest_value, p.lower_limit as expected_lower,
    p.upper_limit as expected_upper,
    case
        when k.kind = 'count' and k.unit = 'orders' then 'Orders'
        when k.kind = 'count' then 'Crimes'
        when k.kind = 'median' then 'days'
        else ''
    end as counted,
    p.chart_type, p.numerator, p.denominator,
    case when not k.is_open_ended and (p.breakdown <> 'class' or p.measure_code = 'recorded') then k.kind end as kind,
    p.segment, p.segment_start_reason, p.lower_limit, p.upper_limit, p.signal, p.signal_direction,
    p.limits_status,
    c.value_before,
    c.change_lower,
    c.change_upper,
    d.extra_variance,
    d.pair_count,
    t.target,
    case
        when k.is_open_ended then null
        when k.direction = 'higher_is_better' then p.value >= t.target
        when k.direction = 'lower_is_better' then p.value <= t.target
    end as is_target_met,
    case
        when t.target is null or p.lower_limit is null or p.upper_limit is null or k.direction = 'neither' then null
        when k.direction = 'higher_is_better' and p.lower_limit >= t.target then 'consistently_met'
        when k.direction = 'higher_is_better' and p.upper_limit < t.target then 'consistently_missed'
        when k.direction = 'lower_is_better' and p.upper_limit <= t.target then 'consistently_met'
        when k.direction = 'lower_is_better' and p.lower_limit > t.target then 'consistently_missed'
        else 'hit_or_miss'
    end as target_verdict
from metrics.measure_points as p
inner join reference.measures as k on p.measure_code = k.measure_code
left join changes as c on p.series_ref = c.series_ref and p.month = c.month
left join spreads as d on p.measure_code = d.measure_code
-- what is right for a force's count is not for that of its district
left join core.measure_targets as t on p.measure_code = t.measure_code and (k.unit <> 'crimes' or p.breakdown = 'none')
