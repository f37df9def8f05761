# /// card
# description = """One row is a class and day with the share of crimes without an outcome by then, and the median day \
#     to an outcome."""
# grain = ["offence_class", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Crimes recorded in the two years before the as-of day (a setting). Open crimes count as long as they were \
#     followed, so the median is not that of closed crimes alone.""",
#     "An early outcome is not better than a late one: most early ones are no further action.",
# ]
# [columns]
# "offence_class, day" = "columns"
# open_share = ["double", """Share without an outcome by then; null where too few were followed long \
#     enough""", "0 to 1", "Without an outcome"]
# lower = ["double", "Lower 95% limit", "0 to 1"]
# upper = ["double", "Upper 95% limit", "0 to 1"]
# "design_effect, at_risk_count, followed_count" = "columns"
# median_days = ["double", """First day by the end of which half have an outcome; null where that is not reached \
#     within a year""", "days", "Median (days)"]
# ///

"""Time to any outcome, with the share that is still open."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import open_by_stratum


def time_to_outcome(core_outcome_day_counts: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per class and day."""
    counts = core_outcome_day_counts.filter(pl.col("breakdown") == "recent")
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = open_by_stratum(counts, ["offence_class"], cause="outcome_group", least=least)
    return found.rename({"incidence": "open_share"})
