"""How often a charge comes of it: counted by crime, by suspect, and by course of conduct."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum


def suspect_charges(core_suspect_charge_counts: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per way of counting and day."""
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        core_suspect_charge_counts.rename({"unit_count": "number"}), ["unit_type"], names=["charged"],
        open_name="open", least=least,
    )  # fmt: skip
    return found.filter(pl.col("cause") == "charged").drop("cause")
