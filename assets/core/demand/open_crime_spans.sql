-- /// card
-- description = "One row is a time during which a crime of stalking or harassment was open."
-- grain = ["crime_ref", "open_from_at"]
-- audience = []
-- caveats = [
--     """A crime is open while it has no outcome except 0 and is not removed, by the records of that time. The class \
--     is that of the time, principal or included.""",
--     """A flag marks crimes whose end is not known. They say closed without an outcome, have a last outcome without \
--     date or readable code, have an outcome in quarantine, or were removed on an unknown day.""",
-- ]
-- [columns]
-- crime_ref = "columns"
-- force_code = "core.crimes"
-- open_from_at = ["timestamp with time zone", "When the crime was recorded or reopened", "UTC"]
-- open_until_at = ["timestamp with time zone", """Outcome, removal or change of class that ended the time; null where \
--     none did""", "UTC"]
-- is_end_unknown = ["boolean", "The end is not known: the crime is in no caseload"]
-- ///

-- Open from recording or reopening to the next outcome or removal. Each moment uses the records of that time, as in
-- core.outcome_times.
with ordered as (
    select
        o.crime_ref,
        o.outcome_code,
        o.sequence_number,
        greatest(o.outcome_at, c.recorded_at) as changed_at,
        -- the current outcome is the last by number: a lower number with a later date changes nothing
        max(o.sequence_number) over (
            partition by o.crime_ref order by o.outcome_at, o.sequence_number
            rows between unbounded preceding and current row
        ) as highest_number
    from core.outcomes as o
    inner join core.crimes as c on o.crime_ref = c.crime_ref
    where o.outcome_at is not null and o.outcome_code is not null
),

changes as (
    select crime_ref, recorded_at as changed_at, true as is_open, -1 as place
    from core.crimes
    where recorded_at is not null
    union all
    select crime_ref, changed_at, outcome_code = '0', sequence_number
    from ordered
    where sequence_number = highest_number
),

states as (
    select
        crime_ref,
        is_open,
        changed_at as open_from_at,
        lead(changed_at) over (partition by crime_ref order by changed_at, place) as changed_until_at
    from changes
),

removed as (
    select crime_ref, min(removed_at) as removed_at
    from core.removals
    where removal_code in ('C1', 'C2', 'C3', 'C4', 'C5')
    group by crime_ref
),

known as (
    select crime_ref, max(sequence_number) as sequence_number
    from ordered
    group by crime_ref
),

-- closed on an unknown day: a last outcome without date or readable code, or a removal without a date. So is a record
-- that says closed, cancelled or transferred without a dated outcome or removal
unclear as (
    select o.crime_ref
    from core.outcomes as o
    left join known as k on o.crime_ref = k.crime_ref
    where (o.outcome_at is null or o.outcome_code is null) and coalesce(o.sequence_number >= k.sequence_number, true)
    union
    select c.crime_ref
    from core.crimes as c
    left join removed as r on c.crime_ref = r.crime_ref
    left join (select crime_ref from ordered where outcome_code <> '0' group by crime_ref) as o
        on c.crime_ref = o.crime_ref
    where c.status is not null and not c.is_open and r.removed_at is null and o.crime_ref is null
    union
    -- a row of its outcomes is in quarantine: it may have closed the crime
    select crime_ref
    from core.quarantined_outcomes
    where crime_ref is not null
    union
    select crime_ref
    from removed
    where removed_at is null
)

select
    s.crime_ref,
    c.force_code,
    greatest(s.open_from_at, h.counts_from) as open_from_at,
    least(s.changed_until_at, r.removed_at, h.counts_until) as open_until_at,
    u.crime_ref is not null as is_end_unknown
from states as s
inner join core.crimes as c on s.crime_ref = c.crime_ref
-- by the class on record at the time
inner join core.stalking_harassment_spans as h on s.crime_ref = h.crime_ref
left join removed as r on s.crime_ref = r.crime_ref
left join unclear as u on s.crime_ref = u.crime_ref
where s.is_open
    and coalesce(
        greatest(s.open_from_at, h.counts_from) < least(s.changed_until_at, r.removed_at, h.counts_until), true
    )
