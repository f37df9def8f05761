-- /// card
-- description = "One row is a domestic violence protection notice, with the hearing of the next order."
-- grain = ["order_ref"]
-- audience = []
-- caveats = ["Facts for the rules: a fact that cannot be assessed is null."]
-- [columns]
-- order_ref = "core.orders"
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.order_facts"
-- served_at = ["timestamp with time zone", "When the notice was served, otherwise granted", "UTC"]
-- hearing_at = ["timestamp with time zone", """When the order was granted, otherwise applied for; null without an \
--     order""", "UTC"]
-- hours_to_hearing = ["double", "From service to the hearing, otherwise to the as-of moment", "hours"]
-- ///

-- Recording-standards 6.6, ORD-09: elapsed hours from service of a notice to the hearing. The hearing is the grant of
-- the next order against the same person, otherwise its application. The Crime and Security Act 2010 does not count
-- Sundays and bank holidays; the rule as written does.
with notices as (
    select order_ref, victim_key, respondent_key, coalesce(served_at, granted_at) as served_at
    from core.orders
    where order_type = 'dvpn'
),

hearings as (
    select victim_key, respondent_key, coalesce(granted_at, applied_at) as hearing_at
    from core.orders
    where order_type = 'dvpo'
),

next_hearings as (
    select n.order_ref, min(h.hearing_at) as hearing_at
    from notices as n
    inner join hearings as h
        on
            n.respondent_key = h.respondent_key
            and (n.victim_key = h.victim_key or n.victim_key is null or h.victim_key is null)
            and h.hearing_at >= n.served_at
    group by n.order_ref
)

select
    n.order_ref,
    o.crime_ref,
    o.force_code,
    o.recorded_date,
    o.recorded_month,
    o.unit_name,
    o.class_code,
    n.served_at,
    h.hearing_at,
    (epoch(coalesce(h.hearing_at, m.as_of_at)) - epoch(n.served_at)) / 3600.0 as hours_to_hearing
from notices as n
inner join core.order_facts as o on n.order_ref = o.order_ref
left join core.extract_moments as m on true
left join next_hearings as h on n.order_ref = h.order_ref
