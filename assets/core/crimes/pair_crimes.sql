-- /// card
-- description = "One row is a crime of a victim and a suspect."
-- grain = ["pair_ref", "crime_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- "pair_ref, victim_key, suspect_key" = "columns"
-- "crime_ref, reported_at, recorded_at, class_code, incident_ref" = "core.crimes"
-- is_named_suspect = ["boolean", "The suspect is identified by name"]
-- ///

-- Recording-standards 6.0.5: a pair is one victim key and one suspect key on the same crime. A row without a key
-- belongs to no pair.
with victims as (
    select distinct crime_ref, person_key
    from core.parties
    where party_role = 'victim' and person_key is not null
),

suspects as (
    select crime_ref, person_key, bool_or(is_named) as is_named_suspect
    from core.parties
    where party_role in ('suspect', 'offender') and person_key is not null
    group by crime_ref, person_key
)

select
    md5(v.person_key || '|' || s.person_key) as pair_ref,
    v.person_key as victim_key,
    s.person_key as suspect_key,
    c.crime_ref,
    c.reported_at,
    c.recorded_at,
    c.class_code,
    c.incident_ref,
    s.is_named_suspect
from victims as v
inner join suspects as s on v.crime_ref = s.crime_ref
inner join core.crimes as c on v.crime_ref = c.crime_ref
