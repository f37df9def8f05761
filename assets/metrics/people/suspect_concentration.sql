-- /// card
-- description = """One row is a measure of how concentrated the events of a window are in few suspects, compared with \
--     chance. No person can be identified."""
-- grain = ["window_days", "measure"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     """Everyone listed has at least one event, so a list of equal people looks concentrated too: read the excess \
--     over chance.""",
--     "Crimes without a named suspect are left out: metrics.repeat_summary gives their share.",
--     "Events are counted; their harm is not.",
-- ]
-- method = "concentration.excess_by_window"
-- [columns]
-- window_days = ["bigint", "Window", "days", "Window (days)"]
-- measure = ["varchar", "share_repeat, top_share (the most active tenth) or gini"]
-- suspect_count = ["bigint", "Suspects", "people", "Suspects"]
-- event_count = "columns"
-- mean_events = ["double", "Events per suspect", "events"]
-- observed = ["double", "Observed value", "0 to 1"]
-- chance = ["double", "Value expected if all suspects were equally prone, with this mean", "0 to 1", "Chance alone"]
-- excess = ["double", "Observed minus chance", "-1 to 1"]
-- lower = ["double", "Lower 95% limit of the excess", "-1 to 1"]
-- upper = ["double", "Upper 95% limit of the excess", "-1 to 1"]
-- ///

-- Concentration of events in few suspects beyond chance, given that everyone listed has at least one. Suspects with the
-- same number of events are alike, so they are counted here and the method sees nobody.
select window_days, event_count, count(*) as unit_count
from metrics.repeat_suspects
group by window_days, event_count
