-- /// card
-- description = "One row is a theme of the assessment with its harm, likelihood, organisational position and risk."
-- grain = ["theme_code"]
-- by_force = true
-- audience = []
-- caveats = ["metrics.theme_scores shows it with its ranks in other schemes."]
-- [columns]
-- theme_code = "metrics.theme_parts"
-- harm = ["double", "Harm", "0 to 100"]
-- likelihood = ["double", "Likelihood", "0 to 100"]
-- organisation = ["double", "Organisational position: a higher value is a worse position", "0 to 100"]
-- organisation_low = ["double", "Lowest possible value, given what is not known", "0 to 100"]
-- organisation_high = ["double", "Highest possible value, given what is not known", "0 to 100"]
-- organisation_grade = ["varchar", "The same as a grade, A (best) to D; null where no part is known"]
-- organisation_grade_best = ["varchar", "Grade of organisation_low: the best that unknown parts leave possible"]
-- organisation_grade_worst = ["varchar", "Grade of organisation_high: the worst that they leave possible"]
-- organisation_known_count = ["bigint", "Parts of organisational position that are measured or overridden"]
-- risk = ["double", "Risk: harm times likelihood, divided by 100", "0 to 100"]
-- priority = ["double", "Risk, raised by organisational position where the settings say so"]
-- confidence = ["varchar", "High, Moderate or Low"]
-- rank = ["bigint", "Rank by risk, from 1; null for a theme that counts crimes of other themes", "", "Rank"]
-- automatic_risk = ["double", "Risk without overrides", "0 to 100"]
-- automatic_rank = ["bigint", "Rank without overrides", "", "Automatic rank"]
-- rank_with_confidence = ["bigint", """Rank if confidence weighted \
--     likelihood""", "", "Rank if confidence weighted likelihood"]
-- override_count = ["bigint", "Parts with an overridden score"]
-- measured_count = ["bigint", "Parts of harm and likelihood that are measured and not overridden", "", "Measured"]
-- judged_count = ["bigint", "Parts of harm and likelihood that are judged: entered or overridden", "", "Judged"]
-- part_count = ["bigint", "All parts of harm and likelihood; those neither measured nor judged are filled in"]
-- ///

-- Strategic-assessment 2.5: 100 times the weighted points over the maximum that the weights allow; risk is harm times
-- likelihood over 100. Both without and with the current overrides. Ranks are among themes that count no crime of
-- another.
with scheme as (
    select
        max(value) filter (subject = 'score_points') as most_points,
        min(value) filter (subject = 'score_points') as least_points,
        max(value) filter (key = 'scoring.priority_lambda') as priority_lambda,
        max(value) filter (key = 'scoring.confidence_in_likelihood') as is_confidence_in,
        max(value) filter (key = 'scoring.confidence_moderate') as moderate_factor,
        max(value) filter (key = 'scoring.confidence_low') as low_factor,
        max(value) filter (key = 'scoring.confidence_high_from') as high_from,
        max(value) filter (key = 'scoring.confidence_moderate_from') as moderate_from
    from core.scoring_scheme
),

graded as (
    select
        theme_code,
        avg(case grade when 'High' then 2.0 when 'Moderate' then 1.0 else 0.0 end) as mean_points,
        count(*) filter (is_base) as base_count,
        count(*) filter (is_base and grade not in ('High', 'Moderate')) as weak_count
    from metrics.theme_confidence
    group by theme_code
),

-- what is of the whole force cannot vouch for a theme of few crimes of which little is measured
confidences as (
    select
        g.theme_code,
        case
            when g.base_count > 0 and g.weak_count = g.base_count then 'Low'
            when g.mean_points >= s.high_from and g.weak_count = 0 then 'High'
            when g.mean_points >= s.moderate_from then 'Moderate'
            else 'Low'
        end as confidence
    from graded as g
    cross join scheme as s
),

