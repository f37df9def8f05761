"""Near repeats: does the next event between two people come soon after the last?

Hazard by week since the last event (strategic-assessment 3.6), compared with the same number of events of each dyad at
other dates. A dyad with many events has short gaps anyway. The question is whether they are shorter than its number of
events and its time under observation make them.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.int64]
WEEKS = {
    "week": pl.Int64, "event_count": pl.Int64, "at_risk_count": pl.Int64, "hazard": pl.Float64,
    "permuted_median": pl.Float64, "permuted_lower": pl.Float64, "permuted_upper": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class _Dyads:
    """Events in order of dyad and day.

    Of shape (events,): `day`, whole numbers; `dyad`, from 0; `rank` within the dyad, from 0. Of shape (dyads,): `first`
    and `last`, the indices of its first and last event; `until`, as a day.
    """

    day: IntArray
    dyad: IntArray
    rank: IntArray
    first: IntArray
    last: IntArray
    until: IntArray


def near_repeat(
    events: pl.DataFrame, *, weeks: int = 26, shortest_gap_days: int = 0, permutations: int = 200, seed: int = 1
) -> pl.DataFrame:
    """One row per week since the last event, 1 to `weeks`; week w holds gaps of 7 (w - 1) + 1 to 7 w days.

    In: one row per event: `dyad`, `day` and `until`, the last day on which an event of the dyad would have been seen
    (alike on all its rows); dates, or whole days. An event on the day of the last one counts in week 1.

    Out:
    - `week`; `event_count`: next events in it; `at_risk_count`: events not followed by another, and still observed,
      when the week starts;
    - `hazard`: next events per dyad and week at risk, time counted in days, until the next event or the end of
      observation; null where nobody was at risk for a day;
    - `permuted_median`, `permuted_lower`, `permuted_upper`: of the hazard over `permutations` with new dates, the
      median and 2.5% and 97.5% quantiles. The band is of each week alone: about one week in 26 leaves it by chance.

    In a permutation each dyad keeps its first event, its number of events and its end of observation. The others come
    at moments drawn evenly from the time that is left, `shortest_gap_days` or more apart. Where reports within 7 days
    count as one event, no gap is shorter than 8, and none may be drawn. A hazard above the band in the first weeks and
    below it later indicates near repeats, but also dyads that are active for a part of the time they are observed.

    Raises ValueError for a missing column, nulls, days that are not whole or after `until`, an `until` that differs
    within a dyad, gaps below `shortest_gap_days`, no event, fewer than 1 week or fewer than 40 permutations.
    """
    if weeks < 1 or shortest_gap_days < 0 or permutations < 40:
        raise ValueError(
            f"weeks are 1 or more, gaps 0 or more, permutations 40 or more, not {weeks}, {shortest_gap_days} and "
            f"{permutations}"
        )
    dyads = _dyads(events, shortest_gap_days)
    found, at_risk, hazard = _hazard(dyads, dyads.day, weeks)
    generator = np.random.default_rng(seed)
    drawn = np.stack([
        _hazard(dyads, _new_days(dyads, shortest_gap_days, generator), weeks)[2] for _ in range(permutations)
    ])
    # A week that no dyad reaches in a permutation has no hazard there. Weibull's quantiles count the observed dates as
    # one draw more, so that they leave the band in 5 of 100 cases however few the permutations.
    reached = np.isfinite(drawn).any(axis=0)
    band = np.full((3, weeks), np.nan)
    band[:, reached] = np.nanquantile(drawn[:, reached], [0.5, 0.025, 0.975], axis=0, method="weibull")
    frame = pl.DataFrame({
        "week": np.arange(1, weeks + 1), "event_count": found, "at_risk_count": at_risk, "hazard": hazard,
        "permuted_median": band[0], "permuted_lower": band[1], "permuted_upper": band[2],
    })
    return frame.with_columns(pl.selectors.float().fill_nan(None))


def near_repeat_of_counts(dyads: pl.DataFrame) -> pl.DataFrame:
    """near_repeat of dyads counted by their days: weeks 1 to 26, columns WEEKS; empty without a dyad.

    In: `days`, those of a dyad's events in order, as 2026-01-31, with a space between; `until`; `dyad_count`, dyads
    with these; `shortest_gap_days`, one number on all rows.
    """
    if dyads.is_empty():
        return pl.DataFrame(schema=WEEKS)
    # dates are drawn in order, so dyads are in that of their days: references differ from home to home
    ordered = dyads.sort("days", "until")
    dates = pl.col("days").str.split(" ").list.eval(pl.element().str.to_date("%Y-%m-%d"))
    days = ordered.select("until", day=dates)
    each = days[np.repeat(np.arange(len(days)), ordered["dyad_count"].to_numpy())]
    events = each.with_row_index("dyad").explode("day")
    return near_repeat(events, shortest_gap_days=int(ordered["shortest_gap_days"][0]))


def _hazard(dyads: _Dyads, day: IntArray, weeks: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Next events, number at risk at its start, and hazard of each week, for events of the dyads on these days."""
    gaps = np.diff(day)[dyads.rank[1:] > 0]
    # The time after the last event of a dyad is a wait without one.
    waits = dyads.until - day[dyads.last]
    found = np.bincount(_week(gaps, weeks), minlength=weeks + 2)
    days = np.concatenate([gaps, waits])
    week = _week(days, weeks)
    ended = np.bincount(week, minlength=weeks + 2)
    at_risk = np.cumsum(ended[::-1])[::-1]
    # Dyads past a week were at risk for seven days of it, those that end in it for the days until then.
    days_of_ended = np.bincount(week, weights=days - 7 * (week - 1), minlength=weeks + 2)
    at_risk_days = days_of_ended[1:-1] + 7 * at_risk[2:]
    hazard = np.divide(7 * found[1:-1], at_risk_days, out=np.full(weeks, np.nan), where=at_risk_days > 0)
    return found[1:-1], at_risk[1:-1], hazard


