-- /// card
-- description = "One row is a day, with the time of it that counts towards the 48 hours of a domestic abuse notice."
-- grain = ["day"]
-- audience = []
-- caveats = ["2012 to 2028: periods outside these years are not known."]
-- [columns]
-- day = "core.working_days"
-- begins_at = ["timestamp with time zone", "Its first moment, London", "UTC"]
-- is_counted = ["boolean", "Neither Sunday, Christmas Day, Good Friday nor bank holiday"]
-- counted_seconds = ["bigint", "Length of the day; 0 if it does not count", "seconds"]
-- seconds_before = ["bigint", "The same of all earlier days", "seconds"]
-- ///

-- Crime and Security Act 2010, s.27, and Domestic Abuse Act 2021, s.29(3): whole days do not count. A Saturday does. The
-- list of bank holidays has the substitute where Christmas Day or Boxing Day is a Saturday; the Acts leave out the day
-- itself as well (25 December by their own words, 26 December by the Banking and Financial Dealings Act 1971, Sch. 1).
with marked as (
    select
        d.day,
        cast(d.day as timestamp) at time zone 'Europe/London' as begins_at,
        (cast(d.day as timestamp) + interval 1 day) at time zone 'Europe/London' as ends_at,
        h.holiday_date is null
        and strftime(d.day, '%a') <> 'Sun'
        and strftime(d.day, '%m-%d') not in ('12-25', '12-26') as is_counted
    from core.working_days as d
    left join reference.bank_holidays as h on d.day = h.holiday_date
),

measured as (
    select
        day,
        begins_at,
        is_counted,
        -- the clocks change on Sundays, so a day that counts has 24 hours
        case
            when is_counted then cast(round(epoch(ends_at) - epoch(begins_at)) as bigint)
            else cast(0 as bigint)
        end as counted_seconds
    from marked
)

select
    day,
    begins_at,
    is_counted,
    counted_seconds,
    cast(sum(counted_seconds) over (order by day) as bigint) - counted_seconds as seconds_before
from measured
