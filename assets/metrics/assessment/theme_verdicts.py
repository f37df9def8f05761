# /// card
# description = """One row is a theme of the assessment with the verdict of its control chart on the latest month; no \
#     value stands here."""
# grain = ["theme_code"]
# audience = ["command", "integrity"]
# caveats = [
#     "A verdict is given only where limits are drawn; a difference from one month to the next is never a verdict.",
# ]
# [columns]
# theme_code = "columns"
# first_month = ["date", "First month held"]
# latest_month = ["date", "Latest month held", "", "Latest"]
# segment_first_month = ["date", "First month since the last change of recording"]
# segment_point_count = ["bigint", "Months since then", "months"]
# break_title = ["varchar", "That change; null where none is held"]
# verdict = "columns"
# signal = ["varchar", "Rule that the latest point breaks: beyond_limit, shift, trend or two_of_three; null where none"]
# "expected_false_signals, chance_of_signal" = "columns"
# ///

"""What the control chart of each theme says of its latest month, and how many signals chance alone would give."""

from __future__ import annotations

import polars as pl

from assets.methods.spc.series import STANDING, latest_point, standing

SCHEMA = {"theme_code": pl.String, **STANDING}


def theme_verdicts(metrics_theme_chart_points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per theme of metrics.theme_chart_points; without its latest count, which may be of a few crimes."""
    settings = dict(reference_settings.select("key", "value").iter_rows())
    rows = [
        {"theme_code": points["theme_code"][0]}
        | standing(points, settings, is_share=False, verdict="not_charted" if _is_few(points) else None)
        for points in metrics_theme_chart_points.partition_by("theme_code", maintain_order=True)
    ]
    return pl.DataFrame(rows, schema=SCHEMA)


def _is_few(points: pl.DataFrame) -> bool:
    return latest_point(points.sort("month"))["limits_status"] == "too_few_crimes"
