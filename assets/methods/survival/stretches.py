"""Incidence of a suspect's next event, from counts of stretches of days at risk.

A stretch is from the day after which someone is at risk to its last day, and ends with an event or without one.
"""

from __future__ import annotations

import numpy as np
import polars as pl

from assets.methods.survival.estimates import incidence_at
from assets.methods.survival.risk_table import risk_table

CAUSES = ("same victim", "another victim", "death")
DAYS = (30, 90, 180, 365)
INCIDENCE = {
    "cause": pl.String, "day": pl.Int64, "is_headline": pl.Boolean, "incidence": pl.Float64, "lower": pl.Float64,
    "upper": pl.Float64, "at_risk_count": pl.Int64, "person_count": pl.Int64,
}  # fmt: skip


def incidence_of_stretches(stretches: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per cause and day: at 30, 90, 180 and 365 days, and at each week between for the curve.

    In: `entry_day`, `end_day`, `ended_by` (a cause, or '') and `stretch_count`, stretches with these. Of them:
    `person_count`, the first of a person; `overlap_count`, those that begin before an earlier one of the person ends;
    `after_event_count`, those that follow an event. Out: columns INCIDENCE.
    Raises ValueError for stretches that overlap or follow an event, and as risk_table.
    """
    if stretches.is_empty():
        return pl.DataFrame(schema=INCIDENCE)
    for name, problem in [("overlap_count", "overlap"), ("after_event_count", "follow an event of that person")]:
        if wrong := int(stretches[name].sum()):
            raise ValueError(f"stretches of one person {problem}: {wrong}")
    settings = dict(reference_settings.select("key", "value").iter_rows())
    places = {"": 0} | {cause: place for place, cause in enumerate(CAUSES, start=1)}
    counted = stretches.with_columns(place=pl.col("ended_by").replace_strict(places, return_dtype=pl.Int64))
    number = counted["stretch_count"].to_numpy()
    ends, causes, entries = (np.repeat(counted[name].to_numpy(), number) for name in ("end_day", "place", "entry_day"))
    table = risk_table(ends, causes, cause_names=CAUSES, entries=entries)
    found = incidence_at(table, sorted({*range(0, 366, 7), *DAYS}), z=settings["intervals.z"])
    return found.select(
        "cause",
        pl.col("day").cast(pl.Int64),
        is_headline=pl.col("day").cast(pl.Int64).is_in(DAYS),
        incidence="incidence",
        lower="lower",
        upper="upper",
        at_risk_count=pl.col("at_risk").cast(pl.Int64),
        person_count=pl.lit(int(stretches["person_count"].sum()), dtype=pl.Int64),
    )
