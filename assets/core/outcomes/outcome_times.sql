-- /// card
-- description = """One row is a crime classed as stalking or harassment at the as-of moment, principal or included: \
--     its outcome by then and the days to it."""
-- grain = ["crime_ref"]
-- audience = []
-- caveats = [
--     """Nothing recorded after the as-of moment is used: removals, classes, outcomes, flags and submissions count \
--     from their own times. The unit is that of the officer on the record, which has no time.""",
--     """The outcome is the one current by then. Its date is the first day of its group without a break. A reopened \
--     crime is open; has_earlier_outcome shows that it had an outcome before.""",
--     """No crimes of a force that did not deliver outcomes, their codes or their times: not measured, never open.""",
--     "Days are differences of London dates: an outcome on the day of recording is on day 0.",
-- ]
-- [columns]
-- crime_ref = "core.crimes"
-- offence_class = ["varchar", "Principal class by then"]
-- is_principal = ["boolean", """That class is 8L, 8M, 8Q, 8R or 8U; otherwise stalking or harassment is an included \
--     classification"""]
-- recorded_date = "core.crimes"
-- recorded_quarter = ["varchar", "Quarter of recording, 2025-Q1"]
-- regime_code = "core.crimes"
-- relationship_group = ["varchar", "Relationship of victim and suspect, grouped; not recorded where none is"]
-- is_flagged_domestic = ["boolean", "Flagged as domestic abuse by then; null where the force has no flags"]
-- unit_name = "core.crimes"
-- removal_type = ["varchar", "cancelled or transferred by then; null if not removed"]
-- is_outcome_unread = ["boolean", """An outcome has no date or no readable code, and no later one has both, or a \
--     row of its outcomes is in quarantine: the result is not known"""]
-- outcome_code = ["varchar", "Current outcome; null where open"]
-- outcome_group = ["varchar", "Published group of the current outcome; null where open"]
-- alternate_ho_code = ["varchar", "Home Office code of an alternate offence charged"]
-- has_earlier_outcome = ["boolean", "The crime had an outcome of another group before"]
-- end_day = ["integer", "Days from recording to the outcome, or to the as-of day where open", "days"]
-- followed_days = ["integer", "Days from recording to the as-of day", "days"]
-- has_early_advice = ["boolean", """Early investigative advice was requested by then, not after the outcome; null \
--     where the force has no submissions"""]
-- ///

