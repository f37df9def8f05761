# /// card
# description = """One row is a day since a suspect's first event, with the share suspected again by then and of which \
#     victim. No person can be identified."""
# grain = ["cause", "day"]
# by_force = true
# audience = ["command", "integrity"]
# caveats = [
#     """Death is a competing risk; time on remand is not at risk; people without a next event by the as-of day are \
#     censored then.""",
#     "A next event is a next report: it says nothing about conduct that nobody reports.",
#     "The first event in the last three years need not be the first ever.",
# ]
# [columns]
# cause = ["varchar", "same victim, another victim, or death", "", "What happened first"]
# day = ["bigint", "Days since the first event", "days", "Day"]
# is_headline = ["boolean", "30, 90, 180 or 365"]
# incidence = ["double", """Share with this as the first next event; null where nobody was followed long \
#     enough""", "0 to 1", "Share"]
# lower = ["double", "Lower 95% limit", "0 to 1"]
# upper = ["double", "Upper 95% limit", "0 to 1"]
# at_risk_count = ["bigint", "People still at risk just before that day", "people", "Still at risk"]
# person_count = ["bigint", "People followed", "people", "People followed"]
# ///

"""Cumulative incidence of a suspect's next event, by same or another victim."""

from __future__ import annotations

import polars as pl

from assets.methods.survival.estimates import incidence_at
from assets.methods.survival.risk_table import risk_table

CAUSES = ("same victim", "another victim", "death")
DAYS = (30, 90, 180, 365)


def next_event_incidence(core_suspect_risk_times: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """Return one row per cause and day: at 30, 90, 180 and 365 days, and at each week between for the curve."""
    if core_suspect_risk_times.is_empty():
        return pl.DataFrame()
    settings = dict(reference_settings.select("key", "value").iter_rows())
    places = {"": 0} | {cause: place for place, cause in enumerate(CAUSES, start=1)}
    times = core_suspect_risk_times.with_columns(place=pl.col("cause").replace_strict(places, return_dtype=pl.Int64))
    table = risk_table(
        times["end_day"].to_numpy(),
        times["place"].to_numpy(),
        cause_names=CAUSES,
        entries=times["entry_day"].to_numpy(),
        persons=times["suspect_ref"].to_numpy(),
    )
    found = incidence_at(table, sorted({*range(0, 366, 7), *DAYS}), z=settings["intervals.z"])
    return found.select(
        "cause",
        pl.col("day").cast(pl.Int64),
        is_headline=pl.col("day").cast(pl.Int64).is_in(DAYS),
        incidence="incidence",
        lower="lower",
        upper="upper",
        at_risk_count=pl.col("at_risk").cast(pl.Int64),
        person_count=pl.lit(times["suspect_ref"].n_unique(), dtype=pl.Int64),
    )
