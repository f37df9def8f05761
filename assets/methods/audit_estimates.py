"""Estimates from an audit sample: stratified shares, ratios by report, crimes left unrecorded.

Source: recording-standards 5.1. The selection of the sample is in audit_sample.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scipy.stats import beta

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


def stratified_share(strata: Sequence[Stratum]) -> Estimate:
    """Share over all strata, p = sum W_h p_h with W_h = N_h / N; limits as `_combined` makes them.

    The finite population is corrected for. Raises ValueError for a stratum without a rated unit, and for impossible
    counts.
    """
    total = sum(s.population for s in strata)
    if not strata or any(not (0 < s.rated <= s.population and 0 <= s.passed <= s.rated) for s in strata):
        raise ValueError("every stratum needs rated units, at most its population, and passes among them")
    parts = ((s.population / total, s.passed / s.rated, s.rated, 1 - s.rated / s.population) for s in strata)
    return _combined(parts, "exact by stratum")


def ratio_of_totals(reports: Sequence[Report]) -> Estimate:
    """Sum of weighted numerators over sum of weighted denominators; limits as `_combined` makes them.

    Crimes of one report are not independent, so a stratum counts as (sum d)^2 / sum d^2 units (Kish, Survey Sampling,
    1965), d the denominators of its reports. The finite population is not corrected for: limits are too wide rather
    than too narrow. Raises ValueError without a denominator.
    """
    bottom = sum(r.weight * r.denominator for r in reports)
    if bottom <= 0:
        raise ValueError("no report holds anything to judge")
    parts = []
    for stratum in sorted({r.stratum for r in reports if r.denominator > 0}):
        of = [r for r in reports if r.stratum == stratum]
        judged = sum(r.denominator for r in of)
        weight = sum(r.weight * r.denominator for r in of) / bottom
        share = sum(r.numerator for r in of) / judged
        parts.append((weight, share, judged**2 / sum(r.denominator**2 for r in of), 1.0))
    return _combined(parts, "exact over reports")


def _combined(parts: Iterable[tuple[float, float, float, float]], method: str) -> Estimate:
    """The weighted share of strata, each given as (weight, share, units, part of its variance that is left).

    Each stratum has exact 95% limits (Clopper and Pearson, Biometrika 26, 1934). Its distances from share to limits are
    weighted, squared and added (Zou and Donner, Statistics in Medicine 27, 2008). So a stratum in which all passed is
    not taken for certain.
    """
    value = below = above = 0.0
    for weight, share, units, left in parts:
        passed, failed = share * units, (1 - share) * units
        lower = 0.0 if share <= 0 else float(beta.ppf(0.025, passed, failed + 1))
        upper = 1.0 if share >= 1 else float(beta.ppf(0.975, passed + 1, failed))
        value += weight * share
        below += left * (weight * (share - lower)) ** 2
        above += left * (weight * (upper - share)) ** 2
    value = min(1.0, value)
    return Estimate(value, max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above)), method)


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
