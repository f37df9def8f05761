"""Persistent change of monthly series: how far the last months are from what the months before them lead to expect.

A series has a level, a season, a trend and a drift of unknown size, and more spread than chance alone gives. The months
before the last 3, 6 or 12 give what those should be (universal kriging: Cressie, Statistics for Spatial Data, 1993,
3.2, in time alone). What differs is summed over them (moving sums: Bauer and Hackl, 1978), and the clearest of three
sums counts, three times as likely by chance as it looks. Its p-value is of Student's distribution. Over all series of a
force together, Benjamini and Hochberg (1995) keep the share of false findings below a setting.

A part is compared with the rest of its force: a district's crimes as a share of all, a unit's share less that of the
rest. So what the whole force does is no change of a part. Where one district rises, the share of the others falls: they
would be named as its mirror. So the clearest part of a breakdown leaves the rest with which the others are compared,
and then the next, while one is found (forward search: Atkinson and Riani, Robust Diagnostic Regression, 2000).

A library fits such a model to one series in 20 to 100 milliseconds, and a force has 800 of them, judged for up to
thirteen months. Here the size of season, trend and drift is given, so that each fit is one system of equations.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import false_discovery_control, t

from assets.methods.spc.series import series_verdicts

FloatArray = NDArray[np.float64]

RECENT = 12  # months that may have changed
LONGEST = 48  # months that are looked at: a change before them is history
LEAST_BASE = 12  # months before the recent ones
WINDOWS = (3, 6, 12)
FEWEST = 1.5  # cases of the rarer side in an average month: with fewer the transformed counts are not near normal
NEW_MONTHS = 3  # a change is new so long from the month in which the detector first fired
MOST_BACK = RECENT  # months before the latest for which the detector is run again
COMPLETE = 0.9  # a latest month of a share with fewer cases than this, in those that are usual, is not complete
STARTING = 1 / 3  # a month of a share with fewer of the cases of the recent months is of when it began to be counted
NONE = 1e6  # variance of a month without a value: it says nothing
MONTH = 365.25 / 12

# Standard deviations of what a series does by itself: season (of each half-wave of a year; of half a year half of it),
# trend in a year, and drift. Of counts and medians relative, of shares an angle. Those of a part beside its force are
# what stalking and harassment did in the London boroughs, November 2023 to October 2025 (maximum likelihood: 0.013,
# 0.022, 0.000 to 0.015); those of a force allow for a summer 10% above the year's mean.
MOVES = {
    "count": (0.08, 0.08, 0.05), "median": (0.08, 0.08, 0.05), "share": (0.01, 0.01, 0.005),
    "part of a count": (0.015, 0.025, 0.01), "part of a share": (0.005, 0.005, 0.005),
}  # fmt: skip
DRIFT_KEPT = 0.6  # from one month to the next

KEY = ("recorded", "recorded_stalking", "recorded_harassment")  # judged by themselves, with half of the false findings
KINDS = ("count", "share", "median")
UNKNOWN = ("not known", "not recorded")
FOUND = {
    "series_ref": pl.String, "q_value": pl.Float64, "is_change": pl.Boolean, "is_new": pl.Boolean,
    "change_direction": pl.String, "fired_month": pl.Date, "changed_since": pl.Date, "change_numerator": pl.Int64,
    "change_denominator": pl.Int64, "change_expected": pl.Float64, "expected_from": pl.Float64,
    "expected_to": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Series:
    """The parts of one breakdown of one measure: what is compared, and how much it moves by itself.

    Arrays have a row a part and a column a month; nan where there is no value.
    """

    refs: list[str]
    months: list[date]
    kind: str
    numerator: FloatArray
    denominator: FloatArray  # nan for counts and medians
    size: FloatArray  # what the share that is compared is of: crimes of the part, or of the force; else days
    y: FloatArray
    offset: FloatArray  # angle of the rest of the force, where a part's share is compared with it; else 0
    variance: FloatArray  # of y by chance
    scale: FloatArray  # of y for a relative change of one, or an angle of one: a number a part
    is_angle: bool
    is_key: bool
    whole: tuple[FloatArray, FloatArray] | None = None  # of what they are parts: numerator, denominator

    def taken(self, rows: NDArray[np.intp]) -> Series:
        """These parts alone."""
        arrays = {name: getattr(self, name)[rows] for name in ARRAYS}
        return replace(self, refs=[self.refs[row] for row in rows], **arrays)

    def without(self, left_out: NDArray[np.bool_]) -> Series:
        """Each part beside the rest of its force without those of `left_out`; itself is never left out."""
        assert self.whole is not None
        numerator, denominator = (
            whole - np.nan_to_num(grid[left_out]).sum(axis=0) + np.where(left_out[:, None], np.nan_to_num(grid), 0.0)
            for whole, grid in zip(self.whole, (self.numerator, self.denominator), strict=True)
        )
        return _beside(self, numerator, denominator)


ARRAYS = ("numerator", "denominator", "size", "y", "offset", "variance", "scale")


def angle(numerator: FloatArray, denominator: FloatArray) -> FloatArray:
    """Share on the scale where chance is about the same at every share (Anscombe, 1948)."""
    return np.arcsin(np.sqrt((numerator + 0.375) / (denominator + 0.75)))


@lru_cache(maxsize=256)
def _moves(kind: str, months: int) -> FloatArray:
    """Covariance of season, trend and drift between the months of a series, in relative changes or angles."""
    season, trend, drift = MOVES[kind]
    at = np.arange(months)
    apart = at[:, None] - at[None, :]
    years = (at - at.mean()) / 12
    waves = np.cos(2 * np.pi * apart / 12) + 0.25 * np.cos(4 * np.pi * apart / 12)
    moves: FloatArray = season**2 * waves + trend**2 * np.outer(years, years) + drift**2 * DRIFT_KEPT ** np.abs(apart)
    return moves


@dataclass(frozen=True)
class Fit:
    """What the base of each series leads to expect: of the recent months, and of weighted means of them."""

    expected: FloatArray  # series x recent months
    covariance: FloatArray  # series x recent x recent, of what differs; spread beyond chance included
    df: FloatArray


def fit(y: FloatArray, variance: FloatArray, kind: str, scale: FloatArray, recent: int) -> Fit:
    """Expectation of the last `recent` months of each series from those before them.

    `y`, `variance`: series x months; `scale`: one a series.
    """
    known = np.isfinite(y)
    values = np.where(known, y, 0.0)
    spread = np.where(known, variance, NONE)
    base = y.shape[1] - recent
    joint = _moves(kind, y.shape[1])[None] * (scale**2)[:, None, None]
    inner = joint[:, :base, :base] + np.einsum("ij,jk->ijk", spread[:, :base], np.eye(base))
    across = joint[:, :base, base:]
    ones = np.ones((y.shape[0], base, 1))
    solved = np.linalg.solve(inner, np.concatenate([ones, values[:, :base, None], across], axis=2))
    by_one, by_y, by_across = solved[:, :, 0], solved[:, :, 1], solved[:, :, 2:]
    total = by_one.sum(axis=1)
    mean = by_y.sum(axis=1) / total
    rest = by_y - mean[:, None] * by_one
    df = np.maximum(known[:, :base].sum(axis=1) - 1.0, 1.0)
    away = np.where(known[:, :base], values[:, :base] - mean[:, None], 0.0)
    # beyond chance; less than chance is chance
    excess = np.maximum((away * rest).sum(axis=1) / df, 1.0)
    if len(df) > 1:  # parts of one breakdown spread alike: each has half of its own and half of all (Smyth, 2004)
        excess, df = (excess + (excess * df).sum() / df.sum()) / 2, 2 * df
    excess = excess * _serial(away / np.sqrt(spread[:, :base]))
    expected = mean[:, None] + np.einsum("ib,ibr->ir", rest, across)
    lacking = 1 - by_across.sum(axis=1)
    covariance = (
        joint[:, base:, base:]
        + np.einsum("ij,jk->ijk", spread[:, base:], np.eye(recent))
        - np.einsum("ibr,ibs->irs", across, by_across)
        + np.einsum("ir,is->irs", lacking, lacking) / total[:, None, None]
    )
    return Fit(expected, covariance * excess[:, None, None], df)


def _serial(away: FloatArray) -> float:
    """How much more a mean of months varies because each is like the one before: of all parts of a breakdown together.

    Variance of the mean of a first-order autoregression, in that of independent months. The correlation is taken one
    standard error lower than it was found, so that few months do not make it up.
    """
    found = (away[:, 1:] * away[:, :-1]).sum() / max((away**2).sum(), 1e-12) - 1 / np.sqrt(away[:, 1:].size)
    like = float(np.clip(found, 0.0, 0.8))
    return (1 + like) / (1 - like)


def contrast(y: FloatArray, found: Fit) -> tuple[FloatArray, FloatArray]:
    """How much the mean of the recent months differs, and the standard deviation of that, for each series.

    `y`: series x recent months, nan where unknown: such a month does not count.
    """
    each = np.isfinite(y).astype(float)
    each = each / np.maximum(each.sum(axis=1, keepdims=True), 1.0)
    differs = (each * (np.nan_to_num(y) - found.expected)).sum(axis=1)
    return differs, np.sqrt(np.einsum("ir,irs,is->i", each, found.covariance, each))


@dataclass(frozen=True)
class Window:
    """The last months of each part together, beside what those before lead to expect."""

    fit: Fit
    differs: FloatArray  # a number a part
    deviation: FloatArray
    is_judged: NDArray[np.bool_]

    @property
    def away(self) -> FloatArray:
        """How far each part differs, in standard deviations; 0 where it is not judged."""
        return np.where(self.is_judged, np.abs(self.differs) / np.where(self.is_judged, self.deviation, 1.0), 0.0)


def window(series: Series, months: int, back: int = 0) -> Window | None:
    """The last `months` of each part, `back` months before its latest; None with too few months before them."""
    last = len(series.months) - back
    y, variance = (each[:, max(0, last - LONGEST) : last] for each in (series.y, series.variance))
    if y.shape[1] - months < LEAST_BASE:
        return None
    model = fit(y, variance, series.kind, series.scale, months)
    differs, deviation = contrast(y[:, -months:], model)
    known = np.isfinite(y)
    is_judged = (known[:, :-months].sum(axis=1) >= LEAST_BASE) & known[:, -1]
    return Window(model, differs, deviation, is_judged)


def p_values(series: Series, back: int = 0) -> FloatArray:
    """Two-sided p-value of a change in each part, `back` months before its latest; nan where it is not judged."""
    held = [found for months in WINDOWS if (found := window(series, months, back)) is not None]
    if not held:
        return np.full(len(series.refs), np.nan)
    p = np.min([2 * t.sf(found.away, found.fit.df) for found in held], axis=0)
    return np.where(held[0].is_judged, np.minimum(len(held) * p, 1.0), np.nan)


def split(series: Series, rate: float, back: int = 0) -> tuple[FloatArray, Series]:
    """p-value of a change in each part, beside the rest without the other parts that changed; and what was compared.

    A part is found while its p-value, times the parts that are left, is at most `rate` (Holm, 1979). One whose rest is
    all found has p 1.
    """
    p, beside = p_values(series, back), series
    left = np.isfinite(p)
    if series.whole is None:
        return p, beside
    is_judged = left.copy()
    while left.sum() > 1:
        clearest = _clearest(beside, p, left, back)
        if p[clearest] * left.sum() > rate:
            break
        left[clearest] = False
        beside = series.without(is_judged & ~left)
        p = np.where(is_judged, np.nan_to_num(p_values(beside, back), nan=1.0), np.nan)
    return p, beside


def _clearest(series: Series, p: FloatArray, left: NDArray[np.bool_], back: int) -> int:
    """The part whose change is clearest. Of two parts each is as clear as the other: the one that moved more itself."""
    if left.sum() == 2:
        return int(np.argmax(np.where(left, _own_move(series, back), -1.0)))
    return int(np.argmin(np.where(left, p, np.inf)))


def _own_move(series: Series, back: int) -> FloatArray:
    """How far the last months of each part are from those before: of counts relative, of shares an angle."""
    last = len(series.months) - back
    at = slice(max(0, last - LONGEST), last - WINDOWS[1]), slice(last - WINDOWS[1], last)
    if series.kind.endswith("share"):
        before, now = (angle(*(np.nansum(grid[:, each], axis=1) for grid in (series.numerator, series.denominator)))
                       for each in at)  # fmt: skip
    else:
        before, now = (np.log(_mean(series.numerator[:, each]) + 0.5) for each in at)
    move: FloatArray = np.abs(now - before)
    return move


def series_of(points: pl.DataFrame) -> list[Series]:
    """The series that can be judged, those of one measure and breakdown together.

    `points`: measure_code, breakdown, breakdown_value, series_ref, month, numerator, denominator, value, segment,
    kind. Of each series the months since its last recording change count.
    """
    held = points.filter(
        ~pl.col("breakdown_value").is_in(UNKNOWN),
        pl.col("segment") == pl.col("segment").max().over("series_ref"),
        pl.col("kind").is_in(KINDS),
    )
    whole = {
        code[0]: rows.sort("month")
        for code, rows in held.filter(breakdown="none").partition_by("measure_code", as_dict=True).items()
    }
    found = []
    for (code, breakdown), rows in held.partition_by("measure_code", "breakdown", as_dict=True).items():
        if code not in whole:
            continue
        of_force = whole[code]
        if rows["kind"][0] == "share":
            of_force = _complete(of_force, whole.get("recorded"))
        if of_force.is_empty():
            continue
        if breakdown == "none":
            found.append(_series(of_force, of_force, None))
        elif rows["kind"][0] != "median" and rows["breakdown_value"].n_unique() > 1:
            found.append(_series(rows, of_force, of_force))
    return [one for one in found if one is not None]


def _grid(rows: pl.DataFrame, refs: list[str], months: list[date], column: str) -> FloatArray:
    """Values of a column, a row a series and a column a month; nan where there is none."""
    grid = np.full((len(refs), len(months)), np.nan)
    at_row, at_month = {ref: i for i, ref in enumerate(refs)}, {month: i for i, month in enumerate(months)}
    for ref, month, value in rows.select("series_ref", "month", column).iter_rows():
        if month in at_month and value is not None:
            grid[at_row[ref], at_month[month]] = value
    return grid


def _complete(of_force: pl.DataFrame, recorded: pl.DataFrame | None) -> pl.DataFrame:
    """The months of a share without the latest that have clearly fewer cases a crime recorded than earlier months had.

    What a standard examines may come long after the crime was recorded, as outcomes do. Then the latest months have the
    quick cases alone.
    """
    if recorded is None:
        return of_force
    held = of_force.join(recorded.select("month", crimes="value"), on="month").filter(pl.col("crimes") > 0)
    if held.height <= RECENT + LEAST_BASE:
        return of_force
    usual = held.head(held.height - RECENT).select(pl.col("denominator").sum() / pl.col("crimes").sum()).item()
    kept = held.sort("month").to_dicts()
    while kept:
        expected = usual * kept[-1]["crimes"]
        if kept[-1]["denominator"] >= COMPLETE * expected - 2 * expected**0.5:
            break
        kept.pop()
    return of_force.filter(pl.col("month") <= kept[-1]["month"]) if kept else of_force.clear()


def _series(rows: pl.DataFrame, of_force: pl.DataFrame, rest_of: pl.DataFrame | None) -> Series | None:
    """The parts of a breakdown on the scale where they are compared; None where no part can be judged."""
    kind = str(rows["kind"][0])
    first, last = of_force["month"].min(), of_force["month"].max()
    assert isinstance(first, date) and isinstance(last, date)
    months = pl.date_range(first, last, "1mo", eager=True).to_list()[-(LONGEST + MOST_BACK) :]
    refs = rows["series_ref"].unique().sort().to_list()
    counted, of = (_grid(rows, refs, months, name) for name in ("numerator", "denominator"))
    all_counted, all_of = (
        _grid(of_force, of_force["series_ref"].unique().to_list(), months, name)
        for name in ("numerator", "denominator")
    )
    if rest_of is not None:
        return _parts(rows, refs, months, (counted, of), (all_counted, all_of))
    offset, is_angle, scale = np.zeros_like(counted), True, np.ones(len(refs))
    if kind == "share":
        size, y, variance, rare = of, angle(counted, _begun(of)), 1 / (4 * of + 2), np.minimum(counted, of - counted)
    elif kind == "median":
        value = _grid(rows, refs, months, "value")
        # of whole days: a step of half a day is chance
        size, y, variance = counted, np.log(value + 0.5), np.maximum(np.pi / 2 / counted, (0.5 / (value + 0.5)) ** 2)
        rare, is_angle = counted, False
    else:
        size = np.array([[monthrange(month.year, month.month)[1] / MONTH for month in months]])
        mean = np.nanmean(counted, axis=1, keepdims=True)
        y, variance = np.sqrt((counted + 0.375) / size / mean), 1 / (4 * mean * size) + 0 * counted
        rare, scale, is_angle = counted, np.full(len(refs), 0.5), False
    is_key = rows["measure_code"][0] in KEY
    held = Series(refs, months, kind, counted, of, size + 0 * counted, y, offset, variance, scale, is_angle, is_key)
    return _often_enough(held, rare)


def _parts(
    rows: pl.DataFrame, refs: list[str], months: list[date], counted: tuple[FloatArray, FloatArray],
    whole: tuple[FloatArray, FloatArray],
) -> Series | None:  # fmt: skip
    """The parts of a breakdown, each beside the rest of its force; None where no part can be judged."""
    kind, bare = f"part of a {rows['kind'][0]}", np.full_like(counted[0], np.nan)
    is_key = rows["measure_code"][0] in KEY
    held = Series(refs, months, kind, *counted, bare, bare, bare, bare, bare[:, 0], True, is_key, whole)
    beside = _beside(held, *whole)
    return _often_enough(beside, np.minimum(counted[0], beside.size - counted[0]))


def _beside(series: Series, numerator: FloatArray, denominator: FloatArray) -> Series:
    """Each part on the scale where it is compared with the rest of these, of which it is one; nan without a rest."""
    counted, of = series.numerator, series.denominator
    if series.kind.endswith("share"):
        others = np.where(denominator > of, denominator - np.nan_to_num(of), np.nan)
        offset = angle(numerator - np.nan_to_num(counted), others)
        y, variance = angle(counted, _begun(of)) - offset, 1 / (4 * of + 2) + 1 / (4 * others + 2)
        return replace(series, size=of, y=y, offset=offset, variance=variance, scale=np.ones(len(series.refs)))
    size = np.where(numerator > np.nan_to_num(counted), numerator, np.nan) + 0 * counted
    share = np.clip(_mean(counted) / np.maximum(_mean(size), 1e-9), 0.001, 0.999)
    return replace(
        series, size=size, y=angle(counted, size), offset=np.zeros_like(counted), variance=1 / (4 * size + 2),
        scale=np.sqrt(share / (1 - share)) / 2,
    )  # fmt: skip


def _begun(of: FloatArray) -> FloatArray:
    """Denominators without the months in which a share began to be counted.

    What recurs while a crime is open, as reviews do, grows from the first month of an extract: the same few crimes
    return month after month, and say little of the many later ones.
    """
    return np.where(of >= STARTING * _mean(of[:, -RECENT:])[:, None], of, np.nan)


def _often_enough(series: Series, rare: FloatArray) -> Series | None:
    """The parts with cases enough in an average month; None where there is none."""
    enough = np.flatnonzero(np.isfinite(series.y).any(axis=1) & (_mean(rare) >= FEWEST))
    return series.taken(enough) if enough.size else None


def _mean(rare: FloatArray) -> FloatArray:
    """Mean of each row over its known months; 0 where none is known."""
    known = np.isfinite(rare)
    mean: FloatArray = np.where(known, rare, 0.0).sum(axis=1) / np.maximum(known.sum(axis=1), 1)
    return mean


def found(points: pl.DataFrame, rate: float) -> pl.DataFrame:
    """One row a judged series, with the columns of FOUND. `rate`: most false findings, as a share of all findings.

    `q_value` is over all series together. A finding is new for NEW_MONTHS months from that in which the detector first
    fired, without a break since.
    """
    every = series_of(points)
    if not every:
        return pl.DataFrame(schema=FOUND)
    judged = [split(series, rate) for series in every]
    q = _q(judged)
    fired = q <= rate
    run = fired.astype(int)  # months in a row in which the detector fired, the latest included
    for back in range(1, MOST_BACK + 1):
        going = run == back
        if not going.any():
            break
        run += going & (_q([split(series, rate, back) for series in every]) <= rate)
    rows: list[tuple[object, ...]] = []
    at = 0
    for _, beside in judged:
        these = slice(at, at + len(beside.refs))
        rows += _rows(beside, q[these], fired[these], run[these])
        at = these.stop
    return pl.DataFrame(rows, schema=FOUND, orient="row")


def _q(judged: list[tuple[FloatArray, Series]]) -> FloatArray:
    """False discovery rate at which each series is found; nan where it is not judged."""
    is_key = np.concatenate([np.full(len(series.refs), series.is_key) for _, series in judged])
    return q_values(np.concatenate([p for p, _ in judged]), is_key)


def q_values(p: FloatArray, is_key: NDArray[np.bool_]) -> FloatArray:
    """False discovery rate at which each of some p-values is found; those of KEY are a family by themselves."""
    q = np.full(p.size, np.nan)
    for family in (is_key, ~is_key):
        judged = np.isfinite(p) & family
        if judged.any():
            q[judged] = np.minimum(2 * false_discovery_control(p[judged]), 1.0)
    return q


def _rows(
    series: Series, q: FloatArray, fired: NDArray[np.bool_], run: NDArray[np.int_]
) -> list[tuple[object, ...]]:
    """A row of FOUND for each part that is judged."""
    held: list[Window] = []
    if fired.any():
        held = [found for months in range(1, RECENT + 1) if (found := window(series, months)) is not None]
    return [
        _changed(series, held, place, float(q[place]), int(run[place])) if fired[place]
        else (ref, float(q[place]), False, False, *(None,) * (len(FOUND) - 4))
        for place, ref in enumerate(series.refs) if not np.isnan(q[place])
    ]  # fmt: skip


def _changed(series: Series, held: list[Window], place: int, q: float, run: int) -> tuple[object, ...]:
    """The row of a change: its first month, what was counted since, and what was expected."""
    months = max(range(len(held)), key=lambda number: held[number].away[place]) + 1
    chosen, one = held[months - 1], series.taken(np.array([place]))
    differs, width = float(chosen.differs[place]), float(t.ppf(0.975, chosen.fit.df[place]) * chosen.deviation[place])
    expected = chosen.fit.expected[place]
    middle, low, high = (_counted(one, expected + move, months) for move in (0.0, -width, width))
    counted, of = one.numerator[0, -months:], one.denominator[0, -months:]
    return (
        series.refs[place], q, True, run <= NEW_MONTHS, "higher" if differs > 0 else "lower", one.months[-run],
        one.months[-months], int(np.nansum(counted)), None if np.isnan(of).all() else int(np.nansum(of)), middle, low,
        high,
    )  # fmt: skip


def _counted(one: Series, y: FloatArray, months: int) -> float:
    """What is expected of the last months: their share; their count; days, of a median.

    The count of a part is that beside the rest of its force: what the part itself has more is not in it.
    """
    known = np.isfinite(one.y[0, -months:])
    size = np.where(known, one.size[0, -months:], 0.0)
    if one.is_angle:
        share = np.sin(np.clip(y + np.nan_to_num(one.offset[0, -months:]), 0, np.pi / 2)) ** 2
        if one.kind.endswith("share"):
            return float((share * size).sum()) / float(size.sum())
        rest = size - np.where(known, one.numerator[0, -months:], 0.0)
        share = np.minimum(share, 1 - 1e-6)
        return float((share / (1 - share) * rest).sum())
    if one.kind == "median":
        return float(np.exp(y[known]).mean() - 0.5)
    mean = float(np.nanmean(one.numerator[0]))
    return float((np.maximum(y, 0.0) ** 2 * size * mean).sum())


def measure_verdicts(points: pl.DataFrame, reference_settings: pl.DataFrame) -> pl.DataFrame:
    """One row a series: its chart's verdict on the latest month, and FOUND of its change.

    Of the points it reads what `series_verdicts` and `series_of` do. `kind` is null where change is not judged.
    """
    rate = reference_settings.filter(pl.col("key") == "attention.false_findings")["value"].item()
    judged = points.with_columns(pl.col("numerator", "denominator").cast(pl.Float64))
    verdicts = series_verdicts(points, reference_settings)
    return verdicts.join(found(judged, rate), on="series_ref", how="left").with_columns(
        pl.col("is_change", "is_new").fill_null(False)
    )
