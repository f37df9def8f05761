-- /// card
-- description = """One row is a theme of the assessment with its risk, its rank, and how many other reasonable schemes \
--     keep that rank."""
-- grain = ["theme_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "MoRiLE-informed: the scheme is this product's own.",
--     """Confidence is graded separately from risk and never multiplied into it, unless the switch \
--     scoring.confidence_in_likelihood is on.""",
--     "A theme that counts crimes of other themes is not ranked with them.",
--     """Other schemes (metrics.theme_schemes) differ in weights, points, cut-points and what fills in parts without \
--     data. How many agree is no probability.""",
-- ]
-- [columns]
-- theme_code = "metrics.theme_risks"
-- "theme_name, band" = "reference.themes"
-- place = ["bigint", "Position in lists that are not ordered by risk"]
-- "harm, likelihood, organisation, organisation_low, organisation_high, organisation_grade" = "metrics.theme_risks"
-- "organisation_grade_best, organisation_grade_worst, organisation_known_count" = "metrics.theme_risks"
-- "risk, priority, confidence, rank" = "metrics.theme_risks"
-- rank_low = ["bigint", "Its highest place in any scheme (1 is the highest risk)", "", "Rank from"]
-- rank_high = ["bigint", "Its lowest place in any scheme", "", "Rank to"]
-- scheme_count = ["bigint", "Other schemes; null without a rank", "schemes", "Other schemes"]
-- first_scheme_count = ["bigint", "Other schemes in which it has the highest risk", "schemes", "First in"]
-- top_scheme_count = ["bigint", """Other schemes in which it is among the first scoring.top themes, three by \
--     default""", "schemes", "Among the first three in"]
-- differs_in = ["varchar", """Other schemes in which it is not among the first, where it is in the force's own; else \
--     those in which it is; null where all agree""", "", "Schemes that differ"]
-- kept_scheme_count = ["bigint", """Other schemes with the same first themes as the force's own. The same for every \
--     ranked theme""", "schemes"]
-- probability_top_3 = ["double", """top_scheme_count over scheme_count. The name is older: it is no probability, and \
--     no page shows it""", "0 to 1"]
-- "automatic_risk, automatic_rank, rank_with_confidence" = "metrics.theme_risks"
-- is_overridden = ["boolean", "A part of its score is overridden"]
-- "override_count, measured_count, judged_count, part_count" = "metrics.theme_risks"
-- known_theme_share = ["double", """Share of the ranked themes whose crimes of twelve months are enough: at least \
--     Moderate in metrics.theme_confidence. Null where no theme is ranked""", "0 to 1"]
-- is_ranking_shown = ["boolean", """That share is ranking.fewest_known_themes or more: a page may speak of an order of \
--     the themes. The same for every theme""", "", "Ranking shown"]
-- scheme_version = ["bigint", "Version of the scheme"]
-- scheme_hash = ["varchar", "Hash of all its numbers, and of the other schemes"]
-- as_of_date = ["date", "As-of day, London"]
-- ///

with numbers as (
    select
        max(scheme_version) as scheme_version,
        string_agg(subject || ' ' || key || '=' || cast(value as varchar), ' | ' order by subject, key) as words
    from core.scoring_scheme
),

others as (
    select string_agg(
        concat_ws(' ', scheme_code, element, variant, part_code, cast(factor as varchar)), ' | ' order by scheme_code
    ) as words
    from reference.theme_schemes
),

schemes as (
    select n.scheme_version, md5(n.words || ' || ' || coalesce(o.words, '')) as scheme_hash
    from numbers as n
    cross join others as o
),

held as (
    select
        s.theme_code,
        least(min(s.rank), max(r.rank)) as rank_low,
        greatest(max(s.rank), max(r.rank)) as rank_high,
        count(*) as scheme_count,
        count(*) filter (s.rank = 1) as first_scheme_count,
        count(*) filter (s.is_top) as top_scheme_count,
        count(*) filter (s.is_kept) as kept_scheme_count,
        string_agg(case when not s.is_top then s.scheme_name end, ', ' order by s.scheme_place) as not_top_in,
        string_agg(case when s.is_top then s.scheme_name end, ', ' order by s.scheme_place) as top_in
    from metrics.theme_schemes as s
    inner join metrics.theme_risks as r on s.theme_code = r.theme_code
    group by s.theme_code
),

-- a score of few crimes is chance: no scheme makes up for it
known as (
    select
        count(*) filter (c.grade in ('High', 'Moderate')) / cast(nullif(count(*), 0) as double) as known_theme_share
    from metrics.theme_risks as r
    left join metrics.theme_confidence as c
        on r.theme_code = c.theme_code and c.component_code = 'crimes_counted'
    where r.rank is not null
),

moments as (
    select london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
)

select
    r.theme_code, t.theme_name, t.band, t.place, r.harm, r.likelihood, r.organisation, r.organisation_low,
    r.organisation_high, r.organisation_grade, r.organisation_grade_best, r.organisation_grade_worst,
    r.organisation_known_count, r.risk, r.priority, r.confidence, r.rank, s.rank_low, s.rank_high, s.scheme_count,
    s.first_scheme_count, s.top_scheme_count,
    case when r.rank <= e.scoring_top then s.not_top_in else s.top_in end as differs_in,
    s.kept_scheme_count,
    s.top_scheme_count / cast(s.scheme_count as double) as probability_top_3,
    r.automatic_risk, r.automatic_rank, r.rank_with_confidence,
    r.override_count > 0 as is_overridden, r.override_count, r.measured_count, r.judged_count,
    r.part_count,
    k.known_theme_share,
    coalesce(k.known_theme_share >= e.ranking_fewest_known_themes, false) as is_ranking_shown,
    h.scheme_version,
    h.scheme_hash,
    m.as_of_date
from metrics.theme_risks as r
inner join reference.themes as t on r.theme_code = t.theme_code
cross join schemes as h
cross join moments as m
cross join known as k
cross join core.settings as e
left join held as s on r.theme_code = s.theme_code
