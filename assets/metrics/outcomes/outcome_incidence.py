# /// card
# description = """One row is a cohort, class, outcome and day with the share of crimes with this outcome by then, as \
#     competing risks."""
# grain = ["cohort", "offence_class", "outcome_group", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Cumulative incidence with competing outcomes: outcomes and the share still open add up to one on each day. \
#     Open crimes count as long as they were followed.""",
#     """No figure where fewer than 30 crimes of the cohort (a setting) were followed that long, unless all were: it \
#     would be a guess.""",
#     """Limits allow for crimes of one suspect that end alike. Where the share is 0 or 1 the far limit is exact, for \
#     the effective number of crimes.""",
#     "The cohort all includes recording changes; compare quarters only on the same side of a change.",
# ]
# [columns]
# cohort = ["varchar", "all, or quarter of recording: 2025-Q1", "", "Group"]
# offence_class = "columns"
# outcome_group = ["varchar", "Published group, or single code; Not yet assigned an outcome means still open"]
# is_code = ["boolean", "A single code, which is also part of a group"]
# day = "columns"
# incidence = ["double", "Share with this outcome by then", "0 to 1", "Share"]
# "lower, upper, design_effect, at_risk_count, followed_count" = "columns"
# ///

"""Cumulative incidence of each outcome by cohort and class, with competing outcomes."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"
KEYS = ("stratum", "offence_class")


def outcome_incidence(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per cohort, class, outcome group or single code, and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "cohort")
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    codes = counts["outcome_code"].drop_nulls().unique().sort().to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    parts = [
        incidence_by_stratum(
            counts, KEYS, cause=column, names=[n for n in names if n != OPEN], open_name=OPEN, least=least
        ).with_columns(is_code=pl.lit(column == "outcome_code"))
        for column, names in (("outcome_group", groups), ("outcome_code", codes))
    ]
    found = pl.concat(parts).filter(~pl.col("is_code") | (pl.col("cause") != OPEN))
    return found.rename({"stratum": "cohort", "cause": "outcome_group"}).select(
        "cohort", "offence_class", "outcome_group", "is_code", "day", "incidence", "lower", "upper",
        "design_effect", "at_risk_count", "followed_count",
    )  # fmt: skip
