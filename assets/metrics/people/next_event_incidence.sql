-- /// card
-- description = """One row is a day since a suspect's first event, with the share suspected again by then and of which \
--     victim. No person can be identified."""
-- grain = ["cause", "day"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Death is a competing risk; time on remand is not at risk; people without a next event by the as-of day are \
--     censored then.""",
--     "A next event is a next report: it says nothing about conduct that nobody reports.",
--     "The first event in the last three years need not be the first ever.",
-- ]
-- method = "survival.stretches.incidence_of_stretches"
-- [columns]
-- cause = ["varchar", "same victim, another victim, or death", "", "What happened first"]
-- day = ["bigint", "Days since the first event", "days", "Day"]
-- is_headline = ["boolean", "30, 90, 180 or 365"]
-- incidence = ["double", """Share with this as the first next event; null where nobody was followed long \
--     enough""", "0 to 1", "Share"]
-- lower = ["double", "Lower 95% limit", "0 to 1"]
-- upper = ["double", "Upper 95% limit", "0 to 1"]
-- at_risk_count = ["bigint", "People still at risk just before that day", "people", "Still at risk"]
-- person_count = ["bigint", "People followed", "people", "People followed"]
-- ///

-- Cumulative incidence of a suspect's next event, by same or another victim. Stretches at risk of the same days and end
-- are alike, so they are counted here. A person counts where their first stretch is. What no person may have, such as
-- two stretches at once, is counted too: the method refuses it, and sees nobody.
with stretches as (
    select
        entry_day,
        end_day,
        cause as ended_by,
        lag(end_day) over (partition by suspect_ref order by entry_day, end_day) as before_day,
        lag(cause) over (partition by suspect_ref order by entry_day, end_day) as before_cause
    from core.suspect_risk_times
)

select
    entry_day,
    end_day,
    ended_by,
    count(*) as stretch_count,
    count(*) filter (where before_day is null) as person_count,
    count(*) filter (where entry_day < before_day) as overlap_count,
    count(*) filter (where before_cause <> '') as after_event_count
from stretches
group by entry_day, end_day, ended_by
