"""How long crimes wait for an outcome, whichever it is, with the share that is still open."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import open_by_stratum


def time_to_outcome(core_outcome_day_counts: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per class and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "recent")
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = open_by_stratum(
        counts.rename({"outcome_group": "cause", "crime_count": "number"}), ["offence_class"], least=least
    )
    return found.rename({"incidence": "open_share"})
