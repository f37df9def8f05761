# /// card
# description = """One row is a week of recorded stalking and harassment with the limits that apply to it and the \
#     signal it gives, if any."""
# grain = ["series_ref", "week"]
# audience = ["command", "integrity"]
# caveats = [
#     """Limits rest on the first 24 weeks of a segment and are then frozen; they begin anew only where recording \
#     changed.""",
#     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
#     seven, two of three in the outer third.""",
#     "Weeks have seasons, and signals of one part of a year may be no more than that.",
# ]
# [columns]
# series_ref = ["varchar", "Name of the series: extract, force, offence"]
# week = ["date", "Monday that begins the week"]
# value = ["double", "Recorded crimes", "crimes"]
# chart_type = ["varchar", "xmr or none"]
# "segment, segment_start_reason, is_baseline" = "columns"
# centre_line = ["double", "Mean of the baseline", "crimes", "Average"]
# lower_limit = ["double", "Lower limit; null where none is drawn", "crimes"]
# upper_limit = ["double", "Upper limit; null where none is drawn", "crimes"]
# "signal, signal_direction" = "columns"
# limits_status = ["varchar", "drawn, too_few_points or no_variation"]
# expected_false_signals = ["double", "Signals that chance alone would give in this stretch", "signals"]
# ///

"""Recorded stalking and harassment by week as a control chart: XmR, begun anew where recording changed."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import breaks_of, chart_of, false_signals

COLUMNS = (
    "series_ref", "week", "value", "chart_type", "segment", "segment_start_reason", "is_baseline", "centre_line",
    "lower_limit", "upper_limit", "signal", "signal_direction", "limits_status", "expected_false_signals",
)  # fmt: skip
SOURCE = "crime"  # the raw table whose recording changes bear on it


def demand_week_points(
    metrics_demand_weeks: pl.DataFrame, core_recording_regimes: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per week of every series of metrics.demand_weeks, with its limits and signal."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    breaks = breaks_of(core_recording_regimes, SOURCE)
    charts = [
        chart_of(
            weeks.rename({"week": "month"}).with_columns(value=pl.col("crime_count").cast(pl.Float64)),
            "xmr", breaks, settings, is_weekly=True,
        )
        for weeks in metrics_demand_weeks.partition_by("series_ref", maintain_order=True)
    ]  # fmt: skip
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    judged = [
        part.with_columns(expected_false_signals=pl.lit(false_signals(part, settings), dtype=pl.Float64))
        for chart in charts for part in chart.partition_by("segment", maintain_order=True)
    ]  # fmt: skip
    return pl.concat(judged).rename({"month": "week"}).select(COLUMNS)
