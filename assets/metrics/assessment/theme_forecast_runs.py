# /// card
# description = """One row is the crimes of a theme that one model, from one month, expects in a later month: forecast \
#     and back-test."""
# grain = ["theme_code", "model", "origin_month", "is_current", "month"]
# by_force = true
# audience = []
# caveats = ["The method is described in assets/methods/forecast.py."]
# [columns]
# theme_code = "columns"
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

"""Every forecast of a theme's crimes, by model and month of origin."""

from __future__ import annotations

import dataclasses

import polars as pl

from assets.methods.forecast import RUNS, Rules, runs
from assets.methods.spc.series import breaks_of

SCHEMA = {"theme_code": pl.String, **RUNS}
SOURCE = "crime"


def theme_forecast_runs(
    metrics_theme_chart_points: pl.DataFrame,
    reference_recording_regimes: pl.DataFrame,
    reference_themes: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per theme, model, month of origin and month ahead; comparators have no forecast."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    origins = int(settings["scoring.forecast_origins"])
    rules = dataclasses.replace(Rules.from_settings(reference_settings), origins=origins)
    scored = reference_themes.filter(pl.col("band") == "scored")
    classes = dict(scored.select("theme_code", "break_class").iter_rows())
    parts = [pl.DataFrame(schema=SCHEMA)]
    for months in metrics_theme_chart_points.sort("month").partition_by("theme_code", maintain_order=True):
        code = str(months["theme_code"][0])
        if code in classes:
            breaks = sorted(breaks_of(reference_recording_regimes, SOURCE, classes[code]))
            made = runs(months.select("month", value="crime_count"), breaks, rules)
            parts.append(made.select(pl.lit(code).alias("theme_code"), *RUNS))
    return pl.concat(parts)
