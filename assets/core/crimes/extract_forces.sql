-- /// card
-- description = "One row is a force of the force extract, by the name that the extract gives it."
-- grain = ["force_code"]
-- audience = ["command", "integrity"]
-- caveats = ["An invented force carries the word in its name: no figure of it says anything about any police force."]
-- [columns]
-- force_code = "columns"
-- force_name = ["varchar", "Name as the extract gives it"]
-- record_system = ["varchar", "niche, athena, connect or other"]
-- crime_count = ["bigint", "Crimes of the force in the extract", "crimes"]
-- first_month = ["date", "First month of recording"]
-- last_month = ["date", "Last month of recording"]
-- ///

-- The force whose extract it is; a neighbour that only receives transfers is in the list too, without crimes.
with crimes as (
    select force_code, count(*) as crime_count, min(recorded_month) as first_month, max(recorded_month) as last_month
    from core.crimes
    group by force_code
),

listed as (
    select t.force_code, max(t.name) as force_name, max(t.rms) as record_system
    from raw."force" as t
    inner join core.current_periods as p
        on p.source = 'force' and t.delivery_ref = p.delivery_ref and t.period = p.period
    group by t.force_code
)

select
    coalesce(l.force_code, c.force_code) as force_code,
    -- as the extract names it: an invented force says so in its name
    coalesce(l.force_name, f.force_name, c.force_code) as force_name,
    l.record_system,
    coalesce(c.crime_count, 0) as crime_count,
    c.first_month,
    c.last_month
from listed as l
full join crimes as c on l.force_code = c.force_code
left join core.forces as f on c.force_code = f.force_code
