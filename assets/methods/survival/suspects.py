"""How much less certain shares are because crimes of one suspect often end alike.

Counts of pairs of one suspect's crimes suffice: a stratum needs no row per suspect.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.survival.risk_table import FloatArray

BoolArray = NDArray[np.bool_]


def design_effects(
    pairs: pl.DataFrame, causes: Sequence[str], days: Sequence[int], shares: FloatArray, number: int,
    followed: Sequence[int],
) -> FloatArray:  # fmt: skip
    """Variance of each share as a multiple of that of independent crimes; shares and result (causes + 1, days), the
    last of any cause.

    In: `pairs`, each pair of crimes of one suspect once, as counts by `cause`, `day`, `other_cause` and `other_day`
    (`pair_count`, and `followed_90_count` and so on where both were followed); `number` of crimes, and those followed
    to each day. 1 without pairs.

    1 + r 2 pairs / crimes (Kish 1965), r the intraclass correlation. It is estimated from the residuals of pairs that
    were followed, so that crimes with and without other crimes of their suspect may differ, as with the cluster-robust
    variance (Williams, Biometrics 56, 2000). It is within 0 and 1, with one event more whose crimes all end alike: few
    events say little, so that one weighs much.
    """
    every = int(pairs["pair_count"].sum())
    if not every:
        return np.ones_like(shares)
    ends = [(_had(pairs[prefix + "cause"], causes), pairs[prefix + "day"].to_numpy()) for prefix in ("", "other_")]
    alike = np.empty_like(shares)
    for place, day in enumerate(days):
        weight = pairs[f"followed_{day}_count"].to_numpy().astype(np.float64)
        one, other = (has & (when <= day) for has, when in ends)
        share, seen = shares[:, place], max(weight.sum(), 1.0)
        both, either = (one & other) @ weight / seen, (one @ weight + other @ weight) / seen
        together = np.where(weight.sum() > 0, both - share * either + share**2, 1.0)
        spread = share * (1 - share)
        found = np.divide(together, spread, out=np.ones_like(share), where=spread > 0)
        events = np.minimum(share, 1 - share) * followed[place]
        alike[:, place] = (events * np.clip(found, 0.0, 1.0) + 1) / (events + 1)
    return 1 + alike * (2 * every / number)


def _had(cause: pl.Series, causes: Sequence[str]) -> BoolArray:
    """Which pairs (columns) had each cause, and any cause in the last row."""
    had = cause.fill_null("").to_numpy()
    return np.stack([*(had == name for name in causes), had != ""])
