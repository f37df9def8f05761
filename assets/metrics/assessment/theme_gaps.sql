-- /// card
-- description = """One row is a gap in the knowledge of the assessment; what decides the first themes is first."""
-- grain = ["gap_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Its places are those by the force's own scheme, all else unchanged: at the lowest and highest score of what is \
--     not measured, and a step lower and higher of what is judged.""",
--     "A measured part has only sampling error and is not a gap.",
-- ]
-- [columns]
-- gap_code = ["varchar", "Gap: theme and part, or theme and confidence"]
-- theme_code = "columns"
-- part_code = ["varchar", "Part; null where the gap is of the whole theme"]
-- kind = ["varchar", "not measured, entered or low confidence"]
-- gap = ["varchar", "Description", "", "What is not known"]
-- rank_low = ["bigint", "Its theme's highest place, if it were known; null for what does not move it", "", "Place from"]
-- rank_high = ["bigint", "Its theme's lowest place, if it were known", "", "Place to"]
-- is_decisive = ["boolean", "It decides whether its theme is among the first scoring.top themes, three by default"]
-- place = ["bigint", "Order: what decides the first themes, then what moves its theme most"]
-- note = ["varchar", "What would close the gap"]
-- ///

-- Parts that are not measured or only judged, and themes of low confidence (strategic-assessment 2.5: a low grade is
-- itself a gap). What decides which themes are first comes first.
with score_points as (
    select cast(key as bigint) as score, value as points
    from core.scoring_scheme
    where subject = 'score_points'
),

ends as (
    select
        min(points) as least,
        max(points) as most,
        max(score) as most_score,
        (select max(value) from core.scoring_scheme where key = 'scoring.top') as top
    from score_points
),

weights as (
    select theme_code, dimension, sum(weight) as weight
    from metrics.theme_parts
    group by theme_code, dimension
),

-- the risk of the theme with the part at either end of what it may be
moved as (
    select
        p.theme_code,
        p.part_code,
        r.risk * (1 + 100 * p.weight * (coalesce(l.points, e.least) - p.points) / (w.weight * e.most) / d.score)
            as lowest_risk,
        r.risk * (1 + 100 * p.weight * (coalesce(h.points, e.most) - p.points) / (w.weight * e.most) / d.score)
            as highest_risk
    from metrics.theme_parts as p
    inner join weights as w on p.theme_code = w.theme_code and p.dimension = w.dimension
    inner join metrics.theme_risks as r on p.theme_code = r.theme_code and r.rank is not null
    inner join (
        select theme_code, 'harm' as dimension, harm as score from metrics.theme_risks
        union all
        select theme_code, 'likelihood', likelihood from metrics.theme_risks
    ) as d on p.theme_code = d.theme_code and p.dimension = d.dimension and d.score > 0
    cross join ends as e
    left join score_points as l on p.basis = 'entered' and l.score = greatest(p.score - 1, 0)
    left join score_points as h on p.basis = 'entered' and h.score = least(p.score + 1, e.most_score)
),

placed as (
    select
        m.theme_code,
        m.part_code,
        1 + count(*) filter (o.risk > m.highest_risk) as rank_low,
        1 + count(*) filter (o.risk > m.lowest_risk) as rank_high
    from moved as m
    left join metrics.theme_risks as o on o.rank is not null and m.theme_code <> o.theme_code
    group by m.theme_code, m.part_code
),

parts as (
    select
        v.theme_code || '/' || v.part_code as gap_code,
        v.theme_code,
        v.part_code,
        v.basis as kind,
        r.part_name || case
            when v.basis = 'not measured' then ': not measured. '
            else ': judged, not measured. '
        end || r.indicator as gap,
        g.rank_low,
        g.rank_high,
        coalesce(g.rank_low <= e.top and g.rank_high > e.top, false) as is_decisive,
        case when v.basis = 'entered' then v.words end as note
    from metrics.theme_part_values as v
    inner join reference.theme_parts as r on v.part_code = r.part_code
    -- a theme without a rank has gaps too, and so has organisational position, which moves no rank
    left join placed as g on v.theme_code = g.theme_code and v.part_code = g.part_code
    inner join metrics.theme_parts as p on v.theme_code = p.theme_code and v.part_code = p.part_code
    cross join ends as e
    where v.basis <> 'measured'
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
        cast(null as bigint) as rank_low,
        cast(null as bigint) as rank_high,
        false as is_decisive,
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
    gap_code, theme_code, part_code, kind, gap, rank_low, rank_high, is_decisive,
    row_number() over (
        order by
            is_decisive desc, coalesce(rank_high - rank_low, -1) desc, theme_code, part_code
    ) as place,
    note
from gaps
