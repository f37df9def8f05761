-- /// card
-- description = """One row is a kind of protective order with the number that reached each stage, and the number in \
--     force now. No person can be identified."""
-- grain = ["order_kind"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "An order that reached a stage counts in the earlier ones, dated or not.",
--     """Applied for and not granted is refused, withdrawn or waiting, by the word of the extract \
--     (reference.order_outcomes). A word that is not listed, or that says the order was granted without a date, is \
--     unread.""",
--     "Enforced: a breach has a dated arrest. For conditional bail the extract has no response to a breach.",
--     """In force now: granted, not past its last day and not discharged. Without a last day an order counts only \
--     where the law lets it run until further order. Notices, domestic violence protection orders and interim \
--     stalking orders do not. An interim order ends with the decision on the full order of the same pair.""",
--     """Not authorised, varied, renewed and discharged are events of the extract (order_event): without that table \
--     they are not measured.""",
--     "Bail with conditions counts once for each custody; its last bail decides whether it is in force.",
--     "A count is null where its field was not delivered.",
-- ]
-- [columns]
-- order_kind = "reference.order_kinds"
-- place = "columns"
-- is_measured = ["boolean", "Orders, or bail for conditional bail, were delivered"]
-- are_breaches_measured = ["boolean", "Breaches were delivered"]
-- considered_count = ["bigint", "Considered, or a later stage", "orders", "Considered"]
-- not_authorised_count = ["bigint", "Of these, authority to apply was refused", "orders", "Not authorised"]
-- applied_count = ["bigint", "Applied for, or a later stage", "orders", "Applied for"]
-- granted_count = ["bigint", "Granted, or a later stage", "orders", "Granted"]
-- served_count = ["bigint", "Served", "orders", "Served"]
-- refused_count = ["bigint", "Applied for, and refused by the court", "orders", "Refused"]
-- withdrawn_count = ["bigint", "Applied for, and withdrawn", "orders", "Withdrawn"]
-- waiting_count = ["bigint", "Applied for, and waiting for the court", "orders", "Waiting"]
-- unread_count = ["bigint", "Applied for and not granted; the extract does not say why", "orders", "Not known"]
-- varied_count = ["bigint", "Varied at least once", "orders", "Varied"]
-- renewed_count = ["bigint", "Renewed at least once", "orders", "Renewed"]
-- discharged_count = ["bigint", "Discharged", "orders", "Discharged"]
-- breached_count = ["bigint", "Breached at least once", "orders", "Breached"]
-- enforced_count = ["bigint", "Breached, and an arrest has a date", "orders", "Arrest for a breach"]
-- live_count = ["bigint", "In force now", "orders", "In force now"]
-- ending_count = ["bigint", "Of these, ending within the days set", "orders", "Of these, ending soon"]
-- live_after_closing_count = ["bigint", "Of these, orders of a closed case", "orders", "Of these, case closed"]
-- ///

-- Strategic-assessment 1, V8, V17, M5; core.order_stages has the stages of each order. A count without its field is
-- null.
with settings as (
    select cast(protection_expiry_days as integer) as expiry_days
    from core.settings
),

supplied as (
    select
        count(*) filter (where source = 'order_') > 0 as has_orders,
        count(*) filter (where source = 'order_breach') > 0 as has_breaches,
        count(*) filter (where source = 'order_event') > 0 as has_events,
        count(*) filter (where source = 'bail') > 0 as has_bail,
        count(*) filter (where source = 'custody') > 0 as has_custody
    from core.force_deliveries
),

-- without its field the count would be zero, or everything
absent as (
    select
        count(*) filter (where source = 'order_' and field_name = 'expires') > 0 as is_order_end_absent,
        count(*) filter (where source = 'order_' and field_name = 'outcome') > 0 as is_word_absent,
        count(*) filter (where source = 'order_breach' and field_name = 'arrest_ts') > 0 as is_arrest_absent,
        count(*) filter (where source = 'bail' and field_name = 'end_ts') > 0 as is_bail_end_absent,
        count(*) filter (where source = 'bail' and field_name = 'breached_ts') > 0 as is_bail_breach_absent,
        count(*) filter (where source = 'bail' and field_name = 'conditions_n') > 0 as are_conditions_absent
    from core.absent_fields
),

counted as (
    select
        o.order_kind,
        count(*) filter (where o.is_considered) as considered_count,
        count(*) filter (where o.is_applied) as applied_count,
        count(*) filter (where o.is_granted) as granted_count,
        count(*) filter (where o.is_served) as served_count,
        count(*) filter (where o.ended_as = 'refused') as refused_count,
        count(*) filter (where o.ended_as = 'withdrawn') as withdrawn_count,
        count(*) filter (where o.ended_as = 'waiting') as waiting_count,
        count(*) filter (where o.ended_as = 'unread') as unread_count,
        count(*) filter (where o.is_not_authorised) as not_authorised_count,
        count(*) filter (where o.is_varied) as varied_count,
        count(*) filter (where o.is_renewed) as renewed_count,
        count(*) filter (where o.is_discharged) as discharged_count,
        count(*) filter (where o.is_breached) as breached_count,
        count(*) filter (where o.is_enforced) as enforced_count,
        count(*) filter (where o.is_live) as live_count,
        count(*) filter (where o.is_live and o.days_to_end <= s.expiry_days) as ending_count,
        count(*) filter (where o.is_live and not o.is_case_open) as live_after_closing_count
    from core.order_stages as o
    cross join settings as s
    group by o.order_kind
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
        bool_or(k.order_kind <> 'conditional bail' and s.has_orders and (s.has_events or not a.is_word_absent))
            as is_word_measured,
        bool_or(k.order_kind <> 'conditional bail' and s.has_orders and s.has_events) as are_events_measured,
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
    case when k.are_events_measured then coalesce(c.not_authorised_count, 0) end as not_authorised_count,
    case when k.is_measured then coalesce(c.applied_count, 0) end as applied_count,
    case when k.is_measured then coalesce(c.granted_count, 0) end as granted_count,
    case when k.is_measured then coalesce(c.served_count, 0) end as served_count,
    case when k.is_word_measured then coalesce(c.refused_count, 0) end as refused_count,
    case when k.is_word_measured then coalesce(c.withdrawn_count, 0) end as withdrawn_count,
    case when k.is_word_measured then coalesce(c.waiting_count, 0) end as waiting_count,
    case when k.is_word_measured then coalesce(c.unread_count, 0) end as unread_count,
    case when k.are_events_measured then coalesce(c.varied_count, 0) end as varied_count,
    case when k.are_events_measured then coalesce(c.renewed_count, 0) end as renewed_count,
    case when k.are_events_measured then coalesce(c.discharged_count, 0) end as discharged_count,
    case when k.is_measured and k.are_breaches_measured then coalesce(c.breached_count, 0) end as breached_count,
    case when k.is_measured and k.is_enforcement_measured then coalesce(c.enforced_count, 0) end as enforced_count,
    case when k.is_measured and k.is_end_measured then coalesce(c.live_count, 0) end as live_count,
    case when k.is_measured and k.is_end_measured then coalesce(c.ending_count, 0) end as ending_count,
    case
        when k.is_measured and k.is_end_measured and k.is_case_measured then coalesce(c.live_after_closing_count, 0)
    end as live_after_closing_count
from kinds as k
left join counted as c on k.order_kind = c.order_kind
