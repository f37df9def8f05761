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
