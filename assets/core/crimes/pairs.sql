-- /// card
-- description = "One row is a pair of victim and suspect."
-- grain = ["pair_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- "pair_ref, victim_key, suspect_key" = "core.pair_events"
-- first_event_at = ["timestamp with time zone", "First crime or incident", "UTC", "First event"]
-- last_event_at = ["timestamp with time zone", "Last crime or incident", "UTC"]
-- crime_count = ["bigint", "Crimes"]
-- incident_count = ["bigint", "Incidents"]
-- ///

select
    pair_ref,
    victim_key,
    suspect_key,
    min(event_at) as first_event_at,
    max(event_at) as last_event_at,
    count(*) filter (where record_type = 'crime') as crime_count,
    count(*) filter (where record_type = 'incident') as incident_count
from core.pair_events
group by pair_ref, victim_key, suspect_key
