-- /// card
-- description = "One row is a decision or view recorded from a victim."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- engaged_at = ["timestamp with time zone", "When", "UTC"]
-- engagement_type = ["varchar", "Subject of the contact"]
-- channel = "raw.victim_engagement"
-- taken_by_ref = ["varchar", "Officer who recorded it"]
-- "decision, reason" = "raw.victim_engagement"
-- evidence_ref = ["varchar", "Where it is recorded"]
-- ///

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
