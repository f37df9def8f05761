select
    t.crime_id as crime_ref,
    t.ho_code,
    t.class_code,
    cast(t.added_ts as timestamptz) as added_at,
    t.added_by as added_by_ref,
    t.reason
from raw.included_classification as t
inner join core.current_periods as p
    on p.source = 'included_classification' and t.delivery_ref = p.delivery_ref and t.period = p.period
