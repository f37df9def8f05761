"""What the control chart of each theme says of its latest month, and how many signals chance alone would give."""

from __future__ import annotations

import polars as pl

from assets.methods.spc_series import chance_of_latest, false_signals, latest_point, verdict_of

SCHEMA = {
    "theme_code": pl.String, "first_month": pl.Date, "latest_month": pl.Date, "segment_first_month": pl.Date,
    "segment_point_count": pl.Int64, "break_title": pl.String, "verdict": pl.String,
    "signal": pl.String,
    "expected_false_signals": pl.Float64, "chance_of_signal": pl.Float64,
}  # fmt: skip


def theme_verdicts(metrics_theme_chart_points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per theme of metrics.theme_chart_points; without its latest count, which may be of a few crimes."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = [
        _verdict(points.sort("month"), settings)
        for points in metrics_theme_chart_points.partition_by("theme_code", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _verdict(points: pl.DataFrame, settings: dict[str, float]) -> dict[str, object]:
    latest = latest_point(points)
    segment = points.filter(pl.col("segment") == latest["segment"])
    is_few = latest["limits_status"] == "too_few_crimes"
    verdict = "not_charted" if is_few else verdict_of(points, settings, is_share=False)[0]
    return {
        "theme_code": latest["theme_code"],
        "first_month": points["month"].min(),
        "latest_month": latest["month"],
        "segment_first_month": segment["month"].min(),
        "segment_point_count": segment["value"].count(),
        "break_title": latest["segment_start_reason"] or None,
        "verdict": verdict,
        "signal": latest["signal"] or None,
        "expected_false_signals": false_signals(segment, settings),
        "chance_of_signal": chance_of_latest(points, settings),
    }
