-- /// card
-- description = """One row is a finding that deserves attention, the weightiest first: a change, a part that differs from \
--     the rest, a duty that is missed, orders that end, decisions that wait. Fronts and documents read their order here."""
-- grain = ["attention_rank"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Of the changes named, and of the parts named as different, at most one in ten is by chance \
--     (attention.false_findings). A finding says that something is different, not why.""",
--     "A finding with a small number, or a share of too few cases, is left out.",
--     """What is judged against chance comes first. The weight is harm by subject (settings, attention.harm), times the \
--     cases beyond the limits. What is better, or not new, has half. Of the others it is harm times cases. A standard, or a \
--     duty that does not lead its section (reference.protection_measures, is_lead), has half.""",
--     """A unit belongs to the district of most of its crimes. Where a measure differs alike in a part and in its whole, one \
--     of them is named: the part where it holds half of the cases beyond what is expected. The other is in its sentence.""",
--     "Of several findings on one part, subject and direction the weightiest is named, and the others are counted.",
-- ]
-- method = "attention.findings"
-- [columns]
-- attention_rank = "columns"
-- kind = ["varchar", "change, outlier, duty, order, decision or data"]
-- measure_code = ["varchar", "Measure, as in reference.measures; null for decisions"]
-- breakdown = ["varchar", "none, district, unit or class"]
-- breakdown_value = ["varchar", "Part of the breakdown; all where there is none", "", "Part"]
-- period_start = ["date", "First month of what is counted", "", "From"]
-- period_end = ["date", "Last month of what is counted, as its first day", "", "To"]
-- numerator = ["bigint", "Counted", "", "Counted"]
-- denominator = ["bigint", "Of these; null for a count", "", "Of"]
-- value = ["double", "Count, share or days", "", "Value"]
-- expected = ["double", """What the months before lead to expect; of a part that differs, the share of the rest of the \
--     force; null for duties, orders and decisions""", "", "Expected"]
-- lower = ["double", "Lower 95% limit of what is expected; null with it"]
-- upper = ["double", "Upper 95% limit of what is expected; null with it"]
-- q_value = "columns"
-- is_new = ["boolean", "Named for the first time in the latest three months; false for what is no change"]
-- "is_better, weight, also_count, sentence, question, post" = "columns"
-- ///

with latest as (
    select v.*
    from metrics.measure_values as v
    inner join reference.measures as k on v.measure_code = k.measure_code
    where v.period_type = 'rolling_12' and v.breakdown in ('none', 'district', 'unit')
        -- a duty without a limit is counted so far, and its parts are not compared
        and (v.is_whole or (v.is_drawn and k.is_open_ended and v.breakdown = 'none'))
        and v.denominator is not null and k.kind = 'share' and v.breakdown_value not in ('not known', 'not recorded')
    qualify v.period_end = max(v.period_end) over (partition by v.measure_code)
),

changed as (
    select
        case when breakdown = 'class' then 'data' else 'change' end as kind,
        measure_code,
        breakdown,
        breakdown_value,
        changed_since as period_start,
        latest_period as period_end,
        change_numerator as numerator,
        change_denominator as denominator,
        latest_value,
        change_expected as expected,
        expected_from as lower,
        expected_to as upper,
        q_value,
        is_new
    from metrics.measure_verdicts
    where is_change
),

-- a part beside the rest of its force, in the latest twelve months that are whole
parts as (
    select
        p.measure_code,
        p.breakdown,
        p.breakdown_value,
        p.period_start,
        p.period_end,
        p.numerator,
        p.denominator,
        w.numerator - p.numerator as rest_numerator,
        w.denominator - p.denominator as rest_denominator
    from latest as p
    inner join latest as w on p.measure_code = w.measure_code and w.breakdown = 'none'
    where p.breakdown <> 'none' and p.denominator < w.denominator
),

duties as (
    select d.measure_code, d.period_start, d.period_end, d.numerator, d.denominator, d.value
    from latest as d
    inner join reference.protection_measures as m on d.measure_code = m.measure_code and m.kind = 'duty'
    where d.breakdown = 'none' and d.value < 1
),

orders as (
    select period_start, numerator
    from metrics.measure_values
    where measure_code = 'orders_ending' and period_type = 'month' and breakdown = 'none' and is_drawn and numerator > 0
    qualify period_start = max(period_start) over ()
),

decisions as (
    select count(*) as numerator, min(due_date) as due_date
    from core.register_entries
    where is_overdue and not is_closed and not is_starter
    having count(*) > 0
),

-- the district of most of a unit's crimes
homes as (
    select unit, district
    from (
        select unit, district, count(*) as crime_count
        from core.crime_breakdowns
        group by unit, district
    ) as counted
    qualify 2 * crime_count > sum(crime_count) over (partition by unit)
),

found as (
    select
        kind, measure_code, breakdown, breakdown_value, period_start, period_end, numerator, denominator, latest_value,
        expected, lower, upper, q_value, is_new, cast(null as bigint) as rest_numerator,
        cast(null as bigint) as rest_denominator
    from changed
    union all
    select
        'outlier', measure_code, breakdown, breakdown_value, period_start, period_end, numerator, denominator, null, null,
        null, null, null, false, rest_numerator, rest_denominator
    from parts
    union all
    select
        'duty', measure_code, 'none', 'all', period_start, period_end, numerator, denominator, value, null, null, null,
        null, false, null, null
    from duties
    union all
    select
        'order', 'orders_ending', 'none', 'all', period_start, period_start, numerator, null, numerator, null, null, null,
        null, false, null, null
    from orders
    union all
    select
        'decision', null, 'none', 'all', month_of(due_date), month_of(due_date), numerator, null, numerator, null, null,
        null, null, false, null, null
    from decisions
)

select
    f.*,
    k.measure_name,
    k.kind as measure_kind,
    k.direction,
    k.subject,
    coalesce(k.is_open_ended, false) as is_so_far,
    h.district,
    f.measure_code is null or coalesce(o.is_lead, false) as is_lead,
    coalesce(k.owner, 'Chief officer lead for stalking') as post,
    o.rule_codes
from found as f
left join homes as h on f.breakdown = 'unit' and f.breakdown_value = h.unit
left join reference.measures as k on f.measure_code = k.measure_code
left join (
    select measure_code, rule_codes, true as is_lead from reference.own_measures
    union all
    select measure_code, rule_codes, is_lead from reference.protection_measures
) as o on f.measure_code = o.measure_code
