"""Control charts of monthly series, one for each segment between dated changes of recording.

Limits are recalculated only at a given break, never because the series moved (Making Data Count: only at a
known, sustained change, with the reason stated). Within a segment they come from the first points, and are then
frozen. The formulas of limits are in limits.py, those of signals in signals.py.

An extract has thousands of series. So the charts of one kind and one length are drawn together: a row each of an
array, a column for each period.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, Self

import numpy as np
import polars as pl
from numpy.typing import NDArray

from assets.methods.spc.limits import XMR_FACTOR, moving_ranges, p_prime_limits, xmr_limits
from assets.methods.spc.signals import RULES, SAME, BoolArray, DirectionArray, FloatArray, SignalRules, signals

ChartType = Literal["xmr", "p_prime"]
IntArray = NDArray[np.int64]

FOUR_RULES = SignalRules()
SIMULATED_SERIES = 20_000
SIMULATION_SEED = 20_260_101

NUMBERS = {"xmr": ["value"], "p_prime": ["numerator", "denominator"]}  # what a point of each kind is given by
STATUSES = ("drawn", "too_few_points", "no_variation", "overlapping_periods")
DRAWN, TOO_FEW_POINTS, NO_VARIATION, OVERLAPPING_PERIODS = range(len(STATUSES))
CHART_SCHEMA = {
    "value": pl.Float64, "segment": pl.Int64, "break_month": pl.Date, "is_baseline": pl.Boolean,
    "centre_line": pl.Float64, "lower_limit": pl.Float64, "upper_limit": pl.Float64, "signal": pl.String,
    "signal_direction": pl.String, "limits_status": pl.String,
}


@dataclass(frozen=True)
class _Lines:
    """Charts of one length: arrays of shape (charts, periods), NaN where there is no line; one status a chart."""

    status: IntArray
    baseline: BoolArray
    centre: FloatArray
    lower: FloatArray
    upper: FloatArray


@dataclass(frozen=True)
class _Columns:
    """What charts say of every point: shape (points,), NaN where there is no line."""

    baseline: BoolArray
    centre: FloatArray
    lower: FloatArray
    upper: FloatArray
    code: DirectionArray
    status: IntArray

    @classmethod
    def of(cls, length: int) -> Self:
        """Of this many points, before any chart: what is not charted stays as it is here."""
        centre, lower, upper = np.full((3, length), np.nan)
        baseline, code = np.zeros(length, dtype=np.bool_), np.zeros(length, dtype=np.int8)
        return cls(baseline, centre, lower, upper, code, np.full(length, OVERLAPPING_PERIODS, dtype=np.int64))

    def put(self, points: IntArray, cell: tuple[IntArray, IntArray], lines: _Lines, code: DirectionArray) -> None:
        """Add the charts of these points; `cell` is where each is in the arrays: which chart, which period."""
        self.baseline[points], self.centre[points] = lines.baseline[cell], lines.centre[cell]
        self.lower[points], self.upper[points] = lines.lower[cell], lines.upper[cell]
        self.status[points] = lines.status[cell[0]]
        self.code[points] = np.where(self.status[points] == DRAWN, code[cell], 0)

    def as_series(self) -> Iterator[pl.Series]:
        """The columns of CHART_SCHEMA that charts give."""
        yield pl.Series("is_baseline", self.baseline)
        yield pl.Series("centre_line", self.centre, nan_to_null=True)
        yield pl.Series("lower_limit", self.lower, nan_to_null=True)
        yield pl.Series("upper_limit", self.upper, nan_to_null=True)
        yield _words("signal", np.abs(self.code), ("", *RULES))
        yield _words("signal_direction", np.sign(self.code), ("", "higher", "lower"))  # -1 is the last
        yield _words("limits_status", self.status, STATUSES)


def control_charts(
    points: pl.DataFrame,
    breaks: pl.DataFrame,
    *,
    minimum_points: int = 12,
    baseline_points: int = 24,
    rules: SignalRules = FOUR_RULES,
) -> pl.DataFrame:
    """One row per point given, series by series in order of month, with the lines and the signal at that point.

    In: `series_ref`, `chart_kind` ("xmr" or "p_prime"), `period_months`, `month` (date, first of the month in which
    the point's period starts) and, for "xmr", `value`; for "p_prime", `numerator` and `denominator`. Where
    `period_months` is null, `month` is the Monday that begins a week. A null, a denominator of 0 and an absent month
    are missing points: they break runs and moving ranges and are never zero. `breaks` has the `series_ref` and
    `break_month` of each break.

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
    placed = _placed(_with_value(points), breaks)
    columns = _Columns.of(placed.height)
    charted = placed.filter(~pl.col("_is_overlapping"))
    for (kind, _), alike in charted.partition_by("chart_kind", "_length", as_dict=True).items():
        cell = alike["_chart"].rle_id().cast(pl.Int64).to_numpy(), alike["_place"].to_numpy()
        given = {name: _on_calendars(alike[name], cell) for name in {"value", *NUMBERS[kind]}}
        if kind == "xmr":
            lines = _xmr_lines(given["value"], minimum_points, baseline_points)
        else:
            lines = _p_prime_lines(**given, minimum_points=minimum_points, baseline_points=baseline_points)
        code = signals(given["value"], lines.centre, lines.lower, lines.upper, rules)
        columns.put(alike["_row"].to_numpy(), cell, lines, code)
    kept = [name for name in points.columns if name not in CHART_SCHEMA]
    return placed.with_columns(*columns.as_series()).select(*kept, *CHART_SCHEMA)


def expected_false_signals(
    points_count: int,
    *,
    minimum_points: int = 12,
    baseline_points: int = 24,
    rules: SignalRules = FOUR_RULES,
) -> float:
    """Mean number of signals of one segment of a stable process.

    A signal is an unbroken stretch of signalled points in one direction. For a chart of
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
    found, last, batch = 0, 0, 500  # few enough to stay in the processor's cache
    for _ in range(SIMULATED_SERIES // batch):
        values = generator.standard_normal((batch, points_count))
        base = values[:, :baseline_points]
        centre = base.mean(axis=-1, keepdims=True)
        half_width = XMR_FACTOR * moving_ranges(base).mean(axis=-1, keepdims=True)
        by_period = np.asfortranarray(values)  # a period of all series side by side: signals compares periods
        direction = np.sign(signals(by_period, centre, centre - half_width, centre + half_width, rules))
        before = np.pad(direction, ((0, 0), (1, 0)))[:, :-1]
        found += int(((direction != 0) & (direction != before)).sum())
        last += int((direction[:, -1] != 0).sum())
    return found / SIMULATED_SERIES, last / SIMULATED_SERIES


def _with_value(points: pl.DataFrame) -> pl.DataFrame:
    """The points with a finite or null `value`, and null for counts that give no point."""
    value: pl.Expr = pl.lit(None, dtype=pl.Float64)
    for kind in points["chart_kind"].unique().sort().to_list():
        missing = [name for name in NUMBERS[kind] if name not in points.columns]
        if missing:
            raise ValueError(f"a chart of type {kind} needs the column {', '.join(missing)}")
        is_kind, numbers = pl.col("chart_kind") == kind, [pl.col(name).cast(pl.Float64) for name in NUMBERS[kind]]
        _check_numbers(points.filter(is_kind).select("month", *NUMBERS[kind]))
        measured = numbers[0] if kind == "xmr" else pl.when(numbers[1] > 0).then(numbers[0] / numbers[1])
        value = pl.when(is_kind).then(measured).otherwise(value)
    return points.with_columns(value=value)


def _check_numbers(points: pl.DataFrame) -> None:
    """Raise ValueError for a number that is not finite, and for counts that are no proportion."""
    for name in points.columns[1:]:
        wrong = points.filter(pl.col(name).is_not_null() & ~pl.col(name).cast(pl.Float64).is_finite())
        if wrong.height:
            raise ValueError(f"{name} of {wrong['month'][0]} is not a finite number")
    if "denominator" not in points.columns:
        return
    wrong = points.filter((pl.col("numerator") < 0) | (pl.col("numerator") > pl.col("denominator")))
    if wrong.height:
        month, numerator, denominator = wrong.row(0)
        raise ValueError(f"{numerator} of {denominator} in {month} is no proportion")


def _placed(points: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """The points in order, each with its segment and its place in the chart of that segment.

    `_row` counts the points, `_chart` the charts of all series. `_place` is the period of the chart, `_length` how many
    periods the chart has.
    """
    numbered = points.with_columns(_number=_period_numbers(points)).with_row_index("_first")
    first = pl.col("_first").min().over("series_ref")  # series stay in the order in which they are given
    gap = pl.col("_number").diff().over("_first")
    period = pl.col("period_months").fill_null(1)
    is_break = pl.col("_passed").ne_missing(pl.col("_passed").shift()) & pl.col("_gap").is_not_null()
    return (
        _with_break_passed(numbered.with_columns(_first=first), breaks)
        .sort("_first", "month")
        .with_columns(_gap=gap)
        .with_columns(
            _is_overlapping=(pl.col("_gap") < period).any().over("_first"),
            # a skipped period takes one empty place: enough to break a run
            _place=(1 + (pl.col("_gap") > period).cast(pl.Int64)).fill_null(0).cum_sum().over("_first"),
            segment=1 + is_break.cast(pl.Int64).cum_sum().over("_first"),
        )
        .with_columns(
            break_month=pl.when(pl.col("segment") > 1).then("_passed"),
            _chart=pl.struct("_first", "segment").rle_id(),
        )
        .with_columns(_place=pl.col("_place") - pl.col("_place").first().over("_chart"))
        .with_columns(_length=1 + pl.col("_place").max().over("_chart"))
        .with_row_index("_row")
        .with_columns(pl.col("_row").cast(pl.Int64))
    )


def _with_break_passed(points: pl.DataFrame, breaks: pl.DataFrame) -> pl.DataFrame:
    """The points with `_passed`, the latest break of the series in or before the month of the point."""
    if (breaks["break_month"].dt.day() != 1).any():
        raise ValueError("each break is the first day of a month")
    return points.sort("month").join_asof(
        breaks.select("series_ref", _passed="break_month").sort("_passed"),
        left_on="month", right_on="_passed", by="series_ref", strategy="backward", coalesce=False,
        check_sortedness=False,  # which cannot be checked by series
    )  # fmt: skip


def _period_numbers(points: pl.DataFrame) -> pl.Series:
    """Months since year 0, or weeks since 1970; each once in its series."""
    month, is_week = pl.col("month"), pl.col("period_months").is_null()
    if points.select((~is_week & (month.dt.day() == 1).not_().fill_null(True)).any()).item():
        raise ValueError("each month is the first day of a month")
    if points.select((is_week & (month.dt.weekday() == 1).not_().fill_null(True)).any()).item():
        raise ValueError("each week is given by its Monday")
    twice = points.filter(pl.struct("series_ref", "month").is_duplicated())
    if twice.height:
        named = "month" if twice["period_months"][0] is not None else "the week of"
        raise ValueError(f"{named} {twice['month'][0]} is given twice")
    weeks = month.cast(pl.Date).to_physical().cast(pl.Int64) // 7
    months = month.dt.year().cast(pl.Int64) * 12 + month.dt.month()
    return points.select(pl.when(is_week).then(weeks).otherwise(months)).to_series()


def _on_calendars(given: pl.Series, cell: tuple[IntArray, IntArray]) -> FloatArray:
    """Values of shape (charts, periods), NaN where missing."""
    values = np.full((cell[0].max() + 1, cell[1].max() + 1), np.nan)
    values[cell] = given.cast(pl.Float64).fill_null(float("nan")).to_numpy()
    return values


def _xmr_lines(values: FloatArray, minimum_points: int, baseline_points: int) -> _Lines:
    """XmR limits of the charts with points enough."""
    lines, enough = _undrawn(values, minimum_points, baseline_points)
    if enough.any():
        limits = xmr_limits(np.where(lines.baseline, values, np.nan)[enough])
        is_flat = limits.upper - limits.mean <= SAME * np.abs(limits.mean)
        of_chart = (line[:, np.newaxis] for line in (limits.mean, limits.lower, limits.upper))
        _draw(lines, enough, is_flat, *of_chart)
    return lines


def _p_prime_lines(
    value: FloatArray, numerator: FloatArray, denominator: FloatArray, minimum_points: int, baseline_points: int
) -> _Lines:
    """Laney's limits of the charts with points enough."""
    lines, enough = _undrawn(value, minimum_points, baseline_points)
    if enough.any():
        limits = p_prime_limits(numerator[enough], denominator[enough], lines.baseline[enough])
        is_flat = np.nanmax(limits.upper, axis=-1) - limits.centre <= SAME
        _draw(lines, enough, is_flat, limits.centre[:, np.newaxis], limits.lower, limits.upper)
    return lines


def _undrawn(values: FloatArray, minimum_points: int, baseline_points: int) -> tuple[_Lines, BoolArray]:
    """Charts before any line, and which of them have points enough for limits.

    The baseline is the first measured points; none where they or their moving ranges are too few.
    """
    measured = np.isfinite(values)
    baseline: BoolArray = measured & (np.cumsum(measured, axis=-1) <= baseline_points)
    ranges = np.isfinite(moving_ranges(np.where(baseline, values, np.nan)))
    enough: BoolArray = (measured.sum(axis=-1) >= minimum_points) & (ranges.sum(axis=-1) >= minimum_points // 2)
    centre, lower, upper = np.full((3, *values.shape), np.nan)
    status = np.full(len(values), TOO_FEW_POINTS, dtype=np.int64)
    return _Lines(status, baseline & enough[:, np.newaxis], centre, lower, upper), enough


def _draw(
    lines: _Lines, enough: BoolArray, is_flat: BoolArray, centre: FloatArray, lower: FloatArray, upper: FloatArray
) -> None:
    """Draw the charts with points enough, but none whose baseline points are all the same."""
    drawn, flat = np.flatnonzero(enough)[~is_flat], np.flatnonzero(enough)[is_flat]
    lines.centre[drawn], lines.lower[drawn], lines.upper[drawn] = centre[~is_flat], lower[~is_flat], upper[~is_flat]
    lines.status[drawn], lines.status[flat] = DRAWN, NO_VARIATION
    lines.baseline[flat] = False


def _words(name: str, numbers: NDArray[np.integer], words: Sequence[str]) -> pl.Series:
    """A column of words from their places in a list."""
    return pl.Series(name, words, dtype=pl.String).gather(numbers % len(words))
