-- /// card
-- description = "One row is a victim with at least one event in a window, as of now."
-- grain = ["person_ref", "window_days"]
-- by_force = true
-- all_forces = true
-- audience = ["integrity"]
-- caveats = [
--     "Any suspect counts, including unknown ones.",
--     "Reports of one victim close together count as one event: a setting.",
-- ]
-- [columns]
-- "person_ref, window_days, event_count" = "columns"
-- crime_count = ["bigint", "Crimes as recorded", "crimes"]
-- suspect_count = ["bigint", "Distinct named suspects", "people", "Suspects"]
-- unknown_suspect_count = ["bigint", "Crimes without a named suspect", "crimes"]
-- is_repeat = ["boolean", "Two or more events"]
-- ///

-- Repeat victims, regardless of the suspect (strategic-assessment 3.1).
with counted as (
    select
        r.victim_ref,
        cast(w.window_days as integer) as window_days,
        count(*) filter (where r.begins_event) as event_count,
        count(*) as crime_count,
        count(distinct r.suspect_ref) as suspect_count,
        count(*) filter (where r.suspect_ref is null) as unknown_suspect_count
    from core.victim_reports as r
    inner join reference.repeat_windows as w on epoch(r.reported_at) > epoch(r.as_of_at) - w.window_days * 86400
    where r.victim_ref is not null
    group by r.victim_ref, w.window_days
)

select
    victim_ref as person_ref,
    window_days,
    event_count,
    crime_count,
    suspect_count,
    unknown_suspect_count,
    event_count >= 2 as is_repeat
from counted
where event_count > 0
