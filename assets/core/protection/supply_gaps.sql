-- /// card
-- description = "One row is a measure or a management meeting list that cannot be made from what a force delivered."
-- grain = ["code"]
-- by_force = true
-- audience = []
-- caveats = ["Where crimes of several forces come in one file: see core.force_deliveries."]
-- [columns]
-- code = ["varchar", "Measure, as in reference.counted_measures, or list, as in reference.meeting_lists"]
-- lacks = ["varchar", "Tables and fields that the force did not deliver"]
-- ///

-- A measure without its fields is neither met nor breached, and an empty list would suggest that there is nothing to
-- review.
with needed as (
    select measure_code as code, unnest(string_split(needs, ' ')) as need
    from reference.protection_measures
    union all
    select measure_code, unnest(string_split(needs, ' '))
    from reference.own_measures
    where needs is not null
    union all
    select list_code, unnest(string_split(needs, ' '))
    from reference.meeting_lists
),

lacking as (
    select
        n.code,
        case
            when p.source is null then 'table ' || split_part(n.need, '.', 1)
            else 'field ' || n.need
        end as lack
    from needed as n
    left join (select distinct source from core.force_deliveries) as p on split_part(n.need, '.', 1) = p.source
    left join core.absent_fields as a
        on split_part(n.need, '.', 1) = a.source and split_part(n.need, '.', 2) = a.field_name
    where p.source is null or a.field_name is not null
)

select code, string_agg(distinct lack, ', ' order by lack) as lacks
from lacking
group by code
