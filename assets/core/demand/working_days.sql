-- /// card
-- description = "One row is a day, with its number among the working days of England and Wales."
-- grain = ["day"]
-- audience = []
-- caveats = ["2012 to 2028: what lies outside cannot be counted in working days."]
-- [columns]
-- day = ["date", "Day", "", "Days"]
-- is_working_day = ["boolean", "Neither Saturday, Sunday nor bank holiday"]
-- working_day_number = ["bigint", """Working days from 1 January 2012 up to and with this day; for the day \
--     that a period begins""", "days"]
-- ending_working_day_number = ["bigint", """The same, on a day off that of the working day after it; for the \
--     day that a period ends""", "days"]
-- ///

-- Working days of England and Wales, numbered: their difference is the count of working days between two days.
-- A day off carries the number of the working day before it where a period begins, and of the one after it where a
-- period ends: what happens on a Saturday is later than the working day before.
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
