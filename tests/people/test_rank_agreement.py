"""Agreement of rankings, and of lists."""

import math
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.methods.rank_agreement import LARGEST_RESAMPLE, jaccard, kendall_tau

SCORES = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=2, max_size=25)


def test_tau_by_hand() -> None:
    """1, 2, 3, 3 and 1, 3, 2, 4: pairs 5 not tied in the first, of which 4 agree and 1 does not: 3 / sqrt(5 x 6)."""
    found = kendall_tau([1, 2, 3, 3], [1, 3, 2, 4])
    assert found.tau == pytest.approx(3 / math.sqrt(30))
    assert (found.units, found.lower, found.upper) == (4, None, None), "four units have no ground for limits"


@settings(deadline=None)
@given(SCORES)
def test_tau_is_that_of_the_pairs(scores: list[tuple[int, int]]) -> None:
    pairs = [(a, b) for n, a in enumerate(scores) for b in scores[:n]]
    agree = sum(np.sign(a[0] - b[0]) * np.sign(a[1] - b[1]) for a, b in pairs)
    free = [sum(a[side] != b[side] for a, b in pairs) for side in (0, 1)]
    found = kendall_tau(*zip(*scores), replicates=100).tau
    if min(free):
        assert found == pytest.approx(agree / math.sqrt(free[0] * free[1]))
    else:
        assert found is None


@pytest.mark.parametrize(("first", "tau"), [([1, 2, 3, 4, 5, 6], 1), ([6, 5, 4, 3, 2, 1], -1)])
def test_full_agreement_has_no_limits(first: Sequence[int], tau: float) -> None:
    found = kendall_tau(first, [10, 20, 30, 40, 50, 60])
    assert (found.tau, found.lower, found.upper) == (pytest.approx(tau), None, None)


@pytest.mark.parametrize("units", [40, LARGEST_RESAMPLE + 500])
def test_limits_hold_the_true_tau_in_about_95_of_100_samples(units: int) -> None:
    """Normal scores with correlation r have tau = 2 / pi asin(r). Of 100 samples 87 is 3.5 deviations below 95."""
    generator = np.random.default_rng(units)
    truth = 2 / math.pi * math.asin(0.6)
    held = 0
    for run in range(100):
        first, noise = generator.standard_normal((2, units))
        found = kendall_tau(first, 0.6 * first + 0.8 * noise, replicates=100, seed=run)
        assert found.lower is not None and found.upper is not None
        held += found.lower <= truth <= found.upper
    assert held >= 87, held


@settings(deadline=None)
@given(st.sets(st.integers(0, 20)), st.sets(st.integers(0, 20)))
def test_jaccard_of_two_sets(first: set[int], second: set[int]) -> None:
    found = jaccard(first, second)
    assert found == jaccard(second, first)
    if not first | second:
        assert found is None
    else:
        assert found is not None and 0 <= found <= 1
        assert (found == 1) == (first == second)
        assert (found == 0) == (not first & second)
    assert jaccard([1, 2, 3, 3], [2, 3, 4]) == 0.5


@pytest.mark.parametrize(
    ("first", "second", "named"),
    [([1], [1], "2 or more"), ([1, 2], [1, 2, 3], "same units"), ([1, math.nan], [1, 2], "finite")],
)
def test_scores_that_are_none_are_refused(first: list[float], second: list[float], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        kendall_tau(first, second)


def test_too_few_replicates_are_refused() -> None:
    with pytest.raises(ValueError, match="replicates"):
        kendall_tau([1, 2], [1, 2], replicates=10)
