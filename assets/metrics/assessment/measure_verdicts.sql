-- /// card
-- description = """One row is a measure, whole or in a district, unit or class, with the verdict on its latest month \
--     and the limits that apply to it."""
-- grain = ["measure_code", "breakdown", "breakdown_value", "period_type"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A verdict needs limits; a difference from one month to the next is never a verdict.",
--     "A standard of several tables has no row here: each table has its own chart.",
--     """Assurance compares the target with the limits: they hold what chance alone gives while nothing changes. After a \
--     signal they are those of before it. A target of a count is for the whole force alone, not for its parts.""",
-- ]
-- method = "spc.series.series_verdicts"
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- breakdown = ["varchar", "none, district, unit or class"]
-- breakdown_value = ["varchar", "Part of the breakdown; all where there is none", "", "Part"]
-- period_type = ["varchar", "month"]
-- latest_period = ["date", "Latest month with a value", "", "Latest"]
-- latest_value = ["double", "Its count, share or median", "", "Value"]
-- expected_lower = ["double", "Lower limit of that month; null without limits", "", "From"]
-- expected_upper = ["double", "Upper limit of that month; null without limits", "", "To"]
-- verdict = "columns"
-- signal = ["varchar", """Signal rule that the latest point meets: beyond_limit, shift, trend, two_of_three or \
--     long_gap; null where none"""]
-- first_month = ["date", "First month with a value"]
-- segment_first_month = ["date", "First month since the last recording change"]
-- segment_point_count = ["bigint", "Months with a value since then", "months"]
-- break_title = ["varchar", "That change; null where there is none"]
-- "expected_false_signals, chance_of_signal" = "columns"
-- target = ["double", "Target of the force, as in core.measure_targets; null where it set none", "", "Target"]
-- is_target_met = ["boolean", """The latest value is on the better side of it, or equal; null without target, or where \
--     neither way is better"""]
-- target_verdict = ["varchar", """Assurance: consistently_met, hit_or_miss or consistently_missed by the limits of the \
--     latest month; null without target or limits, or where neither way is better"""]
-- ///

with standards as (
    select
        c.*,
        case c.series_level when 'rule' then 'none' when 'rule and unit' then 'unit' else 'class' end as breakdown,
        coalesce(c.unit_name, c.class_code, 'all') as breakdown_value
    from metrics.rule_compliance_chart as c
    inner join (
        select rule_code from quality.rule_results group by rule_code having count(*) = 1
    ) as r on c.rule_code = r.rule_code
    where c.series_level in ('rule', 'rule and unit', 'rule and class')
),

points as (
    select
        series_ref, measure_code, breakdown, breakdown_value, month, value, chart_type, segment, segment_start_reason,
        lower_limit, upper_limit, signal, signal_direction, limits_status
    from metrics.measure_points
    union all
    select
        series_ref, rule_code, breakdown, breakdown_value, month, value, chart_type, segment, segment_start_reason,
        lower_limit, upper_limit, signal, signal_direction, limits_status
    from standards
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
    p.chart_type, p.segment, p.segment_start_reason, p.lower_limit, p.upper_limit, p.signal, p.signal_direction,
    p.limits_status,
    t.target,
    case k.direction
        when 'higher_is_better' then p.value >= t.target
        when 'lower_is_better' then p.value <= t.target
    end as is_target_met,
    case
        when t.target is null or p.lower_limit is null or p.upper_limit is null or k.direction = 'neither' then null
        when k.direction = 'higher_is_better' and p.lower_limit >= t.target then 'consistently_met'
        when k.direction = 'higher_is_better' and p.upper_limit < t.target then 'consistently_missed'
        when k.direction = 'lower_is_better' and p.upper_limit <= t.target then 'consistently_met'
        when k.direction = 'lower_is_better' and p.lower_limit > t.target then 'consistently_missed'
        else 'hit_or_miss'
    end as target_verdict
from points as p
inner join reference.measures as k on p.measure_code = k.measure_code
-- what is right for a force's count is not for that of its district
left join core.measure_targets as t on p.measure_code = t.measure_code and (k.unit <> 'crimes' or p.breakdown = 'none')
