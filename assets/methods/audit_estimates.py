"""Estimates from an audit sample: stratified shares, ratios by report, crimes left unrecorded.

Source: recording-standards 5.1. The share of one stratum has Wilson's interval (`intervals.wilson_interval`). The
selection of the sample is in audit_sample.
"""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from assets.methods.intervals import wilson_interval

REPLICATES = 2000
UNRECORDED_BIAS = (
    "An audit looks where crime is expected: reports logged as something else are outside it, so the number of crimes "
    "left unrecorded can be higher. It assumes that reports outside the frame are recorded as well as those inside."
)


@dataclass(frozen=True)
class Estimate:
    """A value with its limits; `method` says how the limits were made.

    Limits are None where the sample does not support any.
    """

    value: float
    lower: float | None
    upper: float | None
    method: str


@dataclass(frozen=True)
class Stratum:
    """Counts of one stratum: `population` units, of which `rated` were rated and `passed` passed."""

    population: int
    rated: int
    passed: float


@dataclass(frozen=True)
class Report:
    """A sampled report: its numerator and denominator, and the number of reports of the frame that it represents."""

    stratum: str
    weight: float
    numerator: float
    denominator: float


def stratified_share(strata: Sequence[Stratum], z: float = 1.96) -> tuple[Estimate, float]:
    """Share over all strata, with limits p -/+ z s and finite population correction.

    p = sum W_h p_h, Var = sum W_h^2 (1 - n_h / N_h) p_h (1 - p_h) / (n_h - 1), W_h = N_h / N. Limits are cut at 0 and
    1. There are none where a stratum has one rated unit of several: its variance is unknown. Raises ValueError for a
    stratum without a rated unit, and for impossible counts.
    """
    total = sum(s.population for s in strata)
    if not strata or any(not (0 < s.rated <= s.population and 0 <= s.passed <= s.rated) for s in strata):
        raise ValueError("every stratum needs rated units, at most its population, and passes among them")
    value = sum(s.population / total * s.passed / s.rated for s in strata)
    if any(s.rated == 1 < s.population for s in strata):
        return Estimate(value, None, None, "stratified, without limits: a stratum has one rated unit"), math.nan
    variance = sum(_variance(s, s.population / total) for s in strata)
    error = math.sqrt(variance)
    return Estimate(value, max(0.0, value - z * error), min(1.0, value + z * error), "stratified"), error


def _variance(stratum: Stratum, weight: float) -> float:
    if stratum.rated == stratum.population:
        return 0.0
    share = stratum.passed / stratum.rated
    return weight**2 * (1 - stratum.rated / stratum.population) * share * (1 - share) / (stratum.rated - 1)


def ratio_of_totals(reports: Sequence[Report], seed: int, *, replicates: int = REPLICATES, z: float = 1.96) -> Estimate:
    """Sum of weighted numerators over sum of weighted denominators, with bootstrap limits.

    Crimes of one report are not independent, so reports are resampled within strata, never crimes. Percentile limits at
    2.5% and 97.5%. The generator is Python's own Mersenne Twister from `seed`, whose numbers do not change between
    versions. Where every report gives the same ratio, the bootstrap has no spread: Wilson's interval over the reports
    is used instead. The finite population is not corrected for, so limits are too wide rather than too narrow. Raises
    ValueError without a denominator.
    """
    bottom = sum(r.weight * r.denominator for r in reports)
    if bottom <= 0:
        raise ValueError("no report holds anything to judge")
    value = sum(r.weight * r.numerator for r in reports) / bottom
    counted = [r for r in reports if r.denominator > 0]
    if len({r.numerator / r.denominator for r in counted}) == 1 and 0 <= value <= 1:
        lower, upper = wilson_interval(value * len(counted), len(counted), z)
        return Estimate(value, lower, upper, "Wilson over reports (all alike)")
    by_stratum: dict[str, list[tuple[float, float]]] = {}
    for r in reports:
        by_stratum.setdefault(r.stratum, []).append((r.weight * r.numerator, r.weight * r.denominator))
    ratios = sorted(_replicates(list(by_stratum.values()), seed, replicates))
    lower, upper = _quantile(ratios, 0.025), _quantile(ratios, 0.975)
    return Estimate(value, lower, upper, f"bootstrap by report ({replicates:,} times, seed {seed})")


def _replicates(strata: list[list[tuple[float, float]]], seed: int, replicates: int) -> list[float]:
    generator = random.Random(seed)
    found = []
    for _ in range(replicates):
        top = bottom = 0.0
        for pairs in strata:
            size = len(pairs)
            for _ in range(size):
                numerator, denominator = pairs[int(generator.random() * size)]
                top += numerator
                bottom += denominator
        if bottom > 0:
            found.append(top / bottom)
    return found


def _quantile(values: Sequence[float], share: float) -> float:
    """Linear interpolation between order statistics (R type 7)."""
    place = share * (len(values) - 1)
    below = math.floor(place)
    above = min(below + 1, len(values) - 1)
    return values[below] + (place - below) * (values[above] - values[below])


def unrecorded(recorded: int, accuracy: Estimate) -> Estimate:
    """Crimes left unrecorded in a year: U = R (1 / p - 1), with limits from the limits of p.

    R is `recorded`, p the `accuracy`. UNRECORDED_BIAS must be shown with the figure.
    Raises ValueError for an accuracy of 0 or less.
    """
    if recorded < 0 or not 0 < accuracy.value <= 1:
        raise ValueError(f"{recorded} recorded crimes and an accuracy of {accuracy.value} give no number")

    def left(share: float | None) -> float | None:
        return None if share is None or share <= 0 else recorded * (1 / share - 1)

    value = left(accuracy.value)
    assert value is not None
    return Estimate(value, left(accuracy.upper), left(accuracy.lower), f"R (1 / p - 1), p by {accuracy.method}")
