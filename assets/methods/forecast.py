"""Forecast of demand for twelve months with intervals, by models compared in a back-test.

Three models compete. The seasonal naive forecast repeats the same month of the year before. Exponential smoothing is
ETS (Hyndman, Koehler, Ord and Snyder 2008; by statsmodels; level, trend or season as AICc prefers). The count model is
a Poisson regression with seasonal waves and a step at each recording change, its spread that of a negative binomial
(Cameron and Trivedi, Regression Analysis of Count Data, 2013, chapter 3). It begins after a change whose step cannot be
estimated. The first two see only the months after the last recording change. A model without enough months makes no
forecast.

A model's own spread is too narrow where crimes do what the model does not allow for. So limits come from what the same
model missed in its earlier forecasts, as far as these months were known: see `_limits`. They are symmetric about the
forecast on the scale of square roots, where chance spreads many and few crimes alike (Anscombe 1948). Coverage on
invented forces: benchmarks/forecast_coverage.py.

Strategic-assessment 5.5: no forecast from fewer months than `fewest_points`, none across a change that is not modelled.
"""

from __future__ import annotations

import warnings
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import norm, t

FloatArray = NDArray[np.float64]
YEAR = 12
FORMS: tuple[tuple[dict[str, Any], int], ...] = (  # and how many numbers each estimates: weights, starts, spread
    ({}, 3),
    ({"trend": "add", "damped_trend": True}, 6),
    ({"seasonal": "add", "seasonal_periods": YEAR}, 3 + YEAR),
)
UNFITTED = (ValueError, ZeroDivisionError, FloatingPointError, np.linalg.LinAlgError)
LEVELS = (80, 95)
DRAWS, SEED = 4000, 1
SENSELESS = 10  # a limit above this multiple of the largest count says that the model has failed
NAIVE, ETS, COUNT = "same month a year before", "exponential smoothing", "count model"
# Before anything is known of a model's errors: their expected mean square in its own spread, and its weight in months.
# Last year's month misses by more after it is chosen than before: it is chosen where its errors were small by luck.
EXPECTED, WEIGHT = {NAIVE: 1.5, ETS: 1.0, COUNT: 0.9}, YEAR
CHANCE, OFFSET = 0.5, 0.375  # standard deviation of a root of a Poisson count, and what is added to the count for it
LIMITS = [f"{side}_{level}" for level in LEVELS for side in ("lower", "upper")]
RUNS = {
    "model": pl.String, "origin_month": pl.Date, "is_current": pl.Boolean, "month": pl.Date, "months_ahead": pl.Int64,
    "mean": pl.Float64, **dict.fromkeys(LIMITS, pl.Float64), "actual": pl.Int64, "naive_error": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Limits of a forecast, in months.

    `fewest_points` for any forecast, `fewest_trained` for one of the back-test, `fewest_after_break` on each side of a
    change whose step is estimated; at most `origins` origins in the back-test.
    """

    horizon: int = 12
    fewest_points: int = 24
    fewest_trained: int = 18
    fewest_after_break: int = 12
    origins: int = 12

    @classmethod
    def from_settings(cls, settings: pl.DataFrame) -> Rules:
        """Read the rules from reference.settings."""
        own = settings.filter(pl.col("key").str.starts_with("forecast.")).select("key", pl.col("value").cast(pl.Int64))
        return cls(**{key.removeprefix("forecast."): value for key, value in own.iter_rows()})


@dataclass(frozen=True)
class _Past:
    """The data that a model may see: `counts` by month in order, and the indices at which recording changes."""

    months: tuple[date, ...]
    counts: tuple[float, ...]
    breaks: tuple[int, ...]

    @property
    def values(self) -> FloatArray:
        return np.array(self.counts, dtype=np.float64)

    @property
    def own(self) -> FloatArray:
        """The months since the last change."""
        return self.values[self.breaks[-1] if self.breaks else 0 :]

    def with_steps(self, fewest: int) -> _Past:
        """The months from the last change on that has fewer than `fewest` before it: its step cannot be estimated.

        Each later change has as many before it.
        """
        bounds = (0, *self.breaks)
        short = [end for start, end in zip(bounds, self.breaks, strict=False) if end - start < fewest]
        start = short[-1] if short else 0
        return _Past(self.months[start:], self.counts[start:], tuple(b - start for b in self.breaks if b > start))

    def until(self, count: int) -> _Past:
        return _Past(self.months[:count], self.counts[:count], tuple(b for b in self.breaks if b < count))


@dataclass(frozen=True)
class _Ahead:
    """Mean of each month ahead, and the model's own limits by name."""

    mean: FloatArray
    limits: dict[str, FloatArray]


class _Missed(NamedTuple):
    """By how much an earlier forecast missed a month that was `step` months ahead, as a difference of roots."""

    month: date
    step: int
    error: float


def whole_months(series: pl.DataFrame) -> pl.DataFrame:
    """`month` and `value` after the last month that is missing or null: a gap is never filled."""
    ordered = series.sort("month")
    # a publication that has not given its latest month yet is no gap
    ordered = ordered.head(ordered.height - int(ordered["value"].reverse().is_not_null().arg_max() or 0))
    is_gap = pl.col("value").is_null() | (pl.col("month").shift(1).dt.offset_by("1mo") != pl.col("month"))
    gaps = ordered.select(is_gap.fill_null(False)).to_series().arg_true().to_list()
    return ordered.slice(gaps[-1] if gaps else 0).drop_nulls("value")


def why_refused(series: pl.DataFrame, breaks: Sequence[date], rules: Rules) -> str | None:
    """The reason why there is no forecast, in plain words; None where there is one.

    Same input as `runs`.
    """
    held = whole_months(series)
    if held.height < rules.fewest_points:
        found = "1 month in a row is" if held.height == 1 else f"{held.height} months in a row are"
        return f"{found} available; a forecast needs {rules.fewest_points}"
    if held["value"].sum() == 0:
        return f"no such crime was recorded in the {held.height} months available"
    past = _past(held, breaks)
    if not _models(past, rules, rules.fewest_points):
        since = past.months[past.breaks[-1]]
        return (
            f"the way of recording changed in {since:%B %Y} and {len(past.own)} months have passed since: a forecast"
            f" from these alone needs {rules.fewest_points}, and the step of a change is estimated only with"
            f" {rules.fewest_after_break} months before and after each"
        )
    months = _months_ahead(past.months[-1], breaks, rules)
    if not months:
        return "the way of recording changes in the first month ahead, and its effect is not known yet"
    if not _forecasts(past, len(months), rules, rules.fewest_points):
        return "no way of forecasting fits these months: too few crimes, or counts that jump"
    return None


def months_with_steps(series: pl.DataFrame, breaks: Sequence[date], rules: Rules) -> tuple[date | None, int, int]:
    """What the count model uses: its first month, the number of months, and the changes that have a step."""
    past = _past(whole_months(series), breaks).with_steps(rules.fewest_after_break)
    return (past.months[0] if past.months else None), len(past.months), len(past.breaks)


def runs(series: pl.DataFrame, breaks: Sequence[date], rules: Rules) -> pl.DataFrame:
    """All forecasts: from the last month, and from earlier months to be compared with the outcome.

    In: `month` (first days) and `value` (whole, 0 or more; null or absent where a month was not supplied); `breaks`,
    the first whole month of each new way of recording.

    Out: `model`; `origin_month`, the last month it saw; `is_current` for the current forecast; `month`, `months_ahead`;
    `mean`, `lower_80`, `upper_80`, `lower_95`, `upper_95` (crimes a month, limits whole and 0 or more);
    `actual`, null after the last month; `naive_error`, the mean difference of a month from that of a year before in the
    data that the model saw. Errors are measured in it where the actual month cannot be used (Hyndman and Koehler 2006).
    Limits of an earlier forecast rest on the errors that were known in its last month, and on no later one.
    Months from an announced change on are left out. Empty where `why_refused` gives a reason.
    """
    if why_refused(series, breaks, rules) is not None:
        return pl.DataFrame(schema=RUNS)
    past = _past(whole_months(series), breaks)
    count = len(past.months)
    first = max(rules.fewest_trained, count - rules.origins)
    missed: dict[str, list[_Missed]] = defaultdict(list)
    rows: list[tuple[object, ...]] = []
    for origin in range(first, count):
        rows += _from_origin(past.until(origin), past, breaks, rules, rules.fewest_trained, missed)
    rows += _from_origin(past, past, breaks, rules, rules.fewest_points, missed)
    return pl.DataFrame(rows, schema=RUNS, orient="row")


def _from_origin(
    seen: _Past, past: _Past, breaks: Sequence[date], rules: Rules, fewest: int, missed: dict[str, list[_Missed]]
) -> Iterator[tuple[object, ...]]:
    """The rows of all models that can make a forecast from the months seen; adds to `missed` by model."""
    months = _months_ahead(seen.months[-1], breaks, rules)
    if not months:
        return
    actual = dict(zip(past.months, past.counts, strict=True))
    is_current = len(seen.months) == len(past.months)
    since = seen.months[seen.breaks[-1] if seen.breaks else 0]
    error = _naive_error(seen.own)
    for model, found in _forecasts(seen, len(months), rules, fewest).items():
        # no month after the last one seen, and none before recording changed
        known = [miss for miss in missed[model] if since <= miss.month <= seen.months[-1]]
        limits = _limits(model, found, known, SENSELESS * max(1.0, float(seen.values.max())))
        by_month = np.column_stack([found.mean, *(limits[name] for name in LIMITS)]).tolist()
        for step, (month, numbers) in enumerate(zip(months, by_month, strict=True), start=1):
            recorded = int(actual[month]) if month in actual else None
            if recorded is not None:
                missed[model].append(_Missed(month, step, float(_root(recorded) - _root(numbers[0]))))
            if is_current or recorded is not None:
                yield (model, seen.months[-1], is_current, month, step, *numbers, recorded, error)


def _root(counts: FloatArray | float) -> FloatArray:
    return np.asarray(np.sqrt(np.maximum(counts, 0.0) + OFFSET), dtype=np.float64)


def _limits(model: str, found: _Ahead, known: Sequence[_Missed], highest: float) -> dict[str, FloatArray]:
    """Whole limits of a forecast, from the model's own spread and the errors of its earlier forecasts.

    Each error is divided by the spread that the model now gives for as many months ahead. The mean of their squares
    counts as many months as they are of; the mean square expected of the model counts a year. The square root of both
    together widens or narrows the spread, never below chance. Quantiles are of Student's t with as many degrees of
    freedom as months counted.
    """
    low, high = (_root(found.limits[f"{side}_{LEVELS[-1]}"]) for side in ("lower", "upper"))
    spread = np.maximum((high - low) / (2 * _quantile(LEVELS[-1])), CHANCE)
    usable = [miss for miss in known if miss.step <= len(spread)]
    months = len({miss.month for miss in usable})
    squares = [(miss.error / spread[miss.step - 1]) ** 2 for miss in usable]
    free = WEIGHT + months
    factor = np.sqrt((WEIGHT * EXPECTED[model] + (months * np.mean(squares) if squares else 0.0)) / free)
    middle, nearest = _root(found.mean), np.rint(found.mean)
    limits = {}
    for level in LEVELS:
        reach = _quantile(level, free) * np.maximum(factor * spread, CHANCE)
        lower, upper = np.maximum(middle - reach, 0.0) ** 2 - OFFSET, (middle + reach) ** 2 - OFFSET
        # the first and last whole number inside
        limits[f"lower_{level}"] = np.minimum(np.maximum(np.ceil(lower), 0.0), nearest)
        limits[f"upper_{level}"] = np.maximum(np.minimum(np.floor(upper), highest), nearest)
    return limits


@lru_cache(maxsize=64)
def _quantile(level: int, free: int | None = None) -> float:
    """Of the normal distribution, or of Student's t with `free` degrees of freedom."""
    tail = 0.5 + level / 200
    return float(norm.ppf(tail) if free is None else t.ppf(tail, free))


def _past(held: pl.DataFrame, breaks: Sequence[date]) -> _Past:
    months = held["month"].to_list()
    places = sorted({months.index(b) for b in breaks if b in months[1:]})
    return _Past(tuple(months), tuple(held["value"].cast(pl.Float64).to_list()), tuple(places))


def _months_ahead(last: date, breaks: Sequence[date], rules: Rules) -> list[date]:
    ahead = [_plus(last, step) for step in range(1, rules.horizon + 1)]
    announced = min((b for b in breaks if b > last), default=date.max)
    return [month for month in ahead if month < announced]


def _plus(month: date, count: int) -> date:
    place = month.year * YEAR + month.month - 1 + count
    return date(place // YEAR, place % YEAR + 1, 1)


@lru_cache(maxsize=256)  # whether there is a current forecast, and what it says, are asked of the same months
def _forecasts(past: _Past, count: int, rules: Rules, fewest: int) -> dict[str, _Ahead]:
    """The credible forecast of each model."""
    made = {name: model(past, count) for name, model in _models(past, rules, fewest).items()}
    highest = SENSELESS * max(1.0, float(past.values.max()))
    return {
        name: found for name, found in made.items()
        if found is not None
        and all(np.isfinite(values).all() for values in (found.mean, *found.limits.values()))
        and found.limits[f"upper_{LEVELS[-1]}"].max() <= highest
    }  # fmt: skip


def _models(past: _Past, rules: Rules, fewest: int) -> dict[str, Callable[[_Past, int], _Ahead | None]]:
    """The models for which there are enough months."""
    found: dict[str, Callable[[_Past, int], _Ahead | None]] = {}
    if len(past.own) >= fewest:
        found |= {NAIVE: _naive, ETS: _smoothing}
    stepped = past.with_steps(rules.fewest_after_break)
    if len(stepped.months) >= fewest and (not stepped.breaks or len(stepped.own) >= rules.fewest_after_break):
        found[COUNT] = lambda _, count: _count_model(stepped, count)
    return found


def _naive_error(values: FloatArray) -> float | None:
    if len(values) <= YEAR:
        return None
    error = float(np.abs(values[YEAR:] - values[:-YEAR]).mean())
    return error if error > 0 else None


def _naive(past: _Past, count: int) -> _Ahead | None:
    """The month a year before; its spread is that of such differences (Hyndman and Athanasopoulos 2021, 5.5)."""
    values = past.own
    differences = values[YEAR:] - values[:-YEAR]
    spread = float(np.sqrt((differences**2).mean()))
    mean = values[-YEAR:][np.arange(count) % YEAR]
    width = spread * np.sqrt(np.arange(count) // YEAR + 1)
    limits = {}
    for level in LEVELS:
        reach = _quantile(level) * width
        limits[f"lower_{level}"], limits[f"upper_{level}"] = np.maximum(mean - reach, 0.0), mean + reach
    return _Ahead(mean, limits)


def _smoothing(past: _Past, count: int) -> _Ahead | None:
    """Simulated from the model of least AICc; None where none can be fitted."""
    from statsmodels.tsa.exponential_smoothing.ets import ETSModel

    values, best = past.own, None
    for form, states in FORMS:
        free = len(values) - states
        if free < 3:
            continue
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            try:
                fitted = ETSModel(values, error="add", initialization_method="heuristic", **form).fit(disp=False)
            except UNFITTED:
                continue
        squares = float((np.asarray(fitted.resid) ** 2).sum())
        if not np.isfinite(squares) or squares <= 0:
            continue
        # the data that set the starting level and seasons count too: else twelve months fit themselves
        size = len(values)
        score = size * np.log(squares / size) + 2 * states + 2 * states * (states + 1) / (free - 1)
        if best is None or score < best[0]:
            best = score, fitted, float(np.sqrt(squares / free))
    if best is None:
        return None
    _, fitted, spread = best
    errors = np.random.default_rng(SEED).normal(0, spread, (count, DRAWS))
    drawn = np.asarray(fitted.simulate(count, anchor="end", repetitions=DRAWS, random_errors=errors))
    return _Ahead(np.maximum(np.asarray(fitted.forecast(count)), 0.0), _limits_of(drawn.reshape(count, DRAWS)))


def _count_model(past: _Past, count: int) -> _Ahead | None:
    """Quantiles of counts drawn with the uncertainty of the coefficients and the spread of a negative binomial.

    None where the model cannot be fitted, for example where a class begins within the period.
    """
    from statsmodels.genmod.families import Poisson
    from statsmodels.genmod.generalized_linear_model import GLM

    total = len(past.months)
    design = _design(past, total + count)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        try:
            fitted = GLM(past.values, design[:total], family=Poisson()).fit(scale="X2")
        except UNFITTED:
            return None
        # a scale below 1 means less variation than chance gives: it is not believed
        covariance = np.asarray(fitted.cov_params()) * max(1.0, 1.0 / float(fitted.scale)) if fitted.scale else None
    if covariance is None or not fitted.converged or not np.isfinite(covariance).all():
        return None
    excess = (past.values - fitted.mu) ** 2 - fitted.mu
    free = max(1, total - design.shape[1])
    shape_inverse = max(0.0, float((excess / fitted.mu**2).sum()) / free)
    generator = np.random.default_rng(SEED)
    try:
        drawn = generator.multivariate_normal(fitted.params, covariance, DRAWS, check_valid="raise")
    except ValueError:  # coefficients that cannot be separated
        return None
    mean = np.exp(np.clip(drawn @ design[total:].T, -20, 20))
    if shape_inverse > 0:
        mean = mean * generator.gamma(1 / shape_inverse, shape_inverse, mean.shape)
    return _Ahead(np.exp(design[total:] @ fitted.params), _limits_of(generator.poisson(mean).T))


def _limits_of(drawn: NDArray[Any]) -> dict[str, FloatArray]:
    """Quantiles of the draws, of shape (draws, months); a count is not below 0."""
    tails = [(1 - level / 100) / 2 for level in LEVELS]
    found = np.quantile(drawn, [end for tail in tails for end in (tail, 1 - tail)], axis=1)  # in one: it sorts
    return {name: np.maximum(values, 0.0) for name, values in zip(LIMITS, found, strict=True)}


def _design(past: _Past, total: int) -> FloatArray:
    """Design matrix: a constant, two waves a year (one with few months), and a step from each recording change on."""
    place = np.arange(total)
    phase = 2 * np.pi * (past.months[0].month - 1 + place) / YEAR
    waves = (1, 2) if len(past.months) >= 2 * YEAR else (1,)
    columns = [np.ones(total)]
    columns += [wave(k * phase) for k in waves for wave in (np.sin, np.cos)]
    columns += [(place >= start).astype(float) for start in past.breaks]
    return np.column_stack(columns)
