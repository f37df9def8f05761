-- /// card
-- description = "One row is a record on a list for the daily or the weekly management meeting."
-- grain = ["list_code", "period", "record_type", "record_ref"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """As of the as-of moment: windows end with it, and later events are not on the lists. A list is only as \
--     current as the extract.""",
--     """Unit and whether the case is open are as delivered; the risk grade is that of the last assessment completed \
--     by then.""",
--     "Crimes cancelled or transferred by then are left out; orders and their breaches are not.",
--     "Where linkage is not measured, one person may appear as two: a repeat may be missing from the list.",
--     "Suspects are not offenders: a listed dyad is a reason to look at the records.",
-- ]
-- [columns]
-- list_code = ["varchar", "List, as in reference.meeting_lists"]
-- period = ["varchar", "daily or weekly"]
-- place = ["integer", "Position on the list: the oldest record, or the next to end, is first", "", "No."]
-- record_type = ["varchar", "crime, breach, order, bail (a custody record) or pair"]
-- record_ref = "columns"
-- crime_ref = ["varchar", """Crime of the record. For a breach of an order without a crime it is that of the order, \
--     and the reason says so. Null where none is known."""]
-- "unit_name, class_code" = "core.crimes"
-- risk_grade = ["varchar", "Grade of the last assessment completed by then; null without one", "", "Risk"]
-- is_case_open = ["boolean", "The case is open", "", "Case"]
-- arises_at = ["timestamp with time zone", """When the reason for listing arose; null for orders and bail that are to \
--     end""", "UTC", "When"]
-- hours_overdue = ["double", "Since the deadline; null for lists without one", "hours", "Overdue by"]
-- ends_date = ["date", "Last day on which an order or bail is in force; null for other lists", "", "Last day"]
-- days_to_end = ["integer", "To that day, London", "days", "Ends in"]
-- reason = ["varchar", "Why it is listed, from codes only: no text of the record", "", "Why it is listed"]
-- ///

