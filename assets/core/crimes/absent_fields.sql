-- Fields of the layout that the delivered tables of the extract do not have.
with absent as (
    select p.source, unnest(string_split(d.columns_absent, ', ')) as field_name
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref and p.source = d.source
    where d.columns_absent is not null and d.columns_absent <> ''
)

select distinct source, field_name
from absent
