-- /// card
-- description = "One row is a field that a delivered table of the extract leaves out."
-- grain = ["source", "field_name"]
-- audience = []
-- caveats = ["A table that was not delivered at all has no row here: core.current_periods tells."]
-- [columns]
-- source = "core.current_periods"
-- field_name = ["varchar", "Field that it does not have"]
-- ///

-- Fields of the layout that the delivered tables of the extract do not have.
with absent as (
    select p.source, unnest(string_split(d.columns_absent, ', ')) as field_name
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref and p.source = d.source
    where d.columns_absent is not null and d.columns_absent <> ''
)

select distinct source, field_name
from absent
