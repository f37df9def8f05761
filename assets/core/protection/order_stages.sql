-- /// card
-- description = """One row is a protective order, or a custody with conditional bail: its last stage by the as-of \
--     moment and whether it is in force then."""
-- grain = ["record_type", "record_ref"]
-- audience = []
-- caveats = [
--     "An order that reached a stage counts as having reached the earlier ones, dated or not.",
--     """In force: granted, not past its last day and not discharged. Without a last day an order is in force only \
--     where the law lets it run until further order. An interim order ends with the decision on the full order of the \
--     same pair.""",
--     """Refused, withdrawn and discharged are events of the extract (order_event); without one, its word of what \
--     became of the order. Refused after withdrawn counts as refused.""",
--     "Bail with conditions has one row for each custody. Its last bail is in force until the moment it ends.",
-- ]
-- [columns]
-- record_type = ["varchar", "order, or bail for a custody with conditional bail"]
-- record_ref = ["varchar", "The order, or the custody record"]
-- crime_ref = "columns"
-- force_code = ["varchar", """ONS code of the force of the order, or of the custody: that of its crime, otherwise of \
--     the person's crimes; then the only force. Null where none is known"""]
-- order_kind = ["varchar", "Kind, as in reference.order_kinds", "", "Kind"]
-- is_considered = ["boolean", "Considered, or a later stage"]
-- is_applied = ["boolean", "Applied for, or a later stage"]
-- is_granted = ["boolean", "Granted, or a later stage"]
-- is_served = ["boolean", "Served"]
-- is_not_authorised = ["boolean", "Authority to apply was refused, and it was not applied for"]
-- ended_as = ["varchar", """Of an order applied for and not granted: refused, withdrawn, waiting or unread; null for \
--     any other"""]
-- is_varied = ["boolean", "Varied at least once"]
-- is_renewed = ["boolean", "Renewed at least once"]
-- is_discharged = ["boolean", "Discharged"]
-- is_breached = ["boolean", "Breached at least once"]
-- is_enforced = ["boolean", "Breached, and an arrest has a date"]
-- is_live = ["boolean", "In force at the as-of moment"]
-- ends_date = ["date", "Last day in force; null where none is set"]
-- days_to_end = ["integer", "From the as-of day to that day, London; negative after it", "days"]
-- is_case_open = ["boolean", "Its case is open; null where it is not known"]
-- ///

-- Strategic-assessment 1, V8, V17, M5. An order that reached a stage counts as having reached the earlier ones, dated
-- or not. Bail with conditions is kept with the orders of that kind.
with moment as (
    select as_of_at, london_date(as_of_at) as as_of_date
    from core.extract_moments
),

breached as (
    select b.order_ref, bool_or(coalesce(b.arrested_at <= m.as_of_at, false)) as is_enforced
    from core.order_breaches as b
    cross join moment as m
    where b.breached_at <= m.as_of_at
    group by b.order_ref
),

events as (
    select
        e.order_ref,
        bool_or(e.event_kind = 'authority_refused') as is_not_authorised,
        bool_or(e.event_kind = 'refused') as is_refused,
        bool_or(e.event_kind = 'withdrawn') as is_withdrawn,
        bool_or(e.event_kind = 'varied') as is_varied,
        bool_or(e.event_kind = 'renewed') as is_renewed,
        bool_or(e.event_kind = 'discharged') as is_discharged
    from core.order_events as e
    cross join moment as m
    where e.event_at <= m.as_of_at
    group by e.order_ref
),

started_bails as (
    select
        b.custody_ref,
        coalesce(b.condition_count > 0 and b.bail_type in ('pre_charge_bail', 'post_charge_bail'), false)
            as is_conditional,
        coalesce(b.breached_at <= m.as_of_at, false) as is_breached,
        coalesce(b.ended_at > m.as_of_at, true) as is_running,
        -- bail that ends at midnight is not in force on the day that begins then
        london_date(b.ended_at - interval 1 second) as ends_date,
        row_number() over (
            partition by b.custody_ref order by b.started_at desc, b.ended_at desc nulls first, b.condition_count desc
        ) as place
    from core.bails as b
    cross join moment as m
    where b.started_at <= m.as_of_at
),

