# /// card
# description = """One row is the crimes that one model, from one month, expects in a later month: forecast and \
#     back-test."""
# grain = ["series_ref", "model", "origin_month", "is_current", "month"]
# audience = []
# caveats = ["The method is described in assets/methods/forecast.py."]
# [columns]
# series_ref = "columns"
# force_code = "columns"
# model = ["varchar", """Forecast model: same month a year before, exponential smoothing or count \
#     model""", "", "Forecast model"]
# origin_month = ["date", "Last month that the model used"]
# is_current = ["boolean", "The current forecast; otherwise one to compare with the recorded number"]
# month = ["date", "Month ahead"]
# months_ahead = ["bigint", "Months after the last month used", "months"]
# mean = ["double", "Expected crimes", "crimes"]
# lower_80 = ["double", "Lower 80% limit", "crimes", "Lower 80% limit"]
# upper_80 = ["double", "Upper 80% limit", "crimes", "Upper 80% limit"]
# "lower_95, upper_95" = "columns"
# actual = ["bigint", "Recorded crimes; null for months after the data", "crimes"]
# naive_error = ["double", """Mean difference between a month and the month a year before, in the data used; null \
#     without one""", "crimes"]
# ///

"""Every forecast of demand, by model and month of origin: the input to the choice of model."""

from __future__ import annotations

import polars as pl

from assets.methods.forecast import RUNS, Rules, runs
from assets.methods.spc.series import breaks_of

SCHEMA = {"series_ref": pl.String, "force_code": pl.String, **RUNS}


def forecast_runs(
    metrics_demand_months: pl.DataFrame, reference_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per series, model, month of origin and month ahead."""
    rules = Rules.from_settings(reference_settings)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for (ref, force, source, code), months in metrics_demand_months.sort("series_ref", "month").group_by(
        "series_ref", "force_code", "source", "offence_code", maintain_order=True
    ):
        breaks = sorted(breaks_of(reference_recording_regimes, str(source), str(code)))
        made = runs(months.select("month", value="crime_count"), breaks, rules)
        of = (pl.lit(ref, pl.String).alias("series_ref"), pl.lit(force, pl.String).alias("force_code"))
        parts.append(made.select(*of, *RUNS))
    return pl.concat(parts)
