-- /// card
-- description = "One row is the state of the list of most similar forces: there is always one row."
-- grain = ["state"]
-- audience = ["command", "integrity"]
-- caveats = ["The product includes no list: a force delivers its own copy."]
-- [columns]
-- is_loaded = ["boolean", "A list was delivered and loaded"]
-- state = ["varchar", "loaded, or the reason why not"]
-- version_count = ["bigint", "Versions of the list that are loaded", "versions"]
-- ///

-- Without a list, pages show the reason instead of a comparison.
with counted as (
    select count(*) as row_count, count(distinct list_version) as version_count
    from core.similar_forces
),

loaded as (
    select max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source = 'similar_forces'
),

refused as (
    -- the latest such delivery
    select max(received_at) as received_at, arg_max(reason, received_at) as reason
    from raw.deliveries
    where source = 'similar_forces' and status = 'refused'
)

select
    c.row_count > 0 as is_loaded,
    case
        when c.row_count > 0 and coalesce(r.received_at > l.received_at, false)
            then 'loaded, but a later list was refused: ' || r.reason
        when c.row_count > 0 then 'loaded'
        when r.reason is not null then 'not measured: the list of most similar forces was refused: ' || r.reason
        else 'not measured: no list of most similar forces is delivered'
    end as state,
    c.version_count
from counted as c
cross join loaded as l
cross join refused as r
