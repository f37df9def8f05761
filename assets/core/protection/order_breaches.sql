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
-- force_code = ["varchar", "ONS code of the force of that crime, otherwise of the order; null where none is known"]
-- arrested_at = ["timestamp with time zone", "When an arrest was made", "UTC"]
-- no_crime_rationale = "raw.order_breach"
-- condition_number = ["integer", "Number of the condition that was breached"]
-- ///

select
    t.breach_id as breach_ref,
    t.order_id as order_ref,
    cast(t.ts as timestamptz) as breached_at,
    t.crime_id as crime_ref,
    case when c.crime_ref is not null then c.force_code else coalesce(o.force_code, e.force_code) end as force_code,
    cast(t.arrest_ts as timestamptz) as arrested_at,
    t.no_crime_rationale,
    cast(t.condition_no as integer) as condition_number
from raw.order_breach as t
inner join core.current_periods as p
    on p.source = 'order_breach' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join core.crimes as c on t.crime_id = c.crime_ref
left join core.order_facts as o on t.order_id = o.order_ref
left join core.only_force as e on true
