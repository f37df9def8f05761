"""Estimates from an audit sample: stratified shares, ratios by report, crimes left unrecorded.

Source: recording-standards 5.1. The selection of the sample is in audit_sample.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import groupby

import numpy as np
from numpy.typing import NDArray

from assets.methods.stratified_shares import Strata, share_limits

METHOD = "exact at effective size"

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
    """Sum of weighted numerators over sum of weighted denominators, with 95% limits by effective size.

    A share is the ratio whose denominators are 1. What the limits are, and what they rest on: stratified_shares. A
    stratum without a denominator says nothing and is left out. Raises ValueError where no stratum has one.
    """
    strata = [list(of) for _, of in groupby(sorted(reports, key=_stratum), key=_stratum)]
    strata = [of for of in strata if sum(r.denominator for r in of) > 0]
    if not strata:
        raise ValueError("no report holds anything to judge")
    value, lower, upper = (float(found) for found in share_limits(_sums(strata)))
    return Estimate(value, lower, upper, METHOD)


def _stratum(report: Report) -> str:
    return report.stratum


def _sums(strata: Sequence[Sequence[Report]]) -> Strata:
    def total(of: Callable[[float, float], float]) -> NDArray[np.float64]:
        return np.array([sum(of(r.denominator, r.denominator - r.numerator) for r in reports) for reports in strata])

    return Strata(
        reports=total(lambda d, f: 1.0),
        weight=np.array([reports[0].weight for reports in strata]),
        crimes=total(lambda d, f: d),
        failed=total(lambda d, f: f),
        crimes_squared=total(lambda d, f: d * d),
        both=total(lambda d, f: d * f),
        failed_squared=total(lambda d, f: f * f),
        failing=total(lambda d, f: float(f > 0)),
    )


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
