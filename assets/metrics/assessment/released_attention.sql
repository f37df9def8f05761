-- /// card
-- description = """One row is a finding for those who commission services: a measure of the force or a district that \
--     differs from the same quarter a year before, the weightiest first. Their copy has it as metrics.attention."""
-- grain = ["attention_rank"]
-- by_force = true
-- audience = ["commissioning"]
-- published_as = "metrics.attention"
-- caveats = [
--     """Only from what is released (metrics.released_measures), so it reveals no more. Numbers are rounded, shares are \
--     to a whole point.""",
--     """Each difference is that of the force's own pages, from exact counts. Of those named here at most one in ten is \
--     by chance (attention.false_findings). A finding says that something is different, not why.""",
--     """The weight is harm by subject (settings, attention.harm), times the cases beyond the limits. What is better has half. \
--     So has a duty that does not lead its section.""",
-- ]
-- method = "attention.released"
-- [columns]
-- attention_rank = "columns"
-- kind = ["varchar", "change"]
-- "measure_code, breakdown, breakdown_value, period_start" = "metrics.released_measures"
-- period_end = ["date", "Last month of the quarter, as its first day", "", "To"]
-- "numerator, denominator, value" = "metrics.released_measures"
-- expected = ["double", "The value of the same quarter a year before", "", "Year before"]
-- lower = ["double", "Lower 95% limit of what a year before leads to expect"]
-- upper = ["double", "Upper 95% limit of what a year before leads to expect"]
-- q_value = "columns"
-- is_new = ["boolean", "The quarter before did not differ so from its own year before"]
-- "is_better, weight, also_count, sentence, question, post" = "columns"
-- ///

with compared as (
    select *
    from metrics.released_measures
    where breakdown in ('none', 'district') and change in ('higher', 'lower', 'no clear change')
),

-- the last quarter of each measure that can be compared
latest as (
    select *
    from compared
    qualify period_start = max(period_start) over (partition by measure_code)
)

select
    'change' as kind,
    l.measure_code,
    l.breakdown,
    l.breakdown_value,
    l.period_start,
    cast(l.period_start + interval 2 month as date) as period_end,
    l.numerator,
    l.denominator,
    l.value,
    l.value_before as expected,
    l.value - l.change_upper as lower,
    l.value - l.change_lower as upper,
    l.change,
    b.change is distinct from l.change as is_new,
    p.plain_name as measure_name,
    k.kind as measure_kind,
    k.direction,
    k.subject,
    coalesce(d.is_lead, true) as is_lead,
    k.owner as post,
    cast(null as varchar) as rule_codes
from latest as l
inner join reference.public_measures as p on l.measure_code = p.measure_code
inner join reference.measures as k on l.measure_code = k.measure_code
left join reference.protection_measures as d on l.measure_code = d.measure_code
left join compared as b
    on l.measure_code = b.measure_code
    and l.breakdown = b.breakdown
    and l.breakdown_value = b.breakdown_value
    and b.period_start = l.period_start - interval 3 month
