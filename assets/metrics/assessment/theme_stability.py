# /// card
# description = "One row is a ranked theme with its rank interval."
# grain = ["theme_code"]
# by_force = true
# audience = []
# caveats = ["By simulation over data, cut-points and weights; strategic-assessment 2.5."]
# [columns]
# theme_code = "columns"
# rank_low = ["bigint", "Lower end of the 90% rank interval (1 is the highest risk)", "", "Rank from"]
# rank_high = ["bigint", "Upper end of its rank interval", "", "Rank to"]
# probability_first = ["double", "Probability of having the highest risk", "0 to 1"]
# probability_top = ["double", "Share of draws in which it is among the top themes", "0 to 1"]
# risk_low = ["double", "Lower end of the 90% interval of risk", "0 to 100"]
# risk_high = ["double", "Upper end", "0 to 100"]
# ///

"""Certainty of the ranking: rank intervals, and how often each theme is among the top."""

from __future__ import annotations

import polars as pl

from assets.methods.assessment.draws import drawn
from assets.methods.assessment.ranks import stability
from assets.methods.assessment.scheme import Scheme


def theme_stability(
    metrics_theme_part_values: pl.DataFrame,
    metrics_theme_parts: pl.DataFrame,
    metrics_theme_pools: pl.DataFrame,
    metrics_theme_risks: pl.DataFrame,
    core_scoring_scheme: pl.DataFrame,
) -> pl.DataFrame:
    """Return one row per ranked theme."""
    scheme = Scheme.from_rows(core_scoring_scheme)
    draws = drawn(metrics_theme_part_values, metrics_theme_parts, metrics_theme_pools, metrics_theme_risks, scheme)
    return stability(draws, int(scheme.settings["scoring.top"]), scheme.settings["scoring.rank_level"])
