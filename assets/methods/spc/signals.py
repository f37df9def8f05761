"""The four rules of NHS England's Making Data Count, on arrays whose last axis is time.

A missing point is NaN. It is never a signal and it ends every run: points on either side of it are not
consecutive. Each rule answers with the direction of every point: 1 (higher, or rising), -1 (lower, or
falling), 0 (no signal). All points of a run carry the signal, not only the one that completes it.

Sources: NHS England, Making Data Count (four rules; more would raise false alarms); Western Electric, Statistical
Quality Control Handbook (1956), for two of three. As in NHSRplotthedots, the public implementation, a trend of 7 is 7
points and therefore 6 steps. Unlike there, the third of two of three may be anywhere, and a point beyond the limit
counts as in the outer third (it is farther out, so it cannot be weaker evidence).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
DirectionArray = NDArray[np.int8]

# In order of precedence: a point that several rules mark is shown under the first.
RULES = ("beyond_limit", "shift", "trend", "two_of_three")

# Two figures this close are the same: a mean of equal values can differ from them in the last digit.
SAME = 1e-12


@dataclass(frozen=True)
class SignalRules:
    """Which rules are applied, and their run lengths in points.

    Raises ValueError for an unknown rule or a run length that cannot be a run.
    """

    shift_points: int = 7
    trend_points: int = 7
    near_points: int = 2
    near_window: int = 3
    applied: tuple[str, ...] = RULES

    def __post_init__(self) -> None:
        unknown = sorted(set(self.applied) - set(RULES))
        if unknown:
            raise ValueError(f"no such rule: {', '.join(unknown)}; the rules are {', '.join(RULES)}")
        if self.shift_points < 2 or self.trend_points < 3:
            raise ValueError(f"a shift of {self.shift_points} points (least 2) or a trend of "
                             f"{self.trend_points} (least 3) is too short to be a run")
        if not 1 <= self.near_points <= self.near_window:
            raise ValueError(f"{self.near_points} of {self.near_window} points near a limit is no count")


def exceeds(values: FloatArray, line: FloatArray) -> BoolArray:
    """Whether values are above a line, and not on it; false where either is missing."""
    margin = SAME * np.maximum(np.abs(values), np.abs(line))
    above: BoolArray = values - line > margin
    return above


def beyond_limit(values: FloatArray, lower: FloatArray, upper: FloatArray) -> DirectionArray:
    """A point outside the limits. A point on a limit is inside."""
    return _directions(exceeds(values, upper), exceeds(lower, values))


def shift(values: FloatArray, centre: FloatArray, points: int = 7) -> DirectionArray:
    """`points` or more consecutive points on one side of the centre line; a point on it ends the run."""
    return _directions(_in_run(exceeds(values, centre), points), _in_run(exceeds(centre, values), points))


def trend(values: FloatArray, points: int = 7) -> DirectionArray:
    """`points` or more consecutive points, each above (below) the one before. Two equal points end the run.

    The point where one trend ends and another starts counts to the earlier one.
    """
    steps = np.diff(values, axis=-1)
    rising, falling = _points_of_steps(steps > 0, points), _points_of_steps(steps < 0, points)
    is_turn = rising & falling
    reached_by_rise = np.zeros_like(rising)
    reached_by_rise[..., 1:] = steps > 0
    return _directions(rising & (reached_by_rise | ~is_turn), falling & (~reached_by_rise | ~is_turn))


def two_of_three(
    values: FloatArray, centre: FloatArray, lower: FloatArray, upper: FloatArray,
    near: int = 2, window: int = 3,
) -> DirectionArray:
    """`near` of `window` consecutive points in the outer third of the limits, on the same side.

    Only the points in the outer third carry the signal. The window holds no missing point.
    """
    high = exceeds(values, centre + (upper - centre) * 2 / 3)
    low = exceeds(centre + (lower - centre) * 2 / 3, values)
    measured = np.isfinite(values)
    return _directions(
        high & _in_window(high, measured, near, window), low & _in_window(low, measured, near, window)
    )


def signals(
    values: FloatArray, centre: FloatArray, lower: FloatArray, upper: FloatArray, rules: SignalRules
) -> DirectionArray:
    """The rule each point is shown under: its number in RULES from 1, signed with the direction; 0 if none."""
    found = {
        "beyond_limit": lambda: beyond_limit(values, lower, upper),
        "shift": lambda: shift(values, centre, rules.shift_points),
        "trend": lambda: trend(values, rules.trend_points),
        "two_of_three": lambda: two_of_three(
            values, centre, lower, upper, rules.near_points, rules.near_window
        ),
    }
    shown = np.zeros_like(values, dtype=np.int8)
    for place, rule in enumerate(RULES, start=1):
        if rule in rules.applied:
            shown += (shown == 0) * found[rule]() * np.int8(place)
    return shown


def _directions(higher: BoolArray, lower: BoolArray) -> DirectionArray:
    directions: DirectionArray = higher.astype(np.int8) - (lower & ~higher)
    return directions


def _in_run(marked: BoolArray, length: int) -> BoolArray:
    """Which points belong to `length` or more consecutive marked points."""
    return _in_window(marked, np.ones_like(marked), length, length)


def _points_of_steps(marked_steps: BoolArray, points: int) -> BoolArray:
    """Which points a run of steps joins: `points` points are joined by one step fewer."""
    run = _in_run(marked_steps, points - 1)
    joined = np.zeros_like(run, shape=(*run.shape[:-1], run.shape[-1] + 1))
    joined[..., :-1] |= run
    joined[..., 1:] |= run
    return joined


def _in_window(marked: BoolArray, measured: BoolArray, least: int, window: int) -> BoolArray:
    """Points in a window of measured points, at least `least` of which are marked."""
    inside = np.zeros_like(marked)
    starts = marked.shape[-1] - window + 1
    if starts < 1:
        return inside
    # one shifted array after the other: many times faster than a sum along each window
    count, enough = np.zeros_like(inside[..., :starts], dtype=np.int16), np.ones_like(inside[..., :starts])
    for offset in range(window):
        count += marked[..., offset:offset + starts]
        enough &= measured[..., offset:offset + starts]
    enough &= count >= least
    for offset in range(window):
        inside[..., offset:offset + starts] |= enough
    return inside
