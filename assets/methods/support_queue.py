"""A waiting list replayed week by week: fitted to the waits on record, then run forward.

The wait has two parts. One is a delay that does not depend on load: triage, batches, working days. The other is the
time until a place is free. A service has places; each is held for the length of a case and then given to the next in
line. The number of places is fitted, so that shared workers and cancelled appointments are part of it. See Gross and
others 2008, Fundamentals of Queueing Theory, chapter 3, and Newell 1982, Applications of Queueing Theory, chapter 2.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

WEEKS, RUNS = 52, 400
Z = 1.96
LEAST_WEEKS = 26  # of a record from which places are fitted
_PLACES = np.geomspace(0.5, 3.0, 241)  # tried, as multiples of the places that the mean week needs
_BACKLOGS = np.linspace(0, 1, 21)  # tried, as shares of those who waited when the record begins
_MANY = 2_000  # places from which chance in the length of cases no longer matters


@dataclass(frozen=True)
class Record:
    """Weeks on record, in order."""

    arrivals: np.ndarray  # people offered support who were accepted later
    counts: np.ndarray  # waits that are known
    waits: np.ndarray  # their mean in days; any value where there is none
    staff: np.ndarray  # staff, 1 for those of today
    waiting: float  # people who waited when the first week began

    def first(self, weeks: int) -> Record:
        """The record's first weeks."""
        return Record(
            self.arrivals[:weeks], self.counts[:weeks], self.waits[:weeks], self.staff[:weeks], self.waiting
        )


@dataclass(frozen=True)
class State:
    """People who wait and people who have a place."""

    waiting: np.ndarray
    held: np.ndarray


@dataclass(frozen=True)
class Point:
    """A number of places that agrees with the record, with what follows from it."""

    places: float
    delay: float  # days
    end: State  # after the last week of the record
    waits: np.ndarray  # mean wait of each week, days


@dataclass(frozen=True)
class Fit:
    """What the record says about places and delay."""

    points: tuple[Point, ...]  # within the 95% interval, fewest places first
    best: Point
    has_upper: bool  # false where the wait does not depend on load: any more places agree too
    scale: float  # variance of a single wait, with the pattern that the model leaves over


def leaving(case_days: float) -> float:
    """Share of places that become free in a week while all are held, where cases last `case_days` on average."""
    return min(1.0, 7 / case_days)


def replay(
    arrivals: np.ndarray, places: np.ndarray, start: State, leave: float
) -> tuple[np.ndarray, np.ndarray, State]:
    """People who wait at the end of each week; the mean wait for a place of those who come in it, in days; the end.

    The last axis of `arrivals` and `places` is the week; the others are runs. A share `leave` of those with a place
    leaves in a week.

    >>> begin = State(np.array(0.0), np.array(80.0))
    >>> left, days, _ = replay(np.array([10.0, 10.0]), np.array([80.0, 80.0]), begin, 0.1)
    >>> left.tolist(), days.round(3).tolist()  # 8 of 80 leave, 10 come
    ([2.0, 4.0], [0.875, 2.625])
    """
    runs = np.broadcast_shapes(arrivals.shape[:-1], places.shape[:-1], start.waiting.shape, start.held.shape)
    left, days = np.empty((*runs, arrivals.shape[-1])), np.empty((*runs, arrivals.shape[-1]))
    waiting = np.broadcast_to(start.waiting, runs).astype(float)
    held = np.broadcast_to(start.held, runs).astype(float)
    for week in range(arrivals.shape[-1]):
        before, room = waiting, places[..., week]
        held, waiting = _served(held * (1 - leave), before + arrivals[..., week], room)
        # people come evenly over the week, and meet on average the list of its middle
        days[..., week] = 7 * (before + waiting) / 2 / (room * leave)
        left[..., week] = waiting
    return left, days, State(waiting, held)


