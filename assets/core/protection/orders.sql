-- /// card
-- description = "One row is a civil order, applied for or considered."
-- grain = ["order_ref"]
-- audience = []
-- caveats = ["As the force extract gives it; a table that was not delivered is empty, so not measured."]
-- [columns]
-- order_ref = ["varchar", "Order", "", "Order"]
-- order_type = ["varchar", "Kind of order"]
-- "victim_key, respondent_key" = "raw.order_"
-- applied_at = ["timestamp with time zone", "When the order was applied for", "UTC"]
-- is_interim = ["boolean", "An interim order"]
-- granted_at = ["timestamp with time zone", "When it was granted", "UTC"]
-- served_at = ["timestamp with time zone", "When it was served", "UTC"]
-- expires_date = ["date", "Last day in force"]
-- court = "raw.order_"
-- has_ground_acts = ["boolean", "Ground: acts associated with stalking"]
-- has_ground_risk = ["boolean", "Ground: risk associated with stalking"]
-- has_ground_necessary = ["boolean", "Ground: necessary to protect"]
-- condition_count = ["integer", "Conditions"]
-- has_positive_requirement = ["boolean", "Has a positive requirement"]
-- order_outcome = ["varchar", "What became of it, in the words of the extract"]
-- order_state = ["varchar", "The same as in reference.order_outcomes; null for a word that is not listed", "", "State"]
-- notification_due_at = ["timestamp with time zone", "When notification is due", "UTC"]
-- notified_at = ["timestamp with time zone", "When the person notified", "UTC"]
-- considered_at = ["timestamp with time zone", "When the order was considered", "UTC"]
-- not_applied_rationale = "raw.order_"
-- ///

select
    t.order_id as order_ref,
    t.type as order_type,
    t.victim_key,
    t.respondent_key,
    cast(t.applied_ts as timestamptz) as applied_at,
    cast(t.interim as boolean) as is_interim,
    cast(t.granted_ts as timestamptz) as granted_at,
    cast(t.served_ts as timestamptz) as served_at,
    cast(t.expires as date) as expires_date,
    t.court,
    cast(t.grounds_acts as boolean) as has_ground_acts,
    cast(t.grounds_risk as boolean) as has_ground_risk,
    cast(t.grounds_necessary as boolean) as has_ground_necessary,
    cast(t.conditions_n as integer) as condition_count,
    cast(t.positive_req as boolean) as has_positive_requirement,
    t.outcome as order_outcome,
    s.order_state,
    cast(t.notify_due as timestamptz) as notification_due_at,
    cast(t.notified_ts as timestamptz) as notified_at,
    cast(t.considered_ts as timestamptz) as considered_at,
    t.not_applied_rationale
from raw.order_ as t
inner join core.current_periods as p
    on p.source = 'order_' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join reference.order_outcomes as s on lower(trim(t.outcome)) = s.order_outcome
