-- /// card
-- description = "One row is a breach of an order for which no crime was recorded."
-- grain = ["breach_ref"]
-- audience = []
-- caveats = ["Facts for the rules: what cannot be judged is null."]
-- [columns]
-- breach_ref = ["varchar", "Breach of an order"]
-- order_ref = ["varchar", "Order"]
-- crime_ref = ["varchar", "Crime recorded for it"]
-- force_code = ["varchar", "ONS code of the police force area"]
-- recorded_date = ["date", "Day of the breach, London"]
-- recorded_month = ["date", "Month of that day"]
-- unit_name = ["varchar", "Unit of the officer in the case"]
-- class_code = ["varchar", "Counting-rules class"]
-- breached_at = ["timestamp with time zone", "When the order was breached", "UTC"]
-- is_after_service = ["boolean", "Not before the order was served"]
-- is_in_live_period = ["boolean", """From service to the day of expiry, that day included; null where a date that \
--     decides is missing"""]
-- has_crime_or_reason = ["boolean", "A crime was recorded or the reason against is written"]
-- hours_to_arrest = ["double", "From the breach to the arrest, else to the as-of moment", "hours"]
-- has_reason = ["boolean", "A reason is written"]
-- is_answered = ["boolean", "Crime or reason, and arrest within orders.arrest_hours or reason"]
-- ///

-- Recording-standards 6.0.2: a breach without a crime is listed against its order.
select *
from core.order_breach_facts
where crime_ref is null
