# /// card
# description = """One row is a class and day with the share of crimes that have no outcome by then, and the day by \
#     whose end half have one."""
# grain = ["offence_class", "day"]
# audience = ["command", "integrity"]
# caveats = [
#     """Crimes recorded in the two years before the as-of day (a setting); those still open count as far as they \
#     were followed, so that the median is not that of closed crimes alone.""",
#     "An early outcome is no better than a late one: most early ones are without action.",
# ]
# [columns]
# "offence_class, day" = "columns"
# open_share = ["double", """Share without an outcome by then; null where too few \
#     were followed so long""", "0 to 1", "Without an outcome"]
# lower = ["double", "Lower limit, 95 %", "0 to 1"]
# upper = ["double", "Upper limit, 95 %", "0 to 1"]
# "at_risk_count, followed_count" = "columns"
# median_days = ["double", """First day by whose end half have an outcome; null where that \
#     is not reached within a year""", "days", "Median (days)"]
# ///

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
