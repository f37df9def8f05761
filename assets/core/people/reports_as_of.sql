-- /// card
-- description = "One row is a crime with one named suspect and one victim of it that counts at a moment."
-- grain = ["as_of_at", "crime_ref", "suspect_ref", "victim_ref"]
-- audience = []
-- caveats = [
--     "The class of a crime is that of the moment; its other facts are those of the delivery.",
--     "Sentencing-based harm under-represents stalking.",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "As of this moment", "UTC"]
-- is_current = ["boolean", "The as-of moment of the extract"]
-- suspect_ref = ["varchar", "Suspect, as a person"]
-- victim_ref = ["varchar", "Victim, as a person; null where none is on the record"]
-- dyad_ref = ["varchar", "The two together"]
-- crime_ref = ["varchar", "Crime"]
-- reported_at = ["timestamp with time zone", "When it was first reported", "UTC"]
-- is_victim_vulnerable = ["boolean", "The victim has a vulnerability on this crime; null where there is no victim"]
-- severity_weight = ["double", "Crime Severity Score weight of the crime; null without one", "weight"]
-- is_severity_assumed = ["boolean", "That weight is an assumption"]
-- sentencing_days = ["double", "Harm days of the crime; null without the force's own index", "days"]
-- is_sentencing_assumed = ["boolean", "Those days are an assumption"]
-- behaviour_points = ["double", "Behavioural severity, persistence left out; null without words to read", "points"]
-- persistence_points = ["double", "What persistence would add", "points"]
-- ///

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
