-- The reports that count at each moment: on record by then, of a crime that was stalking or harassment by then, neither
-- removed nor with its suspect eliminated. Nothing later is looked at.
select
    m.as_of_at,
    m.is_current,
    r.suspect_ref,
    r.victim_ref,
    r.dyad_ref,
    r.crime_ref,
    r.reported_at,
    r.is_victim_vulnerable,
    r.severity_weight,
    r.is_severity_assumed,
    r.sentencing_days,
    r.is_sentencing_assumed,
    r.behaviour_points,
    r.persistence_points
from core.suspect_reports as r
inner join core.stalking_harassment_spans as s on r.crime_ref = s.crime_ref
inner join core.as_of_moments as m
    on r.known_at <= m.known_by_at and r.reported_at <= m.as_of_at and coalesce(r.ended_at > m.known_by_at, true)
    and s.counts_from <= m.known_by_at and coalesce(s.counts_until > m.known_by_at, true)
