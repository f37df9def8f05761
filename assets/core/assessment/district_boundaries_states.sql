-- /// card
-- description = "One row is the state of the file of district boundaries: there is always one row."
-- grain = ["state"]
-- audience = ["command", "integrity"]
-- caveats = ["The product includes no boundaries of districts: a force delivers its own copy."]
-- [columns]
-- is_loaded = ["boolean", "A file was delivered and loaded"]
-- state = ["varchar", "loaded, or the reason why not"]
-- ///

-- Without boundaries, the page says why it has no map.
with loaded as (
    select max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source = 'district_boundaries'
),

refused as (
    -- the latest such delivery
    select max(received_at) as received_at, arg_max(reason, received_at) as reason
    from raw.deliveries
    where source = 'district_boundaries' and status = 'refused'
)

select
    l.received_at is not null as is_loaded,
    case
        when l.received_at is not null and coalesce(r.received_at > l.received_at, false)
            then 'loaded, but a later file was refused: ' || r.reason
        when l.received_at is not null then 'loaded'
        when r.reason is not null then 'the file of district boundaries was refused: ' || r.reason
        else 'no boundaries of districts are delivered'
    end as state
from loaded as l
cross join refused as r