dimensions as (
    select
        p.theme_code,
        p.dimension,
        100 * sum(p.weight * p.points) / (sum(p.weight) * max(s.most_points)) as score,
        100 * sum(p.weight * p.automatic_points) / (sum(p.weight) * max(s.most_points)) as automatic_score,
        -- the range, with every unknown part at its minimum and at its maximum
        100 * sum(p.weight * case when p.score is null then s.least_points else p.points end)
        / (sum(p.weight) * max(s.most_points)) as least_score,
        100 * sum(p.weight * case when p.score is null then s.most_points else p.points end)
        / (sum(p.weight) * max(s.most_points)) as greatest_score,
        count(*) as part_count,
        count(*) filter (p.basis = 'measured' and p.override_ref is null) as measured_count,
        count(*) filter (p.basis = 'entered' or p.override_ref is not null) as judged_count,
        count(p.override_ref) as override_count,
        count(p.score) as known_count
    from metrics.theme_parts as p
    cross join scheme as s
    group by p.theme_code, p.dimension
),

themes as (
    select
        d.theme_code,
        max(d.score) filter (d.dimension = 'harm') as harm,
        max(d.score) filter (d.dimension = 'likelihood') as likelihood,
        max(d.score) filter (d.dimension = 'organisation') as organisation,
        max(d.least_score) filter (d.dimension = 'organisation') as organisation_low,
        max(d.greatest_score) filter (d.dimension = 'organisation') as organisation_high,
        max(d.known_count) filter (d.dimension = 'organisation') as organisation_known_count,
        max(d.automatic_score) filter (d.dimension = 'harm') as automatic_harm,
        max(d.automatic_score) filter (d.dimension = 'likelihood') as automatic_likelihood,
        cast(sum(d.part_count) filter (d.dimension <> 'organisation') as bigint) as part_count,
        cast(sum(d.measured_count) filter (d.dimension <> 'organisation') as bigint) as measured_count,
        cast(sum(d.judged_count) filter (d.dimension <> 'organisation') as bigint) as judged_count,
        cast(sum(d.override_count) as bigint) as override_count
    from dimensions as d
    group by d.theme_code
),

factored as (
    select
        t.*,
        coalesce(c.confidence, 'Low') as confidence,
        case coalesce(c.confidence, 'Low')
            when 'High' then 1.0 when 'Moderate' then s.moderate_factor else s.low_factor
        end as confidence_factor,
        s.is_confidence_in,
        s.priority_lambda
    from themes as t
    cross join scheme as s
    left join confidences as c on t.theme_code = c.theme_code
),

risks as (
    select
        *,
        harm * likelihood / 100 * case when is_confidence_in = 1 then confidence_factor else 1.0 end as risk,
        automatic_harm * automatic_likelihood / 100
        * case when is_confidence_in = 1 then confidence_factor else 1.0 end as automatic_risk,
        harm * likelihood / 100 * confidence_factor as risk_with_confidence
    from factored
),

-- the grade is that of the score; beside it are the best and the worst that unknown parts leave possible
grades as (
    select 'A' as grade, 0.0 as from_score, 25.0 as to_score
    union all
    select 'B', 25.0, 50.0
    union all
    select 'C', 50.0, 75.0
    union all
    select 'D', 75.0, 101.0
),

ranks as (
    select
        r.theme_code,
        rank() over (order by round(r.risk, 9) desc) as place,
        rank() over (order by round(r.automatic_risk, 9) desc) as automatic_place,
        rank() over (order by round(r.risk_with_confidence, 9) desc) as place_with_confidence
    from risks as r
    inner join reference.themes as t on r.theme_code = t.theme_code and t.band <> 'cross-cutting'
)

select
    r.theme_code,
    r.harm,
    r.likelihood,
    r.organisation,
    r.organisation_low,
    r.organisation_high,
    case when r.organisation_known_count > 0 then g.grade end as organisation_grade,
    l.grade as organisation_grade_best,
    h.grade as organisation_grade_worst,
    r.organisation_known_count,
    r.risk,
    r.risk * (1 + r.priority_lambda * r.organisation / 100) as priority,
    r.confidence,
    n.place as rank,
    r.automatic_risk,
    n.automatic_place as automatic_rank,
    n.place_with_confidence as rank_with_confidence,
    r.override_count,
    r.measured_count,
    r.judged_count,
    r.part_count
from risks as r
left join grades as g on r.organisation >= g.from_score and r.organisation < g.to_score
left join grades as l on r.organisation_low >= l.from_score and r.organisation_low < l.to_score
left join grades as h on r.organisation_high >= h.from_score and r.organisation_high < h.to_score
left join ranks as n on r.theme_code = n.theme_code
