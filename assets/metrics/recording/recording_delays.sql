-- /// card
-- description = """One row is a group of crimes (all, one class, one unit, one month) with the time taken to record \
--     them."""
-- grain = ["breakdown", "value"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     """Elapsed time from the first report to the crime record, across clock changes; exactly 24 hours meets the \
--     standard.""",
--     "A crime recorded before its report cannot be measured and is in no share.",
--     "Units and months count stalking and harassment (principal class); classes count all crimes of the class.",
--     "Batch times at midnight make delays wrong: see rule TIM-04.",
-- ]
-- [columns]
-- breakdown = ["varchar", "all, class, unit or month"]
-- value = ["varchar", "Group"]
-- recorded_month = ["date", "Month of recording; null for other groups"]
-- crime_count = ["bigint", "Crimes recorded", "crimes"]
-- measured_count = ["bigint", "Crimes whose delay can be measured", "crimes", "Measured"]
-- median_hours = ["double", "Median delay", "hours", "Median, hours"]
-- ninth_decile_hours = ["double", """Time within which nine in ten crimes were \
--     recorded""", "hours", "Nine in ten within, hours"]
-- limit_hours = ["double", "Time limit of the standard", "hours"]
-- within_limit_count = ["bigint", "Crimes recorded within the limit", "crimes", "In time, count"]
-- within_limit_share = ["double", "Share of the measured crimes; null where none was measured", "0 to 1", "In time"]
-- within_limit_lower = ["double", "Lower 95% limit (Wilson)", "0 to 1", "Lower limit"]
-- within_limit_upper = ["double", "Upper 95% limit (Wilson)", "0 to 1", "Upper limit"]
-- escalate_hours = ["double", "Limit beyond which a delay is escalated", "hours"]
-- over_escalation_count = ["bigint", "Crimes that took longer than that", "crimes", "Over 72 hours"]
-- ///

-- Hours from first report to the crime record (recording-standards 1.2), elapsed in UTC: exactly 24 hours meets the
-- standard.
with settings as (
    select
        intervals_z as z,
        timeliness_limit_hours as limit_hours,
        timeliness_escalate_hours as escalate_hours
    from core.settings
),

delays as (
    select
        recorded_month, class_code, is_stalking_or_harassment,
        coalesce(unit_name, 'not known') as unit_name,
        -- a record made before its report cannot be measured (STR-08)
        case
            when recorded_at >= reported_at then hours_between(reported_at, recorded_at)
        end as delay_hours
    from core.crimes
),

members as (
    select 'all' as breakdown, 'all crimes' as value, cast(null as date) as recorded_month, delay_hours
    from delays
    union all
    select 'all', 'stalking and harassment', cast(null as date), delay_hours
    from delays
    where is_stalking_or_harassment
    union all
    select 'class', coalesce(class_code, 'not known'), cast(null as date), delay_hours
    from delays
    union all
    select 'unit', unit_name, cast(null as date), delay_hours
    from delays
    where is_stalking_or_harassment
    union all
    select 'month', cast(recorded_month as varchar), recorded_month, delay_hours
    from delays
    where is_stalking_or_harassment
),

placed as (
    select
        breakdown, value, recorded_month, delay_hours,
        row_number() over (partition by breakdown, value order by delay_hours nulls last) as place,
        count(delay_hours) over (partition by breakdown, value) as measured_count
    from members
),

summed as (
    select
        p.breakdown, p.value, p.recorded_month,
        count(*) as crime_count,
        count(p.delay_hours) as measured_count,
        median(p.delay_hours) as median_hours,
        -- the smallest delay that nine in ten crimes do not exceed
        min(p.delay_hours) filter (where p.place >= 0.9 * p.measured_count) as ninth_decile_hours,
        count(*) filter (where p.delay_hours <= s.limit_hours) as within_limit_count,
        count(*) filter (where p.delay_hours > s.escalate_hours) as over_escalation_count,
        max(s.limit_hours) as limit_hours,
        max(s.escalate_hours) as escalate_hours,
        max(s.z) as z
    from placed as p
    cross join settings as s
    group by p.breakdown, p.value, p.recorded_month
),

shared as (
    select *, case when measured_count > 0 then within_limit_count / measured_count end as share
    from summed
)

select
    breakdown, value, recorded_month, crime_count, measured_count, median_hours, ninth_decile_hours,
    limit_hours, within_limit_count,
    share as within_limit_share,
    wilson_lower(share, measured_count, z) as within_limit_lower,
    wilson_upper(share, measured_count, z) as within_limit_upper,
    escalate_hours, over_escalation_count
from shared
