-- /// card
-- description = "One row is a field that a table of the extract lacks in each file that a force delivered of it."
-- grain = ["force_code", "source", "field_name"]
-- audience = []
-- caveats = ["A table that was not delivered has no row here: see core.force_deliveries."]
-- [columns]
-- "force_code, source" = "core.force_deliveries"
-- field_name = ["varchar", "Missing field"]
-- ///

with delivered as (
    select
        p.force_code,
        p.source,
        d.columns_absent,
        count(*) over (partition by p.force_code, p.source) as file_count
    from core.force_deliveries as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref and p.source = d.source
),

absent as (
    select force_code, source, file_count, unnest(string_split(columns_absent, ', ')) as field_name
    from delivered
    where columns_absent is not null and columns_absent <> ''
)

select force_code, source, field_name
from absent
group by force_code, source, field_name, file_count
having count(*) = file_count
