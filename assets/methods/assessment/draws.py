"""The draws of the published tables: what they rest on, brought to the shape that the simulation asks for."""

from __future__ import annotations

import polars as pl

from assets.methods.assessment.scheme import Scheme
from assets.methods.assessment.simulation import Draws, simulate


def drawn(values: pl.DataFrame, parts: pl.DataFrame, pools: pl.DataFrame, risks: pl.DataFrame, scheme: Scheme) -> Draws:
    """Draws of the ranked themes from metrics.theme_part_values, theme_parts, theme_pools and theme_risks."""
    overrides = parts.filter(pl.col("override_ref").is_not_null()).select(
        "theme_code", "part_code", override_score="score"
    )
    ranked = risks.filter(pl.col("rank").is_not_null())
    is_in = scheme.settings["scoring.confidence_in_likelihood"] == 1
    grades = {
        "High": 1.0,
        "Moderate": scheme.settings["scoring.confidence_moderate"],
        "Low": scheme.settings["scoring.confidence_low"],
    }
    factors = {
        theme: grades[confidence] if is_in else 1.0
        for theme, confidence in ranked.select("theme_code", "confidence").iter_rows()
    }
    return simulate(values.join(overrides, on=["theme_code", "part_code"], how="left"), pools, scheme, factors)
