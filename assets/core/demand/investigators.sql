select
    t.person_id as investigator_ref,
    t.collar as collar_number,
    t.unit as unit_name,
    t.rank,
    cast(t.pip_level as integer) as pip_level,
    t.role as investigator_role
from raw.investigator as t
inner join core.current_periods as p
    on p.source = 'investigator' and t.delivery_ref = p.delivery_ref and t.period = p.period
