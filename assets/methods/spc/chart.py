"""Control charts of a monthly series, one for each segment between dated changes of recording.

Limits are recalculated only at a given break, never because the series moved (Making Data Count: only at a
known, sustained change, with the reason stated). Within a segment they come from the first points, and are then
frozen. The formulas of limits are in limits.py, those of signals in signals.py.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.spc.limits import XMR_FACTOR, moving_ranges, p_prime_limits, xmr_limits
from assets.methods.spc.signals import RULES, SAME, BoolArray, DirectionArray, FloatArray, SignalRules, signals

ChartType = Literal["xmr", "p_prime"]
IntArray = NDArray[np.int64]

FOUR_RULES = SignalRules()
DIRECTIONS = {-1: "lower", 0: "", 1: "higher"}
SIMULATED_SERIES = 20_000
SIMULATION_SEED = 20_260_101

NUMBERS = {"xmr": ["value"], "p_prime": ["value", "numerator", "denominator"]}
CHART_SCHEMA = {
    "value": pl.Float64, "segment": pl.Int64, "break_month": pl.Date, "is_baseline": pl.Boolean,
    "centre_line": pl.Float64, "lower_limit": pl.Float64, "upper_limit": pl.Float64, "signal": pl.String,
    "signal_direction": pl.String, "limits_status": pl.String,
}


@dataclass(frozen=True)
class _Chart:
    """One segment on its calendar: shape (periods,), NaN where a period has no line."""

    status: str
    baseline: BoolArray
    centre: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class _Columns:
    """What charts say of every point of a series: shape (points,), NaN where there is no line."""

    baseline: BoolArray
    centre: FloatArray
    lower: FloatArray
    upper: FloatArray
    code: DirectionArray
    status: list[str]

    @classmethod
    def of(cls, length: int) -> _Columns:
        """Of a series of this length, before any chart."""
        centre, lower, upper = np.full((3, length), np.nan)
        baseline, code = np.zeros(length, dtype=np.bool_), np.zeros(length, dtype=np.int8)
        return cls(baseline, centre, lower, upper, code, [""] * length)

    def put(self, here: IntArray, place: IntArray, chart: _Chart, code: DirectionArray) -> None:
        """Add the chart of the points `here`; `place` is where they are on its calendar."""
        self.baseline[here], self.centre[here] = chart.baseline[place], chart.centre[place]
        self.lower[here], self.upper[here] = chart.lower[place], chart.upper[place]
        if chart.status == "drawn":
            self.code[here] = code[place]
        for point in here.tolist():
            self.status[point] = chart.status

    def as_series(self) -> Iterator[pl.Series]:
        """The columns of CHART_SCHEMA that charts give."""
        yield pl.Series("is_baseline", self.baseline)
        yield pl.Series("centre_line", self.centre, nan_to_null=True)
        yield pl.Series("lower_limit", self.lower, nan_to_null=True)
        yield pl.Series("upper_limit", self.upper, nan_to_null=True)
        codes = self.code.tolist()
        yield pl.Series("signal", [RULES[abs(code) - 1] if code else "" for code in codes], dtype=pl.String)
        yield pl.Series("signal_direction", [DIRECTIONS[(code > 0) - (code < 0)] for code in codes], dtype=pl.String)
        yield pl.Series("limits_status", self.status, dtype=pl.String)


def control_chart(
    points: pl.DataFrame,
    *,
    chart_type: ChartType,
    breaks: Sequence[date] = (),
    period_months: int = 1,
    is_weekly: bool = False,
    minimum_points: int = 12,
    baseline_points: int = 24,
    rules: SignalRules = FOUR_RULES,
) -> pl.DataFrame:
    """One row per point given, in order of month, with the lines and the signal at that point.

    In: `month` (date, first of the month in which the point's period of `period_months` starts) and, for "xmr",
    `value`; for "p_prime", `numerator` and `denominator`. If `is_weekly`, `month` is the Monday that begins a week, and
    `period_months` is ignored. A null, a denominator of 0 and an absent month are missing points: they break runs and
    moving ranges and are never zero.

    Out: the columns given and
    - `value`: numerator / denominator on a p-prime chart;
    - `segment`: from 1; a segment starts at the first point whose period begins in or after a month of
      `breaks`, so that a longer period with a break inside it still belongs to the segment before;
    - `break_month`: the latest break that starts the segment, null for the first;
    - `is_baseline`: the limits use this point, one of the first `baseline_points` measured in its segment;
    - `centre_line`, `lower_limit`, `upper_limit`: in the unit of `value`, not clipped; null where not drawn,
      and p-prime limits also where there is no denominator;
    - `signal`: "" or one of RULES, the first that holds; runs never cross a break or a missing point;
    - `signal_direction`: "", "higher" or "lower" (of a trend: rising or falling);
    - `limits_status`: "drawn"; "too_few_points" (fewer than `minimum_points` in the segment, or fewer than
      half as many moving ranges in its baseline); "no_variation" (every baseline point is the same, so that
      any change would be a signal); "overlapping_periods" (points share months, so they are not independent
      and no point of the series is charted).

    Raises ValueError for a missing column, a month that is null, repeated or not a first of the month, a
    value that is not finite, and counts that are no proportion.
    """
    if not 3 <= minimum_points <= baseline_points:
        raise ValueError(f"minimum_points is {minimum_points}, not 3 to baseline_points {baseline_points}")
    series = _with_value(points, chart_type).sort("month")
    months = _week_numbers(series["month"]) if is_weekly else _month_numbers(series["month"])
    segment, break_month = _segments(series["month"].to_list(), breaks)
    period = 1 if is_weekly else period_months
    is_overlapping = bool((np.diff(months) < period).any())
    # A skipped period takes one empty place: enough to break a run.
    places = np.concatenate([[0], np.cumsum(1 + (np.diff(months) > period))])[:len(months)]
    columns = _Columns.of(len(months))
    numbers = {name: series[name].cast(pl.Float64).fill_null(float("nan")).to_numpy() for name in NUMBERS[chart_type]}
    for number in break_month:
        here = np.flatnonzero(segment == number)
        place = places[here] - places[here[0]]
        given = {name: _on_calendar(values[here], place) for name, values in numbers.items()}
        if is_overlapping:
            chart = _undrawn("overlapping_periods", int(place[-1]) + 1)
        elif chart_type == "xmr":
            chart = _xmr_chart(given["value"], minimum_points, baseline_points)
        else:
            chart = _p_prime_chart(**given, minimum_points=minimum_points, baseline_points=baseline_points)
        columns.put(here, place, chart, signals(given["value"], chart.centre, chart.lower, chart.upper, rules))
    kept = [name for name in series.columns if name not in CHART_SCHEMA]
    return series.with_columns(
        *columns.as_series(),
        pl.Series("segment", segment, dtype=pl.Int64),
        pl.Series("break_month", [break_month[number] for number in segment.tolist()], dtype=pl.Date),
    ).select(*kept, *CHART_SCHEMA)


def count_signals(chart: pl.DataFrame) -> int:
    """Number of signals on a chart of `control_chart`, as expected_false_signals counts them.

    An unbroken stretch of signalled points in one direction is one signal, whichever rules mark its points.
    """
    direction = pl.col("signal_direction")
    before = direction.shift(1, fill_value="").over("segment", order_by="month")
    return chart.filter((direction != "") & (direction != before)).height


def expected_false_signals(
    points_count: int,
    *,
    minimum_points: int = 12,
    baseline_points: int = 24,
    rules: SignalRules = FOUR_RULES,
) -> float:
    """Mean number of signals of one segment of a stable process.

    A signal is an unbroken stretch of signalled points in one direction (count_signals). For a chart of
    several segments add up their figures; below `minimum_points` nothing is drawn and the answer is 0.

    Method: simulation, since the rules overlap and the limits are themselves estimated. 20,000 series of
    independent normal values with a fixed seed are charted as control_chart does, with XmR limits from the
    baseline. Standard error 0.01 signals at 60 points and less below. Also used for p-prime charts, whose
    z-scores are near normal; missing points make the true figure a little smaller, dependence from month to
    month makes it larger.
    """
    return _of_a_stable_process(points_count, minimum_points, baseline_points, rules)[0]


def chance_of_signal(
    points_count: int,
    *,
    minimum_points: int = 12,
    baseline_points: int = 24,
    rules: SignalRules = FOUR_RULES,
) -> float:
    """Probability that the last point of a segment is part of a signal if nothing changes, 0 to 1.

    By the simulation of expected_false_signals; standard error 0.002 and less.
    """
    return _of_a_stable_process(points_count, minimum_points, baseline_points, rules)[1]


@lru_cache(maxsize=512)
def _of_a_stable_process(
    points_count: int, minimum_points: int, baseline_points: int, rules: SignalRules
) -> tuple[float, float]:
    """Mean number of signals, and the share of series whose last point is in one."""
    if points_count < minimum_points:
        return 0.0, 0.0
    generator = np.random.default_rng(SIMULATION_SEED)
    found, last, batch = 0, 0, 2_000
    for _ in range(SIMULATED_SERIES // batch):
        values = generator.standard_normal((batch, points_count))
        base = values[:, :baseline_points]
        centre = base.mean(axis=-1, keepdims=True)
        half_width = XMR_FACTOR * moving_ranges(base).mean(axis=-1, keepdims=True)
        direction = np.sign(signals(values, centre, centre - half_width, centre + half_width, rules))
        before = np.pad(direction, ((0, 0), (1, 0)))[:, :-1]
        found += int(((direction != 0) & (direction != before)).sum())
        last += int((direction[:, -1] != 0).sum())
    return found / SIMULATED_SERIES, last / SIMULATED_SERIES


def _with_value(points: pl.DataFrame, chart_type: ChartType) -> pl.DataFrame:
    """The points with a finite or null `value`, and null for counts that give no point."""
    needed = {"xmr": ["month", "value"], "p_prime": ["month", "numerator", "denominator"]}[chart_type]
    missing = [name for name in needed if name not in points.columns]
    if missing:
        raise ValueError(f"a chart of type {chart_type} needs the column {', '.join(missing)}")
    series = points.with_columns(pl.col(name).cast(pl.Float64).alias(f"_{name}") for name in needed[1:])
    for name in needed[1:]:
        wrong = series.filter(pl.col(f"_{name}").is_not_null() & ~pl.col(f"_{name}").is_finite())
        if wrong.height:
            raise ValueError(f"{name} of {wrong['month'][0]} is not a finite number")
    if chart_type == "xmr":
        return series.with_columns(value=pl.col("_value")).drop("_value")
    wrong = series.filter((pl.col("_numerator") < 0) | (pl.col("_numerator") > pl.col("_denominator")))
    if wrong.height:
        row = wrong.row(0, named=True)
        raise ValueError(f"{row['numerator']} of {row['denominator']} in {row['month']} is no proportion")
    share = pl.when(pl.col("_denominator") > 0).then(pl.col("_numerator") / pl.col("_denominator"))
    return series.with_columns(value=share).drop("_numerator", "_denominator")


def _month_numbers(months: pl.Series) -> IntArray:
    """Months since year 0, ascending and each once."""
    if months.null_count() or (months.len() and not (months.dt.day() == 1).all()):
        raise ValueError("each month is the first day of a month")
    if months.n_unique() != months.len():
        raise ValueError(f"month {months.filter(months.is_duplicated())[0]} is given twice")
    numbers: IntArray = (months.dt.year().cast(pl.Int64) * 12 + months.dt.month()).to_numpy()
    return numbers


def _week_numbers(weeks: pl.Series) -> IntArray:
    """Weeks since 1970, ascending and each once."""
    if weeks.null_count() or (weeks.len() and not (weeks.dt.weekday() == 1).all()):
        raise ValueError("each week is given by its Monday")
    if weeks.n_unique() != weeks.len():
        raise ValueError(f"the week of {weeks.filter(weeks.is_duplicated())[0]} is given twice")
    numbers: IntArray = (weeks.cast(pl.Date).to_physical().cast(pl.Int64) // 7).to_numpy()
    return numbers


def _segments(months: Sequence[date], breaks: Sequence[date]) -> tuple[IntArray, dict[int, date | None]]:
    """Segment number of each month, from 1, and the break that starts each segment."""
    if any(b.day != 1 for b in breaks):
        raise ValueError("each break is the first day of a month")
    numbers: list[int] = []
    started_by: dict[int, date | None] = {}
    latest: date | None = None
    for month in months:
        passed = max((b for b in breaks if b <= month), default=None)
        if not numbers:
            started_by[1] = None
            numbers.append(1)
        elif passed != latest:
            numbers.append(numbers[-1] + 1)
            started_by[numbers[-1]] = passed
        else:
            numbers.append(numbers[-1])
        latest = passed
    return np.array(numbers, dtype=np.int64), started_by


def _on_calendar(given: FloatArray, place: IntArray) -> FloatArray:
    """Values on the calendar, NaN where missing."""
    values = np.full(int(place[-1]) + 1, np.nan)
    values[place] = given
    return values


def _xmr_chart(values: FloatArray, minimum_points: int, baseline_points: int) -> _Chart:
    baseline = _baseline(values, minimum_points, baseline_points)
    if not baseline.any():
        return _undrawn("too_few_points", len(values))
    limits = xmr_limits(np.where(baseline, values, np.nan))
    if limits.upper - limits.mean <= SAME * abs(limits.mean):
        return _undrawn("no_variation", len(values))
    lines = (np.full(len(values), line) for line in (limits.mean, limits.lower, limits.upper))
    return _Chart("drawn", baseline, *lines)


def _p_prime_chart(
    value: FloatArray, numerator: FloatArray, denominator: FloatArray, minimum_points: int, baseline_points: int
) -> _Chart:
    baseline = _baseline(value, minimum_points, baseline_points)
    if not baseline.any():
        return _undrawn("too_few_points", len(value))
    limits = p_prime_limits(numerator, denominator, baseline)
    if np.nanmax(limits.upper) - limits.centre <= SAME:
        return _undrawn("no_variation", len(value))
    return _Chart("drawn", baseline, np.full(len(value), limits.centre), limits.lower, limits.upper)


def _baseline(values: FloatArray, minimum_points: int, baseline_points: int) -> BoolArray:
    """The first measured points; none where they or their moving ranges are too few for limits."""
    measured = np.isfinite(values)
    baseline: BoolArray = measured & (np.cumsum(measured) <= baseline_points)
    ranges = moving_ranges(np.where(baseline, values, np.nan))
    if measured.sum() < minimum_points or np.isfinite(ranges).sum() < minimum_points // 2:
        return np.zeros_like(baseline)
    return baseline


def _undrawn(status: str, length: int) -> _Chart:
    nothing = np.full(length, np.nan)
    return _Chart(status, np.zeros(length, dtype=np.bool_), nothing, nothing, nothing)
