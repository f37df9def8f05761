-- /// card
-- description = "One row is an event in the life of a civil order."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- order_ref = ["varchar", "Order", "", "Order"]
-- event_kind = ["varchar", "What happened, as in the code set order_event_kind", "", "Event"]
-- event_at = ["timestamp with time zone", "When", "UTC"]
-- ///

select
    t.order_id as order_ref,
    t.kind as event_kind,
    cast(t.ts as timestamptz) as event_at
from raw.order_event as t
inner join core.current_periods as p
    on p.source = 'order_event' and t.delivery_ref = p.delivery_ref and t.period = p.period
