select
    t.crime_id as crime_ref,
    t.item,
    cast(t.present as boolean) as is_present,
    t.quality as item_quality,
    cast(t.ts as timestamptz) as completed_at
from raw.case_file as t
inner join core.current_periods as p
    on p.source = 'case_file' and t.delivery_ref = p.delivery_ref and t.period = p.period
