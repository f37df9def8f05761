-- /// card
-- description = "One row is an order with its latest moment and the receipt of the extract."
-- grain = ["order_ref"]
-- audience = ["integrity"]
-- caveats = ["Rules use these facts; a null fact could not be assessed and is never a pass."]
-- [columns]
-- order_ref = ["varchar", "Order", "", "Order"]
-- force_code = ["varchar", "Force of the crime that the order follows; null where none is known"]
-- "latest_at, latest_table" = "core.latest_moments"
-- events_limit_at = "core.extract_moments"
-- hours_after_limit = "columns"
-- ///

-- STR-07 for orders, and for breaches of orders that have no crime (recording-standards 6.0.2).
select
    m.record_ref as order_ref,
    f.force_code,
    m.latest_at,
    m.latest_table,
    e.events_limit_at,
    hours_between(e.events_limit_at, m.latest_at) as hours_after_limit
from core.latest_moments as m
cross join core.extract_moments as e
left join core.order_facts as f on m.record_ref = f.order_ref
where m.record_type = 'order'
