-- The reports that count at each moment: on record by then, of a crime that was stalking or harassment by then, neither
-- removed nor with its suspect eliminated; with the harm of the crime by lens. Nothing later is looked at.
with known as (
    select distinct
        m.as_of_at,
        m.is_current,
        r.suspect_ref,
        r.victim_ref,
        r.dyad_ref,
        r.crime_ref,
        r.reported_at,
        r.is_victim_vulnerable,
        r.linkage_confidence,
        r.is_linked
    from core.suspect_reports as r
    inner join core.as_of_moments as m
        on r.known_at <= m.known_by_at and r.reported_at <= m.as_of_at and coalesce(r.ended_at > m.known_by_at, true)
    inner join core.stalking_harassment_spans as s
        on r.crime_ref = s.crime_ref and s.counts_from <= m.known_by_at
        and coalesce(s.counts_until > m.known_by_at, true)
)

select
    k.as_of_at,
    k.is_current,
    k.suspect_ref,
    k.victim_ref,
    k.dyad_ref,
    k.crime_ref,
    k.reported_at,
    k.is_victim_vulnerable,
    k.linkage_confidence,
    k.is_linked,
    h.severity_weight,
    h.is_severity_assumed,
    h.sentencing_days,
    h.is_sentencing_assumed,
    b.behaviour_points,
    coalesce(b.persistence_points, 0) as persistence_points
from known as k
left join core.crime_harm as h on k.crime_ref = h.crime_ref
left join core.crime_behaviours as b on k.crime_ref = b.crime_ref
