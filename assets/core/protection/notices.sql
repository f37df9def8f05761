select
    t.notice_id as notice_ref,
    t.crime_id as crime_ref,
    t.type as notice_type,
    cast(t.issued_ts as timestamptz) as issued_at,
    t.issued_by as issued_by_ref,
    t.to_key as recipient_key
from raw.notice as t
inner join core.current_periods as p
    on p.source = 'notice' and t.delivery_ref = p.delivery_ref and t.period = p.period
