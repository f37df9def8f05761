-- /// card
-- description = "One row is a breach of an order."
-- grain = ["breach_ref"]
-- audience = []
-- caveats = ["Facts for the rules: a fact that cannot be assessed is null."]
-- [columns]
-- "breach_ref, order_ref, crime_ref, force_code" = "core.order_breaches"
-- recorded_date = ["date", "Day of the breach, London"]
-- recorded_month = ["date", "Month of that day"]
-- "unit_name, class_code" = "core.crimes"
-- breached_at = "core.order_breaches"
-- is_after_service = ["boolean", "The breach is not before the order was served"]
-- is_in_live_period = ["boolean", """The breach is from service to the day of expiry, included; null where a deciding \
--     date is missing"""]
-- has_crime_or_reason = ["boolean", "A crime was recorded, or a reason for none is written"]
-- hours_to_arrest = ["double", "From the breach to the arrest, otherwise to the as-of moment", "hours"]
-- has_reason = ["boolean", "A reason is written"]
-- is_answered = ["boolean", "Crime or reason, and arrest within orders.arrest_hours or reason"]
-- ///

-- Recording-standards 6.6, ORD-06 and ORD-07. 6.0.11: a breach on the day of expiry is within the order's term.
with limits as (
    select orders_arrest_hours as arrest_hours
    from core.settings
),

breaches as (
    select
        b.*,
        london_date(b.breached_at) as breached_date,
        hours_between(b.breached_at, coalesce(b.arrested_at, m.as_of_at)) as hours_to_arrest
    from core.order_breaches as b
    left join core.extract_moments as m on true
)

select
    b.breach_ref,
    b.order_ref,
    b.crime_ref,
    b.force_code,
    b.breached_date as recorded_date,
    month_of(b.breached_date) as recorded_month,
    c.unit_name,
    c.class_code,
    b.breached_at,
    b.breached_at >= o.served_at as is_after_service,
    b.breached_at >= o.served_at and b.breached_date <= o.expires_date as is_in_live_period,
    b.crime_ref is not null or b.no_crime_rationale is not null as has_crime_or_reason,
    b.hours_to_arrest,
    b.no_crime_rationale is not null as has_reason,
    case
        when b.no_crime_rationale is not null then true
        when b.crime_ref is null then false
        else b.hours_to_arrest <= l.arrest_hours
    end as is_answered
from breaches as b
cross join limits as l
left join core.orders as o on b.order_ref = o.order_ref
left join core.order_facts as f on b.order_ref = f.order_ref
left join core.crimes as c on coalesce(b.crime_ref, f.crime_ref) = c.crime_ref
