# /// card
# description = "One row is a point of a series with the limits that apply to it and the signal it gives, if any."
# grain = ["series_ref", "month"]
# audience = ["command", "integrity"]
# caveats = [
#     "Limits rest on the first points of a segment and are then frozen; they begin anew only where recording changed.",
#     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
#     seven, two of three in the outer third.""",
#     "Below twelve points, or for periods that overlap, no limits are drawn.",
#     "A stable process gives false signals now and then: the expected number is stated with each series.",
# ]
# [columns]
# series_ref = "columns"
# month = ["date", "First day of the point's period"]
# numerator = ["bigint", "Recorded crimes; null where not given", "crimes"]
# denominator = ["bigint", "Crimes that a share is of; null for counts", "crimes"]
# value = ["double", "What is drawn: the count, or the share (0 to 1)"]
# chart_type = ["varchar", "xmr (counts), p_prime (shares, Laney) or none"]
# "segment, segment_start_reason, is_baseline" = "columns"
# centre_line = ["double", "Mean of the baseline", "as value", "Average"]
# lower_limit = ["double", "Lower limit; null where none is drawn", "as value"]
# upper_limit = ["double", "Upper limit; null where none is drawn", "as value"]
# "signal, signal_direction" = "columns"
# limits_status = ["varchar", "drawn, too_few_points, no_variation or overlapping_periods"]
# ///

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
