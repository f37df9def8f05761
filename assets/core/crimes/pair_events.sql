-- /// card
-- description = "One row is a crime or an incident of a victim and a suspect."
-- grain = ["pair_ref", "record_type", "record_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- "pair_ref, victim_key, suspect_key, record_type" = "columns"
-- record_ref = ["varchar", "The crime or incident"]
-- event_at = ["timestamp with time zone", "When it was reported", "UTC"]
-- class_code = ["varchar", "Class of the crime; null for an incident"]
-- crime_ref = ["varchar", "The crime, or the first crime that links the incident to the pair"]
-- ///

-- Recording-standards 6.0.5: a pair's incidents are those of its crimes and those linked to them.
with incidents as (
    select pair_ref, victim_key, suspect_key, crime_ref, incident_ref
    from core.pair_crimes
    where incident_ref is not null
    union all
    select p.pair_ref, p.victim_key, p.suspect_key, p.crime_ref, l.linked_ref
    from core.pair_crimes as p
    inner join core.crime_links as l on p.crime_ref = l.crime_ref
    where l.linked_type = 'incident'
)

select
    pair_ref,
    victim_key,
    suspect_key,
    'crime' as record_type,
    crime_ref as record_ref,
    reported_at as event_at,
    class_code,
    crime_ref
from core.pair_crimes
union all
select
    n.pair_ref,
    n.victim_key,
    n.suspect_key,
    'incident',
    i.incident_ref,
    i.created_at,
    null,
    min(n.crime_ref)
from incidents as n
inner join core.incidents as i on n.incident_ref = i.incident_ref
group by n.pair_ref, n.victim_key, n.suspect_key, i.incident_ref, i.created_at
