-- /// card
-- description = "One row is a link between a crime and another record."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- crime_ref = "columns"
-- linked_ref = ["varchar", "Linked record"]
-- linked_type = ["varchar", "Type of the linked record: crime, incident and so on"]
-- link_type = "raw.crime_link"
-- linked_at = ["timestamp with time zone", "When it was linked", "UTC"]
-- ///

select
    t.crime_id as crime_ref,
    t.other_id as linked_ref,
    t.other_kind as linked_type,
    t.link_type,
    cast(t.linked_ts as timestamptz) as linked_at
from raw.crime_link as t
inner join core.current_periods as p
    on p.source = 'crime_link' and t.delivery_ref = p.delivery_ref and t.period = p.period
