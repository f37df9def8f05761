-- /// card
-- description = """One row is a small area in a window with its suspects and repeat suspects; no person can be \
--     identified."""
-- grain = ["window_days", "area_code"]
-- by_force = true
-- audience = []
-- caveats = [
--     "A suspect with events in several areas counts in each. A repeat suspect has events anywhere in the force.",
--     "Where crimes were committed, not where anyone lives.",
-- ]
-- [columns]
-- window_days = "columns"
-- area_type = ["varchar", "ward, lsoa, postcode_sector; none where the record has no area"]
-- area_code = ["varchar", "ONS code, the postcode sector, or none"]
-- area_name = ["varchar", "Name, or the code"]
-- suspect_count = ["bigint", "Suspects with an event there", "people", "Suspects"]
-- repeat_suspect_count = ["bigint", """Of these, suspects with two or more events in the \
--     force""", "people", "Repeat suspects"]
-- ///

-- Events without an area have a row of their own and are never dropped. Repeats count anywhere in the force.
with inside as (
    select distinct
        w.window_days,
        e.as_of_at,
        e.suspect_ref,
        coalesce(a.area_type, 'none') as area_type,
        coalesce(a.area_code, 'none') as area_code,
        coalesce(a.area_name, 'No area on the record') as area_name
    from core.suspect_events as e
    inner join reference.repeat_windows as w
        on epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
    -- an event takes the area of its first crime
    left join core.crime_areas as a on e.event_ref = a.crime_ref
    where e.is_current
)

select
    cast(i.window_days as integer) as window_days,
    i.area_type,
    i.area_code,
    i.area_name,
    count(*) as suspect_count,
    count(*) filter (where s.is_repeat) as repeat_suspect_count
from inside as i
inner join core.suspect_windows as s
    on i.as_of_at = s.as_of_at and i.window_days = s.window_days and i.suspect_ref = s.suspect_ref
group by i.window_days, i.area_type, i.area_code, i.area_name
