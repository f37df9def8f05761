# /// card
# description = "One row is a watched share with the verdict on its latest month; no value stands here."
# grain = ["series_ref"]
# audience = ["command", "integrity"]
# caveats = [
#     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
# ]
# [columns]
# series_ref = ["varchar", "Series: subject and code"]
# subject = ["varchar", "protection or charged"]
# code = ["varchar", "Measure of protection, or offence class"]
# first_month = ["date", "First month with a share"]
# latest_month = ["date", "Latest month with a share", "", "Latest"]
# segment_first_month = ["date", "First month since the last change of recording"]
# segment_point_count = ["bigint", "Months with a share since then", "months"]
# break_title = ["varchar", "That change; null where none is held"]
# verdict = "columns"
# signal = ["varchar", "Rule that the latest point breaks: beyond_limit, shift, trend or two_of_three; null where none"]
# "expected_false_signals, chance_of_signal" = "columns"
# ///

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
