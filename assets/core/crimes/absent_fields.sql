-- /// card
-- description = "One row is a field that a delivered table of the extract lacks."
-- grain = ["source", "field_name"]
-- audience = []
-- caveats = ["A table that was not delivered has no row here: see core.current_periods."]
-- [columns]
-- source = "core.current_periods"
-- field_name = ["varchar", "Missing field"]
-- ///

with absent as (
    select p.source, unnest(string_split(d.columns_absent, ', ')) as field_name
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref and p.source = d.source
    where d.columns_absent is not null and d.columns_absent <> ''
)

select distinct source, field_name
from absent
