"""The share charged, counted by crime, by suspect, and by course of conduct."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum


def charged_by_unit(counted: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per counting unit and day, with the share charged by then (0 to 1) and its limits.

    `counted` has unit_type, day, cause (charged, other or null), number, and how many of these were followed 90, 180
    and 365 days; and the pairs of units of one suspect.
    """
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        counted, ["unit_type"], cause="cause", names=["charged"], open_name="open", least=least
    )
    return found.filter(pl.col("cause") == "charged").drop("cause")
