"""Shares and ratios of stratified samples of reports, with 95% limits by effective size.

Arrays in, arrays out: the last axis of each is the stratum. Estimates of an audit, in words, are in audit_estimates.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Strata:
    """Sums over the sampled reports of each stratum, each of the same shape (..., strata).

    A report has d crimes, of which f fail. `weight` is how many reports of the frame one sampled report represents,
    `failing` the number of reports with a failing crime. Every stratum has a crime.
    """

    reports: Floats
    weight: Floats
    crimes: Floats  # sum of d
    failed: Floats  # of f
    crimes_squared: Floats  # of d^2
    both: Floats  # of d f
    failed_squared: Floats  # of f^2
    failing: Floats

    @property
    def sizes(self) -> Floats:
        """Independent units that a stratum counts as where reports pass or fail whole: (sum d)^2 / sum d^2."""
        return _floats(self.crimes**2 / self.crimes_squared)

    @property
    def weights(self) -> Floats:
        """Share of all crimes that each stratum represents."""
        represented = self.weight * self.crimes
        return _floats(represented / represented.sum(axis=-1, keepdims=True))

    @property
    def unseen(self) -> Floats:
        """Share of each stratum's frame that was not drawn: the finite population correction."""
        return _floats(np.maximum(1 - 1 / self.weight, 0.0))

    @property
    def uneven(self) -> Floats:
        """Sum of squared distances of the reports' crimes from their mean: 0 where each report has as many."""
        return _floats(np.maximum(self.crimes_squared - self.crimes**2 / self.reports, 0.0))


def share_limits(strata: Strata) -> tuple[Floats, Floats, Floats]:
    """Share of crimes that pass with its lower and upper 95% limit, each of shape (...) and within 0 to 1.

    The share is the ratio of weighted totals. Its limits are those of Clopper and Pearson (Biometrika 26, 1934) at the
    effective sample size of the design (Korn and Graubard, Survey Methodology 24, 1998). That size comes from modelled
    variances, as Franco, Little, Louis and Slud advise (Journal of Survey Statistics and Methodology 7, 2019): a
    variance of 0 in a stratum where all passed would feign certainty. For the bound on what fails, one more failing
    report of the greatest weight is added (Fay and Feuer, Statistics in Medicine 16, 1997). No limit contradicts what
    was seen, and a frame that was read whole has limits equal to its share. Coverage is simulated in
    benchmarks/verdicts.py.
    """
    # a ratio of sums in one order: exactly 0 or 1 where none or all failed
    fails = _floats((strata.weight * strata.failed).sum(axis=-1) / (strata.weight * strata.crimes).sum(axis=-1))
    modelled = _modelled_shares(strata, fails)
    together = _crimes_together(strata)
    size = _effective_size(strata, modelled, fails, together)
    with np.errstate(invalid="ignore"):  # a frame that was read whole has no size: it is infinite
        least = np.where(fails <= 0, 0.0, beta.ppf(0.025, np.maximum(fails * size, 1e-12), (1 - fails) * size + 1))
        centre, upper_size = _one_more(strata, modelled, fails, together, size)
        most = np.where(fails >= 1, 1.0, beta.ppf(0.975, centre * (upper_size + 1), (1 - centre) * (upper_size + 1)))
    # what was seen to fail or to pass in the frame is certain
    frame = _most_crimes(strata)
    failed, passed = strata.failed.sum(axis=-1) / frame, (strata.crimes - strata.failed).sum(axis=-1) / frame
    least, most = np.maximum(least, failed), np.minimum(most, 1 - passed)
    is_whole = np.isinf(size)
    least, most = np.where(is_whole, fails, least), np.where(is_whole, fails, most)
    return 1 - fails, _floats(1 - most), _floats(1 - least)


def _modelled_shares(strata: Strata, fails: Floats) -> Floats:
    """Failing share of each stratum, with one unit of the share of all added: between its own and that of all."""
    all_units = 1 / (strata.weights**2 / strata.sizes).sum(axis=-1)
    of_all = (fails * all_units + 0.5) / (all_units + 1)
    return _floats((strata.failed / strata.crimes * strata.sizes + of_all[..., None]) / (strata.sizes + 1))


def _crimes_together(strata: Strata) -> Floats:
    """How far crimes of one report fail together, from 0 (independently) to 1 (all or none).

    From squared residuals within strata, with one report more whose crimes fail together: few failing reports say
    little, so that one weighs much.
    """
    shares = strata.failed / strata.crimes
    alone, whole = (shares * (1 - shares) * of for of in (strata.crimes, strata.crimes_squared))
    found = strata.failed_squared - 2 * shares * strata.both + shares**2 * strata.crimes_squared
    room, failing = (whole - alone).sum(axis=-1), strata.failing.sum(axis=-1)
    seen = np.where(room > 0, (found - alone).sum(axis=-1) / np.where(room > 0, room, 1.0), 1.0)
    return _floats((failing * np.clip(seen, 0.0, 1.0) + 1) / (failing + 1))


def _spread(strata: Strata, together: Floats) -> Floats:
    """Sum of the variances of the reports' failing crimes, in units of q (1 - q)."""
    return _floats(strata.crimes + together[..., None] * (strata.crimes_squared - strata.crimes))


def _effective_size(strata: Strata, modelled: Floats, fails: Floats, together: Floats) -> Floats:
    """Size of a simple random sample with the variance of this design, where strata fail as modelled."""
    whole = (strata.weights * modelled).sum(axis=-1)
    spread = modelled * (1 - modelled) * _spread(strata, together)
    # the number of crimes of a report is by chance too: it matters where a stratum fails more than all do
    spread = (spread + (modelled - fails[..., None]) ** 2 * strata.uneven) * (strata.sizes + 1) / strata.sizes
    bottom = (strata.weight * strata.crimes).sum(axis=-1)
    variance = (strata.weight**2 * strata.unseen * spread).sum(axis=-1) / bottom**2
    with np.errstate(divide="ignore"):
        return _floats(whole * (1 - whole) / variance)


def _one_more(
    strata: Strata, modelled: Floats, fails: Floats, together: Floats, size: Floats
) -> tuple[Floats, Floats]:
    """Failing share and effective size with one more failing report, of the stratum where it weighs most."""
    bottom = (strata.weight * strata.crimes).sum(axis=-1, keepdims=True)
    carried = strata.weight * np.sqrt(strata.unseen) * _spread(strata, together) / strata.crimes / bottom
    heaviest = np.arange(carried.shape[-1]) == carried.argmax(axis=-1)[..., None]
    raised = np.where(heaviest, modelled + (1 - modelled) / (strata.sizes + 2), modelled)
    added = np.maximum(carried.max(axis=-1), 1 / size)
    of_all = (strata.weights * raised).sum(axis=-1)
    return _floats((fails + added) / (1 + added)), _effective_size(strata, _floats(raised), _floats(of_all), together)


def _most_crimes(strata: Strata) -> Floats:
    """Crimes that the frame may hold: the upper 95% limit of its estimated total, which is exact for single crimes."""
    variance = (strata.weight**2 * strata.unseen * strata.uneven).sum(axis=-1)
    return _floats((strata.weight * strata.crimes).sum(axis=-1) + 1.96 * np.sqrt(variance))


def _floats(found: Any) -> Floats:
    return np.asarray(found, dtype=np.float64)
