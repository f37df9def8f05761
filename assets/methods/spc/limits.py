"""Limits of control charts: XmR and Laney's p-prime. Nothing is clipped to 0 or 1.

Sources: strategic-assessment 5.3; Wheeler, Understanding Variation (1993), for 2.66; Laney,
Improved control charts for attributes, Quality Engineering 14(4), 2002, for p-prime. 1.128 is d2 for ranges
of two. A missing point is NaN: it has no moving range, neither to the point before it nor to the one after
it. The last axis of every array is time: the series of an array, all of one length, each have limits of their own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assets.methods.spc.signals import BoolArray, FloatArray

XMR_FACTOR = 2.66
RANGE_OF_TWO = 1.128


@dataclass(frozen=True)
class XmrLimits:
    """One figure a series, in the unit of the values."""

    mean: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class ProportionLimits:
    """`centre` is the proportion of a series; `sigma`, `lower` and `upper` follow each point's denominator.

    `z` is each point's distance from the centre in sigmas, `sigma_z` how much wider than binomial a series varies
    from point to point.
    """

    centre: FloatArray
    sigma: FloatArray
    z: FloatArray
    sigma_z: FloatArray
    lower: FloatArray
    upper: FloatArray


def moving_ranges(values: FloatArray) -> FloatArray:
    """Absolute steps along the last axis, one fewer than the points; NaN beside a missing point."""
    ranges: FloatArray = np.abs(np.diff(values, axis=-1))
    return ranges


def xmr_limits(values: ArrayLike) -> XmrLimits:
    """Limits of individual values, shape (..., points): mean -/+ 2.66 mean moving ranges.

    Raises ValueError where no two neighbouring points of a series are measured.
    """
    measured = np.asarray(values, dtype=np.float64)
    range_mean = _mean_range(measured)
    mean: FloatArray = np.nanmean(measured, axis=-1)
    return XmrLimits(mean, mean - XMR_FACTOR * range_mean, mean + XMR_FACTOR * range_mean)


def p_prime_limits(
    numerators: ArrayLike, denominators: ArrayLike, baseline: BoolArray | None = None
) -> ProportionLimits:
    """Laney's limits, p -/+ 3 sigma_p sigma_z, for arrays of shape (..., points).

    The centre (sum over sum) and sigma_z = mean|dz| / 1.128 come from the points that `baseline` marks (all
    by default); limits are given for every point. Where all or none of the baseline counts, z and sigma_z are
    0.
    Raises ValueError where no two neighbouring baseline points of a series are measured.
    """
    counts = np.asarray(numerators, dtype=np.float64)
    totals = np.asarray(denominators, dtype=np.float64)
    used = np.isfinite(counts) & (totals > 0)
    if baseline is not None:
        used &= baseline
    if not used.any(axis=-1).all():
        raise ValueError("no baseline point has a numerator and a denominator above 0")
    centre: FloatArray = np.where(used, counts, 0).sum(axis=-1) / np.where(used, totals, 0).sum(axis=-1)
    middle = centre[..., np.newaxis]
    sigma: FloatArray = np.sqrt(
        np.divide(middle * (1 - middle), totals, out=np.full_like(totals, np.nan), where=totals > 0)
    )
    values = np.divide(counts, totals, out=np.full_like(totals, np.nan), where=totals > 0)
    z = np.divide(values - middle, sigma, out=np.zeros_like(values), where=sigma > 0)
    z[~np.isfinite(values)] = np.nan
    sigma_z = _mean_range(np.where(used, z, np.nan)) / RANGE_OF_TWO
    half_width = 3 * sigma * sigma_z[..., np.newaxis]
    return ProportionLimits(centre, sigma, z, sigma_z, middle - half_width, middle + half_width)


def _mean_range(values: FloatArray) -> FloatArray:
    """Mean moving range of each series."""
    ranges = moving_ranges(values)
    if not np.isfinite(ranges).any(axis=-1).all():
        raise ValueError("no two neighbouring points are measured, so there is no moving range")
    mean: FloatArray = np.nanmean(ranges, axis=-1)
    return mean
