-- /// card
-- description = "One row is the state of the force's own copy of the Cambridge Crime Harm Index: there is always one."
-- grain = ["state"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "The product does not include the index, because no open licence was found. A force delivers its own copy.",
-- ]
-- [columns]
-- is_available = ["boolean", "A copy of the index was delivered and loaded"]
-- state = ["varchar", "available, or unavailable with the reason"]
-- file_name = ["varchar", "The current copy", "", "File"]
-- received_at = "columns"
-- code_count = ["bigint", "Codes with days", "codes"]
-- ///

-- Without a copy, figures that need the index show the reason instead.
with counted as (
    select count(*) as code_count
    from core.code_harm
),

loaded as (
    select max(d.file_name) as file_name, max(d.received_at) as received_at
    from core.current_periods as p
    inner join raw.deliveries as d on p.delivery_ref = d.delivery_ref
    where p.source = 'cambridge_harm_index'
),

refused as (
    -- the latest such delivery
    select count(*) as copy_count, arg_max(reason, received_at) as reason
    from raw.deliveries
    where source = 'cambridge_harm_index' and status = 'refused'
)

select
    c.code_count > 0 as is_available,
    case
        when c.code_count > 0 then 'available'
        when r.copy_count > 0 then 'unavailable: the copy of the Cambridge index was refused: ' || r.reason
        else 'unavailable: no Cambridge index was delivered'
    end as state,
    l.file_name,
    l.received_at,
    c.code_count
from counted as c
cross join loaded as l
cross join refused as r
