-- /// card
-- description = """One row is a stretch of days in which a suspect was at risk of a next event, within the last three \
--     years."""
-- grain = ["suspect_ref", "entry_day"]
-- by_force = true
-- audience = []
-- caveats = [
--     "Time on remand is left out; prison after sentence is not in the extract.",
--     "The first event in the extract need not be the first ever.",
-- ]
-- [columns]
-- suspect_ref = "columns"
-- entry_day = ["integer", "Day after which the stretch begins, counted from the first event", "days"]
-- end_day = ["integer", "Last day of the stretch", "days"]
-- cause = ["varchar", "What ended it: same victim, another victim, death, or nothing"]
-- ///

-- Whole days at risk from each suspect's first event of the last three years until a next event, death or the as-of
-- moment. Time on remand is left out (strategic-assessment 3.6).
with first_events as (
    select suspect_ref, as_of_at, min(event_at) as index_at
    from core.suspect_events
    where is_current and epoch(event_at) > epoch(as_of_at) - 1095 * 86400
    group by suspect_ref, as_of_at
),

index_victims as (
    select distinct f.suspect_ref, e.victim_ref
    from first_events as f
    inner join core.suspect_events as e
        on e.is_current and f.suspect_ref = e.suspect_ref and f.index_at = e.event_at
),

next_events as (
    select
        f.suspect_ref,
        min(e.event_at) as next_at,
        min(e.event_at) filter (where v.suspect_ref is not null) as next_same_at
    from first_events as f
    inner join core.suspect_events as e
        on e.is_current and f.suspect_ref = e.suspect_ref and e.event_at > f.index_at
    left join index_victims as v on e.suspect_ref = v.suspect_ref and e.victim_ref = v.victim_ref
    group by f.suspect_ref
),

deaths as (
    select k.person_ref, min(p.death_date) as death_date
    from core.persons as p
    inner join core.people as k on p.person_key = k.person_key
    where p.death_date is not null
    group by k.person_ref
),

ended as (
    select
        f.suspect_ref,
        f.index_at,
        f.as_of_at,
        case
            when n.next_at is not null and (d.death_date is null or n.next_at < cast(d.death_date as timestamptz))
                then case when n.next_same_at = n.next_at then 'same victim' else 'another victim' end
            when cast(d.death_date as timestamptz) <= f.as_of_at then 'death'
            else ''
        end as cause,
        least(
            coalesce(n.next_at, f.as_of_at), coalesce(cast(d.death_date as timestamptz), f.as_of_at), f.as_of_at
        ) as end_at
    from first_events as f
    left join next_events as n on f.suspect_ref = n.suspect_ref
    left join deaths as d on f.suspect_ref = d.person_ref
),

followed as (
    select
        suspect_ref,
        index_at,
        as_of_at,
        cause,
        greatest(cast(floor((epoch(end_at) - epoch(index_at)) / 86400) as integer), 0) as end_day
    from ended
),

remands as (
    select
        f.suspect_ref,
        greatest(cast(floor((epoch(b.started_at) - epoch(f.index_at)) / 86400) as integer), 0) as start_day,
        -- a report during remand ends the stretch: its day is a day at risk
        least(
            cast(floor((epoch(coalesce(b.ended_at, f.as_of_at)) - epoch(f.index_at)) / 86400) as integer),
            f.end_day - case when f.cause <> '' then 1 else 0 end
        ) as stop_day
    from core.bails as b
    inner join core.custodies as c on b.custody_ref = c.custody_ref
    inner join core.people as k on c.person_key = k.person_key
    inner join followed as f on k.person_ref = f.suspect_ref
    where b.bail_type = 'remand'
),

usable as (
    select
        *,
        max(stop_day) over (
            partition by suspect_ref order by start_day, stop_day rows between unbounded preceding and 1 preceding
        ) as before_day
    from remands
    where stop_day > start_day
),

islands as (
    select
        *,
        sum(case when before_day is null or start_day > before_day then 1 else 0 end) over (
            partition by suspect_ref order by start_day, stop_day rows between unbounded preceding and current row
        ) as island
    from usable
),

away as (
    select suspect_ref, min(start_day) as start_day, max(stop_day) as stop_day
    from islands
    group by suspect_ref, island
),

pieces as (
    select
        a.suspect_ref,
        coalesce(lag(a.stop_day) over (partition by a.suspect_ref order by a.start_day), 0) as entry_day,
        a.start_day as end_day,
        '' as cause,
        false as is_last
    from away as a
    union all
    select f.suspect_ref, coalesce(max(a.stop_day), 0), f.end_day, f.cause, true
    from followed as f
    left join away as a on f.suspect_ref = a.suspect_ref
    group by f.suspect_ref, f.end_day, f.cause
)

select suspect_ref, entry_day, end_day, cause
from pieces
where end_day > entry_day or (is_last and entry_day = 0)
