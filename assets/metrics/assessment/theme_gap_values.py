# /// card
# description = "One row is a part of a ranked theme with what it would be worth to know it."
# grain = ["theme_code", "part_code"]
# audience = []
# caveats = ["By simulation over data, cut-points and weights; strategic-assessment 2.5."]
# [columns]
# "theme_code, part_code" = "columns"
# information_value = ["double", """Expected gain in the risk of the \
#     themes put at the top, if this part were known""", "points of risk", "Worth, points of risk"]
# expected_move = ["double", """Places by which the theme would be \
#     expected to move""", "places", "Places it would move the theme"]
# ///

"""What it would be worth to know each part of each theme's score."""

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
    """One row per ranked theme and part."""
    scheme = Scheme.from_rows(core_scoring_scheme)
    draws = drawn(metrics_theme_part_values, metrics_theme_parts, metrics_theme_pools, metrics_theme_risks, scheme)
    return gap_values(draws, int(scheme.settings["scoring.top"]))
