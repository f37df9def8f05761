select
    t.breach_id as breach_ref,
    t.order_id as order_ref,
    cast(t.ts as timestamptz) as breached_at,
    t.crime_id as crime_ref,
    cast(t.arrest_ts as timestamptz) as arrested_at,
    t.no_crime_rationale
from raw.order_breach as t
inner join core.current_periods as p
    on p.source = 'order_breach' and t.delivery_ref = p.delivery_ref and t.period = p.period
