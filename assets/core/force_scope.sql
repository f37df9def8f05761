-- The force with most crimes in the extract first: that is whose extract it is. The count itself is not told.
select
    force_code,
    force_name,
    first_month,
    last_month,
    row_number() over (order by crime_count desc, force_code) as place
from core.extract_forces
where crime_count > 0
