-- /// card
-- description = "One row is a breach of an order."
-- grain = ["breach_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- breach_ref = ["varchar", "Breach of an order"]
-- order_ref = ["varchar", "Order breached", "", "Order"]
-- breached_at = ["timestamp with time zone", "When the order was breached", "UTC"]
-- crime_ref = ["varchar", "Crime recorded for it"]
-- arrested_at = ["timestamp with time zone", "When an arrest was made", "UTC"]
-- no_crime_rationale = "raw.order_breach"
-- ///

select
    t.breach_id as breach_ref,
    t.order_id as order_ref,
    cast(t.ts as timestamptz) as breached_at,
    t.crime_id as crime_ref,
    cast(t.arrest_ts as timestamptz) as arrested_at,
    t.no_crime_rationale
from raw.order_breach as t
inner join core.current_periods as p
    on p.source = 'order_breach' and t.delivery_ref = p.delivery_ref and t.period = p.period
