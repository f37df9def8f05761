# /// card
# description = """One row is a counting unit and a day, with the share charged by then: crimes with a named suspect, \
#     suspects with any charge, or courses of conduct with any charge. No person can be identified."""
# grain = ["unit_type", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Conduct that began in the two years before the as-of day (a setting). The clock of a suspect or course of \
#     conduct starts with its first crime on record; a charge for any later crime counts.""",
#     "An outcome belongs to a crime: where a crime has several suspects, its charge counts for each.",
#     "Suspects count where the record names them; without linkage a person with two keys counts as two.",
# ]
# [columns]
# unit_type = ["varchar", """crime (with a named suspect), suspect, or course of conduct (one suspect towards one \
#     victim)"""]
# day = ["bigint", "Days since the first recording: 90, 180 or 365", "days"]
# incidence = ["double", "Share charged by then; null where too few were followed long enough", "0 to 1", "Charged"]
# "lower, upper" = "columns"
# at_risk_count = ["bigint", "Number at the start", "units", "Number"]
# followed_count = ["bigint", "Of these, started at least that many days ago", "units"]
# ///

"""The share charged, counted by crime, by suspect, and by course of conduct."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum


def suspect_charges(core_suspect_charge_counts: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per counting unit and day."""
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        core_suspect_charge_counts.rename({"unit_count": "number"}), ["unit_type"], names=["charged"],
        open_name="open", least=least,
    )  # fmt: skip
    return found.filter(pl.col("cause") == "charged").drop("cause")
