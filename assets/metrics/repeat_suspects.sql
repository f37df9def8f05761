-- Repeat and serial suspects as of now: every window of reference.repeat_windows. Settled points, repeat suspects.
select
    suspect_ref as person_ref, window_days, event_count, crime_count, victim_count, vulnerable_victim_count, is_repeat,
    is_serial, last_reported_at, harm_cchi, is_sentencing_assumed, harm_css, is_severity_assumed, harm_behaviour,
    behaviour_event_count, rfgv_score, recency, frequency, gravity, victims, linkage_confidence,
    case
        when not is_linked then 'not measured'
        when linkage_confidence is null then 'one record'
        when linkage_confidence >= 0.99 then 'sure'
        when linkage_confidence >= 0.9 then 'likely'
        else 'doubtful'
    end as linkage_mark
from core.suspect_windows
where is_current
