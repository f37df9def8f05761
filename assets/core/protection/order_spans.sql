-- /// card
-- description = "One row is a time during which a protective order was in force."
-- grain = ["order_ref"]
-- audience = []
-- caveats = [
--     """In force from its grant to the end of its last day. Without a last day it counts only where the law lets it \
--     run until further order. An interim order ends with the full order of the same pair.""",
--     "The extract gives no day of discharge: an order that was discharged or revoked counts at no time.",
-- ]
-- [columns]
-- order_ref = "core.orders"
-- "crime_ref, force_code" = "core.order_facts"
-- order_kind = ["varchar", "Kind, as in reference.order_kinds", "", "Kind"]
-- in_force_from_at = ["timestamp with time zone", "When it was granted, otherwise served", "UTC"]
-- in_force_until_at = ["timestamp with time zone", """Midnight after its last day, or the grant of the full order; \
--     null where nothing ends it""", "UTC"]
-- ///

with granted as (
    select
        o.order_ref,
        k.order_kind,
        k.can_be_open_ended,
        o.respondent_key,
        coalesce(o.victim_key, '') as victim_key,
        o.order_type = 'spo_interim' or (coalesce(o.is_interim, false) and o.order_type <> 'spo_full') as is_provisional,
        o.granted_at,
        coalesce(o.granted_at, o.served_at) as in_force_from_at,
        o.expires_date,
        o.order_state = 'discharged' as is_discharged
    from core.orders as o
    inner join reference.order_kinds as k on o.order_type = k.order_type
),

-- a full order of the same pair replaces the interim one
replaced as (
    select i.order_ref, min(f.granted_at) as replaced_at
    from granted as i
    inner join granted as f
        on i.order_kind = f.order_kind
        and i.respondent_key = f.respondent_key
        and i.victim_key = f.victim_key
        and f.granted_at >= i.in_force_from_at
    where i.is_provisional and not f.is_provisional
    group by i.order_ref
)

select
    g.order_ref,
    f.crime_ref,
    f.force_code,
    g.order_kind,
    g.in_force_from_at,
    least(cast(g.expires_date + interval 1 day as timestamp) at time zone 'Europe/London', r.replaced_at)
        as in_force_until_at
from granted as g
left join replaced as r on g.order_ref = r.order_ref
left join core.order_facts as f on g.order_ref = f.order_ref
where
    g.in_force_from_at is not null
    and (g.expires_date is not null or g.can_be_open_ended)
    and not coalesce(g.is_discharged, false)
