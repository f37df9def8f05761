# /// card
# description = """One row is a way of counting and a day, with the share charged by then: of crimes with a named \
#     suspect, of suspects with any charge, of courses of conduct with any charge; no person can be told."""
# grain = ["unit_type", "day"]
# audience = ["command", "integrity"]
# caveats = [
#     """Conduct that began in the two years before the as-of day (a setting). The clock of a suspect or course of \
#     conduct starts with its first crime on record; any later crime's charge counts.""",
#     "An outcome belongs to a crime: where a crime has several suspects, its charge counts for each.",
#     "Suspects are counted where a name is on the record; without linkage a person under two keys counts as two.",
# ]
# [columns]
# unit_type = ["varchar", """crime (with a named suspect), suspect, or course of conduct (one suspect towards one \
#     victim)"""]
# day = ["bigint", "Days since the first recording: 90, 180 or 365", "days"]
# incidence = ["double", "Share charged by then; null where too few were followed so long", "0 to 1", "Share"]
# "lower, upper" = "columns"
# at_risk_count = ["bigint", "How many at the start", "units", "How many"]
# followed_count = ["bigint", "Of them begun so many days ago or more", "units"]
# ///

"""How often a charge comes of it: counted by crime, by suspect, and by course of conduct."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.day_counts import incidence_by_stratum


def suspect_charges(core_suspect_charge_counts: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per way of counting and day."""
    least = dict(reference_settings.select("key", "value").iter_rows())["shares.minimum_denominator"]
    found = incidence_by_stratum(
        core_suspect_charge_counts.rename({"unit_count": "number"}), ["unit_type"], names=["charged"],
        open_name="open", least=least,
    )  # fmt: skip
    return found.filter(pl.col("cause") == "charged").drop("cause")
