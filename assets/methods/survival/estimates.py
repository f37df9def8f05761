"""Time to an event: Kaplan-Meier, and Aalen-Johansen where several causes compete.

Both take a table of people at risk per day (risk_table). The share of a cohort that has had one of several events
is `incidence_at`. 1 - survival with the other causes censored overstates it and cannot be requested: no function
takes one cause of a table alone. Where nobody is at risk from day 0, shares are of those who were without an event when
the first entered.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import polars as pl
from scipy.special import ndtr
from scipy.stats import norm

from assets.methods.survival.risk_table import FloatArray, IntArray, RiskTable, checked

Figures = dict[str, FloatArray]
QUANTILE_95 = float(norm.ppf(0.975))


def survival_figures(counts: RiskTable, days: Sequence[float]) -> tuple[Figures, IntArray]:
    """Share without any event by each day (`survival`, `standard_error`, `known`), and the number at risk.

    Out: arrays of shape (days,), NaN for null. All causes of the table count as the event. An event on the day counts;
    those at risk are counted just before its events.
    Product-limit estimate of Kaplan and Meier, Journal of the American Statistical Association 53 (1958); standard
    error by Greenwood (1926). `known` are those at risk on the day or with an event before.
    Null: every figure after the last day on which someone is at risk, unless all had the event by then, and after a day
    on which nobody was left before others entered.
    Raises ValueError for a day that is negative or not finite.
    """
    _check(days)
    failed = counts.events.sum(axis=1)
    survival = _survival(counts)
    staying = counts.at_risk * (counts.at_risk - failed)
    # Where everyone at risk has the event, survival is 0 and so is its standard error.
    terms = np.divide(failed, staying, out=np.zeros_like(failed), where=staying > 0)
    error = survival * np.sqrt(np.cumsum(terms))
    place = np.searchsorted(counts.day, days, side="right")
    value, spread = np.append(1.0, survival)[place], np.append(0.0, error)[place]
    figures = {"survival": value, "standard_error": spread, "known": _known_by(counts, days)}
    return _founded(counts, survival, days, figures)


def incidence_at(table: pl.DataFrame, days: Sequence[float], *, z: float = QUANTILE_95) -> pl.DataFrame:
    """Share that has had each cause first, by the end of each day given.

    Out: `cause`, `day`, `incidence`, `standard_error`, `lower`, `upper`, `at_risk`; causes in the order of the table.

    Cumulative incidence of Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978); incidences and survival
    add up to 1. Standard error of the Greenwood type (Allignol, Schumacher and Beyersmann, Biometrical Journal 52,
    2010); limits as limits_of_shares. Events counted, nulls and errors: as survival_figures and
    risk_table.checked.
    """
    found = []
    for cause, figures, at_risk in incidence_figures(checked(table), days):
        lower, upper = limits_of_shares(figures["incidence"], figures["standard_error"], figures.pop("known"), z=z)
        frame = _frame(days, figures | {"lower": lower, "upper": upper}, at_risk)
        found.append(frame.select(pl.lit(cause).alias("cause"), pl.all()))
    return pl.concat(found)


def incidence_figures(counts: RiskTable, days: Sequence[float]) -> list[tuple[str, Figures, IntArray]]:
    """incidence_at as arrays without limits, as survival_figures: one item a cause."""
    _check(days)
    survival, incidences = curves(counts)
    before = np.append(1.0, survival[:-1])
    place = np.searchsorted(counts.day, days, side="right")
    known = _known_by(counts, days)
    found = []
    for number, cause in enumerate(counts.causes):
        incidence = np.append(0.0, incidences[:, number])
        value = incidence[place]
        error = np.array([_incidence_error(counts, survival, before, incidence, number, int(p)) for p in place])
        figures = {"incidence": value, "standard_error": error, "known": known}
        found.append((cause, *_founded(counts, survival, days, figures)))
    return found


def curves(counts: RiskTable) -> tuple[FloatArray, FloatArray]:
    """Share without any event, (days,), and with each cause first, (days, causes), by the end of each day of the table.

    As survival_figures and incidence_at have them, but without their nulls: after the last day they stay as they are.
    """
    survival = _survival(counts)
    before = np.append(1.0, survival[:-1])
    at_risk = np.maximum(counts.at_risk, 1.0)
    incidence: FloatArray = np.cumsum(before[:, None] * counts.events / at_risk[:, None], axis=0)
    return survival, incidence


def limits_of_shares(
    shares: FloatArray, errors: FloatArray, known: FloatArray, effects: FloatArray | float = 1.0, *,
    z: float = QUANTILE_95,
) -> tuple[FloatArray, FloatArray]:  # fmt: skip
    """Limits of shares with standard errors, `known` crimes and design effects (suspects.py), all of one shape.

    Complementary log-log, p^exp(+/- z se / (p log p)) (Kalbfleisch and Prentice 1980), with errors times the root of
    the effect. Where the share is 0 or 1 the far limit is exact (Clopper and Pearson 1934) for the known divided by the
    effect. NaN where nobody is known.
    Raises ValueError for z not above 0.

    >>> [round(float(limit[0]), 3) for limit in limits_of_shares(np.zeros(1), np.zeros(1), np.array([60.0]))]
    [0.0, 0.06]
    """
    if not 0 < z < np.inf:
        raise ValueError(f"a normal quantile above 0 is needed, not {z}")
    is_all = np.isclose(shares, 1, rtol=0, atol=1e-9)  # a sum of many shares may miss 1 by its last digit
    inside = (shares > 0) & ~is_all & (errors > 0)
    safe = np.where(inside, shares, 0.5)
    width = z * errors * np.sqrt(effects) / (safe * np.log(safe))
    size = np.where(known > 0, known, np.nan) / effects
    far = -np.expm1(np.log(ndtr(-z)) / size)
    where = [inside, shares == 0, is_all]
    lower: FloatArray = np.select(where, [safe ** np.exp(-width), 0.0, 1 - far], np.nan)
    upper: FloatArray = np.select(where, [safe ** np.exp(width), far, 1.0], np.nan)
    return lower, upper


def followed_share_limits(count: int, total: int, effect: float = 1.0) -> tuple[float, float]:
    """Limits of a share of crimes that were all followed to its day, as limits_of_shares; `total` above 0."""
    share, known = np.array([count / total]), np.array([float(total)])
    lower, upper = limits_of_shares(share, np.sqrt(share * (1 - share) / total), known, effect)
    return float(lower[0]), float(upper[0])


def median_day_of(counts: RiskTable) -> float | None:
    """First day by whose end half or more have had an event (any cause); None where fewer ever have."""
    # A product of many shares may miss one half by its last digit.
    reached = counts.day[(_survival(counts) <= 0.5 + 1e-12) & (counts.day <= counts.last_day)]
    return float(reached[0]) if len(reached) else None


def _survival(counts: RiskTable) -> FloatArray:
    """Share without an event by the end of each day of the table."""
    shares = counts.events.sum(axis=1) / np.maximum(counts.at_risk, 1.0)
    survival: FloatArray = np.cumprod(1 - shares)
    return survival


def _incidence_error(
    counts: RiskTable, survival: FloatArray, before: FloatArray, incidence: FloatArray, number: int, place: int
) -> float:
    """Standard error of the incidence of one cause after the first `place` days of the table.

    Each day's shares are multinomial. One event more of the cause adds the survival before that day, and any event
    takes away what those at risk would still have had of the cause (`lost`).
    """
    day = slice(0, place)
    failed, of_cause = counts.events[day].sum(axis=1), counts.events[day, number]
    at_risk = np.maximum(counts.at_risk[day], 1.0)
    still = incidence[place] - incidence[1:place + 1]
    lost = np.divide(still, survival[day], out=np.zeros_like(still), where=survival[day] > 0)
    square = ((1 - lost) ** 2 * of_cause + lost**2 * (failed - of_cause)) / at_risk
    mean = (of_cause - lost * failed) / at_risk
    return float(np.sqrt(np.sum(before[day] ** 2 * np.maximum(square - mean**2, 0.0) / at_risk)))


def _known_by(counts: RiskTable, days: Sequence[float]) -> FloatArray:
    """At risk just before each day's events, or with an event before: those of whom it is known what they had."""
    place = np.searchsorted(counts.day, days)
    before: FloatArray = np.append(0.0, np.cumsum(counts.events.sum(axis=1)))[place]
    at_risk: FloatArray = np.append(counts.at_risk, 0.0)[place]
    return before + at_risk


