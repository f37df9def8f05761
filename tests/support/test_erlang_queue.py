"""Erlang's queue: the formula against published values, and against a simulation of the same queue."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.methods.erlang_queue import mean_wait, share_within, simulated_waits, wait_probability


def exponential(mean: float):
    return lambda rng, count: rng.exponential(mean, count)


class TestFormula:
    def test_one_place_waits_as_often_as_it_is_held(self) -> None:
        assert wait_probability(1, 0.8) == pytest.approx(0.8)
        assert mean_wait(1, 0.8, 1.0) == pytest.approx(0.8 / 0.2), "M/M/1: rho over mu minus lambda"

    def test_two_places(self) -> None:
        """By hand: load 1 on two places leaves one in three waiting, for half the time a place is held on average."""
        assert wait_probability(2, 1.0) == pytest.approx(1 / 3)
        assert mean_wait(2, 1.0, 1.0) == pytest.approx(1 / 3)

    @pytest.mark.parametrize(("places", "load"), [(3, 2.5), (10, 7.0), (20, 18.5)])
    def test_it_is_the_sum_of_its_definition(self, places: int, load: float) -> None:
        top = load**places / math.factorial(places) * places / (places - load)
        below = sum(load**n / math.factorial(n) for n in range(places))
        assert wait_probability(places, load) == pytest.approx(top / (below + top), rel=1e-12)

    def test_a_queue_that_grows_has_no_mean(self) -> None:
        assert mean_wait(2, 2.0, 1.0) == math.inf and share_within(2, 2.5, 1.0, 14) == 0.0
        assert wait_probability(2, 2.0) == 1.0

    def test_a_capacity_of_a_billion_is_worked_out_at_once(self) -> None:
        """A cell can hold any number. Place by place, this took hours and the build seemed to hang."""
        assert mean_wait(1_000_000_000, 2.0, 1.0) == 0.0
        # half a standard deviation of places to spare, for many places (Halfin and Whitt 1981)
        limit = 1 / (1 + 0.5 * 0.691462 * math.sqrt(2 * math.pi) * math.exp(0.125))
        assert wait_probability(1_000_000, 1_000_000 - 500) == pytest.approx(limit, rel=1e-2)

    def test_no_place_is_no_queue(self) -> None:
        with pytest.raises(ValueError, match="at least one place"):
            mean_wait(0, 1.0, 1.0)

    @given(st.integers(1, 300), st.floats(0.01, 0.99))
    def test_one_more_place_never_lengthens_the_wait(self, places: int, used: float) -> None:
        arrivals = places * used
        assert mean_wait(places + 1, arrivals, 1.0) <= mean_wait(places, arrivals, 1.0) + 1e-12
        assert 0 <= share_within(places, arrivals, 1.0, 0.5) <= 1


@pytest.mark.parametrize(("places", "used", "seed"), [(5, 0.8, 11), (15, 0.85, 12), (30, 0.85, 13)])
def test_one_more_advocate_in_the_simulation_is_within_2_per_cent_of_the_formula(
    places: int, used: float, seed: int
) -> None:
    """The formula is held against the queue itself, before and after a place is added."""
    arrivals = places * used
    for held in (places, places + 1):
        waits = np.concatenate(
            [simulated_waits(held, arrivals, exponential(1.0), 1_000_000, seed + n, 20_000) for n in (0, 100)]
        )
        expected = mean_wait(held, arrivals, 1.0)
        print(f"{held} places, load {arrivals:.2f}: simulated {waits.mean():.5f}, Erlang {expected:.5f}")
        assert waits.mean() == pytest.approx(expected, rel=0.02)
        assert (waits > 1e-12).mean() == pytest.approx(wait_probability(held, arrivals), rel=0.02)


def test_even_times_wait_half_as_long_as_exponential_ones_at_one_place() -> None:
    """Pollaczek and Khinchine: what the formula leaves out where cases last alike."""
    waits = simulated_waits(1, 0.7, lambda rng, count: np.ones(count), 600_000, 5, 10_000)
    assert waits.mean() == pytest.approx(mean_wait(1, 0.7, 1.0) / 2, rel=0.03)
