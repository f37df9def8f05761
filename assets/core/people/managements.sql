select
    coalesce(k.person_ref, t.person_key) as person_ref,
    t.programme,
    t.stage,
    cast(t.from_date as date) as from_date,
    cast(t.to_date as date) as to_date
from raw.management as t
inner join core.current_periods as p
    on p.source = 'management' and t.delivery_ref = p.delivery_ref and t.period = p.period
left join core.people as k on t.person_key = k.person_key
