"""95% intervals of what changed between two periods (other levels by `z`), and tests of several shares or changes.

Scalars in, (lower, upper) out; of tests a probability. They say what chance alone may do to independent cases, and to
counts with the spread of their own months; nothing of other causes. One in twenty intervals leaves out no change by
chance alone, so of several that are shown at once those are clear that `clear_among` names.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq
from scipy.special import ndtr, stdtrit
from scipy.stats import chi2, false_discovery_control

from assets.methods.intervals import wilson_interval

HIGHER, LOWER, UNCLEAR = "higher", "lower", "no clear change"  # verdicts on a change
WIDEST = 8.0  # z of the widest interval that is tried: what chance does less often has the probability of this


def difference_of_shares(
    count: float, total: float, count_before: float, total_before: float, z: float = 1.96
) -> tuple[float, float]:
    """The interval of count / total less count_before / total_before, within -1 and 1.

    Source: Newcombe, Statistics in Medicine 17 (1998) 873, method 10: from Wilson's limits of both shares, because the
    normal approximation fails near 0 and 1.
    Raises ValueError unless both are proportions.

    >>> [round(limit, 3) for limit in difference_of_shares(56, 70, 48, 80)]
    [0.052, 0.334]
    """
    lower, upper = wilson_interval(count, total, z)
    lower_before, upper_before = wilson_interval(count_before, total_before, z)
    share, before = count / total, count_before / total_before
    difference = share - before
    return (
        difference - math.hypot(share - lower, upper_before - before),
        difference + math.hypot(upper - share, before - lower_before),
    )


def direction(lower: float, upper: float, unchanged: float = 0.0) -> str:
    """The verdict on a change, from its interval: higher, lower or no clear change.

    `unchanged` is 0 for a difference and 1 for a ratio.

    >>> direction(*difference_of_shares(56, 70, 48, 80)), direction(*ratio_of_counts(120, 100), unchanged=1)
    ('higher', 'no clear change')
    """
    return HIGHER if lower > unchanged else LOWER if upper < unchanged else UNCLEAR


def reached_by(limits: Callable[[float], tuple[float, float]], unchanged: float = 0.0) -> float:
    """How often chance alone gives as much: the probability outside the interval that ends at no change.

    `limits` is the interval for a z, which holds those of every smaller z. So the probability is below 0.05 just where
    the 95% interval leaves out no change.

    >>> round(reached_by(lambda z: difference_of_shares(56, 70, 48, 80, z)), 4)
    0.0081
    """

    def left(z: float) -> float:
        """How far no change is outside the interval; below 0 inside."""
        lower, upper = limits(z)
        return max(lower - unchanged, unchanged - upper)

    if left(1e-9) <= 0:
        return 1.0
    z = WIDEST if left(WIDEST) > 0 else brentq(left, 1e-9, WIDEST, xtol=1e-6)
    return float(2 * ndtr(-z))


def clear_among(chances: Sequence[float | None], rate: float) -> list[bool]:
    """Which of several changes are clear, where at most `rate` of those called so may be by chance.

    `chances`: of each as `reached_by` gives it; None where nothing was compared.
    Source: Benjamini and Hochberg, Journal of the Royal Statistical Society B 57 (1995) 289.

    >>> clear_among([0.001, 0.05, None, 0.5, 0.6, 0.7], 0.1)
    [True, False, False, False, False, False]
    """
    p = np.array([np.nan if chance is None else chance for chance in chances], dtype=float)
    found = np.zeros(p.size, dtype=bool)
    judged = np.isfinite(p)
    if judged.any():
        found[judged] = false_discovery_control(p[judged]) <= rate
    return [bool(one) for one in found]


def chance_of_shares(counted: Sequence[tuple[float, float]]) -> float | None:
    """How often equal shares would differ as much as these by chance: Pearson's chi-square test of homogeneity.

    `counted` is (count, total) of each share. None where it is not known: fewer than two shares, or an expected count
    below 5 (Cochran, Biometrics 10, 1954).

    >>> round(chance_of_shares([(70, 1000), (46, 1000), (90, 1000)]), 4)
    0.0005
    """
    share = sum(count for count, _ in counted) / (sum(total for _, total in counted) or 1)
    if len(counted) < 2 or min(total for _, total in counted) * min(share, 1 - share) < 5:
        return None
    distance = sum((count - total * share) ** 2 / (total * share * (1 - share)) for count, total in counted)
    return float(chi2.sf(distance, len(counted) - 1))


def difference_by_limits(
    now: tuple[float, float, float], before: tuple[float, float, float]
) -> tuple[float, float]:
    """The interval of one estimate less another, each given with its own limits: (value, lower, upper).

    Source: Zou and Donner, Statistics in Medicine 27 (2008) 1693: the method that `difference_of_shares` uses for
    shares holds for any two independent estimates whose limits need not be symmetrical, medians among them.
    Raises ValueError unless each value is within its limits.

    >>> [round(limit, 2) for limit in difference_by_limits((15, 13, 18), (10, 8, 14))]
    [0.53, 8.61]
    """
    for value, lower, upper in (now, before):
        if not lower <= value <= upper:
            raise ValueError(f"{value} is not between its limits, {lower} and {upper}")
    (value, lower, upper), (value_before, lower_before, upper_before) = now, before
    difference = value - value_before
    return (
        difference - math.hypot(value - lower, upper_before - value_before),
        difference + math.hypot(upper - value, value_before - lower_before),
    )


@dataclass(frozen=True)
class Spread:
    """How much more a measure's monthly counts vary than chance alone would make them.

    `extra` is their variance beyond Poisson as a share of the squared mean (negative binomial), from `pairs` successive
    months: metrics.measure_verdicts has both. The default is chance alone.
    """

    extra: float = 0.0
    pairs: int = 0

    def quantile(self, z: float) -> float:
        """That of Student's distribution in place of `z`: the spread is estimated. A pair counts two thirds."""
        return float(stdtrit(self.pairs * 2 / 3, ndtr(z))) if self.pairs else z


CHANCE_ALONE = Spread()


def ratio_of_counts(
    count: float, count_before: float, z: float = 1.96, spread: Spread = CHANCE_ALONE, months: int = 1
) -> tuple[float, float]:
    """The interval of count / count_before, of two periods of `months`, with the spread of the measure's months.

    Source: Przyborowski and Wilenski, Biometrika 31 (1940): given their sum, the first count is binomial. Its share of
    the sum has Wilson's interval. The upper limit is infinite where there was none before. More spread than Poisson
    makes both counts smaller (McCullagh and Nelder, Generalized Linear Models, 1989, 4.5).
    Raises ValueError for counts below 0, or two zeros.

    >>> [round(limit, 2) for limit in ratio_of_counts(120, 100)]
    [0.92, 1.56]
    >>> [round(limit, 2) for limit in ratio_of_counts(120, 100, spread=Spread(0.005, 30))]
    [0.85, 1.7]
    """
    times = 1 + spread.extra * (count + count_before) / 2 / months
    lower, upper = wilson_interval(count / times, (count + count_before) / times, spread.quantile(z))
    return lower / (1 - lower), math.inf if count_before == 0 else upper / (1 - upper)
