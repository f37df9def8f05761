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
    cast(t.notify_due as timestamptz) as notification_due_at,
    cast(t.notified_ts as timestamptz) as notified_at,
    cast(t.considered_ts as timestamptz) as considered_at,
    t.not_applied_rationale
from raw.order_ as t
inner join core.current_periods as p
    on p.source = 'order_' and t.delivery_ref = p.delivery_ref and t.period = p.period
