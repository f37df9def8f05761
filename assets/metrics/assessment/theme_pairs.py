# /// card
# description = "One row is an ordered pair of ranked themes."
# grain = ["theme_code", "other_theme_code"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     "By simulation over data, cut-points and weights; strategic-assessment 2.5.",
#     "Where neither is higher with a probability of 80% their order is not distinguishable.",
# ]
# [columns]
# theme_code = "columns"
# other_theme_code = ["varchar", "Theme for comparison"]
# probability_above = ["double", "Probability that the first has the higher risk", "0 to 1"]
# is_above = ["boolean", "The first has the higher risk with probability scoring.distinguishable or more"]
# is_distinguishable = ["boolean", """One of the two has the higher risk with probability scoring.distinguishable or \
#     more"""]
# ///

"""Which of two themes has the higher risk, and with what probability."""

from __future__ import annotations

import polars as pl

from assets.methods.assessment.draws import drawn
from assets.methods.assessment.ranks import pairs
from assets.methods.assessment.scheme import Scheme


def theme_pairs(
    metrics_theme_part_values: pl.DataFrame,
    metrics_theme_parts: pl.DataFrame,
    metrics_theme_pools: pl.DataFrame,
    metrics_theme_risks: pl.DataFrame,
    core_scoring_scheme: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per ordered pair of ranked themes."""
    scheme = Scheme.from_rows(core_scoring_scheme)
    draws = drawn(metrics_theme_part_values, metrics_theme_parts, metrics_theme_pools, metrics_theme_risks, scheme)
    limit = scheme.settings["scoring.distinguishable"]
    is_above, is_below = pl.col("probability_above") >= limit, pl.col("probability_above") <= 1 - limit
    return pairs(draws).with_columns(is_above=is_above, is_distinguishable=is_above | is_below)
