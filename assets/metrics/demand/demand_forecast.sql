-- /// card
-- description = "One row is a month ahead with its expected recorded crimes, if recording and conduct do not change."
-- grain = ["series_ref", "month"]
-- audience = ["command", "integrity"]
-- caveats = [
--     "The forecast is of recorded crimes, not of all conduct; it does not allow for recording changes or operations.",
--     "About one of 20 months is outside the 95% interval by chance; the back-test shows how often it was.",
--     "Limits rest on what the same model missed in earlier forecasts; they are whole numbers inside the interval.",
--     "Classes add up to the whole subgroup, unless one of them has no forecast.",
-- ]
-- [columns]
-- "series_ref, force_code, model, month, months_ahead, expected_count" = "metrics.reconciled_forecasts"
-- "lower_80, upper_80, lower_95, upper_95, is_reconciled" = "metrics.reconciled_forecasts"
-- ///

-- Only the model that the back-test chose is shown, with classes that add up to the whole.
select
    series_ref,
    force_code,
    model,
    month,
    months_ahead,
    expected_count,
    lower_80,
    upper_80,
    lower_95,
    upper_95,
    is_reconciled
from metrics.reconciled_forecasts
where is_current
