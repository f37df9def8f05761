-- /// card
-- description = "One row is a ranked theme in another reasonable scheme, with the risk and rank that it gives."
-- grain = ["scheme_code", "theme_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Schemes differ in choices. How few crimes a theme has is in its confidence.",
--     "Risks of two schemes are on different scales: compare their ranks.",
-- ]
-- [columns]
-- "scheme_code, scheme_name" = "reference.theme_schemes"
-- scheme_place = ["bigint", "Order of the schemes"]
-- reason = "reference.theme_schemes"
-- theme_code = "metrics.theme_part_values"
-- risk = ["double", "Risk by this scheme", "0 to 100"]
-- rank = ["bigint", "Rank by this scheme, from 1", "", "Rank there"]
-- is_top = ["boolean", "It is among the first scoring.top themes there, three by default"]
-- is_kept = ["boolean", "The first themes there are those of the force's own scheme; the same for every theme"]
-- ///

-- Strategic-assessment 2.5 scored again, with one choice changed in each scheme. Overridden scores stay.
with score_points as (
    select cast(key as bigint) as score, value as points
    from core.scoring_scheme
    where subject = 'score_points'
),

ends as (
    select
        min(points) / max(points) as least,
        avg(points) / max(points) as middle,
        max(points) as most_points,
        cast(max(score) as double) as most_score
    from score_points
),

cut_points as (
    select split_part(key, '/', 1) as part_code, value
    from core.scoring_scheme
    where subject = 'cut_point'
),

settings as (
    select
        (select max(value) from core.scoring_scheme where key = 'scoring.top') as top,
        (select max(intervals_z) from core.settings) as z
),

parts as (
    select
        v.theme_code, v.dimension, v.part_code, v.basis, v.scale, v.value, v.numerator, v.denominator, v.given_score,
        v.floor_score, p.weight, p.override_ref, p.score
    from metrics.theme_part_values as v
    inner join metrics.theme_parts as p on v.theme_code = p.theme_code and v.part_code = p.part_code
    inner join metrics.theme_risks as r on v.theme_code = r.theme_code
    where v.dimension in ('harm', 'likelihood') and r.rank is not null
),

valued as (
    select
        s.scheme_code, s.element, s.variant, s.part_code as changed_part, s.factor, p.*,
        case
            when s.element = 'shares' and p.scale = 'share' and s.variant = 'lower'
                then greatest(0.0, wilson_lower(p.value, p.denominator, z.z))
            when s.element = 'shares' and p.scale = 'share' then least(1.0, wilson_upper(p.value, p.denominator, z.z))
            else p.value
        end as taken_value
    from reference.theme_schemes as s
    cross join parts as p
    cross join settings as z
),

reached as (
    select v.scheme_code, v.theme_code, v.part_code, count(c.value) as score
    from valued as v
    left join cut_points as c
        on v.part_code = c.part_code
        and v.taken_value >= c.value * case when v.element = 'cut_points' then v.factor else 1.0 end
    where v.basis = 'measured' and v.scale in ('share', 'count', 'percentile')
    group by v.scheme_code, v.theme_code, v.part_code
),

scored as (
    select
        v.*,
        case
            when v.override_ref is not null then v.score
            else greatest(
                coalesce(v.given_score, r.score), case when v.element = 'floors' then null else v.floor_score end
            )
        end as scheme_score
    from valued as v
    left join reached as r
        on v.scheme_code = r.scheme_code and v.theme_code = r.theme_code and v.part_code = r.part_code
),

placed as (
    -- themes of one score share the mean of their places
    select
        *,
        (
            rank() over (partition by scheme_code, part_code, scheme_score is null order by scheme_score)
            + (count(*) over (partition by scheme_code, part_code, scheme_score) - 1) / 2.0
        ) / (count(*) over (partition by scheme_code, part_code, scheme_score is null) + 1) as place
    from scored
),

-- how much of the most that a part can give it gives: 0 to 1
given as (
    select
        p.scheme_code,
        p.theme_code,
        p.dimension,
        case
            when p.scheme_score is null and p.element = 'unknown' and p.variant = 'out' then 0.0
            when p.element = 'known' and (p.basis <> 'measured' or p.override_ref is not null) then 0.0
            when p.element = 'weights' and p.weight > 0 then 1.0
            when p.element = 'part_weight' and p.part_code = p.changed_part then p.weight * p.factor
            else p.weight
        end as weight,
        case
            when p.scheme_score is null and p.element = 'unknown' and p.variant = 'lowest' then e.least
            when p.scheme_score is null and p.element = 'unknown' and p.variant = 'highest' then 1.0
            when p.scheme_score is null and p.element = 'points' then 0.5
            when p.scheme_score is null then e.middle
            when p.element = 'points' and p.variant = 'even' then p.scheme_score / e.most_score
            when p.element = 'points' then p.place
            else t.points / e.most_points
        end as worth
    from placed as p
    cross join ends as e
    left join score_points as t on p.scheme_score = t.score
),

dimensions as (
    -- a dimension of which nothing is left has the average
    select
        g.scheme_code,
        g.theme_code,
        g.dimension,
        100 * coalesce(sum(g.weight * g.worth) / nullif(sum(g.weight), 0), max(e.middle)) as score
    from given as g
    cross join ends as e
    group by g.scheme_code, g.theme_code, g.dimension
),

themes as (
    select
        d.scheme_code,
        d.theme_code,
        max(d.score) filter (d.dimension = 'harm') as harm,
        -- where the force lets confidence weigh likelihood, it does so here too
        max(d.score) filter (d.dimension = 'likelihood')
        * max(coalesce(100 * r.risk / nullif(r.harm * r.likelihood, 0), 1)) as likelihood
    from dimensions as d
    inner join metrics.theme_risks as r on d.theme_code = r.theme_code
    group by d.scheme_code, d.theme_code
),

risks as (
    select
        t.scheme_code,
        t.theme_code,
        case s.variant
            when 'sum' then (t.harm + t.likelihood) / 2
            when 'harm' then t.harm
            when 'likelihood' then t.likelihood
            else t.harm * t.likelihood / 100
        end as risk
    from themes as t
    inner join reference.theme_schemes as s on t.scheme_code = s.scheme_code
),

ranks as (
    select *, rank() over (partition by scheme_code order by round(risk, 9) desc) as rank
    from risks
),

compared as (
    select n.*, n.rank <= s.top as is_top, r.rank <= s.top as is_own_top
    from ranks as n
    inner join metrics.theme_risks as r on n.theme_code = r.theme_code
    cross join settings as s
)

select
    c.scheme_code,
    h.scheme_name,
    h.place as scheme_place,
    h.reason,
    c.theme_code,
    c.risk,
    c.rank,
    c.is_top,
    max(case when c.is_top <> c.is_own_top then 1 else 0 end) over (partition by c.scheme_code) = 0 as is_kept
from compared as c
inner join reference.theme_schemes as h on c.scheme_code = h.scheme_code
