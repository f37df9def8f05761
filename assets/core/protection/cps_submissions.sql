select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as submitted_at,
    t.type as submission_type,
    cast(t.decision_ts as timestamptz) as decided_at,
    t.decision,
    t.advice_kind as advice_type
from raw.cps_submission as t
inner join core.current_periods as p
    on p.source = 'cps_submission' and t.delivery_ref = p.delivery_ref and t.period = p.period
