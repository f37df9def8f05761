-- /// card
-- description = "One row is an event of a suspect in the year after an origin of the back-test."
-- grain = ["as_of_at", "suspect_ref", "event_ref"]
-- by_force = true
-- audience = []
-- caveats = ["An event without readable text is not known to be of high harm."]
-- [columns]
-- as_of_at = "core.as_of_moments"
-- "suspect_ref, event_ref" = "core.suspect_events"
-- event_at = ["timestamp with time zone", "When", "UTC"]
-- behaviour_points = ["double", "Behavioural severity; null without readable text", "points"]
-- is_high_harm = ["boolean", "High harm, as set in the settings"]
-- ///

-- Events within the horizon of each origin, as on record now. They are separate from the lists, which must not use
-- them.
with settings as (
    select
        backtest_horizon_days as horizon_days,
        backtest_high_harm_points as high_harm_points
    from core.settings
)

select
    m.as_of_at,
    e.suspect_ref,
    e.event_ref,
    min(e.event_at) as event_at,
    max(e.behaviour_points) as behaviour_points,
    coalesce(max(e.behaviour_points) >= max(s.high_harm_points), false) as is_high_harm
from core.as_of_moments as m
cross join settings as s
inner join core.suspect_events as e
    on e.is_current and e.event_at > m.as_of_at
    and epoch(e.event_at) <= epoch(m.as_of_at) + s.horizon_days * 86400
where not m.is_current
group by m.as_of_at, e.suspect_ref, e.event_ref
