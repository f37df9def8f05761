-- /// card
-- description = """One row is a current crime of stalking or harassment and one of its victims, with its first named \
--     suspect if any."""
-- grain = ["crime_ref", "victim_ref"]
-- by_force = true
-- all_forces = true
-- audience = []
-- caveats = ["A crime without a victim on record has one row without a victim."]
-- [columns]
-- as_of_at = "core.as_of_moments"
-- crime_ref = "core.crimes"
-- victim_ref = "columns"
-- suspect_ref = ["varchar", "A named suspect, as a linked person; null where none is known"]
-- reported_at = "core.crimes"
-- begins_event = ["boolean", """It is the first report of an event of the victim: none came within seven days (a setting) \
--     before it"""]
-- ///

-- Victims count regardless of the suspect, so unknown suspects are included. As of now. Reports of one victim close
-- together are one event (strategic-assessment 3.1).
with counted as (
    select distinct c.crime_ref, c.reported_at, m.as_of_at
    from core.crimes as c
    inner join core.as_of_moments as m
        on m.is_current and greatest(c.recorded_at, c.reported_at) <= m.known_by_at and c.reported_at <= m.as_of_at
    inner join core.stalking_harassment_spans as s
        on c.crime_ref = s.crime_ref and s.counts_from <= m.known_by_at
        and coalesce(s.counts_until > m.known_by_at, true)
    left join core.removals as r on c.crime_ref = r.crime_ref and r.removed_at <= m.known_by_at
    where r.crime_ref is null
),

suspects as (
    select crime_ref, min(suspect_ref) as suspect_ref
    from core.reports_as_of
    where is_current
    group by crime_ref
),

reports as (
    select distinct
        c.as_of_at,
        c.crime_ref,
        coalesce(k.person_ref, p.person_key) as victim_ref,
        s.suspect_ref,
        c.reported_at
    from counted as c
    left join core.parties as p on c.crime_ref = p.crime_ref and p.party_role = 'victim' and p.person_key is not null
    left join core.people as k on p.person_key = k.person_key
    left join suspects as s on c.crime_ref = s.crime_ref
)

select
    r.as_of_at,
    r.crime_ref,
    r.victim_ref,
    r.suspect_ref,
    r.reported_at,
    case
        when r.victim_ref is not null
            then coalesce(
                epoch(r.reported_at) - epoch(
                    lag(r.reported_at) over (partition by r.victim_ref order by r.reported_at, r.crime_ref)
                ) > t.events_collapse_days * 86400,
                true
            )
    end as begins_event
from reports as r
cross join core.settings as t
