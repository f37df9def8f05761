"""What became of crimes: cumulative incidence of each outcome by cohort and class, all outcomes competing."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"
KEYS = ("stratum", "offence_class")


def outcome_incidence(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """One row per cohort, class, outcome group or single code, and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "cohort").rename({"crime_count": "number"})
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    codes = counts["outcome_code"].drop_nulls().unique().sort().to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    parts = [
        incidence_by_stratum(
            counts.with_columns(cause=column), KEYS, names=[n for n in names if n != OPEN], open_name=OPEN, least=least
        ).with_columns(is_code=pl.lit(column == "outcome_code"))
        for column, names in (("outcome_group", groups), ("outcome_code", codes))
    ]
    found = pl.concat(parts).filter(~pl.col("is_code") | (pl.col("cause") != OPEN))
    return found.rename({"stratum": "cohort", "cause": "outcome_group"}).select(
        "cohort", "offence_class", "outcome_group", "is_code", "day", "incidence", "lower", "upper", "at_risk_count",
        "followed_count",
    )  # fmt: skip
