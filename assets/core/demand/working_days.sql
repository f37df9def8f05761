-- /// card
-- description = "One row is a day, with its number among the working days of England and Wales."
-- grain = ["day"]
-- audience = []
-- caveats = ["2012 to 2028: working days outside these years cannot be counted."]
-- [columns]
-- day = ["date", "Day", "", "Days"]
-- is_working_day = ["boolean", "Neither Saturday, Sunday nor bank holiday"]
-- working_day_number = ["bigint", """Working days from 1 January 2012 to this day, inclusive; for the day on which a \
--     period begins""", "days"]
-- ending_working_day_number = ["bigint", """The same, but a day off has the number of the next working day; for the \
--     day on which a period ends""", "days"]
-- ///

-- The difference of two numbers is the count of working days between two days. A day off has the number of the previous
-- working day where a period begins, and of the next one where it ends. So a Saturday is later than the working day
-- before it.
with days as (
    select cast(t.moment as date) as day
    from unnest(generate_series(date '2012-01-01', date '2028-12-31', interval 1 day)) as t(moment)
),

marked as (
    select d.day, h.holiday_date is null and strftime(d.day, '%a') not in ('Sat', 'Sun') as is_working_day
    from days as d
    left join reference.bank_holidays as h on d.day = h.holiday_date
),

numbered as (
    select
        day,
        is_working_day,
        cast(sum(case when is_working_day then 1 else 0 end) over (order by day) as bigint) as working_day_number
    from marked
)

select
    day,
    is_working_day,
    working_day_number,
    working_day_number + case when is_working_day then 0 else 1 end as ending_working_day_number
from numbered
