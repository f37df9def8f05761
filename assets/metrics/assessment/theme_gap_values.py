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
    scheme = Scheme.of(core_scoring_scheme)
    draws = drawn(metrics_theme_part_values, metrics_theme_parts, metrics_theme_pools, metrics_theme_risks, scheme)
    return gap_values(draws, int(scheme.settings["scoring.top"]))
