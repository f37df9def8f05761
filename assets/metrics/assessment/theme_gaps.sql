-- /// card
-- description = """One row is a gap in the knowledge of the assessment; the one with the largest effect on the \
--     ranking is first."""
-- grain = ["gap_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "By simulation over data, cut-points and weights; strategic-assessment 2.5.",
--     "A measured part has only sampling error and is not a gap.",
-- ]
-- [columns]
-- gap_code = ["varchar", "Gap: theme and part, or theme and confidence"]
-- theme_code = "columns"
-- part_code = ["varchar", "Part; null where the gap is of the whole theme"]
-- kind = ["varchar", "not measured, entered or low confidence"]
-- gap = ["varchar", "Description", "", "What is not known"]
-- information_value = ["double", """Expected gain in the risk of the themes ranked first, if it were known; null for \
--     a whole theme""", "points of risk", "Worth, points of risk"]
-- expected_move = ["double", """Expected change of the theme's rank; null for a whole \
--     theme""", "places", "Places it would move the theme"]
-- place = ["bigint", "Order: the gap with the largest effect on the ranking is first"]
-- note = ["varchar", "What would close the gap"]
-- ///

-- Parts that are not measured or only judged, and themes of low confidence (strategic-assessment 2.5: a low grade is
-- itself a gap). The gap with the largest effect on the ranking is first.
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
    -- a theme without a rank has gaps too, but they do not affect the ranking
    left join metrics.theme_gap_values as g on v.theme_code = g.theme_code and v.part_code = g.part_code
    inner join metrics.theme_parts as p on v.theme_code = p.theme_code and v.part_code = p.part_code
    where v.basis <> 'measured'
        -- organisational position does not affect risk; missing parts of it are still gaps
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
        'Opened automatically' as note
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
