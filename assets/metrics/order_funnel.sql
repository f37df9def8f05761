-- Orders by kind, from considered to enforced, and those that bind now (strategic-assessment 1, V8, V17, M5). An order
-- that reached a stage counts in those before it, whether or not they were dated. Bail with conditions is counted with
-- the orders of that kind. What rests on a field that was not supplied is empty. As of the as-of moment.
with moment as (
    select
        m.as_of_at,
        cast(m.as_of_at at time zone 'Europe/London' as date) as as_of_date,
        cast((select max(value) from reference.settings where key = 'protection.expiry_days') as integer) as expiry_days
    from core.extract_moments as m
),

supplied as (
    select
        count(*) filter (where source = 'order_') > 0 as has_orders,
        count(*) filter (where source = 'order_breach') > 0 as has_breaches,
        count(*) filter (where source = 'bail') > 0 as has_bail,
        count(*) filter (where source = 'custody') > 0 as has_custody
    from core.current_periods
),

-- without its field a count would be nought, or everything
absent as (
    select
        count(*) filter (where source = 'order_' and field_name = 'expires') > 0 as is_order_end_absent,
        count(*) filter (where source = 'order_breach' and field_name = 'arrest_ts') > 0 as is_arrest_absent,
        count(*) filter (where source = 'bail' and field_name = 'end_ts') > 0 as is_bail_end_absent,
        count(*) filter (where source = 'bail' and field_name = 'breached_ts') > 0 as is_bail_breach_absent,
        count(*) filter (where source = 'bail' and field_name = 'conditions_n') > 0 as are_conditions_absent
    from core.absent_fields
),

breached as (
    select b.order_ref, bool_or(coalesce(b.arrested_at <= m.as_of_at, false)) as is_enforced
    from core.order_breaches as b
    cross join moment as m
    where b.breached_at <= m.as_of_at
    group by b.order_ref
),

typed as (
    select
        o.*,
        k.order_kind,
        k.can_be_open_ended,
        o.order_type = 'spo_interim' or (coalesce(o.is_interim, false) and o.order_type <> 'spo_full') as is_provisional
    from core.orders as o
    inner join reference.order_kinds as k on o.order_type = k.order_type
),

-- a full order of the same two takes the place of the interim one
fulls as (
    select t.order_kind, t.respondent_key, coalesce(t.victim_key, '') as victim_key, max(t.granted_at) as granted_at
    from typed as t
    cross join moment as m
    where not t.is_provisional and t.granted_at <= m.as_of_at
    group by t.order_kind, t.respondent_key, coalesce(t.victim_key, '')
),

started_bails as (
    select
        b.custody_ref,
        coalesce(b.condition_count > 0 and b.bail_type in ('pre_charge_bail', 'post_charge_bail'), false)
            as is_conditional,
        coalesce(b.breached_at <= m.as_of_at, false) as is_breached,
        cast(b.ended_at at time zone 'Europe/London' as date) as ends_date,
        row_number() over (
            partition by b.custody_ref order by b.started_at desc, b.ended_at desc nulls first, b.condition_count desc
        ) as place
    from core.bails as b
    cross join moment as m
    where b.started_at <= m.as_of_at
),

-- an extension or a bail after charge is a row of its own, and takes the place of the one before: one for each custody
bails as (
    select
        custody_ref,
        bool_or(is_conditional and is_breached) as is_breached,
        bool_or(is_conditional and place = 1) as can_bind,
        max(ends_date) filter (where place = 1) as ends_date
    from started_bails
    group by custody_ref
    having bool_or(is_conditional)
),

