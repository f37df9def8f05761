"""Each series as a control chart: limits frozen on the first points, begun anew only where recording changed."""

from __future__ import annotations

from datetime import date

import polars as pl

from assets.methods.spc.chart import ChartType
from assets.methods.spc.series import breaks_of, chart_of

COLUMNS = (
    "series_ref",
    "month",
    "numerator",
    "denominator",
    "value",
    "chart_type",
    "segment",
    "segment_start_reason",
    "is_baseline",
    "centre_line",
    "lower_limit",
    "upper_limit",
    "signal",
    "signal_direction",
    "limits_status",
)


def control_chart_points(
    metrics_control_chart_inputs: pl.DataFrame,
    core_recording_regimes: pl.DataFrame,
    reference_settings: pl.DataFrame,
) -> pl.DataFrame:
    """One row per point of every series of metrics.control_chart_inputs, with its limits and signal."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    charts = [
        _chart(series, breaks_of(core_recording_regimes, str(series["source"][0])), settings)
        for series in metrics_control_chart_inputs.partition_by("series_ref", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat(charts).select(COLUMNS)


def _chart(series: pl.DataFrame, breaks: dict[date, str], settings: dict[str, float]) -> pl.DataFrame:
    chart_type: ChartType = "p_prime" if series["measure"][0] == "stalking_share" else "xmr"
    if chart_type == "xmr":
        series = series.with_columns(value=pl.col("numerator").cast(pl.Float64))
    return chart_of(series, chart_type, breaks, settings, int(series["period_months"][0]))
