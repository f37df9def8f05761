select
    t.crime_id as crime_ref,
    cast(t.ts as timestamptz) as contact_at,
    t.direction,
    t.reason as contact_reason,
    t.by_id as officer_ref
from raw.victim_contact as t
inner join core.current_periods as p
    on p.source = 'victim_contact' and t.delivery_ref = p.delivery_ref and t.period = p.period
