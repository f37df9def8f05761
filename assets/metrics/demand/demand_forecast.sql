-- /// card
-- description = """One row is a month ahead with the recorded crimes to expect in it, if recording and conduct go on \
--     as they did."""
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     """A forecast of what will be recorded, not of what will happen; a change of recording, or an operation, is \
--     not in it.""",
--     """Of 20 months one or so lies outside the 95 % interval by chance; whether the interval kept that promise is \
--     in the back-test.""",
-- ]
-- [columns]
-- "series_ref, model, month, months_ahead" = "metrics.forecast_runs"
-- expected_count = ["double", "Recorded crimes to expect", "crimes", "Expected"]
-- "lower_80, upper_80, lower_95, upper_95" = "metrics.forecast_runs"
-- ///

-- The forecast shown: of the model that the back-test chose.
select
    r.series_ref,
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
