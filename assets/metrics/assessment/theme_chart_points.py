# /// card
# description = "One row is a month of a theme of the assessment on its control chart."
# grain = ["theme_code", "month"]
# audience = []
# caveats = ["Limits begin anew where the recording of the theme's class changed."]
# [columns]
# "theme_code, month, crime_count" = "columns"
# segment = ["bigint", "Segment between recording changes, from 0"]
# segment_start_reason = ["varchar", "Change of recording that it begins with; empty for the first"]
# is_baseline = "columns"
# value = ["double", "Crimes", "crimes"]
# centre_line = ["double", "Centre line", "crimes", "Average"]
# lower_limit = ["double", "Lower limit", "crimes"]
# upper_limit = ["double", "Upper limit", "crimes"]
# signal = ["varchar", "Rule that the point breaks; empty where none"]
# signal_direction = ["varchar", "higher or lower"]
# limits_status = ["varchar", "drawn, or why no limits are"]
# ///

"""Crimes of each theme by month as control charts, begun anew where recording changed."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import LIMITS, breaks_of, chart_of

SOURCE = "crime"  # the raw table whose recording changes bear on it
COLUMNS = (
    "theme_code", "month", "crime_count", "segment", "segment_start_reason", "is_baseline", "value", "centre_line",
    "lower_limit", "upper_limit", "signal", "signal_direction", "limits_status",
)  # fmt: skip


def theme_chart_points(
    metrics_theme_month_counts: pl.DataFrame,
    core_recording_regimes: pl.DataFrame,
    reference_themes: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per theme and month, with limits and signal where a chart can be drawn."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    classes = dict(reference_themes.select("theme_code", "break_class").iter_rows())
    charts = [
        _without_few(
            chart_of(
                months.with_columns(value=pl.col("crime_count").cast(pl.Float64)),
                "xmr",
                breaks_of(core_recording_regimes, SOURCE, classes[str(months["theme_code"][0])]),
                settings,
            ),
            settings["watched.fewest_a_month"],
        )
        for months in metrics_theme_month_counts.sort("month").partition_by("theme_code", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat(charts).select(COLUMNS).sort("theme_code", "month")


def _without_few(points: pl.DataFrame, fewest: float) -> pl.DataFrame:
    """No limits in a segment of fewer than `fewest` crimes in an average month: such counts are not near normal."""
    is_few = (pl.col("limits_status") == "drawn") & (pl.col("value").mean().over("segment") < fewest)
    return points.with_columns(
        *(pl.when(~is_few).then(name).alias(name) for name in LIMITS),
        *(pl.when(is_few).then(pl.lit("")).otherwise(name).alias(name) for name in ("signal", "signal_direction")),
        limits_status=pl.when(is_few).then(pl.lit("too_few_crimes")).otherwise("limits_status"),
    )
