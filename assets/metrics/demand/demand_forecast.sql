-- /// card
-- description = "One row is a month ahead with its expected recorded crimes, if recording and conduct do not change."
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "The forecast is of recorded crimes, not of all conduct; it does not allow for recording changes or operations.",
--     "About one of 20 months is outside the 95% interval by chance; the back-test shows how often it was.",
--     "Limits rest on what the same model missed in earlier forecasts; they are whole numbers inside the interval.",
-- ]
-- [columns]
-- "series_ref, force_code, model, month, months_ahead" = "metrics.forecast_runs"
-- expected_count = ["double", "Expected recorded crimes", "crimes", "Expected"]
-- "lower_80, upper_80, lower_95, upper_95" = "metrics.forecast_runs"
-- ///

-- Only the model that the back-test chose is shown.
select
    r.series_ref,
    r.force_code,
    r.model,
    r.month,
    r.months_ahead,
    r.mean as expected_count,
    r.lower_80,
    r.upper_80,
    r.lower_95,
    r.upper_95
from metrics.forecast_runs as r
inner join metrics.forecast_backtest as b on r.series_ref = b.series_ref and r.model = b.model and b.is_chosen
where r.is_current
