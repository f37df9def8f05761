"""Limits of control charts: XmR, p and Laney's p-prime. Nothing is clipped to 0 or 1.

Sources: strategic-assessment 5.3; Wheeler, Understanding Variation (1993), for 2.66 and 3.267; Laney,
Improved control charts for attributes, Quality Engineering 14(4), 2002, for p-prime. 1.128 is d2 for ranges
of two. A missing point is NaN: it has no moving range, neither to the point before it nor to the one after
it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assets.methods.spc.signals import BoolArray, FloatArray

XMR_FACTOR = 2.66
MOVING_RANGE_FACTOR = 3.267
RANGE_OF_TWO = 1.128


@dataclass(frozen=True)
class XmrLimits:
    """In the unit of the values; `moving_range_upper` is the limit of the moving ranges."""

    mean: float
    moving_range_mean: float
    lower: float
    upper: float
    moving_range_upper: float


@dataclass(frozen=True)
class ProportionLimits:
    """`centre` is a proportion; `sigma`, `lower` and `upper` follow each point's denominator.

    `z` is each point's distance from the centre in sigmas, `sigma_z` how much wider than binomial the series
    varies from point to point (1 on a p chart).
    """

    centre: float
    sigma: FloatArray
    z: FloatArray
    sigma_z: float
    lower: FloatArray
    upper: FloatArray


def moving_ranges(values: FloatArray) -> FloatArray:
    """Absolute steps along the last axis, one fewer than the points; NaN beside a missing point."""
    ranges: FloatArray = np.abs(np.diff(values, axis=-1))
    return ranges


def xmr_limits(values: ArrayLike) -> XmrLimits:
    """Limits of individual values, shape (points,): mean -/+ 2.66 mean moving ranges.

    Raises ValueError where no two neighbouring points are measured.
    """
    measured = np.asarray(values, dtype=np.float64)
    ranges = moving_ranges(measured)
    if not np.isfinite(ranges).any():
        raise ValueError("no two neighbouring points are measured, so there is no moving range")
    mean = float(np.nanmean(measured))
    range_mean = float(np.nanmean(ranges))
    return XmrLimits(
        mean, range_mean, mean - XMR_FACTOR * range_mean, mean + XMR_FACTOR * range_mean,
        MOVING_RANGE_FACTOR * range_mean,
    )


def p_limits(
    numerators: ArrayLike, denominators: ArrayLike, baseline: BoolArray | None = None
) -> ProportionLimits:
    """Limits that assume binomial variation: p -/+ 3 sigma_p. Shapes and errors as in p_prime_limits."""
    return _proportion_limits(numerators, denominators, baseline, is_laney=False)


def p_prime_limits(
    numerators: ArrayLike, denominators: ArrayLike, baseline: BoolArray | None = None
) -> ProportionLimits:
    """Laney's limits, p -/+ 3 sigma_p sigma_z, for arrays of shape (points,).

    The centre (sum over sum) and sigma_z = mean|dz| / 1.128 come from the points that `baseline` marks (all
    by default); limits are given for every point. Where all or none of the baseline counts, z and sigma_z are
    0.
    Raises ValueError where no two neighbouring baseline points are measured.
    """
    return _proportion_limits(numerators, denominators, baseline, is_laney=True)


def _proportion_limits(
    numerators: ArrayLike, denominators: ArrayLike, baseline: BoolArray | None, *, is_laney: bool
) -> ProportionLimits:
    counts = np.asarray(numerators, dtype=np.float64)
    totals = np.asarray(denominators, dtype=np.float64)
    used = np.isfinite(counts) & (totals > 0)
    if baseline is not None:
        used &= baseline
    if not used.any():
        raise ValueError("no baseline point has a numerator and a denominator above 0")
    centre = float(counts[used].sum() / totals[used].sum())
    sigma: FloatArray = np.sqrt(
        np.divide(centre * (1 - centre), totals, out=np.full_like(totals, np.nan), where=totals > 0)
    )
    values = np.divide(counts, totals, out=np.full_like(totals, np.nan), where=totals > 0)
    z = np.divide(values - centre, sigma, out=np.zeros_like(values), where=sigma > 0)
    z[~np.isfinite(values)] = np.nan
    sigma_z = _sigma_z(np.where(used, z, np.nan)) if is_laney else 1.0
    half_width = 3 * sigma * sigma_z
    return ProportionLimits(centre, sigma, z, sigma_z, centre - half_width, centre + half_width)


def _sigma_z(z: FloatArray) -> float:
    steps = moving_ranges(z)
    if not np.isfinite(steps).any():
        raise ValueError("no two neighbouring points are measured, so there is no moving range")
    return float(np.nanmean(steps)) / RANGE_OF_TWO
