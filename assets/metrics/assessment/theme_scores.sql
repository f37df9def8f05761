-- /// card
-- description = "One row is a theme of the assessment with its risk, its rank and the certainty of that rank."
-- grain = ["theme_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "MoRiLE-informed: the scheme is this product's own.",
--     """Confidence is graded separately from risk and never multiplied into it, unless the switch \
--     scoring.confidence_in_likelihood is on.""",
--     "A theme that counts crimes of other themes is not ranked with them.",
--     "By simulation over data, cut-points and weights; strategic-assessment 2.5.",
-- ]
-- [columns]
-- theme_code = "metrics.theme_risks"
-- "theme_name, band" = "reference.themes"
-- place = ["bigint", "Position in lists that are not ordered by risk"]
-- "harm, likelihood, organisation, organisation_low, organisation_high, organisation_grade" = "metrics.theme_risks"
-- "organisation_grade_best, organisation_grade_worst, organisation_known_count" = "metrics.theme_risks"
-- risk = "metrics.theme_risks"
-- "risk_low, risk_high" = "metrics.theme_stability"
-- "priority, confidence, rank" = "metrics.theme_risks"
-- "rank_low, rank_high, probability_first" = "metrics.theme_stability"
-- probability_top_3 = ["double", """Probability of being among the first scoring.top themes, three by \
--     default""", "0 to 1", "Among the first three"]
-- "automatic_risk, automatic_rank, rank_with_confidence" = "metrics.theme_risks"
-- is_overridden = ["boolean", "A part of its score is overridden"]
-- "override_count, measured_count, judged_count, part_count" = "metrics.theme_risks"
-- known_pair_share = ["double", """Share of the pairs of ranked themes whose order is known \
--     (metrics.theme_pairs); null where no two themes are ranked""", "0 to 1"]
-- is_ranking_shown = ["boolean", """That share is ranking.fewest_known_pairs or more: a page may speak of an order of \
--     the themes. The same for every theme""", "", "Ranking shown"]
-- scheme_version = ["bigint", "Version of the scheme"]
-- scheme_hash = ["varchar", "Hash of all its numbers"]
-- as_of_date = ["date", "As-of day, London"]
-- ///

with schemes as (
    select
        max(scheme_version) as scheme_version,
        md5(string_agg(subject || ' ' || key || '=' || cast(value as varchar), ' | ' order by subject, key)) as scheme_hash
    from core.scoring_scheme
),

-- an order that the data do not decide is no ranking, whatever the scores
orders as (
    select count(*) filter (is_distinguishable) / nullif(count(*), 0) as known_pair_share
    from metrics.theme_pairs
),

moments as (
    select london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
)

select
    r.theme_code, t.theme_name, t.band, t.place, r.harm, r.likelihood, r.organisation, r.organisation_low,
    r.organisation_high, r.organisation_grade, r.organisation_grade_best, r.organisation_grade_worst,
    r.organisation_known_count, r.risk,
    s.risk_low, s.risk_high, r.priority, r.confidence, r.rank, s.rank_low, s.rank_high,
    s.probability_first, s.probability_top as probability_top_3, r.automatic_risk, r.automatic_rank, r.rank_with_confidence,
    r.override_count > 0 as is_overridden, r.override_count, r.measured_count, r.judged_count,
    r.part_count,
    o.known_pair_share,
    coalesce(o.known_pair_share >= e.ranking_fewest_known_pairs, false) as is_ranking_shown,
    h.scheme_version,
    h.scheme_hash,
    m.as_of_date
from metrics.theme_risks as r
inner join reference.themes as t on r.theme_code = t.theme_code
cross join schemes as h
cross join moments as m
cross join orders as o
cross join core.settings as e
left join metrics.theme_stability as s on r.theme_code = s.theme_code
