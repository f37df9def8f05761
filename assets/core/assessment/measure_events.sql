-- /// card
-- description = "One row is a crime or duty that a measure counts in a month, and whether it meets it."
-- grain = []
-- audience = []
-- caveats = [
--     "The measures whose months add up. Open crimes, repeats and orders made are in metrics.measure_cells.",
--     "Its readers leave out what the force of the crime cannot measure: core.supply_gaps.",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- crime_ref = "columns"
-- month = ["date", """London month of recording, of the order's step, or in which the duty arose; null where that is \
--     not known"""]
-- is_met = ["boolean", "It is in the numerator; null where that is not known, which is in neither"]
-- ///

-- One SELECT a measure. To add one: a row in reference.own_measures, and its events here.
with stalking as (
    select c.crime_ref
    from core.crimes as c
    inner join reference.class_groups as g
        on g.class_group = 'stalking' and g.code_type = 'class' and c.class_code = g.code
),

harassment as (
    select c.crime_ref
    from core.crimes as c
    inner join reference.class_groups as g
        on g.class_group = 'harassment' and g.code_type = 'class' and c.class_code = g.code
),

in_scope as (
    select c.crime_ref, c.recorded_date, c.recorded_month, c.reported_at, c.recorded_at
    from core.crimes as c
    cross join core.extract_moments as m
    -- a crime removed later still counts
    where c.is_stalking_or_harassment and c.recorded_date is not null and not (
        (coalesce(c.is_cancelled, false) or coalesce(c.is_transferred, false))
        and coalesce(c.removed_at <= m.as_of_at, true)
    )
),

followed as (
    select
        t.crime_ref,
        month_of(t.recorded_date) as month,
        d.days,
        t.is_outcome_unread,
        t.outcome_group,
        t.outcome_code,
        t.outcome_code is not null and t.end_day <= d.days as has_outcome
    from core.outcome_times as t
    cross join (values (90), (180), (365)) as d (days)
    where t.removal_type = '' and t.is_principal and t.followed_days >= d.days
),

-- --as-of DATE is the midnight at the end of that day
today as (
    select london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
),

arrests as (
    select
        crime_ref,
        min(london_date(arrested_at)) as first_date,
        count(*) > count(arrested_at) as has_undated
    from core.custodies
    where crime_ref is not null
    group by crime_ref
),

order_days as (
    select
        f.order_ref,
        f.crime_ref,
        london_date(o.considered_at) as considered_date,
        london_date(f.applied_at) as applied_date,
        london_date(f.granted_at) as granted_date
    from core.order_facts as f
    inner join core.orders as o on f.order_ref = o.order_ref
    where f.is_stalking_protection and f.crime_ref is not null
),

first_refusals as (
    select order_ref, min(london_date(event_at)) as first_date
    from core.order_events
    where event_kind = 'refused'
    group by order_ref
),

first_breaches as (
    select
        order_ref,
        min(london_date(breached_at)) as first_date,
        count(*) > count(breached_at) as has_undated
    from core.order_breaches
    group by order_ref
),

-- what came next, within a number of days of a day: null where it has no day
steps as (
    select
        'arrested_30' as measure_code,
        c.crime_ref,
        c.recorded_date as from_date,
        30 as days,
        a.first_date as met_date,
        coalesce(a.has_undated, false) as is_undated
    from in_scope as c
    left join arrests as a on c.crime_ref = a.crime_ref
    union all
    select 'spo_applied_28', crime_ref, considered_date, 28, applied_date, false
    from order_days
    union all
    select 'spo_granted_90', crime_ref, applied_date, 90, granted_date, false
    from order_days
    union all
    select 'spo_refused_180', o.crime_ref, o.applied_date, 180, r.first_date, false
    from order_days as o
    left join first_refusals as r on o.order_ref = r.order_ref
    union all
    select 'spo_breached_365', o.crime_ref, o.granted_date, 365, b.first_date, coalesce(b.has_undated, false)
    from order_days as o
    left join first_breaches as b on o.order_ref = b.order_ref
)

select 'recorded' as measure_code, crime_ref, recorded_month as month, true as is_met
from in_scope
union all
select 'recorded_stalking', crime_ref, recorded_month, true
from in_scope
semi join stalking using (crime_ref)
union all
select 'recorded_harassment', crime_ref, recorded_month, true
from in_scope
semi join harassment using (crime_ref)
union all
select
    'recorded_24h',
    crime_ref,
    recorded_month,
    case when recorded_at >= reported_at then epoch(recorded_at) - epoch(reported_at) <= 24 * 3600 end
from in_scope
union all
select 'outcome_' || cast(days as varchar), crime_ref, month, case when not is_outcome_unread then has_outcome end
from followed
union all
select
    'charged_' || cast(days as varchar),
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_group = 'Charged/Summonsed' end
from followed
union all
select
    'charged_365_stalking',
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_group = 'Charged/Summonsed' end
from followed
semi join stalking using (crime_ref)
where days = 365
union all
select
    'victim_not_supporting_365',
    crime_ref,
    month,
    case when not is_outcome_unread then has_outcome and outcome_code = '16' end
from followed
where days = 365
union all
select
    s.measure_code,
    s.crime_ref,
    month_of(s.from_date),
    case when s.met_date - s.from_date <= s.days then true when not s.is_undated then false end
from steps as s
cross join today as t
where s.from_date + s.days <= t.as_of_date
union all
select
    d.measure_code,
    d.crime_ref,
    d.month,
    case when d.state in ('met', 'late', 'missed') then d.state = 'met' end
from core.protection_duties as d
where d.state <> 'not yet due'
