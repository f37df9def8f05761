-- /// card
-- description = "One row is a person suspected of more than one crime within the window of the V100 preset, as of now."
-- grain = ["as_of_at", "is_current", "suspect_ref"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Only crimes of stalking and harassment, principal or included.",
--     "Suspects are not offenders: most are not convicted.",
-- ]
-- [columns]
-- "as_of_at, is_current, suspect_ref" = "core.reports_as_of"
-- crime_count = ["bigint", "Accusations: crimes as recorded, not events", "crimes"]
-- harm_days = ["double", """Sentencing harm of these crimes together; null where a crime has none, or without the \
--     force's own copy of the index""", "days"]
-- assumed_crime_count = ["bigint", "Crimes whose days are an assumption", "crimes"]
-- ///

-- The preset's list is cut from these people. Each crime counts once, as recorded, by its own report; events are not
-- used (strategic-assessment 3.2, V100).
with settings as (
    select
        v100_window_days as window_days,
        v100_minimum_crimes as minimum_crimes
    from core.settings
),

-- a crime with several victims is one accusation
crimes as (
    select
        r.as_of_at,
        r.is_current,
        r.suspect_ref,
        r.crime_ref,
        max(r.sentencing_days) as sentencing_days,
        bool_or(r.is_sentencing_assumed) as is_sentencing_assumed
    from core.reports_as_of as r
    cross join settings as s
    where epoch(r.reported_at) > epoch(r.as_of_at) - s.window_days * 86400
    group by r.as_of_at, r.is_current, r.suspect_ref, r.crime_ref
),

summed as (
    select
        as_of_at,
        is_current,
        suspect_ref,
        count(*) as crime_count,
        -- a sum is null where a part of it is not known; rounded, so that equal sums are equal
        case when count(sentencing_days) = count(*) then round(sum(sentencing_days), 6) end as harm_days,
        count(*) filter (where is_sentencing_assumed) as assumed_crime_count
    from crimes
    group by as_of_at, is_current, suspect_ref
)

select
    m.as_of_at,
    m.is_current,
    m.suspect_ref,
    m.crime_count,
    m.harm_days,
    m.assumed_crime_count
from summed as m
cross join settings as s
where m.crime_count >= s.minimum_crimes
