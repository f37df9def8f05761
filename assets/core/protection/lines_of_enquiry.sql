select
    t.crime_id as crime_ref,
    t.type as enquiry_type,
    cast(t.raised_ts as timestamptz) as raised_at,
    cast(t.required as boolean) as is_required,
    cast(t.done_ts as timestamptz) as done_at,
    t.result
from raw.line_of_enquiry as t
inner join core.current_periods as p
    on p.source = 'line_of_enquiry' and t.delivery_ref = p.delivery_ref and t.period = p.period
