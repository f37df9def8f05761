select
    t.crime_id as crime_ref,
    cast(t.seq as integer) as sequence_number,
    t.ho_code,
    t.class_code,
    cast(t.changed_ts as timestamptz) as changed_at,
    t.changed_by as changed_by_ref,
    t.reason,
    t.second_check_by as second_checked_by_ref
from raw.classification_history as t
inner join core.current_periods as p
    on p.source = 'classification_history' and t.delivery_ref = p.delivery_ref and t.period = p.period
