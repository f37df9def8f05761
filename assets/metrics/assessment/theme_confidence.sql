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
-- "component_code, place, component_name" = "reference.theme_confidence_parts"
-- value = ["double", "Value; null where not measured", "share, count, months or days"]
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

audits as (
    select lower, title
    from core.audit_estimates
    where metric = 'classification_accuracy' and stratum = 'overall' and lower is not null
    qualify row_number() over (order by signed_off_at desc, cycle_ref) = 1
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
    select theme_code, 'suspect_identified' as component_code, numerator / cast(nullif(denominator, 0) as double) as value
    from metrics.theme_counts
    where fact_code = 'suspect_named'
    union all
    select t.theme_code, 'recording_accuracy', a.lower
    from reference.themes as t cross join audits as a
    where t.band <> 'comparator'
    union all
    select t.theme_code, 'linkage_precision', l.precision_lower
    from reference.themes as t cross join links as l
    union all
    select
        t.theme_code, 'independent_sources',
        1.0
        + case when s.is_held and t.band <> 'comparator' then 1 else 0 end
        + case when p.is_held then 1 else 0 end
        + case when (select count(*) from audits) > 0 and t.band <> 'comparator' then 1 else 0 end
    from reference.themes as t
    cross join services as s
    cross join published as p
    union all
    select theme_code, 'months_since_break', cast(segment_point_count as double)
    from metrics.theme_verdicts
    union all
    select t.theme_code, 'days_since_last_crime', -cast(m.day_count as double)
    from reference.themes as t cross join moments as m
)

select
    t.theme_code,
    c.component_code,
    c.place,
    c.component_name,
    abs(f.value) as value,
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
