-- /// card
-- description = """One row is a window with the number of repeat and serial suspects already managed; no person can \
--     be identified."""
-- grain = ["window_days"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = ["A table that was not delivered is not measured: unmanaged then means not known to be managed."]
-- [columns]
-- window_days = "metrics.repeat_management"
-- repeat_count = ["bigint", "Repeat suspects", "people"]
-- repeat_managed_count = ["bigint", "Of these, suspects with an order, bail or a programme", "people"]
-- serial_count = ["bigint", "Serial suspects", "people"]
-- serial_managed_count = ["bigint", "Of these, suspects with an order, bail or a programme", "people"]
-- serial_unmanaged_count = ["bigint", "Of these, suspects with none on record", "people"]
-- repeat_with_order_count = ["bigint", "Repeat suspects with an order in force", "people"]
-- repeat_with_bail_count = ["bigint", "Repeat suspects on bail", "people"]
-- repeat_with_programme_count = ["bigint", "Repeat suspects in a programme", "people"]
-- is_orders_measured = ["boolean", "Orders were delivered"]
-- is_bail_measured = ["boolean", "Bail was delivered"]
-- is_programmes_measured = ["boolean", "Programmes were delivered"]
-- ///

-- Counts of the whole force only: no person is shown.
with delivered as (
    select
        count(*) filter (where source = 'management') > 0 as has_programmes,
        count(*) filter (where source = 'order_') > 0 as has_orders,
        count(*) filter (where source = 'bail') > 0 as has_bail
    from core.force_deliveries
)

select
    r.window_days,
    count(*) filter (where r.is_repeat) as repeat_count,
    count(*) filter (where r.is_repeat and r.is_managed) as repeat_managed_count,
    count(*) filter (where r.is_serial) as serial_count,
    count(*) filter (where r.is_serial and r.is_managed) as serial_managed_count,
    count(*) filter (where r.is_serial and not r.is_managed) as serial_unmanaged_count,
    count(*) filter (where r.is_repeat and r.order_count > 0) as repeat_with_order_count,
    count(*) filter (where r.is_repeat and r.bail_count > 0) as repeat_with_bail_count,
    count(*) filter (where r.is_repeat and r.programme_count > 0) as repeat_with_programme_count,
    bool_or(d.has_orders) as is_orders_measured,
    bool_or(d.has_bail) as is_bail_measured,
    bool_or(d.has_programmes) as is_programmes_measured
from metrics.repeat_management as r
cross join delivered as d
group by r.window_days