def _served(held: np.ndarray, waiting: np.ndarray, places: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give free places to those who wait."""
    taken = np.minimum(waiting, np.maximum(0.0, places - held))
    return held + taken, waiting - taken


def fitted(record: Record, case_days: float) -> Fit | None:
    """The numbers of places and delays that agree with the record; None with too few weeks, or none of load.

    For each number of places the delay and the first list that fit are found. A number agrees where its weighted
    squares exceed the least by no more than chance allows (95%, corrected for weeks that resemble the week before).
    """
    known = record.counts > 0
    if known.sum() < LEAST_WEEKS or record.arrivals.mean() <= 0:
        return None
    leave = leaving(case_days)
    needed = record.arrivals.mean() / leave
    places = _PLACES * needed
    room = places[:, None, None] * record.staff
    backlogs = _BACKLOGS * record.waiting
    start = State(backlogs[None, :], np.minimum(needed, room[..., 0]))
    _, queue_days, end = replay(record.arrivals, room, start, leave)
    weight = np.where(known, record.counts, 0.0)
    waits = np.where(known, record.waits, 0.0)
    delay = np.maximum(0.0, ((waits - queue_days) * weight).sum(-1) / weight.sum())
    misfit = (weight * (waits - queue_days - delay[..., None]) ** 2).sum(-1)
    # A list that never empties and a delay explain the same waits. Those who waited at the start decide: they are the
    # list and, by Little's law, the people who came within the delay.
    chosen = np.abs(record.waiting - backlogs - delay * record.arrivals.mean() / 7).argmin(1)
    squares = np.take_along_axis(misfit, chosen[:, None], 1)[:, 0]

    def point(row: int) -> Point:
        at = (row, chosen[row])
        state = State(end.waiting[at], end.held[at])
        return Point(float(places[row]), float(delay[at]), state, queue_days[at] + delay[at])

    # equally good numbers are those without any list: the fewest of them
    best = int(np.flatnonzero(squares <= squares.min() * (1 + 1e-9) + 1e-9)[0])
    errors = (waits - point(best).waits)[known] * np.sqrt(weight[known])
    scale = float(squares[best] / (known.sum() - 3)) * _dependence(errors)
    agree = np.flatnonzero(squares <= squares[best] + Z**2 * scale + 1e-9)
    has_upper = bool(agree[-1] < places.size - 1)
    points = [point(int(row)) for row in agree]
    # cases end at random: a service may have had more of them end than its places would on average, or fewer
    chance = Z / np.sqrt(max(1.0, record.arrivals.sum()))
    points[0] = _moved(points[0], 1 - chance)
    points[-1] = _moved(points[-1], 1 + chance)
    return Fit(tuple(points), point(best), has_upper, scale)


def _moved(point: Point, times: float) -> Point:
    return replace(point, places=point.places * times)


def _dependence(errors: np.ndarray) -> float:
    """How much less weeks say that resemble the week before: 1 where they do not."""
    if not (errors**2).sum() > 0:
        return 1.0
    lag = float(np.clip((errors[1:] * errors[:-1]).sum() / (errors**2).sum(), 0.0, 0.9))
    return (1 + lag) / (1 - lag)


def middle(fit: Fit, stated: float) -> Point:
    """The point between the ends: the best where the record sets both, else the places stated or the nearest end."""
    if fit.has_upper:
        return fit.best
    near = min(fit.points, key=lambda point: abs(point.places - stated))
    return replace(near, places=min(max(stated, fit.points[0].places), fit.points[-1].places))


def foretold(record: Record, case_days: float, share: float = 0.75) -> tuple[float, float, float] | None:
    """The least and largest mean wait that the first part of the record foretells for the rest, and the mean measured.

    None where either part is too short.
    """
    weeks = int(record.arrivals.size * share)
    start = fitted(record.first(weeks), case_days)
    weight = record.counts[weeks:].astype(float)
    if start is None or weight.sum() == 0:
        return None
    measured = float((record.waits[weeks:] * weight).sum() / weight.sum())
    spread = Z * float(np.sqrt(start.scale * (1 / weight.sum() + 1 / record.counts[:weeks].sum())))
    means = []
    for point in start.points:
        room = point.places * record.staff[weeks:]
        _, days, _ = replay(record.arrivals[weeks:], room, point.end, leaving(case_days))
        means.append(float(((days + point.delay) * weight).sum() / weight.sum()))
    # with a list on record the ends of cases are chance too: the whole range; without one, 95% of the capacities
    low, high = (min(means), max(means)) if start.has_upper else np.quantile(means, [0.025, 0.975])
    return float(low) - spread, float(high) + spread, measured


def run_forward(
    arrivals: float, places: float, start: State, leave: float, seed: int, weeks: int = WEEKS, runs: int = RUNS
) -> np.ndarray:
    """People who wait after some weeks, one number a run. People come at random, and cases end at random.

    The same seed gives the same people and the same ends of cases whatever the places: options differ by staff alone.
    """
    rng = np.random.default_rng(seed)
    came = rng.poisson(arrivals, (weeks, runs)).astype(float)
    room = max(1, round(places))
    waiting = np.full(runs, np.round(start.waiting))
    held = np.full(runs, min(np.round(start.held), room))
    for week in range(weeks):
        gone = _ended(seed * weeks + week, held, leave)
        held, waiting = _served(held - gone, waiting + came[week], np.array(float(room)))
    return waiting


def _ended(seed: int, held: np.ndarray, leave: float) -> np.ndarray:
    """How many cases end in a week: each place has its own chance, the same whatever the number of places."""
    most = int(held.max())
    if most > _MANY:
        return held * leave
    ends = np.random.default_rng(seed).random((most, held.size), dtype=np.float32) < leave
    ended = np.vstack([np.zeros((1, held.size), dtype=np.int16), np.cumsum(ends, axis=0, dtype=np.int16)])
    gone: np.ndarray = ended[held.astype(int), np.arange(held.size)].astype(float)
    return gone
