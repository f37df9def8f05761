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
