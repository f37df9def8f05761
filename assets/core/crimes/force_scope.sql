-- /// card
-- description = "One row: the force whose extract it is and the months it covers, without any count."
-- grain = ["force_code"]
-- audience = ["command", "integrity", "commissioning"]
-- caveats = ["An invented force carries the word in its name: no figure of it says anything about any police force."]
-- [columns]
-- "force_code, force_name, first_month, last_month" = "core.extract_forces"
-- ///

-- The force with most crimes in the extract: that is whose extract it is. No count is told, and nothing of other forces
-- that come up in it, which may be a single crime.
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
