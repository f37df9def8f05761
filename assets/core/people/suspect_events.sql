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
with settings as (
    select
        events_collapse_days as collapse_days,
        behaviour_persistence_days as persistence_days
    from core.settings
),

pairs as (
    select as_of_at, dyad_ref, count(*) as report_count
    from core.reports_as_of
    group by as_of_at, dyad_ref
),

gaps as (
    select
        r.*,
        lag(r.reported_at) over (partition by r.as_of_at, r.dyad_ref order by r.reported_at, r.crime_ref) as before_at,
        min(r.reported_at) over (partition by r.as_of_at, r.dyad_ref order by r.reported_at, r.crime_ref) as first_at
    from core.reports_as_of as r
    inner join pairs as p on r.as_of_at = p.as_of_at and r.dyad_ref = p.dyad_ref
    where p.report_count > 1
),

numbered as (
    select
        g.*,
        coalesce(epoch(g.reported_at) - epoch(g.before_at) > s.collapse_days * 86400, true) as begins,
        epoch(g.reported_at) - epoch(g.first_at) > s.persistence_days * 86400 as is_persistent
    from gaps as g
    cross join settings as s
),

events as (
    select
        *,
        sum(case when begins then 1 else 0 end) over (
            partition by as_of_at, dyad_ref
            order by reported_at, crime_ref
            rows between unbounded preceding and current row
        ) as event_number
    from numbered
)

select
    as_of_at,
    is_current,
    suspect_ref,
    victim_ref,
    dyad_ref,
    cast(event_number as bigint) as event_number,
    min(crime_ref) filter (where begins) as event_ref,
    min(reported_at) as event_at,
    max(reported_at) as last_reported_at,
    count(*) as crime_count,
    bool_or(is_victim_vulnerable) as is_victim_vulnerable,
    max(severity_weight) as severity_weight,
    bool_or(is_severity_assumed) as is_severity_assumed,
    max(sentencing_days) as sentencing_days,
    bool_or(is_sentencing_assumed) as is_sentencing_assumed,
    max(behaviour_points + case when is_persistent then persistence_points else 0 end) as behaviour_points
from events
group by as_of_at, is_current, suspect_ref, victim_ref, dyad_ref, event_number
union all
-- most pairs have one report at a moment: it is an event, and there is nothing to compare it with
select
    r.as_of_at,
    r.is_current,
    r.suspect_ref,
    r.victim_ref,
    r.dyad_ref,
    1 as event_number,
    r.crime_ref as event_ref,
    r.reported_at as event_at,
    r.reported_at as last_reported_at,
    1 as crime_count,
    r.is_victim_vulnerable,
    r.severity_weight,
    r.is_severity_assumed,
    r.sentencing_days,
    r.is_sentencing_assumed,
    r.behaviour_points
from core.reports_as_of as r
inner join pairs as p on r.as_of_at = p.as_of_at and r.dyad_ref = p.dyad_ref
where p.report_count = 1
