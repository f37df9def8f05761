-- /// card
-- description = "One row is a contact with a victim."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- contact_at = ["timestamp with time zone", "When", "UTC"]
-- direction = "raw.victim_contact"
-- contact_reason = ["varchar", "Subject of the contact"]
-- officer_ref = ["varchar", "Officer who spoke with the victim"]
-- ///

select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as contact_at,
    t.direction,
    t.reason as contact_reason,
    t.by_id as officer_ref
from raw.victim_contact as t
inner join core.current_periods as p
    on p.source = 'victim_contact' and t.delivery_ref = p.delivery_ref and t.period = p.period
