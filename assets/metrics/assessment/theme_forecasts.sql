-- /// card
-- description = """One row is a theme of the assessment with the average of the next twelve months, from the model \
--     with the smallest error."""
-- grain = ["theme_code"]
-- by_force = true
-- audience = []
-- caveats = ["Limits are those of a single month, averaged.", "A theme without a row has no forecast."]
-- [columns]
-- "theme_code, model" = "metrics.theme_forecast_runs"
-- month_count = ["bigint", "Months ahead", "months"]
-- first_month = ["date", "First of these months"]
-- expected_a_month = ["double", "Expected crimes in an average month", "crimes"]
-- lower_a_month = ["double", "Lower 95% limit of a month, averaged", "crimes"]
-- upper_a_month = ["double", "Upper 95% limit of a month, averaged", "crimes"]
-- forecast_count = ["bigint", "Earlier forecast months compared with the recorded number", "months", "Months compared"]
-- held_95_count = ["bigint", "Of these, months within the 95% limits", "months"]
-- coverage_95_share = ["double", "Share of months inside the 95% interval", "0 to 1", "Inside the 95% interval"]
-- is_above_limit = ["boolean", "Above the upper limit of the control chart; null without a chart"]
-- is_below_limit = ["boolean", "Below its lower limit; null without a chart"]
-- ///

-- The average of twelve months, from the model with the smallest error in earlier months: its limits are those of a
-- month, not of a year.
with errors as (
    select
        theme_code,
        model,
        avg(abs(mean - actual)) as mean_error,
        count(*) as forecast_count,
        count(*) filter (where actual between lower_95 and upper_95) as held_95_count
    from metrics.theme_forecast_runs
    where not is_current and actual is not null
    group by theme_code, model
),

ahead as (
    select
        theme_code,
        model,
        count(*) as month_count,
        min(month) as first_month,
        avg(mean) as expected_a_month,
        avg(lower_95) as lower_a_month,
        avg(upper_95) as upper_a_month
    from metrics.theme_forecast_runs
    where is_current
    group by theme_code, model
),

charted as (
    select theme_code, upper_limit, lower_limit
    from metrics.theme_chart_points
    where limits_status = 'drawn'
    qualify row_number() over (partition by theme_code order by month desc) = 1
)

select
    a.theme_code, a.model, a.month_count, a.first_month, a.expected_a_month, a.lower_a_month, a.upper_a_month,
    e.forecast_count,
    e.held_95_count,
    e.held_95_count / nullif(e.forecast_count, 0) as coverage_95_share,
    a.expected_a_month > c.upper_limit as is_above_limit,
    a.expected_a_month < c.lower_limit as is_below_limit
from ahead as a
left join errors as e on a.theme_code = e.theme_code and a.model = e.model
left join charted as c on a.theme_code = c.theme_code
qualify row_number() over (
    partition by a.theme_code
    order by
        e.mean_error nulls last,
        case a.model when 'same month a year before' then 1 when 'count model' then 2 else 3 end
) = 1
