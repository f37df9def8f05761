"""What became of crimes by relationship, domestic abuse flag, unit and recording regime, all outcomes competing."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"
BREAKDOWNS = ("relationship", "domestic_flag", "unit", "regime")


def outcome_incidence_by(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per breakdown, part of it, class, outcome group and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown").is_in(BREAKDOWNS))
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        counts.rename({"outcome_group": "cause", "crime_count": "number"}), ("breakdown", "stratum", "offence_class"),
        names=[name for name in groups if name != OPEN], open_name=OPEN, least=least,
    )  # fmt: skip
    return found.rename({"cause": "outcome_group"})
