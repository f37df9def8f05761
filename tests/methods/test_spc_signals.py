"""The four rules of Making Data Count, each with a series that sets it off and one that only just does not.

Lines throughout: centre 0, limits -3 and 3, so that the outer thirds start at -2 and 2.
"""

import math
from collections.abc import Sequence

import numpy as np
import pytest

from assets.methods.spc import signals as rules

GAP = math.nan


def lines(values: Sequence[float]) -> list[rules.FloatArray]:
    """The values, then centre, lower and upper line at each of them."""
    return [np.array(x, dtype=np.float64) for x in (
        values, [0.0] * len(values), [-3.0] * len(values), [3.0] * len(values))]


def shown(values: Sequence[float], **kwargs: object) -> list[str]:
    """The rule each point is shown under, with + or - for its direction."""
    codes = rules.signals(*lines(values), rules.SignalRules(**kwargs))  # type: ignore[arg-type]
    return [f"{'+' if c > 0 else '-'}{rules.RULES[abs(c) - 1]}" if c else "" for c in codes.tolist()]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 3.01, 0], [0, 1, 0]),
        ([0, -3.01, 0], [0, -1, 0]),
        ([0, 3.0, -3.0], [0, 0, 0]),
        ([0, GAP, 9], [0, 0, 1]),
    ],
    ids=["above", "below", "on the limit is inside", "missing"],
)
def test_a_point_beyond_a_limit(values: Sequence[float], expected: list[int]) -> None:
    value, _, lower, upper = lines(values)
    assert rules.beyond_limit(value, lower, upper).tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([-1] + [1] * 7 + [-1], [0] + [1] * 7 + [0]),
        ([1] + [-1] * 8, [0] + [-1] * 8),
        ([-1] + [1] * 6 + [-1], [0] * 8),
        ([1] * 6 + [0] + [1] * 6, [0] * 13),
        ([1] * 6 + [GAP] + [1] * 6, [0] * 13),
        ([1] * 6, [0] * 6),
    ],
    ids=["seven above", "eight below", "six", "a point on the line", "a missing point", "short series"],
)
def test_seven_points_on_one_side_are_a_shift(values: Sequence[float], expected: list[int]) -> None:
    value, centre, _, _ = lines(values)
    assert rules.shift(value, centre).tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([5, 1, 2, 3, 4, 5, 6, 7, 7], [0] + [1] * 7 + [0]),
        ([7, 6, 5, 4, 3, 2, 1], [-1] * 7),
        ([5, 1, 2, 3, 4, 5, 6, 6], [0] * 8),
        ([1, 2, 3, 4, 4, 5, 6, 7], [0] * 8),
        ([1, 2, 3, 4, GAP, 5, 6, 7], [0] * 8),
        ([1, 2, 3, 4, 5, 6, 7, 6, 5, 4, 3, 2, 1], [1] * 7 + [-1] * 6),
        ([7, 6, 5, 4, 3, 2, 1, 2, 3, 4, 5, 6, 7], [-1] * 7 + [1] * 6),
    ],
    ids=["seven points rise", "seven fall", "six points rise", "equal neighbours", "a missing point",
         "the peak counts to the rise", "the trough counts to the fall"],
)
def test_seven_points_in_one_direction_are_a_trend(values: Sequence[float], expected: list[int]) -> None:
    assert rules.trend(np.array(values, dtype=np.float64)).tolist() == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([0, 2.1, 0, 2.1, 0], [0, 1, 0, 1, 0]),
        ([-2.1, -2.1, 1], [-1, -1, 0]),
        ([2.1, -1, 3.5], [1, 0, 1]),
        ([2.1, 2.1, 2.1], [1, 1, 1]),
        ([2.1, -2.1, 0], [0, 0, 0]),
        ([2.1, 0, 0, 2.1], [0, 0, 0, 0]),
        ([2.0, 2.0, 2.0], [0, 0, 0]),
        ([2.1, GAP, 2.1, 0], [0, 0, 0, 0]),
        ([2.1, 2.1], [0, 0]),
    ],
    ids=["above", "below", "one beyond the limit", "three", "opposite sides", "too far apart",
         "on the line is not within", "a missing point between", "only two points"],
)
def test_two_of_three_in_the_outer_third(values: Sequence[float], expected: list[int]) -> None:
    assert rules.two_of_three(*lines(values)).tolist() == expected


def test_the_outer_third_follows_limits_that_vary() -> None:
    values = np.array([2.5, 2.5, 2.5])
    upper = np.array([3.0, 6.0, 3.0])
    assert rules.two_of_three(values, np.zeros(3), -upper, upper).tolist() == [1, 0, 1]


def test_run_lengths_are_parameters() -> None:
    assert shown([-1, 1, 1, 1, 1, -1], shift_points=4)[1:5] == ["+shift"] * 4
    assert shown([-1, 1, 1, 1, 1, -1], shift_points=5) == [""] * 6
    assert shown([0, -1, 0, 1, 0], trend_points=3) == ["", "+trend", "+trend", "+trend", ""]
    assert shown([0, -1, 0, 1, 0], trend_points=4) == [""] * 5
    wide = {"near_points": 2, "near_window": 4}
    assert shown([2.1, 0, 0, 2.1], **wide) == ["+two_of_three", "", "", "+two_of_three"]


def test_a_point_is_shown_under_the_first_rule_that_marks_it() -> None:
    assert shown([0.1, 0.2, 0.3, 2.4, 2.5, 2.6, 3.1, -1]) == ["+shift"] * 6 + ["+beyond_limit", ""]
    rise_through_the_line = [-1, -0.7, -0.3, 0.1, 0.3, 2.3, 2.4, -1]
    assert shown(rise_through_the_line) == ["+trend"] * 7 + [""]
    assert shown(rise_through_the_line, applied=("two_of_three",)) == [""] * 5 + ["+two_of_three"] * 2 + [""]


def test_a_last_digit_is_no_difference() -> None:
    """Ten times 0.1 has a mean that can differ from 0.1 by rounding: that is neither a shift nor a breach."""
    values = np.full(10, 0.1)
    centre = np.full(10, 0.1 - 2e-17)
    assert not rules.shift(values, centre).any()
    assert not rules.beyond_limit(values, centre, centre).any()


def test_many_series_at_once_are_each_judged_alone() -> None:
    series = np.random.default_rng(3).normal(0, 1.5, (50, 30))
    line = np.zeros((50, 1))
    together = rules.signals(series, line, line - 3, line + 3, rules.SignalRules())
    alone = [rules.signals(*lines(row.tolist()), rules.SignalRules()) for row in series]
    assert (together == np.array(alone)).all()
    assert len(np.unique(np.abs(together))) == 5


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"applied": ("nelson_8",)}, "nelson_8"),
        ({"shift_points": 1}, "shift of 1"),
        ({"trend_points": 2}, "trend of"),
        ({"near_points": 4}, "4 of 3"),
        ({"near_points": 0}, "0 of 3"),
    ],
)
def test_rules_that_are_none_are_refused(wrong: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        rules.SignalRules(**wrong)  # type: ignore[arg-type]
