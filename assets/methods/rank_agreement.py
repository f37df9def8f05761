"""Agreement of two rankings of the same units, and of two lists.

Strategic-assessment 4.4: print Kendall's tau between the lenses of harm.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Hashable
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import ArrayLike, NDArray
from scipy.stats import kendalltau

FloatArray = NDArray[np.float64]

PAIRS = {
    "window_days": pl.Int64, "lens": pl.String, "other_lens": pl.String, "person_count": pl.Int64, "tau": pl.Float64,
    "lower": pl.Float64, "upper": pl.Float64, "list_length": pl.Int64, "listed_count": pl.Int64,
    "other_listed_count": pl.Int64, "on_both_count": pl.Int64, "overlap": pl.Float64,
}  # fmt: skip

# Beyond this the spread comes from a sample of this size and is scaled, as tau of half a million takes long.
LARGEST_RESAMPLE = 2000


@dataclass(frozen=True)
class RankAgreement:
    """`tau` is None where one ranking has all units alike; limits are None where the units do not support any."""

    units: int
    tau: float | None
    lower: float | None
    upper: float | None


def compare_lenses(people: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row per window and pair of lenses of harm, columns PAIRS: how alike they rank, and who is on both lists.

    In: `window_days`, `lens`, `other_lens`; `harm` and `other_harm`, the two figures; `person_count`, people with both.
    Pairs with fewer people than the settings require have no row.
    """
    settings = dict(reference_settings.select("key", "value").iter_rows())
    length = int(settings["backtest.list_length"])
    rows = []
    # the bootstrap draws people by their place, so they are in the order of their figures
    ordered = people.sort("window_days", "lens", "other_lens", "harm", "other_harm")
    for pair, group in ordered.group_by("window_days", "lens", "other_lens", maintain_order=True):
        number = group["person_count"].to_numpy()
        if number.sum() < settings["shares.minimum_denominator"]:
            continue
        harm, other = (np.repeat(group[name].to_numpy(), number) for name in ("harm", "other_harm"))
        agreed, one, two = kendall_tau(harm, other), _listed(harm, length), _listed(other, length)
        rows.append(
            (*pair, len(harm), agreed.tau, agreed.lower, agreed.upper, length, len(one), len(two), len(one & two),
             jaccard(one, two))
        )  # fmt: skip
    return pl.DataFrame(rows, schema=PAIRS, orient="row")


def _listed(scores: FloatArray, length: int) -> set[int]:
    """The units on a list of the highest. All who share the last rank are: no list depends on the order of rows."""
    above = len(scores) - np.searchsorted(np.sort(scores), scores, side="right")
    return set(np.flatnonzero(above < length).tolist())


def kendall_tau(
    first: ArrayLike, second: ArrayLike, *, replicates: int = 500, seed: int = 1
) -> RankAgreement:
    """Kendall's tau-b between two scores of the same units, with a 95% percentile bootstrap of units.

    In: two arrays of shape (units,), in the same order. tau-b: Kendall, Biometrika 33 (1945), as scipy computes it;
    1 where the order is the same, 0 where it is unrelated, -1 where it is reversed. Among more than
    LARGEST_RESAMPLE units the spread is that of samples of this size, scaled by sqrt(LARGEST_RESAMPLE / units) (m out
    of n bootstrap; Bickel, Goetze and van Zwet, Statistica Sinica 7, 1997). No limits below 5 units, nor where tau is 1
    or -1: no sample can then differ.
    Raises ValueError for arrays of different shape, fewer than 2 units, a score that is not finite, or fewer than 100
    replicates.
    """
    scores = _scores(first, second)
    if replicates < 100:
        raise ValueError(f"limits need 100 replicates or more, not {replicates}")
    units = scores.shape[1]
    tau = _tau(scores)
    if math.isnan(tau):
        return RankAgreement(units, None, None, None)
    if units < 5 or math.isclose(abs(tau), 1.0):
        return RankAgreement(units, tau, None, None)
    size = min(units, LARGEST_RESAMPLE)
    generator = np.random.default_rng(seed)
    drawn = np.array([_tau(scores[:, generator.integers(0, units, size)]) for _ in range(replicates)])
    # A small sample may have units alike in one score: it says nothing about tau.
    lower, upper = np.nanquantile(drawn, [0.025, 0.975])
    scale = math.sqrt(size / units)
    return RankAgreement(
        units, tau, max(-1.0, tau + scale * float(lower - tau)), min(1.0, tau + scale * float(upper - tau))
    )


def jaccard(first: Collection[Hashable], second: Collection[Hashable]) -> float | None:
    """Jaccard index of two sets: units in both over units in either, 0 to 1; None where both are empty.

    Jaccard (1901); used for how much of a list remains from month to month.

    >>> round(jaccard({"a", "b"}, {"b", "c"}), 3)
    0.333
    """
    either = set(first) | set(second)
    return len(set(first) & set(second)) / len(either) if either else None


def _tau(scores: FloatArray) -> float:
    return float(kendalltau(scores[0], scores[1]).statistic)


def _scores(first: ArrayLike, second: ArrayLike) -> FloatArray:
    one, other = np.asarray(first, dtype=np.float64), np.asarray(second, dtype=np.float64)
    if one.ndim != 1 or one.shape != other.shape or len(one) < 2:
        raise ValueError(f"two scores of the same units, 2 or more, are needed, not {one.shape} and {other.shape}")
    if not (np.isfinite(one).all() and np.isfinite(other).all()):
        raise ValueError("a score is not a finite number")
    return np.stack([one, other])
