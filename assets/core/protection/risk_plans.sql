select
    t.ra_id as assessment_ref,
    t.owner_id as owner_ref,
    cast(t.review_due as date) as review_due_date,
    cast(t.closed_ts as timestamptz) as closed_at
from raw.risk_plan as t
inner join core.current_periods as p
    on p.source = 'risk_plan' and t.delivery_ref = p.delivery_ref and t.period = p.period
