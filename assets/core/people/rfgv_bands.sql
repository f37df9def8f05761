-- The bands of a force's own points table, of the delivery that counts (strategic-assessment 3.2, banded mode). That they
-- meet without gap or overlap was seen to when the table was taken in.
select
    lower(trim(r.component)) as component,
    cast(trim(r.from_value) as double) as from_value,
    cast(nullif(trim(r.to_value), '') as double) as to_value,
    cast(trim(r.points) as double) as points,
    nullif(trim(r.source), '') as band_source
from raw.rfgv_points as r
inner join core.current_periods as p on p.source = 'rfgv_points' and r.delivery_ref = p.delivery_ref
