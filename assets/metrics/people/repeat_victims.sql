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

-- Repeat victims, regardless of the suspect (strategic-assessment 3.1): reports of one victim close together are one
-- event.
with settings as (
    select events_collapse_days as collapse_days
    from core.settings
),

gaps as (
    select
        *,
        lag(reported_at) over (partition by victim_ref order by reported_at, crime_ref) as before_at
    from core.victim_reports
    where victim_ref is not null
),

begun as (
    select
        g.*,
        coalesce(epoch(g.reported_at) - epoch(g.before_at) > s.collapse_days * 86400, true) as begins
    from gaps as g
    cross join settings as s
),

counted as (
    select
        b.victim_ref,
        cast(w.window_days as integer) as window_days,
        count(*) filter (where b.begins) as event_count,
        count(*) as crime_count,
        count(distinct b.suspect_ref) as suspect_count,
        count(*) filter (where b.suspect_ref is null) as unknown_suspect_count
    from begun as b
    inner join reference.repeat_windows as w on epoch(b.reported_at) > epoch(b.as_of_at) - w.window_days * 86400
    group by b.victim_ref, w.window_days
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
