-- /// card
-- description = """One row is a statement of the College's advice and a measure that answers it, or only the \
--     statement where none does."""
-- grain = ["statement_code", "measure_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "A figure shows what the record contains about a statement, not whether the force met it.",
--     "Intervals are 95% intervals. Data that were not delivered are not measured, which is neither met nor missed.",
-- ]
-- [columns]
-- statement_code = "reference.advice_statements"
-- measure_code = ["varchar", "Measure; null where none answers the statement"]
-- "place, parent_code, part, statement, gap_kind, gap" = "reference.advice_statements"
-- measure_place = ["bigint", "Order of the measure"]
-- measure_name = ["varchar", "Name of the measure", "", "Measure"]
-- value_type = ["varchar", "share, count or estimate"]
-- page = ["varchar", "Address of the page with full details"]
-- status = ["varchar", "measured, too little known, nothing to judge, nothing arose, not measured or no measure"]
-- reason = ["varchar", "Why there is no figure"]
-- "numerator, denominator" = "columns"
-- value = ["double", "Share, count or estimate"]
-- lower = ["double", "Lower 95% limit"]
-- upper = ["double", "Upper 95% limit"]
-- ///

-- Every statement has each measure that answers it, or the reason for none. Nothing is judged here: a statement may
-- have a figure and still contain something that no figure shows.
with measures as (
    select
        unnest(string_split(p.advice_rows, ' ')) as statement_code,
        p.measure_code,
        p.place as measure_place,
        p.measure_name,
        'share' as value_type,
        'are_victims_protected' as page,
        p.status,
        p.reason,
        p.met_count as numerator,
        p.due_count as denominator,
        p.met_share as value,
        p.share_lower as lower,
        p.share_upper as upper
    from metrics.protection_measures as p
    where p.advice_rows <> ''
    union all
    select
        unnest(string_split(r.advice_rows, ' ')),
        r.measure_code,
        1000 + r.place,
        r.words,
        r.value_type,
        r.page,
        case when f.value is null then 'not measured' else 'measured' end,
        case when f.value is null then r.absent_reason end,
        f.numerator,
        f.denominator,
        f.value,
        f.lower,
        f.upper
    from reference.advice_figures as r
    inner join metrics.advice_figures as f on r.measure_code = f.measure_code
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
    m.measure_place,
    m.measure_name,
    m.value_type,
    m.page,
    coalesce(m.status, 'no measure') as status,
    m.reason,
    m.numerator,
    m.denominator,
    m.value,
    m.lower,
    m.upper
from reference.advice_statements as s
left join measures as m on s.statement_code = m.statement_code
