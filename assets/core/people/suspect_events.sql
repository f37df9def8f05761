-- /// card
-- description = "One row is an event: reports of one suspect and one victim close together in time, as of a moment."
-- grain = ["as_of_at", "dyad_ref", "event_number"]
-- by_force = true
-- all_forces = true
-- audience = []
-- caveats = [
--     """A report within seven days (a setting) of the previous one of the same pair belongs to its event. An event \
--     has the time of its first report.""",
--     "The harm of an event is that of its gravest crime: several crimes of one report are one event.",
--     "Sentencing-based harm under-represents stalking.",
-- ]
-- [columns]
-- as_of_at = ["timestamp with time zone", "As-of moment: reports on record by then", "UTC"]
-- is_current = ["boolean", "The as-of moment of the extract; otherwise an origin of the back-test"]
-- "suspect_ref, victim_ref" = "columns"
-- dyad_ref = ["varchar", "Suspect and victim as a dyad"]
-- event_number = ["bigint", "Number of the event among those of the pair", "", "Event"]
-- event_ref = ["varchar", "First crime of the event: events of one crime with several victims share it"]
-- event_at = ["timestamp with time zone", "First report of the event", "UTC"]
-- last_reported_at = ["timestamp with time zone", "Last report of the event", "UTC", "Last report"]
-- crime_count = ["bigint", "Crimes in the event", "crimes"]
-- is_victim_vulnerable = ["boolean", "The victim has a vulnerability; null where there is no victim"]
-- severity_weight = ["double", "Crime Severity Score weight of the gravest crime; null without weights", "weight"]
-- is_severity_assumed = ["boolean", "That weight is an assumption"]
-- sentencing_days = ["double", "Harm days of the gravest crime; null without the force's own index", "days"]
-- is_sentencing_assumed = ["boolean", "Days of one of its crimes are an assumption"]
-- behaviour_points = ["double", "Behavioural severity of the gravest crime; null without readable text", "points"]
-- ///

-- Reports of one suspect and one victim close together are one event (strategic-assessment 3.1, settled points). Rules
-- of 2018 to 2023 made several crimes of one report, later rules one: so crime counts are given too. Each moment uses
-- only what was on record by then.
-- how many moments there are from each one on
with since as (
    select m.as_of_at, count(*) as moments
    from core.as_of_moments as m
    inner join core.as_of_moments as later on later.as_of_at >= m.as_of_at
    group by m.as_of_at
),

-- a report may be on record later than the one after it, or count no longer at a later moment
checked as (
    select
        r.dyad_ref, r.crime_ref, r.reported_at,
        coalesce(count(*) = max(s.moments), false) and coalesce(count(*) <= lag(count(*)) over pair, true) as is_steady
    from core.reports_as_of as r
    left join since as s on r.as_of_at = s.as_of_at
    group by r.dyad_ref, r.crime_ref, r.reported_at
    window pair as (partition by r.dyad_ref order by r.reported_at, r.crime_ref)
),

pairs as (
    select dyad_ref, bool_and(is_steady) as is_steady
    from checked
    group by dyad_ref
),

-- A pair without such a report has the same first events at every moment: they are numbered once, with no moment. Those
-- of any other pair are numbered at each moment.
numberable as (
    select c.dyad_ref, cast(null as timestamptz) as as_of_at, c.crime_ref, c.reported_at
    from checked as c
    inner join pairs as p on c.dyad_ref = p.dyad_ref and p.is_steady
    union all
    select r.dyad_ref, r.as_of_at, r.crime_ref, r.reported_at
    from core.reports_as_of as r
    inner join pairs as p on r.dyad_ref = p.dyad_ref and not p.is_steady
),

gaps as (
    select
        n.*,
        coalesce(
            epoch(n.reported_at) - epoch(lag(n.reported_at) over pair) > s.events_collapse_days * 86400, true
        ) as begins,
        epoch(n.reported_at) - epoch(min(n.reported_at) over pair) > s.behaviour_persistence_days * 86400
            as is_persistent
    from numberable as n
    cross join core.settings as s
    window pair as (partition by n.dyad_ref, n.as_of_at order by n.reported_at, n.crime_ref)
),

numbered as (
    select
        *,
        sum(case when begins then 1 else 0 end) over pair as event_number,
        begins and coalesce(lead(begins) over pair, true) as is_alone
    from gaps
    window pair as (partition by dyad_ref, as_of_at order by reported_at, crime_ref)
)

select
    r.as_of_at, r.is_current, r.suspect_ref, r.victim_ref, r.dyad_ref,
    cast(n.event_number as bigint) as event_number,
    min(r.crime_ref) filter (where n.begins) as event_ref,
    min(r.reported_at) as event_at,
    max(r.reported_at) as last_reported_at,
    count(*) as crime_count,
    bool_or(r.is_victim_vulnerable) as is_victim_vulnerable,
    max(r.severity_weight) as severity_weight,
    bool_or(r.is_severity_assumed) as is_severity_assumed,
    max(r.sentencing_days) as sentencing_days,
    bool_or(r.is_sentencing_assumed) as is_sentencing_assumed,
    max(r.behaviour_points + case when n.is_persistent then r.persistence_points else 0 end) as behaviour_points
from core.reports_as_of as r
inner join numbered as n
    on r.dyad_ref = n.dyad_ref and r.crime_ref = n.crime_ref and coalesce(r.as_of_at = n.as_of_at, true)
where not n.is_alone
group by r.as_of_at, r.is_current, r.suspect_ref, r.victim_ref, r.dyad_ref, n.event_number
union all
-- most events have one report: there is nothing to add up
select
    r.as_of_at, r.is_current, r.suspect_ref, r.victim_ref, r.dyad_ref,
    cast(n.event_number as bigint), r.crime_ref, r.reported_at, r.reported_at, 1,
    r.is_victim_vulnerable, r.severity_weight, r.is_severity_assumed, r.sentencing_days, r.is_sentencing_assumed,
    r.behaviour_points + case when n.is_persistent then r.persistence_points else 0 end
from core.reports_as_of as r
inner join numbered as n
    on r.dyad_ref = n.dyad_ref and r.crime_ref = n.crime_ref and coalesce(r.as_of_at = n.as_of_at, true)
where n.is_alone
