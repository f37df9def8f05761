-- /// card
-- description = """One row is a day, with its number among the working days of England and Wales, and the time of it that \
--     counts towards the 48 hours of a domestic abuse notice."""
-- grain = ["day"]
-- audience = []
-- caveats = ["2012 to 2028: days outside these years cannot be counted, and periods in them are not known."]
-- [columns]
-- day = ["date", "Day", "", "Days"]
-- is_working_day = ["boolean", "Neither Saturday, Sunday nor bank holiday"]
-- working_day_number = ["bigint", """Working days from 1 January 2012 to this day, inclusive; for the day on which a \
--     period begins""", "days"]
-- ending_working_day_number = ["bigint", """The same, but a day off has the number of the next working day; for the \
--     day on which a period ends""", "days"]
-- begins_at = ["timestamp with time zone", "Its first moment, London", "UTC"]
-- is_counted = ["boolean", "Neither Sunday, Christmas Day, Good Friday nor bank holiday: it counts towards a notice"]
-- counted_seconds = ["bigint", "Length of the day; 0 if it does not count towards a notice", "seconds"]
-- seconds_before = ["bigint", "The same of all earlier days", "seconds"]
-- ///

-- The difference of two numbers is the count of working days between two days. A day off has the number of the previous
-- working day where a period begins, and of the next one where it ends. So a Saturday is later than the working day
-- before it.
-- Notices: Crime and Security Act 2010, s.27, and Domestic Abuse Act 2021, s.29(3): whole days do not count. A Saturday
-- does. The list of bank holidays has the substitute where Christmas Day or Boxing Day is a Saturday; the Acts leave out
-- the day itself as well (25 December by their own words, 26 December by the Banking and Financial Dealings Act 1971,
-- Sch. 1).
with days as (
    select cast(t.moment as date) as day
    from unnest(generate_series(date '2012-01-01', date '2028-12-31', interval 1 day)) as t(moment)
),

marked as (
    select
        d.day,
        h.holiday_date is null and strftime(d.day, '%a') not in ('Sat', 'Sun') as is_working_day,
        cast(d.day as timestamp) at time zone 'Europe/London' as begins_at,
        h.holiday_date is null
        and strftime(d.day, '%a') <> 'Sun'
        and strftime(d.day, '%m-%d') not in ('12-25', '12-26') as is_counted
    from days as d
    left join reference.bank_holidays as h on d.day = h.holiday_date
),

numbered as (
    select
        day,
        is_working_day,
        cast(sum(case when is_working_day then 1 else 0 end) over (order by day) as bigint) as working_day_number,
        begins_at,
        is_counted,
        -- the clocks change on Sundays, so a day that counts has 24 hours
        cast(case when is_counted then 24 * 3600 else 0 end as bigint) as counted_seconds
    from marked
)

select
    day,
    is_working_day,
    working_day_number,
    working_day_number + case when is_working_day then 0 else 1 end as ending_working_day_number,
    begins_at,
    is_counted,
    counted_seconds,
    cast(sum(counted_seconds) over (order by day) as bigint) - counted_seconds as seconds_before
from numbered
