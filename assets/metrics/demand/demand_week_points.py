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
