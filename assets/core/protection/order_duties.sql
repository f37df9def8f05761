-- /// card
-- description = "One row is a duty about a protective order: to consider, to give grounds, to notify, to hear."
-- grain = ["measure_code", "record_ref", "arises_at"]
-- audience = []
-- caveats = ["The time for the hearing of a notice leaves out Sundays, Christmas Day, Good Friday and bank holidays."]
-- [columns]
-- measure_code = "columns"
-- record_type = ["varchar", "Subject of the duty: crime or order"]
-- "record_ref, crime_ref, arises_at, done_at, is_kept, is_undated" = "columns"
-- ///

-- Strategic-assessment 1, V8 and M5; ORD-01, 02, 04 and 09.
select
    'order_considered' as measure_code,
    'crime' as record_type,
    f.crime_ref as record_ref,
    f.crime_ref,
    c.outcome_at as arises_at,
    cast(null as timestamptz) as done_at,
    f.is_order_considered as is_kept,
    false as is_undated
from core.order_consideration_facts as f
inner join core.crimes as c on f.crime_ref = c.crime_ref
-- stalking protection orders exist since that day (strategic-assessment 1)
where coalesce(london_date(c.outcome_at) >= date '2020-01-20', true)
union all
select 'order_grounds', 'order', order_ref, crime_ref, applied_at, null, has_all_grounds, false
from core.order_facts
where is_stalking_protection and applied_at is not null
union all
select 'order_notified', 'order', f.order_ref, f.crime_ref, f.served_at, o.notified_at, null, false
from core.order_facts as f
inner join core.orders as o on f.order_ref = o.order_ref
where f.is_notification_due
union all
select 'order_hearing', 'order', order_ref, crime_ref, served_at, hearing_at, null, false
from core.order_hearing_facts
