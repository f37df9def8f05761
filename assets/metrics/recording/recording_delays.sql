-- /// card
-- description = """One row is a group of stalking and harassment (all, one class, one unit, one month) with the time \
--     taken to record it."""
-- grain = ["breakdown", "value"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Elapsed time from the first report to the crime record, across clock changes.",
--     "The share recorded within 24 hours is the measure recorded_24h, in metrics.measure_values, of the same crimes.",
--     "A crime recorded before its report cannot be measured.",
--     "Batch times at midnight make delays wrong: see rule TIM-04.",
-- ]
-- [columns]
-- breakdown = ["varchar", "all, class, unit or month"]
-- value = ["varchar", "Group"]
-- recorded_month = ["date", "Month of recording; null for other groups"]
-- median_hours = ["double", "Median delay", "hours", "Median, hours"]
-- ninth_decile_hours = ["double", """Time within which nine in ten crimes were \
--     recorded""", "hours", "Nine in ten within, hours"]
-- escalate_hours = ["double", "Limit beyond which a delay is escalated", "hours"]
-- over_escalation_count = ["bigint", "Crimes that took longer than that", "crimes", "Over 72 hours"]
-- ///

-- Hours from first report to the crime record (recording-standards 1.2), elapsed in UTC.
with delays as (
    select
        c.recorded_month,
        c.class_code,
        coalesce(c.unit_name, 'not known') as unit_name,
        -- a record made before its report cannot be measured (STR-08)
        case when c.recorded_at >= c.reported_at then hours_between(c.reported_at, c.recorded_at) end as delay_hours
    from core.measure_events as e
    inner join core.crimes as c on e.crime_ref = c.crime_ref
    where e.measure_code = 'recorded_24h'
),

members as (
    select 'all' as breakdown, 'stalking and harassment' as value, cast(null as date) as recorded_month, delay_hours
    from delays
    union all
    select 'class', class_code, cast(null as date), delay_hours
    from delays
    union all
    select 'unit', unit_name, cast(null as date), delay_hours
    from delays
    union all
    select 'month', cast(recorded_month as varchar), recorded_month, delay_hours
    from delays
),

placed as (
    select
        breakdown, value, recorded_month, delay_hours,
        row_number() over (partition by breakdown, value order by delay_hours nulls last) as place,
        count(delay_hours) over (partition by breakdown, value) as measured_count
    from members
)

select
    p.breakdown,
    p.value,
    p.recorded_month,
    median(p.delay_hours) as median_hours,
    -- the smallest delay that nine in ten crimes do not exceed
    min(p.delay_hours) filter (where p.place >= 0.9 * p.measured_count) as ninth_decile_hours,
    max(s.timeliness_escalate_hours) as escalate_hours,
    count(*) filter (where p.delay_hours > s.timeliness_escalate_hours) as over_escalation_count
from placed as p
cross join core.settings as s
group by p.breakdown, p.value, p.recorded_month