def _founded(
    counts: RiskTable, survival: FloatArray, days: Sequence[float], figures: Figures
) -> tuple[Figures, IntArray]:
    """The figures by day, NaN where they have no basis, and the number at risk."""
    asked = np.asarray(days, dtype=np.float64)
    all_failed = survival[np.searchsorted(counts.day, counts.last_day)] <= 0 and not counts.is_followed_by_others
    known = (asked <= counts.last_day) | all_failed
    place = np.searchsorted(counts.day, asked)
    at_risk = np.append(counts.at_risk, 0.0)[place].astype(np.int64)
    return {name: np.where(known, values, np.nan) for name, values in figures.items()}, at_risk


def _frame(days: Sequence[float], figures: Figures, at_risk: IntArray) -> pl.DataFrame:
    """The figures by day, null where they have no basis."""
    frame = pl.DataFrame({"day": np.asarray(days, dtype=np.float64), **figures})
    return frame.with_columns(pl.col(list(figures)).fill_nan(None), at_risk=pl.Series(at_risk))


def _check(days: Sequence[float]) -> None:
    asked = np.asarray(days, dtype=np.float64)
    if asked.ndim != 1 or not np.isfinite(asked).all() or (asked < 0).any():
        raise ValueError(f"days are a list of numbers, 0 or more, not {days}")
