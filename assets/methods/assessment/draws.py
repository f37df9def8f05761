"""Draws of the themes' risks from the published tables.

Only the step from tables to the input of `simulation.simulate` belongs here.
"""

from __future__ import annotations

import polars as pl

from assets.methods.assessment.scheme import Scheme
from assets.methods.assessment.simulation import Draws, simulate


def drawn(values: pl.DataFrame, parts: pl.DataFrame, pools: pl.DataFrame, risks: pl.DataFrame, scheme: Scheme) -> Draws:
    """Draw the risks of the ranked themes; a theme without a rank is left out.

    Reads metrics.theme_part_values, theme_parts, theme_pools and theme_risks. Returns `Draws`: risks from 0 to 100.
    """
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
