"""A waiting list replayed: by hand, against a theory, and against records whose places and delay are known."""

import heapq

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assets.methods.support_queue import (
    Record,
    State,
    fitted,
    foretold,
    leaving,
    middle,
    replay,
    run_forward,
)  # fmt: skip

CASE = 90.0  # days


def begin(waiting: float = 0.0, held: float = 0.0) -> State:
    return State(np.array(waiting), np.array(held))


def steady(value: float, weeks: int) -> np.ndarray:
    return np.full(weeks, value)


class TestReplay:
    def test_by_hand_two_of_ten_find_no_place_each_week(self) -> None:
        """80 places, a tenth leaves: 8 are free each week. After a year 104 wait, the last for 13 weeks."""
        left, days, end = replay(steady(10, 52), steady(80, 52), begin(held=80), 0.1)
        assert left[-1] == pytest.approx(104) and float(end.held) == pytest.approx(80)
        assert days[-1] == pytest.approx(7 * 103 / 8), "on average of the week, from 102 to 104"

    def test_a_service_with_room_makes_nobody_wait(self) -> None:
        left, days, end = replay(steady(8, 52), steady(100, 52), begin(held=80), 0.1)
        assert left.max() == days.max() == 0 and float(end.held) == pytest.approx(80)

    def test_a_burst_fills_free_places_first(self) -> None:
        left, _, end = replay(np.array([25.0, 0.0]), steady(100, 2), begin(held=80), 0.1)
        # 72 stay, 25 come: 97 of 100 places
        assert left.tolist() == [0.0, 0.0] and float(end.held) == pytest.approx(97 * 0.9)

    def test_staff_that_leave_end_no_case(self) -> None:
        left, _, end = replay(steady(0, 1), steady(40, 1), begin(waiting=5, held=80), 0.1)
        assert left[-1] == 5 and float(end.held) == pytest.approx(72)

    @given(
        st.lists(st.integers(0, 40), min_size=1, max_size=60), st.floats(1, 300), st.floats(0, 100),
        st.floats(0, 50), st.floats(0.02, 0.5),
    )  # fmt: skip
    def test_more_places_never_make_a_longer_list(
        self, came: list[int], places: float, more: float, waiting: float, leave: float
    ) -> None:
        arrivals = np.array(came, dtype=float)
        few, many = (
            replay(arrivals, steady(size, arrivals.size), begin(waiting, min(size, places)), leave)
            for size in (places, places + more)
        )
        assert (many[0] <= few[0] + 1e-9).all() and (many[1] <= few[1] + 1e-9).all()
        assert (few[0] >= 0).all()


class TestForward:
    def test_the_same_seed_gives_the_same_runs(self) -> None:
        first, again, other = (run_forward(10, 120, begin(held=100), 0.1, seed) for seed in (1, 1, 2))
        assert (first == again).all() and (first != other).any()

    def test_what_exceeds_the_places_waits(self) -> None:
        """By hand: 10 come a week and 8 leave 80 places. 104 wait after a year, give or take chance."""
        runs = run_forward(10, 80, begin(held=80), 0.1, 1)
        assert runs.mean() == pytest.approx(104, abs=4)
        # both are sums of 52 weeks: variance 52 times (10 of those who come and 7.2 of those who leave)
        assert runs.std() == pytest.approx((52 * 17.2) ** 0.5, rel=0.15)

    def test_a_capacity_of_a_billion_is_worked_out_at_once(self) -> None:
        """A cell can hold any number."""
        assert run_forward(10, 1e9, begin(held=100), 0.1, 1).max() == 0

    def test_no_list_below_capacity_in_the_long_run_but_that_of_chance(self) -> None:
        """Erlang's mean list of two places at load 1, week by week: 1/3 waits."""
        leave = leaving(700.0)  # weeks that are short beside a case
        runs = run_forward(-np.log(1 - leave), 2, begin(), leave, 5, weeks=3_000, runs=3_000)
        assert runs.mean() == pytest.approx(1 / 3, rel=0.12)


def record(places: int, per_week: float, delay: float, weeks: int, seed: int, case: float = CASE) -> Record:
    """A service of `places`, first come first served, whose cases end at random; and a delay of 0 to twice `delay`."""
    rng = np.random.default_rng(seed)
    burn = 52
    count = rng.poisson(per_week * (weeks + burn))
    came = np.sort(rng.uniform(0, 7 * (weeks + burn), count))
    free = [0.0] * places
    waits = np.empty(count)
    for n, (day, lasts) in enumerate(zip(came, rng.exponential(case, count), strict=True)):
        start = max(day, free[0])
        waits[n] = start - day
        heapq.heapreplace(free, start + lasts)
    seen = waits + rng.uniform(0, 2 * delay, count)
    waiting = float(((came < 7 * burn) & (came + seen >= 7 * burn)).sum())
    week = (came // 7).astype(int) - burn
    kept = week >= 0
    arrivals = np.bincount(week[kept], minlength=weeks)[:weeks].astype(float)
    sums = np.bincount(week[kept], weights=seen[kept], minlength=weeks)[:weeks]
    means = np.divide(sums, arrivals, out=np.zeros(weeks), where=arrivals > 0)
    return Record(arrivals, arrivals, means, np.ones(weeks), waiting)


class TestFit:
    def test_a_delay_without_load_is_found_with_no_upper_end_of_places(self) -> None:
        found = fitted(record(400, 10, 4.5, 104, 1), CASE)
        assert found is not None and not found.has_upper
        assert middle(found, 150.0).delay == pytest.approx(4.5, abs=0.3)
        second, third = found.points[1:3]
        assert middle(found, third.places).end is third.end and middle(found, second.places).end is second.end
        # 134 are held on average: fewer would have made a list
        assert 110 < found.points[0].places < 160

    def test_the_places_of_an_overloaded_service_are_found(self) -> None:
        """Ten a week come, and 110 places end 8.6 cases a week: the list grows by about 1.4 a week."""
        found = []
        for seed in range(1, 21):
            given_record = record(110, 10, 4.5, 104, seed)
            fit = fitted(given_record, CASE)
            assert fit is not None and fit.has_upper
            found.append((fit.best.places, fit.best.delay, fit.points[0].places <= 110 <= fit.points[-1].places))
            mean = (given_record.waits * given_record.counts).sum() / given_record.counts.sum()
            modelled = (fit.best.waits * given_record.counts).sum() / given_record.counts.sum()
            assert modelled == pytest.approx(mean, rel=0.1), "no delay is below 0"
        places, delay, is_covered = np.array(found).mean(axis=0)
        print(f"110 places, 4.5 days: {places:.1f} and {delay:.1f} on average; {is_covered:.0%} of intervals hold 110")
        assert places == pytest.approx(110, rel=0.03) and delay == pytest.approx(4.5, abs=5) and is_covered >= 0.9

    def test_the_first_part_foretells_the_rest_and_a_jump_is_not_foretold(self) -> None:
        calm = record(400, 10, 4.5, 104, 4)
        low, high, measured = foretold(calm, CASE) or (0.0, 0.0, 0.0)
        assert low <= measured <= high
        jump = Record(calm.arrivals, calm.counts, calm.waits + 8.0 * (np.arange(104) >= 78), calm.staff, 0.0)
        low, high, measured = foretold(jump, CASE) or (0.0, 0.0, 0.0)
        assert not low <= measured <= high

    def test_few_weeks_say_nothing(self) -> None:
        short = record(400, 10, 4.5, 104, 1).first(25)
        assert fitted(short, CASE) is None and foretold(short, CASE) is None
