"""Waits for support by month of the offer as control charts: XmR of the monthly mean."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import chart_of, false_signals

COLUMNS = (
    "wait_code", "month", "value", "segment", "is_baseline", "centre_line", "lower_limit", "upper_limit", "signal",
    "signal_direction", "limits_status", "expected_false_signals",
)  # fmt: skip


def support_wait_points(
    metrics_support_waits: pl.DataFrame, core_extract_moments: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per kind of wait and month that has one and is long enough ago for its waits to be over; changes of crime
    recording do not bear on waits."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    over_by = pl.col("month").dt.month_end() + pl.duration(days=int(settings["support.wait_over_days"]))
    as_of = core_extract_moments["as_of_at"].max()
    months = metrics_support_waits.filter(
        (pl.col("breakdown") == "month") & (over_by <= pl.lit(as_of).cast(pl.Date))
    ).select("wait_code", "month", value=pl.col("mean_days"))
    charts = [
        chart_of(waits.sort("month"), "xmr", {}, settings)
        for waits in months.sort("wait_code").partition_by("wait_code", maintain_order=True)
    ]
    if not charts:
        return pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String))
    return pl.concat(
        chart.with_columns(expected_false_signals=pl.lit(false_signals(chart, settings), dtype=pl.Float64))
        for chart in charts
    ).select(COLUMNS)
