-- /// card
-- description = "One row is a crime with the domestic abuse flags that it should have."
-- grain = ["crime_ref"]
-- audience = ["integrity"]
-- caveats = ["Rules use these facts; a null fact could not be assessed and is never a pass."]
-- [columns]
-- "crime_ref, force_code, recorded_date, recorded_month, unit_name, class_code, relationships" = "core.crimes"
-- is_flag_due = ["boolean", "Partner, former partner or family, both 16 or over; or not known to be"]
-- has_due_flag = ["boolean", "CLS-18: the flag is set; null where it is not known whether it should be"]
-- earlier_count = ["bigint", "Earlier domestic abuse crimes and incidents of the victim in the window", "occasions"]
-- is_repeat_flag_due = ["boolean", "Domestic abuse, or not known to be, with earlier ones"]
-- has_due_repeat_flag = ["boolean", "CLS-19: the repeat flag is set; null where it is not known whether it should be"]
-- ///

-- Domestic abuse flags compared with relationship, age and history: recording-standards 6.3 (CLS-18, CLS-19).
with limits as (
    select classification_window_months as window_months
    from core.settings
),

-- 6.0.4 needs two people: where one has no row, the age is not known
judged as (
    select
        *,
        case when victim_count > 0 and suspect_count > 0 or not is_domestic_abuse then is_domestic_abuse end
            as is_flag_due
    from core.crimes
),

flags as (
    select crime_ref, bool_or(flag = 'da') as has_flag, bool_or(flag = 'repeat_da') as has_repeat_flag
    from core.crime_flags
    group by crime_ref
),

victims as (
    select distinct crime_ref, person_key
    from core.parties
    where party_role = 'victim' and person_key is not null
),

-- 6.0.5: a victim's incidents are those of the victim's crimes and those linked to them. An incident linked only by a
-- later crime was not known when an earlier crime was recorded
incidents as (
    select v.person_key, c.incident_ref, c.reported_at as known_at
    from victims as v
    inner join core.crimes as c on v.crime_ref = c.crime_ref
    where c.incident_ref is not null and not c.is_cancelled and not c.is_transferred
    union
    select v.person_key, l.linked_ref, c.reported_at
    from victims as v
    inner join core.crimes as c on v.crime_ref = c.crime_ref
    inner join core.crime_links as l on v.crime_ref = l.crime_ref
    where l.linked_type = 'incident'
),

histories as (
    select
        v.person_key,
        c.reported_at as happened_at,
        coalesce(c.incident_ref, c.crime_ref) as occasion_ref,
        c.reported_at as known_at
    from victims as v
    inner join core.crimes as c on v.crime_ref = c.crime_ref
    left join flags as f on c.crime_ref = f.crime_ref
    -- a flagged crime counts too, where relationship or age is not known
    where (c.is_domestic_abuse or f.has_flag) and not c.is_cancelled and not c.is_transferred
    union all
    select n.person_key, i.created_at, i.incident_ref, n.known_at
    from incidents as n
    inner join core.incidents as i on n.incident_ref = i.incident_ref
    where i.is_domestic_abuse
),

earlier as (
    select c.crime_ref, count(distinct h.occasion_ref) as earlier_count
    from core.crimes as c
    cross join limits as l
    inner join victims as v on c.crime_ref = v.crime_ref
    inner join histories as h
        on v.person_key = h.person_key
        and coalesce(c.incident_ref, c.crime_ref) <> h.occasion_ref
        and h.happened_at < c.reported_at
        and h.known_at <= c.reported_at
        and h.happened_at >= c.reported_at - interval 1 month * cast(l.window_months as integer)
    group by c.crime_ref
)

select
    c.crime_ref,
    c.force_code,
    c.recorded_date,
    c.recorded_month,
    c.unit_name,
    c.class_code,
    c.relationships,
    coalesce(c.is_flag_due, true) as is_flag_due,
    case when c.is_flag_due then coalesce(f.has_flag, false) end as has_due_flag,
    coalesce(e.earlier_count, 0) as earlier_count,
    coalesce(c.is_flag_due, true) and coalesce(e.earlier_count, 0) > 0 as is_repeat_flag_due,
    case when c.is_flag_due then coalesce(f.has_repeat_flag, false) end as has_due_repeat_flag
from judged as c
left join flags as f on c.crime_ref = f.crime_ref
left join earlier as e on c.crime_ref = e.crime_ref
