-- /// card
-- description = "One row is a crime with one named suspect and one of its victims, counted at a moment."
-- grain = ["as_of_at", "crime_ref", "suspect_ref", "victim_ref"]
-- audience = []
-- caveats = [
--     "The class of a crime is that of the moment; its other facts are those of the delivery.",
--     "Sentencing-based harm under-represents stalking.",
-- ]
-- [columns]
-- "as_of_at, is_current" = "core.as_of_moments"
-- "suspect_ref, victim_ref, dyad_ref, crime_ref, reported_at, is_victim_vulnerable" = "core.suspect_reports"
-- "severity_weight, is_severity_assumed, sentencing_days, is_sentencing_assumed" = "core.suspect_reports"
-- "behaviour_points, persistence_points" = "core.suspect_reports"
-- ///

-- A report counts at a moment if the crime was on record and was stalking or harassment by then. It must not be
-- removed, nor its suspect eliminated. Later records are never used.
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