def _week(days: IntArray, weeks: int) -> IntArray:
    """Week in which a number of days ends, from 1; weeks + 1 for later ones."""
    week: IntArray = np.clip((days + 6) // 7, 1, weeks + 1)
    return week


def _new_days(dyads: _Dyads, shortest_gap_days: int, generator: np.random.Generator) -> IntArray:
    """New random days of the same events; the first event of each dyad keeps its day.

    Moments drawn evenly divide the time they are drawn from as exponential steps divide their sum (Pyke, Journal of the
    Royal Statistical Society B 27, 1965), so nothing needs to be sorted. The shortest gaps are taken out of that time
    before and put back after.
    """
    steps = generator.standard_exponential(len(dyads.day))
    sums = np.cumsum(steps)
    # A first event needs no step to it: its element holds the one from the last event to the end.
    whole = sums[dyads.last] - sums[dyads.first] + steps[dyads.first]
    # The first event was at any moment of its day; observation ends with the day `until`.
    start = dyads.day[dyads.first] + generator.random(len(dyads.first))
    time = dyads.until + 1 - start - shortest_gap_days * dyads.rank[dyads.last]
    share = (sums - sums[dyads.first][dyads.dyad]) / whole[dyads.dyad]
    moment = start[dyads.dyad] + share * time[dyads.dyad] + shortest_gap_days * dyads.rank
    days: IntArray = np.minimum(np.floor(moment).astype(np.int64), dyads.until[dyads.dyad])
    return days


def _dyads(events: pl.DataFrame, shortest_gap_days: int) -> _Dyads:
    missing = [name for name in ("dyad", "day", "until") if name not in events.columns]
    if missing:
        raise ValueError(f"near repeats need the column {', '.join(missing)}")
    if not events.height or events.select(pl.col("dyad", "day", "until").null_count()).row(0) != (0, 0, 0):
        raise ValueError("near repeats need events, each with a dyad, a day and an end of observation")
    whole = events.select("dyad", *(_whole_days(events[name]) for name in ("day", "until"))).sort("dyad", "day")
    runs = whole["dyad"].rle().struct.field("len").cast(pl.Int64).to_numpy()
    first = np.cumsum(runs) - runs
    dyad = np.repeat(np.arange(len(runs)), runs)
    day, until = whole["day"].to_numpy(), whole["until"].to_numpy()
    rank = np.arange(len(day)) - first[dyad]
    is_close = np.append(False, (np.diff(day) < shortest_gap_days) & (rank[1:] > 0))
    for is_wrong, problem in [
        (until != until[first][dyad], "has more than one end of observation"),
        (day > until, "has an event after its end of observation"),
        (is_close, f"has a gap below {shortest_gap_days} days"),
    ]:
        if is_wrong.any():
            raise ValueError(f"dyad {whole['dyad'][int(np.flatnonzero(is_wrong)[0])]} {problem}")
    return _Dyads(day, dyad, rank, first, first + runs - 1, until[first])


def _whole_days(days: pl.Series) -> pl.Series:
    if days.dtype != pl.Date and not days.dtype.is_integer():
        raise ValueError(f"{days.name} is a date or a whole number of days, not {days.dtype}")
    return days.cast(pl.Int64)
