select
    b.force_code,
    f.force_name,
    b.geometry_json
from raw.force_boundaries as b
inner join core.current_periods as p
    on p.source = 'force_boundaries' and b.delivery_ref = p.delivery_ref and b.period = p.period
inner join core.forces as f on b.force_code = f.force_code
