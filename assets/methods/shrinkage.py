"""Empirical Bayes estimates of shares of small units, shrunk towards the mean of all units.

A unit's true share is taken as Beta distributed over units. The Beta is estimated from the units themselves by
marginal maximum likelihood (Efron and Morris 1975).
The fewer cases a unit has, the nearer its estimate is to the mean. Use it to compare and order units, not to judge one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.optimize import minimize, minimize_scalar
from scipy.special import betaln, expit, logit
from scipy.stats import beta

from assets.methods.intervals import wilson_interval

FloatArray = NDArray[np.float64]

# Logarithms of prior sizes, in units of typical size: from much less to much more alike than such units can show.
SIZES = tuple(np.arange(-10.0, 12.5, 0.5).tolist())
FIGURES = ("value", "shrunk", "lower", "upper", "weight", "mean", "prior_size")


@dataclass(frozen=True)
class _Prior:
    """Mean over units, and the number of cases that the prior equals: infinite if units are alike."""

    mean: float
    size: float


def shrunk_shares(units: pl.DataFrame) -> pl.DataFrame:
    """Shrunk shares numerator / denominator (Beta-Binomial): one row per unit, in the order given.

    In: `unit`, `numerator` (whole), `denominator` (whole; 0 for a unit without cases, which gets the mean).

    Out: these and
    - `value`: the unit's own share, null without cases; `shrunk`: its posterior mean, weight x value + (1 - weight) x
      mean; `weight`: denominator / (denominator + prior_size);
    - `lower`, `upper`: 95%. Their prior has the same mean and the size that maximises likelihood / size (adjusted for
      density, Morris 1988; Li and Lahiri, Journal of Multivariate Analysis 101, 2010), never infinite, since no
    observed
      difference does not prove there is none; the mean's variance is added; a Beta with the resulting mean and
      variance gives the limits;
    - `mean`: of the prior, alike on all rows; `prior_size`: number of cases that the prior equals, null where units do
        not
      differ beyond chance (Tarone's sum, Biometrika 66, 1979, is not above what chance gives): then `shrunk` is the
      pooled share and `weight` 0 for all.

    Where no case of any unit counts, or every one, all get that share with Wilson's limits over all cases. Where at
    most one unit has a share other than none or all, differences between units cannot be estimated: each has its own
    Wilson limits. Raises ValueError for fewer than 3 units with cases, a missing column, a unit that is null or given
    twice, and counts that are null, not whole, or no share.
    """
    counts, totals = _checked(units)
    used = totals > 0
    pooled = float(counts.sum() / totals.sum())
    if pooled in (0, 1):
        prior = _Prior(pooled, np.inf)
        lowest, highest = wilson_interval(float(counts.sum()), float(totals.sum()))
        limits = np.full(len(counts), lowest), np.full(len(counts), highest)
    else:
        prior = _fitted(counts[used], totals[used])
        # with one unit alone that is neither none nor all, likelihood / size has no maximum: each unit by itself
        mixed = (counts > 0) & (counts < totals)
        limits = (
            _limits(counts, totals, _adjusted(counts[used], totals[used], prior.mean))
            if mixed.sum() > 1
            else _own_limits(counts, totals)
        )
    weight = np.zeros(len(counts)) if np.isinf(prior.size) else totals / (totals + prior.size)
    value = np.divide(counts, totals, out=np.full(len(counts), np.nan), where=used)
    shrunk = np.where(weight > 0, weight * value + (1 - weight) * prior.mean, prior.mean)
    # The two priors differ a little: rarely a limit of one is just beyond the mean of the other.
    lower, upper = np.minimum(limits[0], shrunk), np.maximum(limits[1], shrunk)
    figures = pl.DataFrame(dict(zip(FIGURES, (
        value, shrunk, lower, upper, weight, np.full(len(counts), prior.mean), np.full(len(counts), prior.size),
    )))).with_columns(pl.col("value").fill_nan(None), pl.col("prior_size").replace(np.inf, None))
    return pl.concat([units.select("unit", "numerator", "denominator"), figures], how="horizontal")


def _own_limits(counts: FloatArray, totals: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Wilson's limits of each unit; without cases any share is possible."""
    limits = [wilson_interval(k, n) if n > 0 else (0.0, 1.0) for k, n in zip(counts.tolist(), totals.tolist())]
    return np.array([low for low, _ in limits]), np.array([high for _, high in limits])


def _fitted(counts: FloatArray, totals: FloatArray) -> _Prior:
    """The prior of greatest marginal likelihood; of infinite size where units do not differ beyond chance."""
    pooled = float(counts.sum() / totals.sum())
    if not _differ(counts, totals, pooled):
        return _Prior(pooled, np.inf)
    typical = float(np.median(totals))
    middle = float(logit(pooled))

    def prior_at(place: FloatArray) -> _Prior:
        return _Prior(float(expit(place[0])), typical * float(np.exp(place[1])))

    def cost(place: FloatArray) -> float:
        return -_log_likelihood(counts, totals, prior_at(place))

    # The surface is flat far out: start from the best point of a coarse grid. Slopes estimated by differences are lost
    # in rounding there, so the search uses none and runs until nothing moves.
    start = min((np.array([middle, size]) for size in SIZES), key=cost)
    bounds = [(middle - 5, middle + 5), (SIZES[0], SIZES[-1])]
    exactly = {"xatol": 1e-8, "fatol": 1e-10, "maxiter": 4000}
    return prior_at(minimize(cost, start, method="Nelder-Mead", bounds=bounds, options=exactly).x)


def _adjusted(counts: FloatArray, totals: FloatArray, mean: float) -> _Prior:
    """The size that maximises likelihood / size at the mean found: with few units, both at once have no maximum."""
    typical = float(np.median(totals))

    def cost(place: float) -> float:
        return place - _log_likelihood(counts, totals, _Prior(mean, typical * float(np.exp(place))))

    best = min(SIZES, key=cost)
    found = minimize_scalar(cost, bounds=(best - 0.5, best + 0.5), method="bounded", options={"xatol": 1e-8}).x
    return _Prior(mean, typical * float(np.exp(found)))


def _differ(counts: FloatArray, totals: FloatArray, pooled: float) -> bool:
    """Whether the likelihood grows as units are allowed to differ: the sign of its slope where they are alike."""
    squares = (counts - pooled * totals) ** 2
    return float((squares / (pooled * (1 - pooled))).sum()) > float(totals.sum())


def _log_likelihood(counts: FloatArray, totals: FloatArray, prior: _Prior) -> float:
    """Beta-binomial with a = mean x size."""
    a, b = prior.mean * prior.size, (1 - prior.mean) * prior.size
    return float((betaln(counts + a, totals - counts + b) - betaln(a, b)).sum())


def _limits(counts: FloatArray, totals: FloatArray, prior: _Prior) -> tuple[FloatArray, FloatArray]:
    """2.5% and 97.5% quantiles of a Beta with the posterior's mean and variance, and the mean's variance."""
    middle = (counts + prior.size * prior.mean) / (totals + prior.size)
    pull = prior.size / (totals + prior.size)
    spread = middle * (1 - middle)
    of_mean = prior.mean * (1 - prior.mean) / float((totals * (prior.size + 1) / (totals + prior.size)).sum())
    size = spread / (spread / (totals + prior.size + 1) + pull**2 * of_mean) - 1
    return beta.ppf(0.025, middle * size, (1 - middle) * size), beta.ppf(0.975, middle * size, (1 - middle) * size)


def _checked(units: pl.DataFrame) -> tuple[FloatArray, FloatArray]:
    missing = [name for name in ("unit", "numerator", "denominator") if name not in units.columns]
    if missing:
        raise ValueError(f"shrinkage needs the column {', '.join(missing)}")
    if units["unit"].null_count() or units["unit"].n_unique() != units.height:
        raise ValueError("each unit has a name and is given once")
    counts, totals = (units[name].cast(pl.Float64).to_numpy() for name in ("numerator", "denominator"))
    if not (np.isfinite(counts) & (counts >= 0) & np.isfinite(totals) & (totals >= 0)).all():
        raise ValueError("each numerator and denominator is a number, 0 or more: one is null, negative or not finite")
    if (counts > totals).any():
        row = units.row(int(np.flatnonzero(counts > totals)[0]), named=True)
        raise ValueError(f"{row['numerator']} of {row['denominator']} in unit {row['unit']} is no share")
    if (counts != np.rint(counts)).any() or (totals != np.rint(totals)).any():
        raise ValueError("counts are whole numbers")
    if (totals > 0).sum() < 3:
        raise ValueError(f"shrinkage needs 3 units with cases or more, not {(totals > 0).sum()}")
    return counts, totals
