-- /// card
-- description = "One row is a person suspected in at least one event of a window, with the score and its components."
-- grain = ["person_ref", "window_days"]
-- audience = ["integrity"]
-- caveats = [
--     "Advisory only: a score orders a list for people to look at; nobody is judged by it.",
--     "Suspects are not offenders: most are not convicted.",
--     "Sentencing-based harm under-represents stalking.",
--     """Points are those of the force's own table, the same in every window: a table made for one window says less \
--     in another.""",
-- ]
-- [columns]
-- person_ref = ["varchar", "Person; stable from build to build"]
-- window_days = ["integer", "Window", "days"]
-- event_count = ["bigint", "Events: reports of one suspect and victim close together are one", "events"]
-- crime_count = ["bigint", "Crimes as recorded, by their own report", "crimes"]
-- victim_count = ["bigint", "Distinct victims", "people"]
-- vulnerable_victim_count = ["bigint", "Of them vulnerable", "people"]
-- is_repeat = ["boolean", "Two or more events, with any victims"]
-- is_serial = ["boolean", "Two or more victims"]
-- last_reported_at = ["timestamp with time zone", "Last report", "UTC"]
-- harm_cchi = ["double", "Sentencing harm; null without the force's own copy of the index", "days"]
-- is_sentencing_assumed = ["boolean", "Days in it are an assumption"]
-- harm_css = ["double", "Severity; null where an event has no weight", "weight"]
-- is_severity_assumed = ["boolean", "A weight in it is an assumption"]
-- harm_behaviour = ["double", """Behavioural severity of the events whose words could be read; null where \
--     none could""", "points"]
-- behaviour_event_count = ["bigint", "Events whose words could be read", "events"]
-- rfgv_score = ["double", "Score from recency, frequency, gravity and victims; null where a component is", "0 to 100"]
-- recency = ["double", "Recency", "0 to 1"]
-- frequency = ["double", "Frequency", "0 to 1"]
-- gravity = ["double", "Gravity, by the lens that settings name", "0 to 1"]
-- victims = ["double", "Victims", "0 to 1"]
-- banded_score = ["double", """Sum of the points by the force's own table; null without a table or where a \
--     component is not known""", "points"]
-- banded_rank = ["bigint", "Place by it among the window's suspects, from 1; equal points share a place"]
-- recency_points = ["double", "Points for days since the last report; null without the force's own table", "points"]
-- frequency_points = ["double", "Points for events in the window", "points"]
-- gravity_points = ["double", """Points for harm in the window, by the lens that settings name; null where \
--     harm is not known""", "points"]
-- victims_points = ["double", "Points for distinct victims in the window", "points"]
-- linkage_confidence = ["double", "Probability of the weakest link among the suspect's records; null for one record"]
-- linkage_mark = ["varchar", "sure (0.99 and more), likely (0.9 and more), doubtful, one record, or not measured"]
-- ///

-- Repeat and serial suspects as of now: every window of reference.repeat_windows. Settled points, repeat suspects.
with marks as (
    select person_ref, min(linkage_confidence) as linkage_confidence, min(linkage_mark) as linkage_mark
    from core.people
    group by person_ref
)

select
    w.suspect_ref as person_ref, w.window_days, w.event_count, w.crime_count, w.victim_count,
    w.vulnerable_victim_count, w.is_repeat, w.is_serial, w.last_reported_at, w.harm_cchi, w.is_sentencing_assumed,
    w.harm_css, w.is_severity_assumed, w.harm_behaviour, w.behaviour_event_count, w.rfgv_score, w.recency, w.frequency,
    w.gravity, w.victims, w.banded_score, w.banded_rank, w.recency_points, w.frequency_points, w.gravity_points,
    w.victims_points, m.linkage_confidence, coalesce(m.linkage_mark, 'not measured') as linkage_mark
from core.suspect_windows as w
left join marks as m on w.suspect_ref = m.person_ref
where w.is_current
