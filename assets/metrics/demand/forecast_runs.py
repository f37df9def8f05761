# /// card
# description = """One row is the number of crimes that one model, from one month on, expects in a later month: the \
#     forecast and its back-test."""
# grain = ["series_ref", "model", "origin_month", "is_current", "month"]
# audience = []
# caveats = ["The method is told in assets/methods/forecast.py."]
# [columns]
# series_ref = "columns"
# model = ["varchar", """Way to forecast: same month a year before, exponential smoothing or \
#     count model""", "", "Way to forecast"]
# origin_month = ["date", "Last month that the model saw"]
# is_current = ["boolean", "The forecast proper; else one to be held against what came"]
# month = ["date", "Month ahead"]
# months_ahead = ["bigint", "Months after the last that was seen", "months"]
# mean = ["double", "Expected crimes", "crimes"]
# lower_80 = ["double", "Lower 80 % limit", "crimes", "Lower 80 % limit"]
# upper_80 = ["double", "Upper 80 % limit", "crimes", "Upper 80 % limit"]
# "lower_95, upper_95" = "columns"
# actual = ["bigint", "What came; null ahead of what is held", "crimes"]
# naive_error = ["double", """Mean difference of a month from that of a year before, in what was seen; null \
#     where none""", "crimes"]
# ///

"""Every forecast of demand that was made, by model and by month it was made from: what the choice rests on."""

from __future__ import annotations

import polars as pl

from assets.methods.forecast import RUNS, Rules, runs
from assets.methods.spc.series import breaks_of

SCHEMA = {"series_ref": pl.String, **RUNS}


def forecast_runs(
    metrics_demand_months: pl.DataFrame, core_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per series, model, month of origin and month ahead."""
    rules = Rules.from_settings(reference_settings)
    parts = [pl.DataFrame(schema=SCHEMA)]
    for (ref, source, code), months in metrics_demand_months.sort("series_ref", "month").group_by(
        "series_ref", "source", "offence_code", maintain_order=True
    ):
        breaks = sorted(breaks_of(core_recording_regimes, str(source), str(code)))
        made = runs(months.select("month", value="crime_count"), breaks, rules)
        parts.append(made.select(pl.lit(ref, pl.String).alias("series_ref"), *RUNS))
    return pl.concat(parts)