-- Recording-standards 3.1: a charge after outcome 16 is a charge. Days run to the first day of the current outcome
-- group without a break. A reopened crime is open.
with moments as (
    select
        as_of_at,
        -- --as-of DATE is the midnight at the end of that day
        london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

history as (
    select
        crime_ref,
        class_code,
        changed_at,
        row_number() over (partition by crime_ref order by sequence_number, changed_at, class_code) as place,
        row_number() over (partition by crime_ref order by sequence_number desc, changed_at desc, class_code desc) as place_from_last
    from core.classification_changes
    where changed_at is not null
),

-- class by then, as in core.stalking_harassment_spans
known_classes as (
    select
        h.crime_ref,
        h.class_code,
        h.place_from_last,
        row_number() over (partition by h.crime_ref order by h.place desc) as place_from_known
    from history as h
    cross join moments as m
    where h.place = 1 or h.changed_at <= m.as_of_at
),

removed as (
    select
        r.crime_ref,
        case when max(r.removal_code) = 'C1' then 'transferred' else 'cancelled' end as removal_type
    from core.removals as r
    cross join moments as m
    where r.removed_at <= m.as_of_at and r.removal_code in ('C1', 'C2', 'C3', 'C4', 'C5')
    group by r.crime_ref
),

marked as (
    select
        *,
        max(case when place_from_last = 1 then outcome_group end) over (partition by crime_ref) as standing_group
    from core.known_outcomes
),

counted as (
    select
        *,
        sum(case when outcome_group <> standing_group then 1 else 0 end) over (
            partition by crime_ref order by place_from_last rows between unbounded preceding and current row
        ) as others_since
    from marked
),

standing as (
    select
        crime_ref,
        max(outcome_code) filter (where place_from_last = 1) as outcome_code,
        max(standing_group) as outcome_group,
        max(alternate_ho_code) filter (where place_from_last = 1) as alternate_ho_code,
        min(outcome_date) filter (where others_since = 0) as outcome_date,
        coalesce(bool_or(others_since > 0 and outcome_code <> '0'), false) as has_earlier_outcome
    from counted
    group by crime_ref
),

relations as (
    select p.crime_ref, arg_min(g.relationship_group, g.place) as relationship_group
    from core.parties as p
    inner join reference.relationship_groups as g on p.relationship = g.relationship
    cross join moments as m
    where p.party_role in ('victim', 'suspect', 'offender') and coalesce(p.first_added_at <= m.as_of_at, true)
    group by p.crime_ref
),

flags as (
    select f.crime_ref, bool_or(f.flag = 'da') as is_domestic
    from core.crime_flags as f
    cross join moments as m
    where coalesce(f.set_at <= m.as_of_at, true)
    group by f.crime_ref
),

advised as (
    select s.crime_ref, min(london_date(s.submitted_at)) as advice_date
    from core.cps_submissions as s
    cross join moments as m
    where s.submission_type = 'ea' and s.submitted_at <= m.as_of_at
    group by s.crime_ref
),

-- without a date or a readable code, and no later readable outcome, the result is not known: counting the crime as open
-- would lower every share. The same holds if a row of its outcomes is in quarantine (NFA is no code): it may be the last
unread as (
    select crime_ref
    from core.quarantined_outcomes
    where crime_ref is not null
    union
    select o.crime_ref
    from core.outcomes as o
    left join (select crime_ref, max(sequence_number) as sequence_number from core.known_outcomes group by crime_ref) as k
        on o.crime_ref = k.crime_ref
    where (o.outcome_at is null or o.outcome_code is null)
        and coalesce(o.sequence_number >= k.sequence_number, true)
    group by o.crime_ref
),

dated_removals as (
    select distinct crime_ref
    from core.removals
),

-- each force's crimes by what that force delivered
supplied as (
    select
        c.force_code,
        count(f.crime_ref) > 0 as has_flags,
        count(s.crime_ref) > 0 as has_submissions
    from core.crimes as c
    left join (select distinct crime_ref from core.crime_flags) as f on c.crime_ref = f.crime_ref
    left join (select distinct crime_ref from core.cps_submissions) as s on c.crime_ref = s.crime_ref
    group by c.force_code
),

has_outcomes as (
    select d.force_code
    from core.force_deliveries as d
    left join core.absent_fields as a
        on d.force_code is not distinct from a.force_code and d.source = a.source
        and a.field_name in ('code', 'outcome_ts')
    where d.source = 'outcome' and a.source is null
    group by d.force_code
),

crimes as (
    select
        c.*,
        m.as_of_date,
        case when k.place_from_last > 1 then k.class_code else c.class_code end as offence_class
    from core.crimes as c
    inner join moments as m on c.recorded_at <= m.as_of_at
    inner join core.stalking_harassment_spans as s
        on c.crime_ref = s.crime_ref and s.counts_from <= m.as_of_at and coalesce(s.counts_until > m.as_of_at, true)
    left join known_classes as k on c.crime_ref = k.crime_ref and k.place_from_known = 1
)

select
    c.crime_ref,
    c.offence_class,
    n.code is not null as is_principal,
    c.recorded_date,
    cast(year(c.recorded_date) as varchar) || '-Q' || cast(quarter(c.recorded_date) as varchar) as recorded_quarter,
    c.regime_code,
    coalesce(r.relationship_group, 'not recorded') as relationship_group,
    case when p.has_flags then coalesce(f.is_domestic, false) end as is_flagged_domestic,
    c.unit_name,
    -- a record system may show this only by the status
    case
        when g.removal_type is not null then g.removal_type
        when d.crime_ref is null and c.status in ('cancelled', 'transferred') then c.status
        else ''
    end as removal_type,
    u.crime_ref is not null as is_outcome_unread,
    case when o.outcome_code <> '0' then o.outcome_code end as outcome_code,
    case when o.outcome_code <> '0' then o.outcome_group end as outcome_group,
    case when o.outcome_code <> '0' then o.alternate_ho_code end as alternate_ho_code,
    coalesce(o.has_earlier_outcome, false) as has_earlier_outcome,
    -- an outcome dated before the recording (see STR-07) counts on day 0
    cast(round(greatest(
        epoch(case when o.outcome_code <> '0' then least(o.outcome_date, c.as_of_date) else c.as_of_date end)
        - epoch(c.recorded_date), 0
    ) / 86400) as integer) as end_day,
    cast(round(greatest(epoch(c.as_of_date) - epoch(c.recorded_date), 0) / 86400) as integer) as followed_days,
    -- advice after the outcome cannot have led to it
    case
        when p.has_submissions
            then a.advice_date is not null and coalesce(o.outcome_code = '0' or a.advice_date <= o.outcome_date, true)
    end as has_early_advice
from crimes as c
inner join has_outcomes as w on c.force_code is not distinct from w.force_code
inner join supplied as p on c.force_code is not distinct from p.force_code
left join removed as g on c.crime_ref = g.crime_ref
left join dated_removals as d on c.crime_ref = d.crime_ref
left join unread as u on c.crime_ref = u.crime_ref
left join standing as o on c.crime_ref = o.crime_ref
left join relations as r on c.crime_ref = r.crime_ref
left join flags as f on c.crime_ref = f.crime_ref
left join advised as a on c.crime_ref = a.crime_ref
left join reference.class_groups as n on n.class_group = 'in scope' and c.offence_class = n.code
