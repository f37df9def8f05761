-- /// card
-- description = "One row is a year covered by the evidence for commissioning."
-- grain = ["period_code"]
-- by_force = true
-- audience = ["command", "integrity", "commissioning"]
-- caveats = ["Years end with the last whole quarter before the as-of date."]
-- [columns]
-- period_code = "columns"
-- period_type = ["varchar", "current or previous"]
-- place = ["integer", "Order, the current one first"]
-- period_start = ["date", "First day"]
-- period_end = ["date", "First day after the year"]
-- is_held = ["boolean", "The extract covers it from its first month to its last"]
-- ///

-- Whole years that end with a whole quarter: nothing still in progress is released (strategic-assessment 6.5).
with moments as (
    select london_date(as_of_at) as as_of_date
    from core.extract_moments
    where as_of_at is not null
),

ends as (
    select cast(date_trunc('quarter', as_of_date + interval 1 day) as date) as end_date, 'current' as period_type, 1 as place
    from moments
    union all
    select cast(date_trunc('quarter', as_of_date + interval 1 day) - interval 1 year as date), 'previous', 2
    from moments
)

select
    cast(cast(e.end_date - interval 1 day as date) as varchar) as period_code,
    e.period_type,
    e.place,
    cast(e.end_date - interval 1 year as date) as period_start,
    e.end_date as period_end,
    -- a year that the extract does not cover from its first month to its last is not measured
    coalesce(
        month_of(london_date(m.first_recorded_at))
        <= cast(e.end_date - interval 1 year as date)
        and month_of(london_date(m.last_recorded_at))
        >= cast(e.end_date - interval 1 month as date),
        false
    ) as is_held
from ends as e
cross join core.extract_moments as m
