"""What became of crimes in which prosecutors were asked for early advice, and of the rest: a description, no effect."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"


def early_advice(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per answer, class, outcome group and day; empty where no submissions were delivered."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "early_advice")
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        counts.rename({"outcome_group": "cause", "crime_count": "number"}), ("stratum", "offence_class"),
        names=[name for name in groups if name != OPEN], open_name=OPEN, least=least,
    )  # fmt: skip
    return found.rename({"stratum": "early_advice", "cause": "outcome_group"})
