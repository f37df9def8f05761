-- /// card
-- description = "One row: the force that delivered the extract and the months it covers, without any count."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = ["An invented force says so in its name: its figures describe no real police force."]
-- [columns]
-- "force_code, force_name, first_month, last_month" = "core.extract_forces"
-- ///

-- The force with most crimes in the extract delivered it. Other forces and counts are left out, because they may
-- concern a single crime.
with ranked as (
    select
        force_code,
        force_name,
        first_month,
        last_month,
        row_number() over (order by crime_count desc, force_code) as place
    from core.extract_forces
    where crime_count > 0
)

select force_code, force_name, first_month, last_month
from ranked
where place = 1
