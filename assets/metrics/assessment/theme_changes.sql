-- /// card
-- description = """One row is a theme compared with the last assessment issued for an earlier day; there is none \
--     without such an assessment."""
-- grain = ["theme_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """A rank has changed only where its ranges over the schemes do not overlap. With another scheme, other themes or \
--     an override, no change is called.""",
-- ]
-- [columns]
-- theme_code = "metrics.theme_scores"
-- last_assessment_ref = ["varchar", "That assessment; null where it did not include the theme"]
-- last_title = ["varchar", "Title of that assessment"]
-- last_as_of_date = ["date", "As-of day of its figures"]
-- last_scheme_version = ["bigint", "Version of its scheme"]
-- last_risk = ["double", "Risk then", "0 to 100"]
-- last_rank = ["bigint", "Rank then", "", "Rank then"]
-- last_rank_low = ["bigint", "Its highest place in any scheme, then", "", "Rank from, then"]
-- last_rank_high = ["bigint", "Its lowest place in any scheme, then", "", "Rank to, then"]
-- change = ["varchar", """higher, lower, no clear change, other scheme, other themes, overridden, not ranked \
--     or new"""]
-- ///

-- A rank has changed only where its ranges over the schemes do not overlap; with another scheme no change is called.
with days as (
    select max(as_of_date) as as_of_date
    from metrics.theme_scores
),

last as (
    select distinct i.assessment_ref, i.issued_at
    from core.issued_assessments as i
    inner join days as d on i.as_of_date < d.as_of_date
    qualify row_number() over (order by i.issued_at desc, i.assessment_ref) = 1
),

-- ranks are among the ranked themes: other themes give other ranks
ranked as (
    select
        (select string_agg(theme_code, ' ' order by theme_code) from metrics.theme_scores where rank is not null) as now,
        string_agg(i.theme_code, ' ' order by i.theme_code) as then_ranked
    from core.issued_assessments as i
    inner join last as l on i.assessment_ref = l.assessment_ref
    where i.rank is not null
)

select
    s.theme_code,
    i.assessment_ref as last_assessment_ref,
    i.title as last_title,
    i.as_of_date as last_as_of_date,
    i.scheme_version as last_scheme_version,
    i.risk as last_risk,
    i.rank as last_rank,
    i.rank_low as last_rank_low,
    i.rank_high as last_rank_high,
    case
        when i.theme_code is null then 'new'
        when i.scheme_hash <> s.scheme_hash or i.scheme_version <> s.scheme_version then 'other scheme'
        when r.now <> r.then_ranked then 'other themes'
        when i.override_count > 0 or s.override_count > 0 then 'overridden'
        when s.rank is null or i.rank is null then 'not ranked'
        when s.rank_high < i.rank_low then 'higher'
        when s.rank_low > i.rank_high then 'lower'
        else 'no clear change'
    end as change
from metrics.theme_scores as s
cross join last as l
cross join ranked as r
left join core.issued_assessments as i on l.assessment_ref = i.assessment_ref and s.theme_code = i.theme_code
