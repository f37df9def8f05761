-- /// card
-- description = "One row is a suspect and a victim with at least one event in a window, as of now."
-- grain = ["dyad_ref", "window_days"]
-- by_force = true
-- all_forces = true
-- audience = ["integrity"]
-- caveats = ["Suspects are not offenders.", "Reports close together count as one event: a setting."]
-- [columns]
-- "dyad_ref, suspect_ref" = "core.suspect_events"
-- victim_ref = ["varchar", "Victim, as a linked person"]
-- "window_days, event_count" = "columns"
-- crime_count = ["bigint", "Crimes in these events", "crimes"]
-- is_repeat = ["boolean", "Two or more events"]
-- first_event_at = ["timestamp with time zone", "First event of the window", "UTC", "First event"]
-- last_reported_at = ["timestamp with time zone", "Last report", "UTC", "Last report"]
-- ///

-- Events are as far apart as the settings require, as of now.
select
    e.dyad_ref,
    e.suspect_ref,
    e.victim_ref,
    cast(w.window_days as integer) as window_days,
    count(*) as event_count,
    cast(sum(e.crime_count) as bigint) as crime_count,
    count(*) >= 2 as is_repeat,
    min(e.event_at) as first_event_at,
    max(e.last_reported_at) as last_reported_at
from core.suspect_events as e
inner join reference.repeat_windows as w on epoch(e.event_at) > epoch(e.as_of_at) - w.window_days * 86400
where e.is_current and e.victim_ref is not null
group by e.dyad_ref, e.suspect_ref, e.victim_ref, w.window_days