-- an extension or a bail after charge has a row of its own and replaces the earlier one: one row for each custody
bails as (
    select
        custody_ref,
        bool_or(is_conditional and is_breached) as is_breached,
        bool_or(is_conditional and is_running and place = 1) as can_bind,
        max(ends_date) filter (where place = 1) as ends_date
    from started_bails
    group by custody_ref
    having bool_or(is_conditional)
),

-- an order with only a grant date counts as considered on that date
orders as (
    select
        'order' as record_type,
        o.order_ref as record_ref,
        f.crime_ref,
        f.force_code,
        k.order_kind,
        o.considered_at <= m.as_of_at
        or (o.considered_at is null and o.not_applied_rationale is not null) as is_considered,
        o.applied_at <= m.as_of_at as is_applied,
        o.granted_at <= m.as_of_at as is_granted,
        o.served_at <= m.as_of_at as is_served,
        coalesce(v.is_not_authorised, false) as is_not_authorised,
        case when v.is_refused then 'refused' when v.is_withdrawn then 'withdrawn' else o.order_state end
            as order_state,
        coalesce(v.is_varied, false) as is_varied,
        coalesce(v.is_renewed, false) as is_renewed,
        coalesce(v.is_discharged, o.order_state = 'discharged', false) as is_discharged,
        b.order_ref is not null as is_breached,
        coalesce(b.is_enforced, false) as is_enforced,
        o.expires_date as ends_date,
        s.order_ref is not null and coalesce(s.in_force_until_at > m.as_of_at, true) as can_bind,
        c.is_open as is_case_open
    from core.orders as o
    inner join reference.order_kinds as k on o.order_type = k.order_type
    cross join moment as m
    left join core.order_spans as s on o.order_ref = s.order_ref
    left join events as v on o.order_ref = v.order_ref
    left join breached as b on o.order_ref = b.order_ref
    left join core.order_facts as f on o.order_ref = f.order_ref
    left join core.crimes as c on f.crime_ref = c.crime_ref
    union all
    select
        'bail', b.custody_ref, u.crime_ref,
        case when c.crime_ref is not null then c.force_code else coalesce(q.force_code, e.force_code) end,
        'conditional bail', true, true, true, true, false, cast(null as varchar), false, false, false,
        b.is_breached,
        -- the extract has no response to a breach of bail
        false,
        b.ends_date,
        b.can_bind,
        c.is_open
    from bails as b
    left join core.custodies as u on b.custody_ref = u.custody_ref
    left join core.crimes as c on u.crime_ref = c.crime_ref
    left join core.person_forces as q on u.person_key = q.person_key and q.is_only_force
    left join core.only_force as e on true
)

select
    o.record_type,
    o.record_ref,
    o.crime_ref,
    o.force_code,
    o.order_kind,
    coalesce(o.is_considered, false) or coalesce(o.is_applied, false) or coalesce(o.is_granted, false)
    or coalesce(o.is_served, false) as is_considered,
    coalesce(o.is_applied, false) or coalesce(o.is_granted, false) or coalesce(o.is_served, false) as is_applied,
    coalesce(o.is_granted, false) or coalesce(o.is_served, false) as is_granted,
    coalesce(o.is_served, false) as is_served,
    o.is_not_authorised and not (
        coalesce(o.is_applied, false) or coalesce(o.is_granted, false) or coalesce(o.is_served, false)
    ) as is_not_authorised,
    case
        when coalesce(o.is_granted, false) or coalesce(o.is_served, false) or not coalesce(o.is_applied, false) then null
        when o.order_state in ('refused', 'withdrawn', 'waiting') then o.order_state
        else 'unread'
    end as ended_as,
    o.is_varied,
    o.is_renewed,
    o.is_discharged,
    o.is_breached,
    o.is_enforced,
    (coalesce(o.is_granted, false) or coalesce(o.is_served, false))
    and o.can_bind and coalesce(o.ends_date >= m.as_of_date, true) as is_live,
    o.ends_date,
    cast(round((epoch(o.ends_date) - epoch(m.as_of_date)) / 86400) as integer) as days_to_end,
    o.is_case_open
from orders as o
cross join moment as m
