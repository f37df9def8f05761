# /// card
# description = "One row is a series of compliance, with the verdict on its latest month in a plain sentence."
# grain = ["series_ref"]
# audience = ["integrity"]
# caveats = [
#     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
# ]
# [columns]
# "series_level, series_ref" = "columns"
# rule_code = ["varchar", "Rule; null for pooled series"]
# table_name = ["varchar", "Table examined; null for pooled series"]
# dimension = ["varchar", "Data quality dimension; null for all together"]
# unit_name = ["varchar", "Unit, where the series is of one"]
# class_code = ["varchar", "Class, where the series is of one"]
# point_count = ["bigint", "Months with a share", "months", "Whole months in a row"]
# first_month = ["date", "First month"]
# latest_month = ["date", "Latest month with a share", "", "Latest"]
# latest_value = ["double", "Its share", "0 to 1"]
# latest_denominator = ["bigint", "Tests that it is of", "tests"]
# segment_point_count = ["bigint", "Months since the last change of recording", "months"]
# verdict = "columns"
# verdict_sentence = ["varchar", "The verdict in words"]
# expected_false_signals = ["double", "Signals that chance alone would give on this chart", "signals"]
# ///

"""What each series of compliance says: one verdict and one plain sentence."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import false_signals, latest_point, verdict_of
from assets.metrics.recording.rule_compliance_chart import ABOUT


def rule_compliance_series(
    metrics_rule_compliance_chart: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per series: its latest month, the verdict on it, how many false signals chance would give."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = [
        _series(points.sort("month"), settings)
        for points in metrics_rule_compliance_chart.partition_by("series_ref", maintain_order=True)
    ]
    schema = dict.fromkeys(ABOUT, pl.String) | {
        "point_count": pl.Int64,
        "first_month": pl.Date,
        "latest_month": pl.Date,
        "latest_value": pl.Float64,
        "latest_denominator": pl.Int64,
        "segment_point_count": pl.Int64,
        "verdict": pl.String,
        "verdict_sentence": pl.String,
        "expected_false_signals": pl.Float64,
    }
    return pl.DataFrame(rows, schema=schema)


def _series(points: pl.DataFrame, settings: dict[str, float]) -> dict[str, object]:
    latest = latest_point(points)
    verdict, sentence = verdict_of(points, settings, is_share=True)
    return {name: latest[name] for name in ABOUT} | {
        "point_count": points["value"].count(),
        "first_month": points["month"].min(),
        "latest_month": latest["month"],
        "latest_value": latest["value"],
        "latest_denominator": latest["denominator"],
        "segment_point_count": points.filter(pl.col("segment") == latest["segment"])["value"].count(),
        "verdict": verdict,
        "verdict_sentence": sentence,
        "expected_false_signals": false_signals(points, settings),
    }
