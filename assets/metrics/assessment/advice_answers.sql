-- /// card
-- description = """One row is a statement of the College's advice and a figure or text that answers it, or only the \
--     statement where nothing does."""
-- grain = ["statement_code", "measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A figure shows what the record contains about a statement, not whether the force met it.",
--     "Intervals are 95% intervals. Data that were not delivered are not measured, which is neither met nor missed.",
--     "The answer of a statement is one of seven, and is the same in each of its rows.",
-- ]
-- [columns]
-- statement_code = "reference.advice_statements"
-- measure_code = ["varchar", "Measure, figure or text; empty where none answers the statement"]
-- "place, parent_code, part, statement, gap_kind, gap" = "reference.advice_statements"
-- answer = ["varchar", """Of the statement: figure, text, too little known, not entered, not delivered, not held or out \
--     of scope"""]
-- measure_place = ["bigint", "Order of the measure"]
-- measure_name = ["varchar", "Name of the measure", "", "Measure"]
-- value_type = ["varchar", "share, count, estimate, mean, entries or texts"]
-- page = ["varchar", "Address of the page with full details"]
-- "status, reason, period_start, period_end, is_so_far" = "metrics.advice_figures"
-- "numerator, denominator, value, lower, upper" = "metrics.advice_figures"
-- ///

-- Every statement has each figure and text that answers it, or the reason for none. It has one answer: a figure of its
-- period, otherwise a text that people of the force entered, otherwise the first reason why there is neither. Nothing is
-- judged here: a statement may have a figure and still contain something that no figure shows.
with listed as (
    select
        unnest(string_split(advice_rows, ' ')) as statement_code,
        measure_code,
        place as measure_place,
        measure_name,
        'share' as value_type,
        'are_victims_protected' as page,
        'extract' as asks
    from metrics.protection_measures
    where advice_rows <> ''
    union all
    select
        unnest(string_split(advice_rows, ' ')),
        measure_code,
        1000 + place,
        words,
        value_type,
        page,
        asks
    from reference.advice_figures
),

answers as (
    select
        l.*,
        f.status,
        f.reason,
        f.period_start,
        f.period_end,
        f.is_so_far,
        f.numerator,
        f.denominator,
        f.value,
        f.lower,
        f.upper
    from listed as l
    inner join metrics.advice_figures as f on l.measure_code = f.measure_code
),

statements as (
    select
        statement_code,
        case
            when bool_or(status = 'measured' and value_type <> 'texts') then 'figure'
            when bool_or(status = 'measured') then 'text'
            when bool_or(status <> 'not measured') then 'too little known'
            when bool_or(asks = 'people') then 'not entered'
            else 'not delivered'
        end as answer
    from answers
    group by statement_code
)

select
    s.statement_code,
    coalesce(m.measure_code, '') as measure_code,
    s.place,
    s.parent_code,
    s.part,
    s.statement,
    s.gap_kind,
    s.gap,
    coalesce(t.answer, s.gap_kind, 'not delivered') as answer,
    m.measure_place,
    m.measure_name,
    m.value_type,
    m.page,
    m.status,
    m.reason,
    m.period_start,
    m.period_end,
    m.is_so_far,
    m.numerator,
    m.denominator,
    m.value,
    m.lower,
    m.upper
from reference.advice_statements as s
left join answers as m on s.statement_code = m.statement_code
left join statements as t on s.statement_code = t.statement_code
