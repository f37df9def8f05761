select
    t.crime_id as crime_ref,
    t.other_id as linked_ref,
    t.other_kind as linked_type,
    t.link_type,
    cast(t.linked_ts as timestamptz) as linked_at
from raw.crime_link as t
inner join core.current_periods as p
    on p.source = 'crime_link' and t.delivery_ref = p.delivery_ref and t.period = p.period
