"""How many cases of recent months will have had an event by a day of theirs, by what is known now.

A month is judged once each of its cases had the time that its measure gives. Until then the cases that are still open
decide. Each has the conditional incidence of its age: the share that has the event between its age and the limit, of
those without an outcome at its age, (F(limit) - F(age)) / S(age), with F by Aalen and Johansen (1978) and S the share
without an outcome. The curves rest on the last year alone (`WINDOW`): what was at risk in it, by age (left truncation).

Nothing that is known later than the day of a nowcast enters it: Lawless, Canadian Journal of Statistics 22 (1994), on
counts that are known late. Limits are those of the share of open cases that will have the event, on the arcsine scale
(Anscombe, Biometrika 35, 1948), widened by how far earlier nowcasts of that age were off. docs/assessment-method.md
has what they held, and the nowcasts that they are compared with.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import t as student

from assets.methods.survival.estimates import curves
from assets.methods.survival.risk_table import FloatArray, IntArray, checked, risk_table

BoolArray = NDArray[np.bool_]
NAMES = ("event", "other")

WINDOW = 365  # days of exposure that the curves rest on: half of it, or twice, is no better
SPARE = 31  # days beyond the limit that cases must have been followed before a nowcast: else its last days rest on few
LEVELS = (80, 95)
# Mean square of what nowcasts miss, in their own spread: expected before any is tested, and its weight in tests.
EXPECTED, WEIGHT = 1.8, 12
LEAST = 0.1  # of the variance of cases with equal chances
FEWEST_EXPECTED, FEWEST_TESTS = 3, 12
AGES = 1  # months by which earlier nowcasts may be older or younger
CHANCE, OFFSET, OFFSETS = 0.5, 0.375, 0.75  # of the arcsine of a root: its spread by chance, and what is added
OPEN, EVENT, OTHER = 0, 1, 2
FILLED = [f"{name}_{level}" for level in LEVELS for name in ("lower", "upper", "inside")]
FILLED += ["test_count", "error", "pooled_error"]
WHOLE = ("day", "place", "age", "case_count", "met_count", "open_count", "test_count")
Columns = dict[str, FloatArray]


@dataclass(frozen=True)
class States:
    """What was known of cases, as counts of cases alike: all arrays of shape (states,). Days are whole, from one day 0.

    `recorded` is the day from which days count. A state held from the day `begins` until the day before `ends`; each
    case is in one state on each day from recording. `causes` are OPEN, EVENT or OTHER; `since` is the day of the
    outcome, of any kind of number where it is open. `counts` are cases.
    """

    recorded: IntArray
    begins: IntArray
    ends: IntArray
    since: IntArray
    causes: IntArray
    counts: IntArray

    def at(self, day: int) -> tuple[IntArray, IntArray, IntArray]:
        """The cases at the end of a day: day of recording, days to the outcome or to that day, cause; (cases,) each.

        An outcome before recording is on day 0.
        """
        held = (self.begins <= day) & (day < self.ends)
        recorded, cause, counts = self.recorded[held], self.causes[held], self.counts[held]
        end = np.where(cause == OPEN, day, np.maximum(self.since[held], recorded)) - recorded
        return np.repeat(recorded, counts), np.repeat(end, counts), np.repeat(cause, counts)


def nowcasts(states: States, starts: Sequence[int], limit: int, asked: Sequence[int], fewest: int) -> pl.DataFrame:
    """The nowcast on each of the days `asked` of each month that was over by then, but not complete.

    In: `starts`, the first days of the months in a row, and of the month after the last; `limit`, the days of each
    case; `asked`, days in order.
    Out, one row a day and month: `day`, `place` of the month, `age` (months since its end), `case_count`, `met_count`
    so far, `open_count`, `expected` of the open, `value` (the share of cases that will have the event), its limits
    `lower_80`, `upper_80`, `lower_95` and `upper_95`, `pooled` (the rival: the share by the curve of all earlier cases)
    and `final` (the share as known on the last day asked; null where not all had their time).
    Of earlier nowcasts of the same cases, of months that are complete by the day: `test_count`, `error` and
    `pooled_error` (mean distance from the share that came), `inside_80` and `inside_95` (shares within their limits).
    Tests have FEWEST_EXPECTED cases to come, and as many cases as `fewest`: surer ones say little of the method.
    `is_shown`: it has `fewest` cases, and FEWEST_TESTS tests in which it misses by less than the rival.
    No rows of a day by which cases were not yet followed for the limit and a month.
    """
    month_starts = np.asarray(starts)
    counts, parts = [], []
    for day in asked:
        recorded, end, cause = states.at(day)
        place = np.searchsorted(month_starts, recorded, side="right") - 1
        counts.append(_by_month(place, (cause == EVENT) & (end <= limit), len(starts) - 1))
        # of crimes that are all older nothing is to come, and nobody may be at risk
        if day - starts[0] >= limit + SPARE and (recorded > day - min(limit, WINDOW)).any():
            parts.append(_of_day(recorded, place, end, cause, day, month_starts, limit))
    if not parts:
        return pl.DataFrame()
    found = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    found |= {name: np.full(len(found["day"]), np.nan) for name in FILLED}
    months, complete = found["place"].astype(np.int64), month_starts[1:] - 1 + limit
    is_large = found["case_count"] >= fewest
    is_test = is_large & (found["expected"] >= FEWEST_EXPECTED)
    for day, count in zip(asked, counts, strict=True):
        now = np.flatnonzero(found["day"] == day)
        tests = np.flatnonzero((found["day"] < day) & (complete[months] <= day))
        _limit(found, now, tests, count[months[tests]])
        tests = tests[is_test[tests]]
        _compare(found, now, tests, count[months[tests]])
    final = np.where(complete[months] <= asked[-1], counts[-1][months] / found["case_count"], np.nan)
    is_shown = is_large & (found["test_count"] >= FEWEST_TESTS) & (found["error"] < found["pooled_error"])
    frame = pl.DataFrame(found | {"final": final}).cast(dict.fromkeys(WHOLE, pl.Int64))
    return frame.with_columns(pl.col(pl.Float64).fill_nan(None), is_shown=pl.Series(is_shown))


def _of_day(
    recorded: IntArray, place: IntArray, end: IntArray, cause: IntArray, day: int, starts: IntArray, limit: int
) -> Columns:
    """The nowcasts of one day, as `nowcasts` has them, and `spread`: the variance of the open as a share of that of
    cases with equal chances."""
    by_age, pooled = _curves(recorded, end, cause, day, limit)
    is_open = (cause == OPEN) & (end < limit)
    chance = by_age[np.clip(end, 0, limit)]
    months = len(starts) - 1
    met = _by_month(place, (cause == EVENT) & (end <= limit), months)
    cases, still = _by_month(place, cause >= OPEN, months), _by_month(place, is_open, months)
    expected = _by_month(place, is_open, months, chance)
    own = _by_month(place, is_open, months, chance * (1 - chance))
    even = expected * (1 - expected / np.maximum(still, 1))
    spread = np.maximum(np.divide(own, even, out=np.ones(months), where=even > 0), LEAST)
    over = np.searchsorted(starts[1:], day + 1, side="right")
    young = np.arange(np.searchsorted(starts[1:] - 1 + limit, day, side="right"), over)
    young = young[cases[young] > 0]
    one = np.ones(young.size)
    return {
        "day": day * one, "place": young * one, "age": over - 1.0 - young, "case_count": cases[young],
        "met_count": met[young], "open_count": still[young], "expected": expected[young], "spread": spread[young],
        "value": (met[young] + expected[young]) / cases[young], "pooled": pooled * one,
    }  # fmt: skip


def _curves(
    recorded: IntArray, end: IntArray, cause: IntArray, day: int, limit: int
) -> tuple[FloatArray, float]:
    """The chance of the event by the limit, by whole days of age from 0, and the share by the curve of all cases."""
    entry = np.maximum(day - WINDOW - recorded, 0)
    held = (end > entry) | (entry == 0)
    recent = checked(risk_table(end[held], cause[held], cause_names=NAMES, entries=entry[held]))
    survival, incidence = curves(recent)
    ages = np.searchsorted(recent.day, np.arange(limit + 1), side="right")
    without, had = np.append(1.0, survival)[ages], np.append(0.0, incidence[:, 0])[ages]
    to_come = np.divide(had[-1] - had, without, out=np.zeros_like(had), where=without > 0)
    every = checked(risk_table(end, cause, cause_names=NAMES))
    ever = np.append(0.0, curves(every)[1][:, 0])
    return to_come, float(ever[np.searchsorted(every.day, limit, side="right")])


def _limit(found: Columns, now: IntArray, tests: IntArray, came: FloatArray) -> None:
    """Fill the limits of the nowcasts `now`, by what the `tests` of their age missed; `came`: those with the event."""
    size = found["open_count"]
    middle = _scaled(found["expected"], size)
    own = CHANCE * np.sqrt(found["spread"] / (size + OFFSETS))
    of_open = np.clip(came - found["met_count"][tests], 0, size[tests])
    missed = ((_scaled(of_open, size[tests]) - middle[tests]) / own[tests]) ** 2
    near = [missed[np.abs(found["age"][tests] - found["age"][row]) <= AGES] for row in now]
    weight = WEIGHT + np.array([of_age.size for of_age in near])
    wider = np.sqrt((EXPECTED * WEIGHT + np.array([of_age.sum() for of_age in near])) / weight)
    for level in LEVELS:
        half = student.ppf(0.5 + level / 200, weight) * wider * own[now]
        for side, edge in (("lower", middle[now] - half), ("upper", middle[now] + half)):
            share = np.sin(np.clip(edge, 0, np.pi / 2)) ** 2
            to_come = np.clip(share * (size[now] + OFFSETS) - OFFSET, 0, size[now])
            found[f"{side}_{level}"][now] = (found["met_count"][now] + to_come) / found["case_count"][now]


def _compare(found: Columns, now: IntArray, tests: IntArray, came: FloatArray) -> None:
    """Fill what the `tests` missed, and the rival, for the nowcasts `now`; `came`: those with the event."""
    share = came / found["case_count"][tests]
    found["test_count"][now] = tests.size
    if tests.size:
        found["error"][now] = np.abs(found["value"][tests] - share).mean()
        found["pooled_error"][now] = np.abs(found["pooled"][tests] - share).mean()
        for level in LEVELS:
            inside = (found[f"lower_{level}"][tests] <= share) & (share <= found[f"upper_{level}"][tests])
            found[f"inside_{level}"][now] = inside.mean()


def _scaled(count: FloatArray, size: FloatArray) -> FloatArray:
    """The arcsine of the root of a share, whose spread by chance is CHANCE over the root of its size."""
    scaled: FloatArray = np.arcsin(np.sqrt((count + OFFSET) / (size + OFFSETS)))
    return scaled


def _by_month(place: IntArray, held: BoolArray, months: int, weights: FloatArray | None = None) -> FloatArray:
    """The number of cases that are held, or the sum of their weights, by month: shape (months,)."""
    held = held & (place >= 0) & (place < months)
    return np.bincount(place[held], None if weights is None else weights[held], months).astype(np.float64)
