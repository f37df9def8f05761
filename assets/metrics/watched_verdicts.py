"""What each watched share says: one verdict on its latest month, and how many signals chance alone would give."""

from __future__ import annotations

import polars as pl

from assets.methods.spc_series import chance_of_latest, false_signals, latest_point, verdict_of

SCHEMA = {
    "series_ref": pl.String, "subject": pl.String, "code": pl.String, "first_month": pl.Date, "latest_month": pl.Date,
    "segment_first_month": pl.Date, "segment_point_count": pl.Int64, "verdict": pl.String,
    "expected_false_signals": pl.Float64, "chance_of_signal": pl.Float64,
}  # fmt: skip


def watched_verdicts(metrics_watched_points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per series of metrics.watched_points; without its latest value, which may be of a few cases."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = [
        _verdict(points.sort("month"), settings)
        for points in metrics_watched_points.partition_by("series_ref", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _verdict(points: pl.DataFrame, settings: dict[str, float]) -> dict[str, object]:
    latest = latest_point(points)
    segment = points.filter(pl.col("segment") == latest["segment"])
    verdict, _ = verdict_of(points, settings, is_share=True)
    return {
        "series_ref": latest["series_ref"],
        "subject": latest["subject"],
        "code": latest["code"],
        "first_month": points["month"].min(),
        "latest_month": latest["month"],
        "segment_first_month": segment["month"].min(),
        "segment_point_count": segment["value"].count(),
        "verdict": verdict,
        "expected_false_signals": false_signals(segment, settings),
        "chance_of_signal": chance_of_latest(points, settings),
    }