-- Strategic-assessment 1: M3, M5, V3, V17, as of the as-of moment: windows end with it, and later events are not used.
-- References and codes only. A list without its data has no rows here: see metrics.meeting_list_states.
with moment as (
    select as_of_at, london_date(as_of_at) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

lists as (
    select
        l.list_code,
        l.period,
        m.as_of_at,
        m.as_of_date,
        m.as_of_at - interval 1 hour * cast(case when s.unit = 'hours' then s.value else 24 * s.value end as integer)
            as opens_at,
        cast(s.value as integer) as window_length
    from reference.meeting_lists as l
    inner join reference.settings as s on l.setting_key = s.key
    cross join moment as m
    left join core.supply_gaps as g on l.list_code = g.code
    where g.code is null
),

-- crimes removed by then are left out; orders and their breaches do not depend on a crime
removed as (
    select r.crime_ref
    from core.removals as r
    cross join moment as m
    where coalesce(r.removed_at <= m.as_of_at, true)
    group by r.crime_ref
),

crimes as (
    select
        c.crime_ref,
        c.unit_name,
        c.class_code,
        c.is_open,
        c.recorded_at <= m.as_of_at as is_recorded,
        (c.is_stalking_or_harassment or c.is_included_stalking_or_harassment) and r.crime_ref is null as is_looked_at
    from core.crimes as c
    cross join moment as m
    left join removed as r on c.crime_ref = r.crime_ref
),

grades as (
    select
        a.crime_ref,
        a.risk_grade,
        a.completed_at,
        lag(a.risk_grade) over (partition by a.crime_ref order by a.completed_at, a.assessment_ref) as grade_before,
        row_number() over (partition by a.crime_ref order by a.completed_at desc, a.assessment_ref desc)
            as place_from_last
    from core.risk_assessments as a
    cross join moment as m
    where a.completed_at <= m.as_of_at and a.risk_grade is not null
),

latest_grades as (
    select crime_ref, risk_grade
    from grades
    where place_from_last = 1
),

high_risks as (
    select
        crime_ref,
        max(completed_at) as arises_at,
        arg_max(coalesce(grade_before, ''), {'completed_at': completed_at, 'grade_before': coalesce(grade_before, '')})
            as grade_before
    from grades
    where risk_grade = 'high' and coalesce(grade_before, '') <> 'high'
    group by crime_ref
),

-- facts about a breach use fields that may be missing
absent as (
    select
        count(*) filter (where source = 'order_breach' and field_name = 'crime_id') > 0 as is_crime_absent,
        count(*) filter (where source = 'order_breach' and field_name = 'arrest_ts') > 0 as is_arrest_absent
    from core.absent_fields
),

broken_orders as (
    select
        b.breach_ref,
        b.order_ref,
        -- a crime recorded later is not known yet
        case when coalesce(c.is_recorded, true) then coalesce(b.crime_ref, o.crime_ref) else o.crime_ref end
            as crime_ref,
        b.breached_at as arises_at,
        coalesce(o.order_kind, 'order') || ' breached, '
        || case
            when x.is_crime_absent then 'whether a crime is recorded is not supplied'
            when b.crime_ref is not null and coalesce(c.is_recorded, true) then 'a crime is recorded'
            when b.no_crime_rationale is not null then 'a written reason why there is no crime'
            else 'no crime recorded'
        end
        || ', '
        || case
            when x.is_arrest_absent then 'arrests are not supplied'
            when b.arrested_at <= m.as_of_at then 'an arrest is dated'
            else 'no arrest dated'
        end
        -- unit, class and risk are those of that crime
        || case
            when o.crime_ref is not null and (b.crime_ref is null or not coalesce(c.is_recorded, true))
                then ', the crime given is that of the order'
            else ''
        end as reason
    from core.order_breaches as b
    cross join moment as m
    cross join absent as x
    left join core.order_stages as o on o.record_type = 'order' and b.order_ref = o.record_ref
    left join crimes as c on b.crime_ref = c.crime_ref
),

broken_bails as (
    select distinct b.custody_ref, u.crime_ref, b.breached_at as arises_at
    from core.bails as b
    inner join core.custodies as u on b.custody_ref = u.custody_ref
    where b.breached_at is not null
),

linkage as (
    select
        person_ref,
        bool_or(linkage_mark = 'not measured') as is_unlinked,
        bool_or(linkage_mark = 'doubtful') as is_doubtful
    from core.people
    group by person_ref
),

-- each dyad shows how certain it is that its records are of the same two people
dyads as (
    select
        d.dyad_ref,
        d.last_reported_at as arises_at,
        cast(d.event_count as varchar) || ' events in ' || cast(d.window_days as varchar) || ' days'
        || case
            when bool_or(coalesce(u.is_unlinked, true) or coalesce(v.is_unlinked, true))
                then ', linkage of people not measured'
            when bool_or(u.is_doubtful or v.is_doubtful) then ', linkage of people doubtful'
            else ''
        end as reason,
        min(r.crime_ref) as crime_ref
    from metrics.repeat_dyads as d
    inner join core.settings as s on d.window_days = s.meeting_repeat_days
    left join core.reports_as_of as r
        on r.is_current and d.dyad_ref = r.dyad_ref and d.last_reported_at = r.reported_at
    left join linkage as u on d.suspect_ref = u.person_ref
    left join linkage as v on d.victim_ref = v.person_ref
    where d.is_repeat
    group by d.dyad_ref, d.last_reported_at, d.event_count, d.window_days
),

-- one assessment answers every earlier event: a crime is listed once, with the duty that fell due first
overdue as (
    select
        d.crime_ref,
        min(d.arises_at) as arises_at,
        min(d.due_at) as due_at,
        max(d.due_at) as last_due_at,
        'not reassessed after: ' || string_agg(
            distinct replace(substr(d.measure_code, 12), '_', ' '), ', '
            order by replace(substr(d.measure_code, 12), '_', ' ')
        ) as reason
    from core.protection_duties as d
    inner join metrics.protection_measures as p
        on d.measure_code = p.measure_code and p.status <> 'not measured'
    where d.measure_code like 'reassessed%' and d.state = 'missed'
    group by d.crime_ref
),

entries as (
    select
        l.list_code, l.period, l.as_of_at, 'crime' as record_type, h.crime_ref as record_ref, h.crime_ref,
        h.arises_at, cast(null as timestamptz) as due_at, cast(null as date) as ends_date,
        cast(null as integer) as days_to_end,
        case
            when h.grade_before = '' then 'graded high, not graded before'
            else 'graded high, ' || h.grade_before || ' before'
        end as reason
    from high_risks as h
    inner join lists as l
        on l.list_code = 'new_high_risk' and h.arises_at > l.opens_at and h.arises_at <= l.as_of_at
    inner join crimes as c on h.crime_ref = c.crime_ref and c.is_looked_at
    union all
    select
        l.list_code, l.period, l.as_of_at, 'breach', b.breach_ref, b.crime_ref, b.arises_at, null, null, null, b.reason
    from broken_orders as b
    inner join lists as l
        on l.list_code = 'order_breaches' and b.arises_at > l.opens_at and b.arises_at <= l.as_of_at
    union all
    select
        l.list_code, l.period, l.as_of_at, 'bail', b.custody_ref, b.crime_ref, max(b.arises_at), null, null, null,
        'bail breached'
    from broken_bails as b
    inner join lists as l
        on l.list_code = 'bail_breaches' and b.arises_at > l.opens_at and b.arises_at <= l.as_of_at
    inner join crimes as c on b.crime_ref = c.crime_ref and c.is_looked_at
    group by l.list_code, l.period, l.as_of_at, b.custody_ref, b.crime_ref
    union all
    select
        l.list_code, l.period, l.as_of_at, 'pair', d.dyad_ref, d.crime_ref, d.arises_at, null, null, null, d.reason
    from dyads as d
    inner join lists as l
        on l.list_code = 'repeat_dyads' and d.arises_at > l.opens_at and d.arises_at <= l.as_of_at
    union all
    select
        l.list_code, l.period, l.as_of_at, 'crime', o.crime_ref, o.crime_ref, o.arises_at, o.due_at, null, null,
        o.reason
    from overdue as o
    inner join lists as l on l.list_code = 'overdue_reassessments'
    inner join crimes as c on o.crime_ref = c.crime_ref
    where c.is_open or o.last_due_at > l.opens_at
    union all
    select
        l.list_code, l.period, l.as_of_at, o.record_type, o.record_ref, o.crime_ref, null, null, o.ends_date,
        o.days_to_end, o.order_kind || ' ends'
    from core.order_stages as o
    inner join lists as l
        -- by kind: some forces keep bail conditions among their orders
        on l.list_code = case when o.order_kind = 'conditional bail' then 'bail_ending' else 'orders_ending' end
        and o.days_to_end <= l.window_length
    left join crimes as c on o.crime_ref = c.crime_ref
    where o.is_live and (o.order_kind <> 'conditional bail' or c.is_looked_at)
)

select
    e.list_code,
    e.period,
    cast(row_number() over (
        partition by e.list_code, e.period order by coalesce(e.due_at, e.arises_at), e.ends_date, e.record_ref
    ) as integer) as place,
    e.record_type,
    e.record_ref,
    e.crime_ref,
    c.unit_name,
    c.class_code,
    g.risk_grade,
    c.is_open as is_case_open,
    e.arises_at,
    hours_between(e.due_at, e.as_of_at) as hours_overdue,
    e.ends_date,
    e.days_to_end,
    e.reason
from entries as e
left join crimes as c on e.crime_ref = c.crime_ref
left join latest_grades as g on e.crime_ref = g.crime_ref
