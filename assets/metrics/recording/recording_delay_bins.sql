-- /// card
-- description = """One row is an interval of hours from report to record of stalking and harassment, for all, one \
--     class or one unit."""
-- grain = ["breakdown", "value", "bin_number"]
-- by_force = true
-- audience = ["integrity"]
-- caveats = [
--     "Intervals differ in length. Each includes its upper end: exactly 24 hours is in 12 to 24 hours.",
--     "The crimes are those of the measure recorded_24h.",
-- ]
-- [columns]
-- breakdown = ["varchar", "all, class or unit"]
-- value = ["varchar", "Group"]
-- bin_number = ["integer", "Order of the intervals"]
-- bin_label = ["varchar", "Name of the interval", "", "From report to record"]
-- up_to_hours = ["double", "Upper end; null for the last interval", "hours"]
-- crime_count = ["bigint", "Crimes recorded in that time", "crimes"]
-- measured_count = ["bigint", "Crimes of the group whose delay can be measured", "crimes", "Crimes measured"]
-- crime_share = ["double", "Recorded in that time, of those measured", "0 to 1", "Share"]
-- "share_lower, share_upper" = "columns"
-- ///

with settings as (
    select intervals_z as z
    from core.settings
),

bins as (
    select *
    from (
        values
            (1, 'within 1 hour', cast(-1.0 as double), cast(1.0 as double)),
            (2, '1 to 6 hours', 1.0, 6.0),
            (3, '6 to 12 hours', 6.0, 12.0),
            (4, '12 to 24 hours', 12.0, 24.0),
            (5, '24 to 48 hours', 24.0, 48.0),
            (6, '48 to 72 hours', 48.0, 72.0),
            (7, '3 to 7 days', 72.0, 168.0),
            (8, 'over 7 days', 168.0, cast(null as double))
    ) as t (bin_number, bin_label, over_hours, up_to_hours)
),

delays as (
    select coalesce(c.unit_name, 'not known') as unit_name, c.class_code,
        hours_between(c.reported_at, c.recorded_at) as delay_hours
    from core.measure_events as e
    inner join core.crimes as c on e.crime_ref = c.crime_ref
    where e.measure_code = 'recorded_24h' and c.recorded_at >= c.reported_at
),

members as (
    select 'all' as breakdown, 'stalking and harassment' as value, delay_hours
    from delays
    union all
    select 'class', class_code, delay_hours
    from delays
    union all
    select 'unit', unit_name, delay_hours
    from delays
),

totals as (
    select breakdown, value, count(*) as measured_count
    from members
    group by breakdown, value
),

counted as (
    select m.breakdown, m.value, b.bin_number, count(*) as crime_count
    from members as m
    inner join bins as b on m.delay_hours > b.over_hours and (m.delay_hours <= b.up_to_hours or b.up_to_hours is null)
    group by m.breakdown, m.value, b.bin_number
),

shared as (
    select
        t.breakdown, t.value, b.bin_number, b.bin_label, b.up_to_hours, t.measured_count,
        coalesce(c.crime_count, 0) as crime_count,
        coalesce(c.crime_count, 0) / t.measured_count as share
    from totals as t
    cross join bins as b
    left join counted as c on t.breakdown = c.breakdown and t.value = c.value and b.bin_number = c.bin_number
)

select
    h.breakdown,
    h.value,
    h.bin_number,
    h.bin_label,
    h.up_to_hours,
    h.crime_count,
    h.measured_count,
    h.share as crime_share,
    -- Wilson interval, 5.1
    wilson_lower(h.share, h.measured_count, s.z) as share_lower,
    wilson_upper(h.share, h.measured_count, s.z) as share_upper
from shared as h
cross join settings as s
