-- /// card
-- description = "One row is a breach of an order for which no crime was recorded."
-- grain = ["breach_ref"]
-- audience = []
-- caveats = ["Facts for the rules: a fact that cannot be assessed is null."]
-- [columns]
-- "breach_ref, order_ref, crime_ref, force_code, recorded_date, recorded_month, unit_name" = "core.order_breach_facts"
-- "class_code, breached_at, is_after_service, is_in_live_period, has_crime_or_reason" = "core.order_breach_facts"
-- "hours_to_arrest, has_reason, is_answered" = "core.order_breach_facts"
-- ///

-- Recording-standards 6.0.2: a breach without a crime belongs to its order.
select *
from core.order_breach_facts
where crime_ref is null
