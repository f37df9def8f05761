"""Each series as a control chart: limits frozen on the first points, begun anew only where recording changed."""

from __future__ import annotations

from datetime import date, timedelta

import polars as pl

from assets.methods.spc import ChartType, control_chart
from assets.methods.spc_signals import SignalRules

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
        _chart(series, _breaks(core_recording_regimes, str(series["source"][0])), settings)
        for series in metrics_control_chart_inputs.partition_by("series_ref", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat(charts).select(COLUMNS)


def _breaks(regimes: pl.DataFrame, source: str) -> dict[date, str]:
    """Month -> why, for the changes that move stalking and harassment counts of this source."""
    moving = regimes.filter(
        pl.col("moves_counts")
        & pl.col("source_name").is_in(["", source])
        & ((pl.col("affects_codes") == "all") | pl.col("affects_codes").str.contains("S&H", literal=True))
    )
    found: dict[date, str] = {}
    for start, title in moving.sort("valid_from", "title").select("valid_from", "title").iter_rows():
        # the segment begins with the first whole month under the new rules
        month = start if start.day == 1 else (start.replace(day=28) + timedelta(days=4)).replace(day=1)
        found[month] = f"{found[month]}; {title}" if month in found else title
    return found


def _chart(series: pl.DataFrame, breaks: dict[date, str], settings: dict[str, float]) -> pl.DataFrame:
    chart_type: ChartType = "p_prime" if series["measure"][0] == "stalking_share" else "xmr"
    if chart_type == "xmr":
        series = series.with_columns(value=pl.col("numerator").cast(pl.Float64))
    charted = control_chart(
        series,
        chart_type=chart_type,
        breaks=sorted(breaks),
        period_months=int(series["period_months"][0]),
        minimum_points=int(settings["spc.minimum_points"]),
        baseline_points=int(settings["spc.baseline_points"]),
        rules=SignalRules(
            shift_points=int(settings["spc.shift_points"]), trend_points=int(settings["spc.trend_points"])
        ),
    )
    reasons = [breaks.get(month, "") if month is not None else "" for month in charted["break_month"].to_list()]
    is_drawn = pl.col("limits_status") == "drawn"
    return charted.with_columns(
        segment_start_reason=pl.Series(reasons, dtype=pl.String),
        chart_type=pl.when(is_drawn).then(pl.lit(chart_type)).otherwise(pl.lit("none")),
    )
