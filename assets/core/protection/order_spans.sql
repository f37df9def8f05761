-- /// card
-- description = "One row is a time during which a protective order was in force."
-- grain = ["order_ref"]
-- audience = []
-- caveats = [
--     """In force from its grant to the end of its last day, or its discharge. Without a last day it counts only where \
--     the law lets it run until further order. An interim order ends when the full order of the same pair is granted, \
--     refused or withdrawn.""",
--     "An order that was discharged or revoked, without the day of it (order_event), counts at no time.",
-- ]
-- [columns]
-- order_ref = "core.orders"
-- "crime_ref, force_code" = "core.order_facts"
-- order_kind = ["varchar", "Kind, as in reference.order_kinds", "", "Kind"]
-- in_force_from_at = ["timestamp with time zone", "When it was granted, otherwise served", "UTC"]
-- in_force_until_at = ["timestamp with time zone", """Midnight after its last day, its discharge, or the decision on the \
--     full order; null where nothing ends it""", "UTC"]
-- ///

with events as (
    select
        order_ref,
        min(event_at) filter (where event_kind = 'discharged') as discharged_at,
        min(event_at) filter (where event_kind in ('refused', 'withdrawn')) as decided_at
    from core.order_events
    group by order_ref
),

granted as (
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
        o.order_state = 'discharged' as is_discharged,
        e.discharged_at,
        e.decided_at
    from core.orders as o
    inner join reference.order_kinds as k on o.order_type = k.order_type
    left join events as e on o.order_ref = e.order_ref
),

-- an interim order lasts until the application for the full one is decided: Stalking Protection Act 2019, s.5(6)
replaced as (
    select i.order_ref, min(coalesce(f.granted_at, f.decided_at)) as replaced_at
    from granted as i
    inner join granted as f
        on i.order_kind = f.order_kind
        and i.respondent_key = f.respondent_key
        and i.victim_key = f.victim_key
        and coalesce(f.granted_at, f.decided_at) >= i.in_force_from_at
    where i.is_provisional and not f.is_provisional
    group by i.order_ref
)

select
    g.order_ref,
    f.crime_ref,
    f.force_code,
    g.order_kind,
    g.in_force_from_at,
    least(
        cast(g.expires_date + interval 1 day as timestamp) at time zone 'Europe/London', r.replaced_at, g.discharged_at
    ) as in_force_until_at
from granted as g
left join replaced as r on g.order_ref = r.order_ref
left join core.order_facts as f on g.order_ref = f.order_ref
where
    g.in_force_from_at is not null
    and (g.expires_date is not null or g.can_be_open_ended)
    and (g.discharged_at is not null or not coalesce(g.is_discharged, false))
