"""How many crimes of months that are not complete will have an outcome, by what is known now."""

import sys
from pathlib import Path

import numpy as np
import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.methods.nowcast import EVENT, FEWEST_EXPECTED, OPEN, OTHER, States, nowcasts

sys.path.append(str(Path(__file__).resolve().parents[2]))
from benchmarks import nowcast as invented

NEVER = 1_000_000
STARTS = [30 * month for month in range(14)]


def states(*rows: tuple[int, int, int, int, int, int]) -> States:
    """States as (recorded, begins, ends, since, cause, count)."""
    return States(*np.array(rows, dtype=np.int64).T)


def closed(recorded: int, day: int, cause: int, count: int) -> list[tuple[int, int, int, int, int, int]]:
    """States of `count` cases: open, then with an outcome `day` days after recording."""
    return [(recorded, recorded, recorded + day, NEVER, OPEN, count),
            (recorded, recorded + day, NEVER, recorded + day, cause, count)]  # fmt: skip


def still_open(recorded: int, count: int) -> tuple[int, int, int, int, int, int]:
    return recorded, recorded, NEVER, NEVER, OPEN, count


# Each month 100 crimes, on its first day: 20 charged on day 10, 30 closed otherwise on day 40, 10 charged on day 50.
EVEN = [row for start in STARTS[:-1]
        for row in (*closed(start, 10, EVENT, 20), *closed(start, 40, OTHER, 30), *closed(start, 50, EVENT, 10),
                    still_open(start, 40))]  # fmt: skip


class TestByHand:
    # 60 days are given. On day 389 the month of day 360 is 29 days old: 20 are charged, 80 open, of whom 10 will be.
    found = nowcasts(states(*EVEN), STARTS, 60, [329, 359, 389], 30)

    def month(self, place: int, day: int = 389) -> dict[str, float]:
        (row,) = self.found.filter(day=day, place=place).to_dicts()
        return row

    def test_open_cases_have_the_chance_of_their_age(self) -> None:
        # those closed otherwise on day 40 leave 50 open at day 50, of whom 10 are charged: 10 of 80 in all
        row = self.month(12)
        assert (row["case_count"], row["met_count"], row["open_count"]) == (100, 20, 80)
        np.testing.assert_allclose([row["expected"], row["value"], row["pooled"]], [10, 0.3, 0.3])

    def test_a_month_older_than_its_last_charges_expects_none(self) -> None:
        row = self.month(11)  # 59 days old
        np.testing.assert_allclose([row["expected"], row["value"]], [0, 0.3], atol=1e-12)
        assert row["met_count"] == 30

    def test_a_month_is_in_it_until_each_case_had_its_time(self) -> None:
        # the month of day 300 ends on day 329: its last crime had 60 days by the end of day 389
        assert self.found.filter(day=389)["place"].to_list() == [11, 12]

    def test_earlier_nowcasts_are_compared_with_what_came(self) -> None:
        assert self.found.filter(day=329)["final"].to_list() == [0.3, 0.3]
        assert self.month(12)["test_count"] == 1  # of those on days 329 and 359, one had ten to come and is complete
        np.testing.assert_allclose(self.month(12)["error"], 0, atol=1e-12)
        assert not self.month(12)["is_shown"], "one test is too few"

    def test_without_cases_followed_for_the_limit_there_is_none(self) -> None:
        assert nowcasts(states(*EVEN), STARTS, 365, [389], 30).is_empty()

    def test_without_a_case_of_late_there_is_none(self) -> None:
        old = [row for row in EVEN if row[0] < 200]
        for held in (old, []):
            few = states(*held) if held else States(*np.zeros((6, 0), dtype=np.int64))
            assert nowcasts(few, [30 * month for month in range(40)], 60, [1_100], 30).is_empty()


class TestStates:
    def test_a_crime_opened_anew_is_open(self) -> None:
        held = states(*closed(0, 5, OTHER, 1)[:1], (0, 5, 9, 5, OTHER, 1), (0, 9, NEVER, NEVER, OPEN, 1))
        assert [tuple(int(part[0]) for part in held.at(day)) for day in (4, 5, 8, 9)] == [
            (0, 4, OPEN), (0, 5, OTHER), (0, 5, OTHER), (0, 9, OPEN)
        ]  # fmt: skip

    def test_an_outcome_before_recording_is_on_day_0(self) -> None:
        recorded, days, cause = states((7, 7, NEVER, 3, EVENT, 2)).at(20)
        assert (recorded.tolist(), days.tolist(), cause.tolist()) == ([7, 7], [0, 0], [EVENT, EVENT])

    def test_a_crime_is_not_known_before_it_is_recorded(self) -> None:
        assert states(still_open(7, 3)).at(6)[0].size == 0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 2**32 - 1), st.integers(500, 900))
def test_what_is_known_later_changes_no_nowcast(seed: int, day: int) -> None:
    """Outcomes after the day are drawn again, with other causes and other days."""
    draw = np.random.default_rng(seed)
    starts = [30 * month for month in range(34)]
    recorded = np.sort(draw.integers(0, 990, 600))

    def known(draw: np.random.Generator, before: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        days, causes = draw.integers(0, 400, 600), draw.integers(OPEN, OTHER + 1, 600)
        if before is not None:
            is_past = recorded + before[0] <= day
            # an outcome of the past stays; one to come may be any, or never, but not in the past
            days = np.where(is_past, before[0], np.maximum(days, day - recorded + 1))
            causes = np.where(is_past, before[1], causes)
        return days, causes

    first = known(draw, None)
    again = known(draw, np.stack(first))
    tables = []
    for days, causes in (first, again):
        outcome = np.where(causes == OPEN, NEVER, recorded + days)
        rows = [row for r, d, c in zip(recorded.tolist(), outcome.tolist(), causes.tolist(), strict=True)
                for row in ([still_open(r, 1)] if d == NEVER else closed(r, d - r, c, 1))]  # fmt: skip
        tables.append(nowcasts(states(*rows), starts, 120, [day - 60, day - 30, day], 5).drop("final"))
    # a past case that is open with days to come may close later: what is known by the day is the same
    assert tables[0].equals(tables[1], null_equal=True) and not tables[0].is_empty()


def test_limits_hold_what_they_say_and_the_nowcast_beats_the_usual_share() -> None:
    """Small: docs/assessment-method.md has the table of 40 forces."""
    found = pl.concat([frame for number, kind in enumerate(invented.KINDS)
                       for frame in invented.measured(kind, number, parts=("force",))])  # fmt: skip
    drawn = found.filter("is_shown", pl.col("expected") >= FEWEST_EXPECTED)
    assert drawn.height > 1_000
    for level, least in ((80, 0.68), (95, 0.86)):
        inside = (drawn[f"lower_{level}"] <= drawn["final"]) & (drawn["final"] <= drawn[f"upper_{level}"])
        assert least < inside.mean() < 1 - (1 - level / 100) / 4
    assert (drawn["value"] - drawn["final"]).abs().mean() < 0.85 * (drawn["pooled"] - drawn["final"]).abs().mean()
