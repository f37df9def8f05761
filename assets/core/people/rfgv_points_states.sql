-- /// card
-- description = "One row is the state of the force's own points table: there is always one."
-- grain = ["state"]
-- audience = ["command", "integrity"]
-- caveats = ["The product includes no points table: a force delivers its own."]
-- [columns]
-- is_loaded = ["boolean", "A table was delivered and loaded, so it also ranks people"]
-- state = ["varchar", "loaded, or the reason why not"]
-- file_name = ["varchar", "The current table", "", "File"]
-- received_at = "columns"
-- band_count = ["bigint", "Bands", "bands"]
-- ///

-- Without a points table, pages show the reason.
with counted as (
    select count(*) as band_count, count(distinct component) as component_count
    from core.rfgv_bands
),

loaded as (
    select max(d.file_name) as file_name, max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source = 'rfgv_points'
),

refused as (
    -- the latest such delivery
    select max(received_at) as received_at, arg_max(reason, received_at) as reason
    from raw.deliveries
    where source = 'rfgv_points' and status = 'refused'
)

select
    c.component_count = 4 as is_loaded,
    case
        when c.component_count = 4 and coalesce(r.received_at > l.received_at, false)
            then 'loaded, but a later table was refused: ' || r.reason
        when c.component_count = 4 then 'loaded'
        when r.reason is not null then 'not loaded: the points table was refused: ' || r.reason
        when l.file_name is not null then 'not loaded: the table delivered last has no rows'
        else 'not loaded: no points table was delivered'
    end as state,
    l.file_name,
    l.received_at,
    c.band_count
from counted as c
cross join loaded as l
cross join refused as r
