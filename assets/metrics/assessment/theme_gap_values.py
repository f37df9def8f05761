# /// card
# description = "One row is a part of a ranked theme with the value of knowing it."
# grain = ["theme_code", "part_code"]
# by_force = true
# audience = []
# caveats = ["By simulation over data, cut-points and weights; strategic-assessment 2.5."]
# [columns]
# "theme_code, part_code" = "columns"
# information_value = ["double", """Expected gain in the risk of the themes ranked first, if this part were \
#     known""", "points of risk", "Worth, points of risk"]
# expected_move = ["double", "Expected change of the theme's rank", "places", "Places it would move the theme"]
# ///

"""Value of knowing each part of each theme's score."""

from __future__ import annotations

import polars as pl

from assets.methods.assessment.draws import drawn
from assets.methods.assessment.ranks import gap_values
from assets.methods.assessment.scheme import Scheme


def theme_gap_values(
    metrics_theme_part_values: pl.DataFrame,
    metrics_theme_parts: pl.DataFrame,
    metrics_theme_pools: pl.DataFrame,
    metrics_theme_risks: pl.DataFrame,
    core_scoring_scheme: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per ranked theme and part."""
    scheme = Scheme.from_rows(core_scoring_scheme)
    draws = drawn(metrics_theme_part_values, metrics_theme_parts, metrics_theme_pools, metrics_theme_risks, scheme)
    return gap_values(draws, int(scheme.settings["scoring.top"]))
