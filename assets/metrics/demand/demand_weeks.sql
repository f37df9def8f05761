-- /// card
-- description = "One row is recorded stalking and harassment of an extract in one whole week."
-- grain = ["series_ref", "week"]
-- by_force = true
-- audience = ["command", "integrity"]
-- caveats = [
--     "Recorded crime is not prevalence: an increase can be better recording.",
--     "Only whole weeks inside whole months: a week that the extract does not cover is left out and is not zero.",
-- ]
-- [columns]
-- "series_ref, force_code" = "metrics.demand_months"
-- week = ["date", "Monday on which the week begins", "", "Week from"]
-- crime_count = ["bigint", "Recorded crimes", "crimes"]
-- ///

-- Weeks from Monday, inside whole months of the extract. A week without such a crime is 0. Senior leaders may not see a
-- series with weeks of small counts.
with settings as (
    select suppression_smallest_shown as smallest_shown
    from core.settings
),

days as (
    select
        force_code,
        series_ref,
        cast(unnest(generate_series(month, month + interval 1 month - interval 1 day, interval 1 day)) as date) as day
    from metrics.demand_months
    where source = 'extract' and offence_code = 'S&H'
),

weeks as (
    select force_code, series_ref, cast(date_trunc('week', day) as date) as week
    from days
    group by force_code, series_ref, date_trunc('week', day)
    having count(*) = 7
),

recorded as (
    select
        force_code,
        cast(date_trunc('week', recorded_date) as date) as week,
        cast(sum(crime_count) as bigint) as crime_count
    from core.demand_days
    where offence_code = 'S&H'
    group by force_code, date_trunc('week', recorded_date)
)

select w.series_ref, w.force_code, w.week, coalesce(r.crime_count, 0) as crime_count
from weeks as w
cross join settings as s
left join recorded as r on w.force_code = r.force_code and w.week = r.week
qualify count(*) filter (where r.crime_count between 1 and s.smallest_shown - 1) over (partition by w.series_ref) = 0
