"""Kendall's test of a trend in many short series at once, exact for short series, ties included.

The sum S counts later-and-higher pairs less later-and-lower ones. When the values of a series come in any order with
the same probability, S is the number of pairs not tied less twice the inversions of a multiset, whose distribution
is known: the q-multinomial coefficient (MacMahon 1913; Kendall, Rank Correlation Methods, 1970, for the test). Only the
order of the values matters.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from scipy.stats import norm

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]

# 20! is the last factorial within 64 bits, so that orders are counted exactly.
LONGEST_EXACT = 20


def trend_tests(series: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """tau-b, two-sided p, and the smallest p that any order of the same values could give.

    In: shape (series, values), in order of time, one value or more. Out: three arrays of shape (series,). p is exact up
    to LONGEST_EXACT values, ties included; beyond, normal with the variance for ties and a correction for continuity,
    which errs towards larger p. tau is NaN, and p 1, where all values of a series are alike.
    Raises ValueError for another shape, and values that are not finite.

    >>> tau, p, smallest = trend_tests(np.array([[1.0, 2.0, 3.0, 4.0]]))
    >>> float(tau[0]), round(float(p[0]), 3)
    (1.0, 0.083)
    """
    if series.ndim != 2 or not series.shape[1]:
        raise ValueError(f"series have the shape (series, values), with a value, not {series.shape}")
    if not np.isfinite(series).all():
        raise ValueError("a value of a series is not a finite number")
    length = series.shape[1]
    sums = np.zeros(len(series), dtype=np.int64)
    alike = np.ones(series.shape, dtype=np.int64)
    for lag in range(1, length):
        earlier, later = series[:, :-lag], series[:, lag:]
        sums += (later > earlier).sum(axis=1) - (later < earlier).sum(axis=1)
        same = later == earlier
        alike[:, lag:] += same
        alike[:, :-lag] += same
    pairs = length * (length - 1) // 2
    # Each value of a group of t ties sees t - 1 others: half their sum is the number of tied pairs.
    free = pairs - (alike - 1).sum(axis=1) // 2
    scale = np.sqrt(pairs * free.astype(np.float64))
    tau = np.divide(sums, scale, out=np.full(len(series), np.nan), where=free > 0)
    tests = _exact if length <= LONGEST_EXACT else _normal
    return tau, *tests(np.abs(sums), free, alike)


def _exact(sums: IntArray, free: IntArray, alike: IntArray) -> tuple[FloatArray, FloatArray]:
    """p and smallest p by the pattern of ties: how many values are like each value, in ascending order."""
    patterns, which = np.unique(np.sort(alike, axis=1), axis=0, return_inverse=True)
    p, smallest = np.ones(len(sums)), np.ones(len(sums))
    order = np.argsort(which, kind="stable")
    for pattern, rows in zip(patterns, np.split(order, np.cumsum(np.bincount(which))[:-1])):
        tails = _two_sided_tails(_tie_sizes(pattern))
        p[rows], smallest[rows] = tails[sums[rows]], tails[-1]
    return p, smallest


def _tie_sizes(pattern: IntArray) -> tuple[int, ...]:
    """Sizes of groups of ties: (1, 2, 2, 3, 3, 3) means groups of 1, 2 and 3 ties."""
    sizes, counts = np.unique(pattern, return_counts=True)
    return tuple(int(size) for size in np.repeat(sizes, counts // sizes))


@lru_cache(maxsize=4096)
def _two_sided_tails(ties: tuple[int, ...]) -> FloatArray:
    """P(|S| >= s) for s from 0 to the number of pairs that are not tied."""
    orders = _orders_by_inversions(ties)
    largest = len(orders) - 1
    by_size = np.bincount(np.abs(largest - 2 * np.arange(largest + 1)), weights=orders, minlength=largest + 1)
    tails = np.cumsum(by_size[::-1])[::-1]
    shares: FloatArray = tails / tails[0]
    return shares


def _orders_by_inversions(ties: tuple[int, ...]) -> IntArray:
    """Number of orders of a multiset with 0, 1, 2, ... inversions.

    The product of (1 + q + ... + q^(i-1)) for i up to n, divided by the same product for each group of ties.
    """
    orders = np.ones(1, dtype=np.int64)
    for step in range(2, sum(ties) + 1):
        orders = np.convolve(orders, np.ones(step, dtype=np.int64))
    for step in (step for size in ties for step in range(2, size + 1)):
        # Dividing by (1 - q^step) / (1 - q): differences, then running sums at that stride.
        orders = np.diff(orders, prepend=0)
        for start in range(step):
            orders[start::step] = np.cumsum(orders[start::step])
        orders = orders[:len(orders) - step + 1]
    return orders


def _normal(sums: IntArray, free: IntArray, alike: IntArray) -> tuple[FloatArray, FloatArray]:
    length = alike.shape[1]
    ties = ((alike - 1) * (2 * alike + 5)).sum(axis=1)
    deviation = np.sqrt((length * (length - 1) * (2 * length + 5) - ties) / 18)

    def p(size: IntArray) -> FloatArray:
        # S moves in steps of 2.
        z = np.divide(size - 1, deviation, out=np.zeros(len(size)), where=deviation > 0)
        tails: FloatArray = 2 * norm.sf(np.maximum(z, 0.0))
        return tails

    return p(sums), p(free)
