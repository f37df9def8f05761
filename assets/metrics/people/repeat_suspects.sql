-- /// card
-- description = "One row is a person suspected in at least one event of a window, with the score and its components."
-- grain = ["person_ref", "window_days"]
-- by_force = true
-- all_forces = true
-- audience = ["integrity"]
-- caveats = [
--     "Advisory only: a score orders a list for officers to review; it is not a judgement of anyone.",
--     "Suspects are not offenders: most are not convicted.",
--     "Sentencing-based harm under-represents stalking.",
--     """Points come from the force's own table and are the same in every window: a table made for one window is less \
--     useful in another.""",
-- ]
-- [columns]
-- person_ref = "columns"
-- "window_days, event_count, crime_count, victim_count, vulnerable_victim_count, is_repeat" = "core.suspect_windows"
-- "is_serial, last_reported_at, harm_cchi, is_sentencing_assumed, harm_css" = "core.suspect_windows"
-- "is_severity_assumed, harm_behaviour, behaviour_event_count, rfgv_score, recency, frequency" = "core.suspect_windows"
-- "gravity, victims, banded_score, banded_rank, recency_points, frequency_points" = "core.suspect_windows"
-- "gravity_points, victims_points" = "core.suspect_windows"
-- list_rank = ["bigint", """Place on the list by the way of ranking that is used (metrics.ranking_choice), the same in \
--     each window; null for people whom it does not rank, and for all forces together""", "", "Place on the list"]
-- linkage_confidence = ["double", """Probability of the weakest link among the suspect's records; null for a single \
--     record"""]
-- linkage_mark = "columns"
-- ///

-- Every window of reference.repeat_windows, as of now. Settled points, repeat suspects.
with marks as (
    select person_ref, min(linkage_confidence) as linkage_confidence, min(linkage_mark) as linkage_mark
    from core.people
    group by person_ref
),

listed as (
    select r.suspect_ref, r.rank
    from core.ranked_suspects as r
    inner join metrics.ranking_choice as c on r.method = c.method and c.is_used
    where r.is_current
)

select
    w.suspect_ref as person_ref, w.window_days, w.event_count, w.crime_count, w.victim_count,
    w.vulnerable_victim_count, w.is_repeat, w.is_serial, w.last_reported_at, w.harm_cchi, w.is_sentencing_assumed,
    w.harm_css, w.is_severity_assumed, w.harm_behaviour, w.behaviour_event_count, w.rfgv_score, w.recency, w.frequency,
    w.gravity, w.victims, w.banded_score, w.banded_rank, w.recency_points, w.frequency_points, w.gravity_points,
    w.victims_points, l.rank as list_rank, m.linkage_confidence, coalesce(m.linkage_mark, 'not measured') as linkage_mark
from core.suspect_windows as w
left join marks as m on w.suspect_ref = m.person_ref
left join listed as l on w.suspect_ref = l.suspect_ref
where w.is_current
