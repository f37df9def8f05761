-- /// card
-- description = """One row is an occasion between a victim and a suspect: an incident and its crimes, or a crime \
--     without an incident."""
-- grain = ["pair_ref", "occasion_ref"]
-- audience = ["integrity"]
-- caveats = ["Cancelled and transferred crimes are left out, and so are incidents that led only to them."]
-- [columns]
-- pair_ref = "columns"
-- occasion_ref = ["varchar", "Incident, or the crime where there is no incident"]
-- occasion_at = ["timestamp with time zone", "When it was first reported", "UTC"]
-- has_crime = ["boolean", "A crime of the pair was recorded from it"]
-- is_single_act = ["boolean", "Its crime is a single act, or there is only an incident"]
-- ///

-- A crime and its own incident are one occasion, and so are all crimes of one incident. Cancelled and transferred
-- crimes are not events (recording-standards 6.0.5).
with standing as (
    select
        c.crime_ref,
        c.incident_ref,
        g.code is not null as is_single_act
    from core.crimes as c
    left join reference.class_groups as g
        on g.class_group = 'single act' and g.code_type = 'class' and c.class_code = g.code
    where not c.is_cancelled and not c.is_transferred
),

-- the incident of a removed crime goes with it, unless the incident has another crime
removed_incidents as (
    select c.incident_ref
    from core.crimes as c
    left join standing as s on c.incident_ref = s.incident_ref
    where (c.is_cancelled or c.is_transferred) and c.incident_ref is not null and s.crime_ref is null
    group by c.incident_ref
),

events as (
    select
        e.pair_ref,
        coalesce(s.incident_ref, s.crime_ref) as occasion_ref,
        e.event_at,
        true as is_crime,
        s.is_single_act
    from core.pair_events as e
    inner join standing as s on e.record_ref = s.crime_ref
    where e.record_type = 'crime'
    union all
    select e.pair_ref, e.record_ref, e.event_at, false, false
    from core.pair_events as e
    left join removed_incidents as r on e.record_ref = r.incident_ref
    where e.record_type = 'incident' and r.incident_ref is null
)

select
    pair_ref,
    occasion_ref,
    -- where there are crimes, the first one's report decides, because an incident may stay open for long
    coalesce(min(event_at) filter (where is_crime), min(event_at)) as occasion_at,
    bool_or(is_crime) as has_crime,
    -- an incident alone counts as a single act; where there are crimes, they decide
    bool_or(is_single_act) or not bool_or(is_crime) as is_single_act
from events
where event_at is not null
group by pair_ref, occasion_ref
