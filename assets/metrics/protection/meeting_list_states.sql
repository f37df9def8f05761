-- /// card
-- description = "One row is a list for the daily or weekly management meeting: its count, or why it cannot be made."
-- grain = ["list_code", "period"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = ["A list that is not measured has no count: it is not an empty list."]
-- [columns]
-- "list_code, period, place, list_name" = "reference.meeting_lists"
-- rule_words = ["varchar", "What puts a record on the list"]
-- authority = "reference.meeting_lists"
-- as_of_at = "core.extract_moments"
-- is_measured = ["boolean", "The extract has the data that the list needs"]
-- reason = ["varchar", "Why it is not measured"]
-- record_count = ["bigint", "Records on it; null where it is not measured", "records", "Records"]
-- undated_count = ["bigint", """Records without a time, which may belong on it; null where the list \
--     cannot have any""", "records"]
-- older_count = ["bigint", """Closed cases, or cases of unknown status, that are still overdue and fell due before \
--     the window""", "crimes"]
-- not_seen = ["varchar", "Events that require a reassessment and are missing from the extract"]
-- ///

-- A list without its data is not measured: neither empty nor good.
with listed as (
    select list_code, period, count(*) as record_count
    from metrics.meeting_lists
    group by list_code, period
),

-- without a time, nobody knows whether it belongs on a list of the last hours
undated as (
    select 'new_high_risk' as list_code, count(distinct a.crime_ref) as undated_count
    from core.risk_assessments as a
    inner join core.crimes as c on a.crime_ref = c.crime_ref
    where
        a.risk_grade = 'high' and a.completed_at is null
        and (c.is_stalking_or_harassment or c.is_included_stalking_or_harassment)
    union all
    select 'order_breaches', count(*)
    from core.order_breaches
    where breached_at is null
),

-- cases that are not open and on no list, because they fell due before its window
overdue as (
    select l.period, count(distinct d.crime_ref) as older_count
    from core.protection_duties as d
    inner join metrics.protection_measures as p
        on d.measure_code = p.measure_code and p.status <> 'not measured'
    inner join core.crimes as c on d.crime_ref = c.crime_ref
    inner join reference.meeting_lists as l on l.list_code = 'overdue_reassessments'
    left join metrics.meeting_lists as n
        on l.list_code = n.list_code and l.period = n.period and d.crime_ref = n.crime_ref
    where
        d.measure_code like 'reassessed%' and d.state = 'missed'
        and not coalesce(c.is_open, false) and n.crime_ref is null
    group by l.period
),

unseen as (
    select string_agg(measure_name || ' (' || reason || ')', ', ' order by place) as words
    from metrics.protection_measures
    where measure_code like 'reassessed%' and status = 'not measured'
)

select
    l.list_code,
    l.period,
    l.place,
    l.list_name,
    replace(
        l.rule_words,
        '{window}',
        cast(cast(s.value as integer) as varchar) || ' '
        || case when s.value = 1 then substr(s.unit, 1, length(s.unit) - 1) else s.unit end
    ) as rule_words,
    l.authority,
    m.as_of_at,
    m.as_of_at is not null and g.code is null as is_measured,
    case
        when g.code is not null then g.lacks || ' not supplied'
        when m.as_of_at is null then 'no force extract is loaded'
    end as reason,
    case when m.as_of_at is not null and g.code is null then coalesce(n.record_count, 0) end as record_count,
    case when m.as_of_at is not null and g.code is null then u.undated_count end as undated_count,
    case
        when m.as_of_at is not null and g.code is null and l.list_code = 'overdue_reassessments'
            then coalesce(o.older_count, 0)
    end as older_count,
    case when g.code is null and l.list_code = 'overdue_reassessments' then x.words end as not_seen
from reference.meeting_lists as l
inner join reference.settings as s on l.setting_key = s.key
left join core.extract_moments as m on true
left join core.supply_gaps as g on l.list_code = g.code
left join listed as n on l.list_code = n.list_code and l.period = n.period
left join undated as u on l.list_code = u.list_code
left join overdue as o on l.period = o.period
cross join unseen as x
