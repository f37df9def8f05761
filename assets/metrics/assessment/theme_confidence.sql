-- /// card
-- description = "One row is a component of the confidence in a theme's score."
-- grain = ["theme_code", "component_code"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Confidence is graded separately from risk and never multiplied into it: missing knowledge must not look like \
--     safety.""",
-- ]
-- [columns]
-- theme_code = "reference.themes"
-- "component_code, place, component_name, is_base" = "reference.theme_confidence_parts"
-- value = ["double", "Value; null where not measured, or from a small count", "share, count, months or days"]
-- is_small = ["boolean", "The value is left out because it is too small"]
-- grade = ["varchar", "High, Moderate, Low or not measured"]
-- ///

-- Strategic-assessment 2.5. Confidence is graded separately from risk. A component that is not measured counts as low,
-- because nobody can vouch for it.
with forces as (
    select force_code
    from core.extract_forces
    where crime_count > 0
    qualify row_number() over (order by crime_count desc, force_code) = 1
),

-- the share of a fact; one of a small count, or that leaves one out, is graded and not shown
shares as (
    select
        c.theme_code,
        c.fact_code,
        c.numerator,
        c.denominator,
        c.numerator / cast(nullif(c.denominator, 0) as double) as share,
        c.numerator between 1 and s.suppression_smallest_shown - 1
        or coalesce(c.denominator - c.numerator between 1 and s.suppression_smallest_shown - 1, false) as is_small,
        s.intervals_z as z
    from metrics.theme_counts as c
    cross join core.settings as s
    where c.fact_code in ('crimes_year', 'suspect_named', 'standards_broken', 'audit_failed')
),

-- a theme that no audit has looked at is not vouched for by audits of other themes: Wilson's lower limit (1927)
audits as (
    select
        theme_code,
        wilson_lower(1 - share, denominator, z) as lower,
        is_small
    from shares
    where fact_code = 'audit_failed'
),

measured as (
    select
        theme_code,
        count(*) filter (basis = 'measured') / cast(count(*) as double) as share
    from metrics.theme_part_values
    where dimension <> 'organisation'
    group by theme_code
),

links as (
    select precision_lower
    from metrics.linkage_quality
    where stratum_type = 'all' and precision_lower is not null
),

-- kinds of source that do not derive from one another
services as (
    select count(*) > 0 as is_held
    from core.service_referrals
),

published as (
    select count(*) > 0 as is_held
    from core.recorded_counts as c
    inner join forces as f on c.force_code = f.force_code
),

moments as (
    select
        floor((epoch(as_of_at) - epoch(last_recorded_at)) / 86400) as day_count
    from core.extract_moments
    where as_of_at is not null and last_recorded_at is not null
),

found as (
    select theme_code, 'suspect_identified' as component_code, share as value, is_small
    from shares
    where fact_code = 'suspect_named'
    union all
    select theme_code, 'crimes_counted', cast(numerator as double), is_small
    from shares
    where fact_code = 'crimes_year'
    union all
    select theme_code, 'parts_measured', share, false
    from measured
    union all
    select theme_code, 'standards_broken', -share, is_small
    from shares
    where fact_code = 'standards_broken'
    union all
    select theme_code, 'recording_accuracy', lower, is_small
    from audits
    union all
    select t.theme_code, 'linkage_precision', l.precision_lower, false
    from reference.themes as t cross join links as l
    union all
    select
        t.theme_code, 'independent_sources',
        1.0
        + case when s.is_held and t.band <> 'comparator' then 1 else 0 end
        + case when p.is_held then 1 else 0 end
        + case when a.theme_code is not null then 1 else 0 end,
        false
    from reference.themes as t
    cross join services as s
    cross join published as p
    left join audits as a on t.theme_code = a.theme_code
    union all
    select theme_code, 'months_since_break', cast(segment_point_count as double), false
    from metrics.theme_verdicts
    union all
    select t.theme_code, 'days_since_last_crime', -cast(m.day_count as double), false
    from reference.themes as t cross join moments as m
)

select
    t.theme_code,
    c.component_code,
    c.place,
    c.component_name,
    c.is_base,
    case when not f.is_small then abs(f.value) end as value,
    coalesce(f.is_small, false) as is_small,
    case
        when f.value is null then 'not measured'
        when f.value >= c.high_from then 'High'
        when f.value >= c.moderate_from then 'Moderate'
        else 'Low'
    end as grade
from reference.themes as t
cross join reference.theme_confidence_parts as c
left join found as f on t.theme_code = f.theme_code and c.component_code = f.component_code
where t.theme_code in (select theme_code from metrics.theme_counts)
