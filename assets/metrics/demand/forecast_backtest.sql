-- /// card
-- description = "One row is a model of a demand series with the accuracy of its forecasts from earlier months."
-- grain = ["series_ref", "model"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "Limits of an earlier forecast rest on errors known in its last month. The first ones have few such errors.",
--     "Forecasts from one origin are correlated: they give less evidence than their number suggests.",
--     "The model with the smallest error is used. Its error is slightly optimistic, because it was chosen by it.",
-- ]
-- [columns]
-- "series_ref, force_code, model" = "metrics.forecast_runs"
-- is_chosen = ["boolean", "The forecast shown is by this model"]
-- origin_count = ["bigint", "Months from which forecasts were made", "months", "Forecast origins"]
-- forecast_count = ["bigint", "Forecast months compared with the recorded number", "forecasts", "Months compared"]
-- scaled_error = ["double", """Mean error as a multiple of the error of last year's month for the same months. Where \
--     that cannot be used, earlier year-on-year differences are the yardstick. Null where not \
--     tested.""", "times", "Error, times that of last year's month"]
-- coverage_80_share = ["double", "Share of months inside the 80% interval", "", "Inside the 80% interval"]
-- coverage_95_share = ["double", "Share of months inside the 95% interval", "", "Inside the 95% interval"]
-- ///

-- Models are compared on the same months: those for which every model of the series has a forecast.
with tested as (
    select *
    from metrics.forecast_runs
    where not is_current and actual is not null
),

offered as (
    select series_ref, count(distinct model) as model_count
    from metrics.forecast_runs
    where is_current
    group by series_ref
),

shared as (
    select t.series_ref, t.origin_month, t.month
    from tested as t
    inner join offered as o on t.series_ref = o.series_ref
    where t.naive_error is not null
    group by t.series_ref, t.origin_month, t.month, o.model_count
    having count(*) = o.model_count
),

scored as (
    select
        t.series_ref,
        t.model,
        count(distinct t.origin_month) as origin_count,
        count(*) as forecast_count,
        avg(abs(t.mean - t.actual)) as mean_error,
        -- where last year's month cannot be used: in units of earlier year-on-year differences
        avg(abs(t.mean - t.actual) / t.naive_error) as error_by_before,
        count(*) filter (where t.actual between t.lower_80 and t.upper_80) as held_80_count,
        count(*) filter (where t.actual between t.lower_95 and t.upper_95) as held_95_count
    from tested as t
    inner join shared as s
        on t.series_ref = s.series_ref and t.origin_month = s.origin_month and t.month = s.month
    group by t.series_ref, t.model
),

-- the yardstick: error of last year's month in the same months
naive as (
    select series_ref, mean_error
    from scored
    where model = 'same month a year before'
),

models as (
    select distinct series_ref, force_code, model
    from metrics.forecast_runs
    where is_current
),

settings as (
    select demand_fewest_origins as fewest_origins
    from core.settings
),

ranked as (
    select
        m.series_ref,
        m.force_code,
        m.model,
        coalesce(s.origin_count, 0) as origin_count,
        coalesce(s.forecast_count, 0) as forecast_count,
        case
            when n.series_ref is null then s.error_by_before
            else s.mean_error / nullif(n.mean_error, 0)
        end as scaled_error,
        s.held_80_count,
        s.held_95_count,
        -- with few origins no model is called better: use the simplest one available
        row_number() over (
            partition by m.series_ref
            order by
                case when s.origin_count >= g.fewest_origins then s.mean_error end nulls last,
                case m.model when 'same month a year before' then 1 when 'count model' then 2 else 3 end
        ) as place
    from models as m
    cross join settings as g
    left join scored as s on m.series_ref = s.series_ref and m.model = s.model
    left join naive as n on m.series_ref = n.series_ref
)

select
    series_ref,
    force_code,
    model,
    place = 1 as is_chosen,
    origin_count,
    forecast_count,
    scaled_error,
    held_80_count / nullif(forecast_count, 0) as coverage_80_share,
    held_95_count / nullif(forecast_count, 0) as coverage_95_share
from ranked
