-- /// card
-- description = "One row is a domestic abuse notice, with the hearing of the next order."
-- grain = ["order_ref"]
-- audience = []
-- caveats = [
--     "Facts for the rules: a fact that cannot be assessed is null.",
--     "Sundays, Christmas Day, Good Friday and bank holidays do not count.",
-- ]
-- [columns]
-- order_ref = "core.orders"
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code" = "core.order_facts"
-- served_at = ["timestamp with time zone", "When the notice was served, otherwise granted", "UTC"]
-- hearing_at = ["timestamp with time zone", """First hearing of the order, otherwise its grant, otherwise its \
--     application; null without an order""", "UTC"]
-- hours_to_hearing = ["double", "Hours that count, from service to the hearing, otherwise to the as-of moment", "hours"]
-- due_at = ["timestamp with time zone", "Last moment for the hearing", "UTC"]
-- ///

-- Recording-standards 6.6, ORD-09; Crime and Security Act 2010, s.27; Domestic Abuse Act 2021, s.29(2) and (3). The
-- hearing is that of the next order of the notice's own Act against the same person (order_event), otherwise its grant or
-- its application. Each moment is a place on a clock that stops on the days which do not count (core.working_days).
with notices as (
    select
        order_ref,
        victim_key,
        respondent_key,
        coalesce(served_at, granted_at) as served_at,
        case when order_type = 'dvpn' then 'dvpo' else 'dapo' end as next_type
    from core.orders
    where order_type in ('dvpn', 'dapn')
),

-- an adjournment keeps the notice in force: Domestic Abuse Act 2021, s.29(7)
first_hearings as (
    select order_ref, min(event_at) as hearing_at
    from core.order_events
    where event_kind in ('hearing', 'adjourned', 'refused')
    group by order_ref
),

hearings as (
    select
        o.order_type,
        o.victim_key,
        o.respondent_key,
        coalesce(f.hearing_at, o.granted_at, o.applied_at) as hearing_at
    from core.orders as o
    left join first_hearings as f on o.order_ref = f.order_ref
    where o.order_type in ('dvpo', 'dapo')
),

heard as (
    select n.order_ref, n.served_at, min(h.hearing_at) as hearing_at
    from notices as n
    left join hearings as h
        on
            n.next_type = h.order_type
            and n.respondent_key = h.respondent_key
            and (n.victim_key = h.victim_key or n.victim_key is null or h.victim_key is null)
            and h.hearing_at >= n.served_at
    group by n.order_ref, n.served_at
),

moments as (
    select
        n.order_ref,
        n.served_at,
        n.hearing_at,
        s.seconds_before + least(epoch(n.served_at) - epoch(s.begins_at), s.counted_seconds) as served_seconds,
        e.seconds_before
        + least(epoch(coalesce(n.hearing_at, m.as_of_at)) - epoch(e.begins_at), e.counted_seconds) as end_seconds
    from heard as n
    left join core.extract_moments as m on true
    left join core.working_days as s on london_date(n.served_at) = s.day
    left join core.working_days as e
        on london_date(coalesce(n.hearing_at, m.as_of_at)) = e.day
),

limits as (
    select orders_hearing_hours * 3600.0 as limit_seconds
    from core.settings
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
    n.hearing_at,
    (n.end_seconds - n.served_seconds) / 3600.0 as hours_to_hearing,
    d.begins_at + interval 1 second * cast(ceil(n.served_seconds + l.limit_seconds - d.seconds_before) as integer)
        as due_at
from moments as n
inner join core.order_facts as o on n.order_ref = o.order_ref
cross join limits as l
left join core.working_days as d
    on n.served_seconds + l.limit_seconds >= d.seconds_before
    and n.served_seconds + l.limit_seconds < d.seconds_before + d.counted_seconds