-- an order that was only ever dated with its grant was considered then
orders as (
    select
        o.order_kind,
        o.considered_at <= m.as_of_at
        or (o.considered_at is null and o.not_applied_rationale is not null) as is_considered,
        o.applied_at <= m.as_of_at as is_applied,
        o.granted_at <= m.as_of_at as is_granted,
        o.served_at <= m.as_of_at as is_served,
        b.order_ref is not null as is_breached,
        coalesce(b.is_enforced, false) as is_enforced,
        o.expires_date,
        -- without a last day only what the law lets run on can bind
        (o.expires_date is not null or o.can_be_open_ended)
        and not coalesce(o.is_provisional and u.granted_at >= coalesce(o.granted_at, o.served_at), false)
        and not coalesce(lower(o.order_outcome) in ('discharged', 'revoked'), false) as can_bind,
        c.is_open as is_case_open
    from typed as o
    cross join moment as m
    left join fulls as u
        on o.order_kind = u.order_kind and o.respondent_key = u.respondent_key
        and coalesce(o.victim_key, '') = u.victim_key
    left join breached as b on o.order_ref = b.order_ref
    left join core.order_facts as f on o.order_ref = f.order_ref
    left join core.crimes as c on f.crime_ref = c.crime_ref
    union all
    select
        'conditional bail', true, true, true, true,
        b.is_breached,
        -- what was done about a breach of bail is not in the extract
        false,
        b.ends_date,
        b.can_bind,
        c.is_open
    from bails as b
    left join core.custodies as u on b.custody_ref = u.custody_ref
    left join core.crimes as c on u.crime_ref = c.crime_ref
),

staged as (
    select
        o.order_kind,
        coalesce(o.is_considered, false) or coalesce(o.is_applied, false) or coalesce(o.is_granted, false)
        or coalesce(o.is_served, false) as is_considered,
        coalesce(o.is_applied, false) or coalesce(o.is_granted, false) or coalesce(o.is_served, false) as is_applied,
        coalesce(o.is_granted, false) or coalesce(o.is_served, false) as is_granted,
        coalesce(o.is_served, false) as is_served,
        o.is_breached,
        o.is_enforced,
        (coalesce(o.is_granted, false) or coalesce(o.is_served, false))
        and o.can_bind and coalesce(o.expires_date >= m.as_of_date, true) as is_live,
        coalesce(o.expires_date <= m.as_of_date + m.expiry_days, false) as is_ending,
        o.is_case_open
    from orders as o
    cross join moment as m
),

counted as (
    select
        order_kind,
        count(*) filter (where is_considered) as considered_count,
        count(*) filter (where is_applied) as applied_count,
        count(*) filter (where is_granted) as granted_count,
        count(*) filter (where is_served) as served_count,
        count(*) filter (where is_breached) as breached_count,
        count(*) filter (where is_enforced) as enforced_count,
        count(*) filter (where is_live) as live_count,
        count(*) filter (where is_live and is_ending) as ending_count,
        count(*) filter (where is_live and not is_case_open) as live_after_closing_count
    from staged
    group by order_kind
),

kinds as (
    select
        k.order_kind,
        min(k.place) as place,
        bool_or(
            case
                when k.order_kind = 'conditional bail' then s.has_bail and not a.are_conditions_absent else s.has_orders
            end
        ) as is_measured,
        bool_or(
            case
                when k.order_kind = 'conditional bail' then s.has_bail and not a.is_bail_breach_absent
                else s.has_breaches
            end
        ) as are_breaches_measured,
        bool_or(k.order_kind <> 'conditional bail' and s.has_breaches and not a.is_arrest_absent)
            as is_enforcement_measured,
        bool_or(
            case when k.order_kind = 'conditional bail' then not a.is_bail_end_absent else not a.is_order_end_absent end
        ) as is_end_measured,
        bool_or(k.order_kind <> 'conditional bail' or s.has_custody) as is_case_measured
    from reference.order_kinds as k
    cross join supplied as s
    cross join absent as a
    group by k.order_kind
)

select
    k.order_kind,
    k.place,
    k.is_measured,
    k.are_breaches_measured,
    case when k.is_measured then coalesce(c.considered_count, 0) end as considered_count,
    case when k.is_measured then coalesce(c.applied_count, 0) end as applied_count,
    case when k.is_measured then coalesce(c.granted_count, 0) end as granted_count,
    case when k.is_measured then coalesce(c.served_count, 0) end as served_count,
    case when k.is_measured and k.are_breaches_measured then coalesce(c.breached_count, 0) end as breached_count,
    case when k.is_measured and k.is_enforcement_measured then coalesce(c.enforced_count, 0) end as enforced_count,
    case when k.is_measured and k.is_end_measured then coalesce(c.live_count, 0) end as live_count,
    case when k.is_measured and k.is_end_measured then coalesce(c.ending_count, 0) end as ending_count,
    case
        when k.is_measured and k.is_end_measured and k.is_case_measured then coalesce(c.live_after_closing_count, 0)
    end as live_after_closing_count
from kinds as k
left join counted as c on k.order_kind = c.order_kind
