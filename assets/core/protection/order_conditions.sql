-- /// card
-- description = "One row is a condition of a civil order."
-- grain = []
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- order_ref = ["varchar", "Order", "", "Order"]
-- condition_number = ["integer", "Number of the condition in its order"]
-- condition_kind = ["varchar", "What it forbids or requires, as in the code set order_condition_kind", "", "Condition"]
-- ///

select
    t.order_id as order_ref,
    cast(t.condition_no as integer) as condition_number,
    t.kind as condition_kind
from raw.order_condition as t
inner join core.current_periods as p
    on p.source = 'order_condition' and t.delivery_ref = p.delivery_ref and t.period = p.period
