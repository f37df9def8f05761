"""What each watched share says: one verdict on its latest month, and how many signals chance alone would give."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import STANDING, standing

NAMES = ("series_ref", "subject", "code")
SCHEMA = {**dict.fromkeys(NAMES, pl.String), **STANDING}


def watched_verdicts(metrics_watched_points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per series of metrics.watched_points; without its latest value, which may be of a few cases."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = [
        {name: points[name][0] for name in NAMES} | standing(points, settings, is_share=True)
        for points in metrics_watched_points.partition_by("series_ref", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)
