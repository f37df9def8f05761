-- /// card
-- description = "One row is a field that a delivered table of the extract lacks, in each of its files."
-- grain = ["source", "field_name"]
-- audience = []
-- caveats = ["A table that was not delivered has no row here: see core.current_periods."]
-- [columns]
-- source = "core.current_periods"
-- field_name = ["varchar", "Missing field"]
-- ///

with delivered as (
    select p.source, d.columns_absent, count(*) over (partition by p.source) as file_count
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref and p.source = d.source
),

absent as (
    select source, file_count, unnest(string_split(columns_absent, ', ')) as field_name
    from delivered
    where columns_absent is not null and columns_absent <> ''
)

select source, field_name
from absent
group by source, field_name, file_count
having count(*) = file_count
