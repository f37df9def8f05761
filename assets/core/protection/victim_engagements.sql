select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as engaged_at,
    t.kind as engagement_type,
    t.channel,
    t.by_id as taken_by_ref,
    t.decision,
    t.reason,
    t.record_ref as evidence_ref
from raw.victim_engagement as t
inner join core.current_periods as p
    on p.source = 'victim_engagement' and t.delivery_ref = p.delivery_ref and t.period = p.period
