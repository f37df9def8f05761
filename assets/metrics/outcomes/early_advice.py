# /// card
# description = """One row is whether early investigative advice was requested, a class, outcome group and day, with \
#     the share of crimes with this outcome by then."""
# grain = ["early_advice", "offence_class", "outcome_group", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """This is not the effect of advice: it is requested in graver cases with better evidence, and only in cases \
#     that last long enough. The groups would differ even without advice.""",
#     """Crimes recorded in the two years before the as-of day (a setting). Advice requested after the outcome does \
#     not count.""",
# ]
# [columns]
# early_advice = ["varchar", "asked for, or not asked for"]
# offence_class = "columns"
# outcome_group = ["varchar", "Published group; Not yet assigned an outcome means still open"]
# day = "columns"
# incidence = ["double", """Share with this outcome by then; null where too few crimes were followed long \
#     enough""", "0 to 1", "Charged within 365 days"]
# "lower, upper, design_effect, at_risk_count, followed_count" = "columns"
# ///

"""Outcomes of crimes with and without early advice from prosecutors: a description, not an effect."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum

OPEN = "Not yet assigned an outcome"


def early_advice(
    core_outcome_day_counts: pl.DataFrame, reference_outcome_groups: pl.DataFrame, reference_settings: pl.DataFrame
) -> pl.DataFrame:
    """Return one row per answer, class, outcome group and day; empty where no submissions were delivered."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "early_advice")
    groups = reference_outcome_groups["outcome_group"].unique(maintain_order=True).to_list()
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        counts, ("stratum", "offence_class"), cause="outcome_group",
        names=[name for name in groups if name != OPEN], open_name=OPEN, least=least,
    )  # fmt: skip
    return found.rename({"stratum": "early_advice", "cause": "outcome_group"})
