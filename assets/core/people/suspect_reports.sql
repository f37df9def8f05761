-- /// card
-- description = """One row is a crime with one named suspect and one of its victims, as linked people, and the times \
--     between which it counts."""
-- grain = ["crime_ref", "suspect_ref", "victim_ref"]
-- audience = []
-- caveats = [
--     "Sentencing-based harm under-represents stalking.",
--     "Suspects are not offenders: most are not convicted.",
--     "An eliminated suspect counts until the elimination; a removed crime counts until its removal.",
-- ]
-- [columns]
-- crime_ref = "core.parties"
-- "suspect_ref, victim_ref" = "columns"
-- dyad_ref = ["varchar", "Suspect and victim as a dyad"]
-- reported_at = "core.crimes"
-- known_at = ["timestamp with time zone", "When the record named this suspect", "UTC"]
-- ended_at = ["timestamp with time zone", """When the crime was removed or the suspect eliminated; null where neither \
--     happened""", "UTC"]
-- is_victim_vulnerable = ["boolean", "The victim has a vulnerability on this crime; null where there is no victim"]
-- "severity_weight, is_severity_assumed, sentencing_days, is_sentencing_assumed" = "core.crime_harm"
-- behaviour_points = ["double", "Behavioural severity without persistence; null without readable text", "points"]
-- persistence_points = ["double", "Points that persistence would add", "points"]
-- ///

-- Recording-standards 6.0.7. People are those found by linkage (core.people). A crime without a named suspect has no
-- row here: it counts elsewhere as unknown suspect and is never dropped.
with people as (
    select
        r.crime_ref,
        r.party_role,
        coalesce(p.person_ref, r.person_key) as person_ref,
        r.first_added_at,
        r.eliminated_at,
        r.vulnerability is not null as is_vulnerable,
        r.is_named
    from core.parties as r
    left join core.people as p on r.person_key = p.person_key
    where r.person_key is not null
),

suspects as (
    select
        crime_ref,
        person_ref,
        min(coalesce(first_added_at, timestamptz '1900-01-01 00:00:00+00')) as added_at,
        -- a suspect is eliminated only when every row of the person is
        case when count(*) = count(eliminated_at) then max(eliminated_at) end as eliminated_at
    from people
    where party_role in ('suspect', 'offender') and is_named
    group by crime_ref, person_ref
),

victims as (
    select crime_ref, person_ref, bool_or(is_vulnerable) as is_vulnerable
    from people
    where party_role = 'victim'
    group by crime_ref, person_ref
),

removed as (
    select crime_ref, min(removed_at) as removed_at
    from core.removals
    group by crime_ref
)

select
    s.crime_ref,
    s.person_ref as suspect_ref,
    v.person_ref as victim_ref,
    -- crimes without a known victim stay separate: two of them are not one dyad
    md5(s.person_ref || '|' || coalesce(v.person_ref, 'crime ' || s.crime_ref)) as dyad_ref,
    c.reported_at,
    greatest(c.recorded_at, c.reported_at, s.added_at) as known_at,
    least(r.removed_at, s.eliminated_at) as ended_at,
    v.is_vulnerable as is_victim_vulnerable,
    h.severity_weight,
    h.is_severity_assumed,
    h.sentencing_days,
    h.is_sentencing_assumed,
    b.behaviour_points,
    coalesce(b.persistence_points, 0) as persistence_points
from suspects as s
inner join core.crimes as c on s.crime_ref = c.crime_ref
left join victims as v on s.crime_ref = v.crime_ref
left join removed as r on s.crime_ref = r.crime_ref
left join core.crime_harm as h on s.crime_ref = h.crime_ref
left join core.crime_behaviours as b on s.crime_ref = b.crime_ref
where c.reported_at is not null
