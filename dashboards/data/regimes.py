"""The recording changes that every chart over time must mark (PUB-07)."""

from __future__ import annotations

import polars as pl

from dashboards.data.published import Copy, NotAvailable

REGIMES = "core.recording_regimes"
NO_REGIMES = NotAvailable(
    "absent",
    "The list of recording changes is missing. Without it, no chart over time is shown.",
    "Build again: the list is part of the product.",
)


def read(copy: Copy) -> pl.DataFrame:
    """The list of recording changes. Raises Missing."""
    return copy.select(REGIMES, instead=NO_REGIMES)
