-- /// card
-- description = "One row is an outcome, charge, arrest or step of an order that a median counts, and the days that it took."
-- grain = []
-- by_force = true
-- audience = []
-- caveats = [
--     "The first of each crime alone, and each order granted. Cases without one by the as-of moment have no row.",
--     """Events of the first twelve months of the extract (a setting) are left out: those of crimes recorded before it \
--     are not in it, so the times would be too short.""",
--     "An event before its start counts as on the day itself.",
-- ]
-- [columns]
-- measure_code = ["varchar", "Measure, as in reference.measures"]
-- crime_ref = "columns"
-- month = ["date", "London month of the event; null where its day is not known"]
-- days = ["integer", "Days to the event, from recording, or as its measure says; null where either day is not known", "days"]
-- ///

-- An event counts in the period in which it happened, so a later one changes none but by a correction of its record.
with moments as (
    select
        as_of_at,
        -- --as-of DATE is the midnight at the end of that day
        london_date(as_of_at - interval 1 second) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

begun as (
    select cast(min(d.month) + interval 1 month * cast(any_value(s.medians_history_months) as integer) as date) as month
    from metrics.demand_months as d
    cross join core.settings as s
    where d.source = 'extract' and d.offence_code = 'S&H'
),

-- not removed by the as-of moment
recorded as (
    select e.crime_ref, c.recorded_date
    from core.measure_events as e
    inner join core.crimes as c on e.crime_ref = c.crime_ref
    where e.measure_code = 'recorded'
),

assigned as (
    select o.crime_ref, o.sequence_number, o.outcome_date, o.outcome_group
    from core.outcomes as o
    cross join moments as m
    where o.outcome_at <= m.as_of_at and o.outcome_code <> '0'
),

firsts as (
    select
        'days_to_outcome' as measure_code,
        crime_ref,
        min(outcome_date) as first_date,
        min(sequence_number) as sequence_number
    from assigned
    group by crime_ref
    union all
    select 'days_to_charge', crime_ref, min(outcome_date), min(sequence_number)
    from assigned
    where outcome_group = 'Charged/Summonsed'
    group by crime_ref
),

-- an outcome that cannot be read may have been the first, unless it came later
unread as (
    select crime_ref, min(sequence_number) as sequence_number
    from (
        select crime_ref, coalesce(sequence_number, 0) as sequence_number
        from core.outcomes
        where outcome_at is null or outcome_code is null
        union all
        select crime_ref, 0
        from core.quarantined_outcomes
        where crime_ref is not null
    ) as u
    group by crime_ref
),

outcomes as (
    select f.measure_code, f.crime_ref, case when u.crime_ref is null then f.first_date end as event_date
    from firsts as f
    left join unread as u
        on f.crime_ref = u.crime_ref and coalesce(u.sequence_number <= f.sequence_number, true)
    union all
    select k.measure_code, u.crime_ref, cast(null as date)
    from unread as u
    cross join (values ('days_to_outcome'), ('days_to_charge')) as k (measure_code)
    anti join firsts as f on u.crime_ref = f.crime_ref and k.measure_code = f.measure_code
),

arrests as (
    select
        crime_ref,
        case when count(*) = count(arrested_at) then min(london_date(arrested_at)) end
            as event_date
    from core.custodies
    where crime_ref is not null
    group by crime_ref
),

-- the crime of an order is the last one of the two people that was reported before it
stalking_orders as (
    select
        f.crime_ref,
        f.order_type,
        london_date(c.reported_at) as reported_date,
        london_date(o.considered_at) as considered_date,
        london_date(f.applied_at) as applied_date,
        london_date(f.granted_at) as granted_date
    from core.order_facts as f
    inner join core.orders as o on f.order_ref = o.order_ref
    left join core.crimes as c on f.crime_ref = c.crime_ref
    where f.is_stalking_protection and f.crime_ref is not null
),

events as (
    select o.measure_code, o.crime_ref, r.recorded_date as from_date, o.event_date
    from outcomes as o
    inner join recorded as r on o.crime_ref = r.crime_ref
    union all
    select 'days_to_arrest', a.crime_ref, r.recorded_date, a.event_date
    from arrests as a
    inner join recorded as r on a.crime_ref = r.crime_ref
    union all
    select
        case when order_type = 'spo_full' then 'days_to_full_spo' else 'days_to_interim_spo' end,
        crime_ref,
        applied_date,
        granted_date
    from stalking_orders
    where granted_date is not null
    union all
    select 'days_report_to_spo_considered', crime_ref, reported_date, considered_date
    from stalking_orders
    where considered_date is not null
    union all
    select 'days_report_to_spo_applied', crime_ref, reported_date, applied_date
    from stalking_orders
    where applied_date is not null
)

select
    e.measure_code,
    e.crime_ref,
    month_of(e.event_date) as month,
    cast(
        case when e.event_date < e.from_date then 0 else round((epoch(e.event_date) - epoch(e.from_date)) / 86400) end
        as integer
    ) as days
from events as e
cross join moments as m
cross join begun as b
where e.event_date is null or (e.event_date <= m.as_of_date and e.event_date >= b.month)
