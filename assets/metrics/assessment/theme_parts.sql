-- /// card
-- description = "One row is a part of the score of a theme of the assessment."
-- grain = ["theme_code", "part_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "MoRiLE-informed: the scheme is this product's own.",
--     """A part that is not measured is not zero: it is filled in with the mean of all points. Other schemes fill it \
--     in otherwise (metrics.theme_schemes).""",
--     "Sentencing-based harm under-represents stalking: these scores do not use it.",
-- ]
-- [columns]
-- "theme_code, dimension, part_code" = "metrics.theme_part_values"
-- "place, part_name" = "reference.theme_parts"
-- weight = ["double", "Weight within its dimension"]
-- basis = "metrics.theme_part_values"
-- indicator = "reference.theme_parts"
-- value = ["double", "Share or count; null where not measured, or small"]
-- unit = "reference.theme_parts"
-- numerator = ["bigint", "Number counted; null where it, or the rest of its denominator, is small"]
-- denominator = "columns"
-- lower = ["double", "Lower 95% limit of a share (Wilson)"]
-- upper = ["double", "Upper 95% limit of a share (Wilson)"]
-- percentile = ["double", "Rank among the force's own themes; null for parts without one", "0 to 1"]
-- is_small = ["boolean", "The value is left out because it is too small"]
-- automatic_score = ["bigint", "Automatic score, 0 to 4; null where not measured"]
-- score = ["bigint", "Score with the current override"]
-- automatic_points = ["double", "Points of the automatic score", "points"]
-- points = ["double", "Points of the current score", "points"]
-- override_ref = ["varchar", "Current override; null where there is none"]
-- note = "columns"
-- ///

-- Strategic-assessment 2.5. Points of a part that is not measured are the mean of all points, because missing knowledge
-- must look neither safe nor dangerous. Other schemes take its lowest and its highest.
with scheme as (
    select subject, key, value
    from core.scoring_scheme
),

cut_points as (
    select split_part(key, '/', 1) as part_code, value
    from scheme
    where subject = 'cut_point'
),

score_points as (
    select cast(key as bigint) as score, value as points
    from scheme
    where subject = 'score_points'
),

unknown as (
    select avg(points) as points
    from score_points
),

settings as (
    select intervals_z as z, suppression_smallest_shown as smallest_shown
    from core.settings
),

reached as (
    select v.theme_code, v.part_code, count(c.value) as score
    from metrics.theme_part_values as v
    left join cut_points as c on v.part_code = c.part_code and v.value >= c.value
    where v.basis = 'measured' and v.scale in ('share', 'count', 'percentile')
    group by v.theme_code, v.part_code
),

automatic as (
    select
        v.*,
        greatest(coalesce(v.given_score, r.score), v.floor_score) as automatic_score
    from metrics.theme_part_values as v
    left join reached as r on v.theme_code = r.theme_code and v.part_code = r.part_code
),

intervals as (
    select
        a.*,
        case
            when a.denominator > 0 and a.scale in ('share', 'percentile') then a.numerator / cast(a.denominator as double)
        end as share,
        s.z,
        s.smallest_shown
    from automatic as a
    cross join settings as s
),

scored as (
    select
        i.*,
        o.override_ref,
        o.override_score,
        -- a small count, or a share whose rest is one, is suppressed
        coalesce(
            i.numerator between 1 and i.smallest_shown - 1
            or i.denominator - i.numerator between 1 and i.smallest_shown - 1, false
        ) as is_small
    from intervals as i
    left join core.score_overrides as o on i.theme_code = o.theme_code and i.part_code = o.part_code
)

select
    s.theme_code,
    s.dimension,
    s.part_code,
    p.place,
    p.part_name,
    w.value as weight,
    s.basis,
    p.indicator,
    case when not s.is_small then coalesce(s.share, case when s.scale in ('count', 'percentile') then s.numerator end) end
        as value,
    p.unit,
    case when not s.is_small then s.numerator end as numerator,
    case when not s.is_small then s.denominator end as denominator,
    case when not s.is_small and s.share is not null then
        greatest(0.0, wilson_lower(s.share, s.denominator, s.z))
    end as lower,
    case when not s.is_small and s.share is not null then
        least(1.0, wilson_upper(s.share, s.denominator, s.z))
    end as upper,
    case when s.scale = 'percentile' then s.value end as percentile,
    s.is_small,
    s.automatic_score,
    coalesce(s.override_score, s.automatic_score) as score,
    coalesce(a.points, u.points) as automatic_points,
    coalesce(t.points, u.points) as points,
    s.override_ref,
    s.words as note
from scored as s
cross join unknown as u
inner join reference.theme_parts as p on s.part_code = p.part_code
inner join scheme as w on w.subject = 'weight' and w.key = s.dimension || '/' || s.part_code
left join score_points as a on s.automatic_score = a.score
left join score_points as t on coalesce(s.override_score, s.automatic_score) = t.score
