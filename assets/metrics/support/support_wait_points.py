# /// card
# description = """One row is a month of waits for support with the limits that apply to it and the signal it gives, \
#     if any."""
# grain = ["wait_code", "month"]
# audience = ["command", "integrity", "commissioning"]
# caveats = [
#     """The mean wait of the referrals offered in the month and accepted since. A month is drawn once four weeks \
#     have passed since its end: before, only its short waits are over.""",
#     """Four rules (NHS Making Data Count): a point beyond a limit, a shift of seven points on one side, a trend of \
#     seven, two of three in the outer third.""",
# ]
# [columns]
# wait_code = ["varchar", "acceptance or contact"]
# month = ["date", "Month of the offer"]
# value = ["double", "Mean wait; empty where it is not released", "days", "Mean wait (days)"]
# "segment, is_baseline" = "columns"
# centre_line = ["double", "Mean of the baseline", "days", "Average"]
# lower_limit = ["double", "Lower limit; empty where none is drawn", "days"]
# upper_limit = ["double", "Upper limit; empty where none is drawn", "days"]
# "signal, signal_direction" = "columns"
# limits_status = ["varchar", "drawn, too_few_points or no_variation"]
# expected_false_signals = ["double", "Signals that chance alone would give", "signals"]
# ///

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
