"""The recording changes that every chart over time must mark (PUB-07)."""

from __future__ import annotations

import polars as pl

from dashboards.charts.breaks import Regime, regimes_of
from dashboards.data.published import Copy, NotAvailable

REGIMES = "reference.recording_regimes"
NO_CLASSES = "none"  # of a measure of orders, which are counted whatever is recorded
NO_REGIMES = NotAvailable(
    "absent",
    "The list of recording changes is missing. Without it, no chart over time is shown.",
    "Build again: the list is part of the product.",
)


def read_regimes(copy: Copy) -> pl.DataFrame:
    """The list of recording changes. Raises Missing."""
    return copy.select(REGIMES, instead=NO_REGIMES)


def of_measure(copy: Copy, classes: str) -> tuple[Regime, ...]:
    """The changes that move the counts of a measure, by its `recording_classes`. Raises Missing."""
    if classes == NO_CLASSES:
        return ()
    return regimes_of(read_regimes(copy).filter("moves_counts"), source="crime", codes=classes.split(","))
