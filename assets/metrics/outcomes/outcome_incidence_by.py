# /// card
# description = """One row is a part of a breakdown, class, outcome group and day with the share of crimes with this \
#     outcome by then, as competing risks."""
# grain = ["breakdown", "stratum", "offence_class", "outcome_group", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Relationship, domestic abuse flag and unit use crimes recorded in the two years before the as-of day (a \
#     setting); recording regimes use all.""",
#     """Parts contain different crimes: a difference raises a question and answers none. Units are those of the \
#     officer on the record now.""",
#     """No figure where fewer than 30 crimes (a setting) were followed that long, unless all were.""",
# ]
# [columns]
# breakdown = ["varchar", "relationship, domestic_flag, unit or regime"]
# stratum = ["varchar", "Part of the breakdown"]
# offence_class = "columns"
# outcome_group = ["varchar", "Published group; Not yet assigned an outcome means still open"]
# day = "columns"
# incidence = ["double", "Share with this outcome by then", "0 to 1", "Share"]
# "lower, upper, design_effect, at_risk_count, followed_count" = "columns"
# ///

"""Outcomes by relationship, domestic abuse flag, unit and recording regime, as competing risks."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"
BREAKDOWNS = ("relationship", "domestic_flag", "unit", "regime")


def outcome_incidence_by(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per breakdown, part, class, outcome group and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown").is_in(BREAKDOWNS))
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        counts, ("breakdown", "stratum", "offence_class"), cause="outcome_group",
        names=[name for name in groups if name != OPEN], open_name=OPEN, least=least,
    )  # fmt: skip
    return found.rename({"cause": "outcome_group"})
