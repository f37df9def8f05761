"""Near repeats: does the next event between two people come soon after the last?

Hazard by week since the last event (strategic-assessment 3.6), compared with the same number of events of each dyad at
other dates. A dyad with many events has short gaps anyway. The question is whether they are shorter than its number of
events and its time under observation make them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
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
DYADS_AT_ONCE = 2**14  # their numbers stay in the processor's own memory


@dataclass(frozen=True)
class _Dyads:
    """Some of the dyads, and their events in order of dyad and day.

    Of shape (events,): `day`, whole numbers. Of shape (dyads,): `first` and `last`, the indices of its first and last
    event; `until`, as a day. Of shape (events after the first,): `later`, their indices; `dyad`, from 0.
    """

    day: IntArray
    first: IntArray
    last: IntArray
    until: IntArray
    later: IntArray
    dyad: IntArray


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
    parts = _parts(events, shortest_gap_days)
    found, at_risk, hazard = _hazard(parts, (dyads.day for dyads in parts), weeks)
    generator = np.random.default_rng(seed)
    drawn = np.stack([
        _hazard(parts, _new_days(parts, shortest_gap_days, generator), weeks)[2] for _ in range(permutations)
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


def _hazard(parts: list[_Dyads], days: Iterable[IntArray], weeks: int) -> tuple[IntArray, IntArray, FloatArray]:
    """Next events, number at risk at its start, and hazard of each week, for events of the dyads on these days."""
    # There are few lengths and many events: lengths are counted first. The last is for all after the weeks.
    length = np.arange(7 * weeks + 2)
    counts = np.zeros((2, len(length)), dtype=np.int64)
    for dyads, day in zip(parts, days, strict=True):
        # The time after the last event of a dyad is a wait without one.
        ended = day[dyads.later] - day[dyads.later - 1], dyads.until - day[dyads.last]
        counts += [np.bincount(np.minimum(times, length[-1]), minlength=len(length)) for times in ended]
    week = np.maximum((length + 6) // 7, 1)
    by_length = counts[0], counts.sum(axis=0), counts.sum(axis=0) * (length - 7 * (week - 1))
    found, ended_count, days_of_ended = (np.bincount(week, weights=each).astype(np.int64) for each in by_length)
    at_risk = np.cumsum(ended_count[::-1])[::-1]
    # Dyads past a week were at risk for seven days of it, those that end in it for the days until then.
    at_risk_days = days_of_ended[1:-1] + 7 * at_risk[2:]
    hazard = np.divide(7 * found[1:-1], at_risk_days, out=np.full(weeks, np.nan), where=at_risk_days > 0)
    return found[1:-1], at_risk[1:-1], hazard


def _new_days(parts: list[_Dyads], shortest_gap_days: int, generator: np.random.Generator) -> Iterator[IntArray]:
    """New random days of the same events; the first event of each dyad keeps its day.

    Moments drawn evenly divide the time they are drawn from as exponential steps divide their sum (Pyke, Journal of the
    Royal Statistical Society B 27, 1965), so nothing needs to be sorted. The shortest gaps are taken out of that time
    before and put back after.
    """
    *ends, count = np.cumsum([len(dyads.day) for dyads in parts])
    drawn = generator.standard_exponential(count)
    for dyads, steps, sums in zip(parts, *(np.split(each, ends) for each in (drawn, np.cumsum(drawn))), strict=True):
        # A first event needs no step to it: its element holds the one from the last event to the end.
        whole = sums[dyads.last] - sums[dyads.first] + steps[dyads.first]
        # The first event was at any moment of its day; observation ends with the day `until`.
        start = dyads.day[dyads.first] + generator.random(len(dyads.first))
        time = dyads.until + 1 - start - shortest_gap_days * (dyads.last - dyads.first)
        first, of = dyads.first[dyads.dyad], dyads.dyad
        share = (sums[dyads.later] - sums[first]) / whole[of]
        moment = np.empty(len(steps))
        moment[dyads.first] = np.minimum(start, dyads.until)
        later = start[of] + share * time[of] + shortest_gap_days * (dyads.later - first)
        moment[dyads.later] = np.minimum(later, dyads.until[of])
        yield np.floor(moment).astype(np.int64)


def _parts(events: pl.DataFrame, shortest_gap_days: int) -> list[_Dyads]:
    missing = [name for name in ("dyad", "day", "until") if name not in events.columns]
    if missing:
        raise ValueError(f"near repeats need the column {', '.join(missing)}")
    if not events.height or events.select(pl.col("dyad", "day", "until").null_count()).row(0) != (0, 0, 0):
        raise ValueError("near repeats need events, each with a dyad, a day and an end of observation")
    whole = events.select("dyad", *(_whole_days(events[name]) for name in ("day", "until"))).sort("dyad", "day")
    parts = whole.with_columns(part=pl.col("dyad").rle_id() // DYADS_AT_ONCE).partition_by("part", maintain_order=True)
    return [_dyads(part, shortest_gap_days) for part in parts]


def _dyads(whole: pl.DataFrame, shortest_gap_days: int) -> _Dyads:
    runs = whole["dyad"].rle().struct.field("len").cast(pl.Int64).to_numpy()
    first = np.cumsum(runs) - runs
    dyad = np.repeat(np.arange(len(runs)), runs)
    day, until = whole["day"].to_numpy(), whole["until"].to_numpy()
    later = np.flatnonzero(np.arange(len(day)) > first[dyad])
    is_close = np.isin(np.arange(len(day)), later[day[later] - day[later - 1] < shortest_gap_days])
    for is_wrong, problem in [
        (until != until[first][dyad], "has more than one end of observation"),
        (day > until, "has an event after its end of observation"),
        (is_close, f"has a gap below {shortest_gap_days} days"),
    ]:
        if is_wrong.any():
            raise ValueError(f"dyad {whole['dyad'][int(np.flatnonzero(is_wrong)[0])]} {problem}")
    return _Dyads(day, first, first + runs - 1, until[first], later, dyad[later])


def _whole_days(days: pl.Series) -> pl.Series:
    if days.dtype != pl.Date and not days.dtype.is_integer():
        raise ValueError(f"{days.name} is a date or a whole number of days, not {days.dtype}")
    return days.cast(pl.Int64)
