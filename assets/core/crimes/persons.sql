select
    t.person_key,
    t.birth_ym as birth_month,
    t.sex,
    t.ethnicity_self as ethnicity_self_defined,
    cast(t.dod as date) as death_date
from raw.person as t
inner join core.current_periods as p
    on p.source = 'person' and t.delivery_ref = p.delivery_ref and t.period = p.period
