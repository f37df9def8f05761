"""Estimates from an audit sample: stratified shares, ratios by report, crimes left unrecorded.

Source: recording-standards 5.1. The selection of the sample is in audit_sample.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
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
class Report:
    """A sampled report or unit: its numerator and denominator, and how many of the frame it represents."""

    stratum: str
    weight: float
    numerator: float
    denominator: float


def ratio_of_totals(reports: Sequence[Report]) -> Estimate:
    """Sum of weighted numerators over sum of weighted denominators, with exact 95% limits by stratum.

    Each stratum has the limits of Clopper and Pearson (Biometrika 26, 1934). Its distances from share to limits are
    weighted, corrected for the finite population, squared and added (Zou and Donner, Statistics in Medicine 27, 2008).
    So a stratum in which all passed is not taken for certain. Crimes of one report are not independent: a stratum
    counts as (sum d)^2 / sum d^2 units (Kish, Survey Sampling, 1965), d the denominators of its reports. Raises
    ValueError without a denominator.
    """
    bottom = sum(r.weight * r.denominator for r in reports)
    if bottom <= 0:
        raise ValueError("no report holds anything to judge")
    value = below = above = 0.0
    for stratum in sorted({r.stratum for r in reports if r.denominator > 0}):
        of = [r for r in reports if r.stratum == stratum]
        judged = sum(r.denominator for r in of)
        share, units = sum(r.numerator for r in of) / judged, judged**2 / sum(r.denominator**2 for r in of)
        lower = 0.0 if share <= 0 else float(beta.ppf(0.025, share * units, (1 - share) * units + 1))
        upper = 1.0 if share >= 1 else float(beta.ppf(0.975, share * units + 1, (1 - share) * units))
        weight, left = of[0].weight * judged / bottom, 1 - 1 / of[0].weight
        value += weight * share
        below += left * (weight * (share - lower)) ** 2
        above += left * (weight * (upper - share)) ** 2
    value = min(1.0, value)
    return Estimate(value, max(0.0, value - math.sqrt(below)), min(1.0, value + math.sqrt(above)), "exact by stratum")


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
