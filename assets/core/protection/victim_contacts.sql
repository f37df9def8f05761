-- /// card
-- description = "One row is a contact with a victim."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- contact_at = ["timestamp with time zone", "When", "UTC"]
-- direction = "raw.victim_contact"
-- is_from_victim = ["boolean", "The victim spoke or wrote to the police; false where the direction is not known"]
-- contact_reason = ["varchar", "Subject of the contact"]
-- officer_ref = ["varchar", "Officer who spoke with the victim"]
-- contact_kind = ["varchar", "What it was about, as a code; null where the extract does not say"]
-- ///

select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as contact_at,
    t.direction,
    -- in, inbound, incoming, from victim; a meeting in person is no message from the victim
    regexp_matches(lower(coalesce(t.direction, '')), '^(in|from)')
    and not regexp_matches(lower(coalesce(t.direction, '')), '^in[ _-]person') as is_from_victim,
    t.reason as contact_reason,
    t.by_id as officer_ref,
    t.kind as contact_kind
from raw.victim_contact as t
inner join core.current_periods as p
    on p.source = 'victim_contact' and t.delivery_ref = p.delivery_ref and t.period = p.period
