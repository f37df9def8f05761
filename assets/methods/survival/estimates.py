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
from scipy.stats import norm

from assets.methods.survival.risk_table import FloatArray, IntArray, RiskTable, checked

Figures = dict[str, FloatArray]
QUANTILE_95 = float(norm.ppf(0.975))


def survival_figures(
    counts: RiskTable, days: Sequence[float], *, z: float = QUANTILE_95
) -> tuple[Figures, IntArray]:
    """Share without any event by each day (`survival`, `standard_error`, `lower`, `upper`), and the number at risk.

    Out: arrays of shape (days,), NaN for null. All causes of the table count as the event. An event on the day counts;
    those at risk are counted just before its events.
    Product-limit estimate of Kaplan and Meier, Journal of the American Statistical Association 53 (1958); standard
    error by Greenwood (1926); limits by complementary log-log, S^exp(+/- z se / (S log S)) (Kalbfleisch and Prentice
    1980). Null: limits where S is 0 or 1, which have no estimable spread. Null too: every figure after the last day on
    which someone is at risk, unless all had the event by then, and after a day on which nobody was left before others
    entered.
    Raises ValueError for a day that is negative or not finite, or z not above 0.
    """
    _check(days, z)
    failed = counts.events.sum(axis=1)
    survival = _survival(counts)
    staying = counts.at_risk * (counts.at_risk - failed)
    # Where everyone at risk has the event, survival is 0 and so is its standard error.
    terms = np.divide(failed, staying, out=np.zeros_like(failed), where=staying > 0)
    error = survival * np.sqrt(np.cumsum(terms))
    place = np.searchsorted(counts.day, days, side="right")
    value, spread = np.append(1.0, survival)[place], np.append(0.0, error)[place]
    lower, upper = _log_log_limits(value, spread, z)
    return _known(counts, survival, days, {
        "survival": value, "standard_error": spread, "lower": lower, "upper": upper,
    })


def incidence_at(table: pl.DataFrame, days: Sequence[float], *, z: float = QUANTILE_95) -> pl.DataFrame:
    """Share that has had each cause first, by the end of each day given.

    Out: `cause`, `day`, `incidence`, `standard_error`, `lower`, `upper`, `at_risk`; causes in the order of the table.

    Cumulative incidence of Aalen and Johansen, Scandinavian Journal of Statistics 5 (1978); incidences and survival
    add up to 1. Standard error of the Greenwood type (Allignol, Schumacher and Beyersmann, Biometrical Journal 52,
    2010); limits p^exp(-/+ z se / (p log p)). Events counted, nulls and errors: as survival_figures and
    risk_table.checked.
    """
    found = [
        _frame(days, figures, at_risk).select(pl.lit(cause).alias("cause"), pl.all())
        for cause, figures, at_risk in incidence_figures(checked(table), days, z=z)
    ]
    return pl.concat(found)


def incidence_figures(
    counts: RiskTable, days: Sequence[float], *, z: float = QUANTILE_95
) -> list[tuple[str, Figures, IntArray]]:
    """incidence_at as arrays, as survival_figures: one item a cause."""
    _check(days, z)
    survival = _survival(counts)
    before = np.append(1.0, survival[:-1])
    at_risk = np.maximum(counts.at_risk, 1.0)
    place = np.searchsorted(counts.day, days, side="right")
    found = []
    for number, cause in enumerate(counts.causes):
        incidence = np.append(0.0, np.cumsum(before * counts.events[:, number] / at_risk))
        value = incidence[place]
        error = np.array([_incidence_error(counts, survival, before, incidence, number, int(p)) for p in place])
        lower, upper = _log_log_limits(value, error, z)
        found.append((cause, *_known(counts, survival, days, {
            "incidence": value, "standard_error": error, "lower": lower, "upper": upper,
        })))
    return found


def followed_share_limits(count: int, total: int, *, z: float = QUANTILE_95) -> tuple[float | None, float | None]:
    """Limits of a share of people who were all followed to its day: those that survival_figures and incidence_at
    give.

    None where all or none had the event.
    """
    if not 0 < count < total:
        return None, None
    share = np.array([count / total])
    lower, upper = _log_log_limits(share, np.sqrt(share * (1 - share) / total), z)
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


def _log_log_limits(share: FloatArray, error: FloatArray, z: float) -> tuple[FloatArray, FloatArray]:
    inside = (share > 0) & (share < 1) & (error > 0)
    safe = np.where(inside, share, 0.5)
    width = z * error / (safe * np.log(safe))
    lower, upper = safe ** np.exp(-width), safe ** np.exp(width)
    return np.where(inside, lower, np.nan), np.where(inside, upper, np.nan)


def _known(
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


def _check(days: Sequence[float], z: float) -> None:
    asked = np.asarray(days, dtype=np.float64)
    if asked.ndim != 1 or not np.isfinite(asked).all() or (asked < 0).any():
        raise ValueError(f"days are a list of numbers, 0 or more, not {days}")
    if not 0 < z < np.inf:
        raise ValueError(f"a normal quantile above 0 is needed, not {z}")
