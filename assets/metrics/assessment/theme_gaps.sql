-- /// card
-- description = """One row is something that the assessment does not know, the one that would change the order most \
--     first."""
-- grain = ["gap_code"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "By simulation over data, cut-points and weights; strategic-assessment 2.5.",
--     "A part that is measured has sampling error alone and is no gap.",
-- ]
-- [columns]
-- gap_code = ["varchar", "Gap: theme and part, or theme and confidence"]
-- theme_code = "columns"
-- part_code = ["varchar", "Part; empty where the gap is of the whole theme"]
-- kind = ["varchar", "not measured, entered or low confidence"]
-- gap = ["varchar", "In words", "", "What is not known"]
-- information_value = ["double", """Expected gain in the risk of the \
--     themes put at the top, if it were known; null for a whole theme""", "points of risk", "Worth, points of risk"]
-- expected_move = ["double", """Places by which the theme would be \
--     expected to move; null for a whole theme""", "places", "Places it would move the theme"]
-- place = ["bigint", "Order: the gap that would change the order most first"]
-- note = ["varchar", "What would close it"]
-- ///

-- What the assessment does not know: parts that are not measured or only judged, and themes of low confidence
-- (strategic-assessment 2.5: a low grade opens a gap by itself). First the one whose closing would change the order most.
with parts as (
    select
        v.theme_code || '/' || v.part_code as gap_code,
        v.theme_code,
        v.part_code,
        v.basis as kind,
        r.part_name || case
            when v.basis = 'not measured' then ': not measured. '
            else ': judged, not measured. '
        end || r.indicator as gap,
        g.information_value,
        g.expected_move,
        case when v.basis = 'entered' then v.words end as note
    from metrics.theme_part_values as v
    inner join reference.theme_parts as r on v.part_code = r.part_code
    -- a theme without a place has gaps too, and none of them bears on the order
    left join metrics.theme_gap_values as g on v.theme_code = g.theme_code and v.part_code = g.part_code
    inner join metrics.theme_parts as p on v.theme_code = p.theme_code and v.part_code = p.part_code
    where v.basis <> 'measured'
        -- organisational position does not bear on risk; what is not known of it is a gap all the same
        and (p.dimension <> 'organisation' or v.basis = 'not measured')
),

doubts as (
    select
        c.theme_code,
        string_agg(lower(c.component_name) || ' (' || lower(c.grade) || ')', ', ' order by c.place) as words
    from metrics.theme_confidence as c
    where c.grade in ('Low', 'not measured')
    group by c.theme_code
),

low as (
    select
        r.theme_code || '/confidence' as gap_code,
        r.theme_code,
        '' as part_code,
        'low confidence' as kind,
        'Confidence is low: ' || coalesce(d.words, 'no component can be graded') as gap,
        cast(null as double) as information_value,
        cast(null as double) as expected_move,
        'Opened by itself' as note
    from metrics.theme_risks as r
    left join doubts as d on r.theme_code = d.theme_code
    where r.confidence = 'Low'
),

gaps as (
    select * from parts
    union all
    select * from low
)

select
    gap_code, theme_code, part_code, kind, gap, information_value, expected_move,
    row_number() over (
        order by
            round(coalesce(information_value, 0), 9) desc, round(coalesce(expected_move, 0), 9) desc,
            theme_code, part_code
    ) as place,
    note
from gaps
