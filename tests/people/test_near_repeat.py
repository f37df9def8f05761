"""Near repeats in time: the hazard of the next event by week, beside the same events at other dates."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assets.methods.near_repeat import near_repeat

DYADS = st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=6), min_size=1, max_size=8)


def events(dyads: Sequence[Sequence[int]], until: int) -> pl.DataFrame:
    rows = [(f"pair {n}", day, until) for n, days in enumerate(dyads) for day in days]
    return pl.DataFrame(rows, schema={"dyad": pl.String, "day": pl.Int64, "until": pl.Int64}, orient="row")


def test_hazard_by_hand() -> None:
    """Gaps 3 and 10, waits of 2 and 30 days. Week 1: one event in 3 + 7 + 2 + 7 days; week 2: one in 3 + 7."""
    until = pl.when(pl.col("dyad") == "pair 0").then(15).otherwise(71).cast(pl.Int64)
    found = near_repeat(events([[0, 3, 13], [41]], 0).with_columns(until=until), weeks=4)
    assert found["event_count"].to_list() == [1, 1, 0, 0]
    assert found["at_risk_count"].to_list() == [4, 2, 1, 1]
    assert found["hazard"].to_list() == pytest.approx([7 / 19, 7 / 10, 0, 0])


def test_a_week_ends_with_its_seventh_day_and_the_same_day_counts_in_the_first() -> None:
    found = near_repeat(events([[0, 0, 7, 15]], 15), weeks=2)
    assert found["event_count"].to_list() == [2, 1]
    assert found["at_risk_count"].to_list() == [4, 1], "the wait of 0 days is over at once"
    assert found["hazard"].to_list() == pytest.approx([7 * 2 / (0 + 7 + 7 + 0), 7])


def test_weeks_that_nobody_reaches_have_no_hazard() -> None:
    found = near_repeat(events([[0]], 10), weeks=3)
    assert found["hazard"].to_list() == found["permuted_median"].to_list() == [0, 0, None]
    assert found["at_risk_count"].to_list() == [1, 1, 0]


def test_dates_give_the_same_as_numbers() -> None:
    numbers = events([[0, 3, 40], [5, 9]], 90)
    start = pl.lit(date(2025, 1, 1))
    dates = numbers.with_columns((start + pl.duration(days=name)).alias(name) for name in ("day", "until"))
    assert dates.schema["day"] == pl.Date
    found, expected = near_repeat(dates, weeks=5), near_repeat(numbers, weeks=5)
    assert found[:, :4].equals(expected[:, :4])


@settings(deadline=None, max_examples=40)
@given(DYADS, st.integers(60, 90))
def test_every_event_is_counted_and_one_seed_gives_one_answer(dyads: list[list[int]], until: int) -> None:
    rows = events(dyads, until)
    found = near_repeat(rows, weeks=14, permutations=40)
    assert (found["event_count"].sum(), found["at_risk_count"][0]) == (len(rows) - len(dyads), len(rows))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("assets.methods.near_repeat.DYADS_AT_ONCE", 2)
        assert found.equals(near_repeat(rows.reverse(), weeks=14, permutations=40))
    band = found.drop_nulls()
    assert band["permuted_median"].is_between(band["permuted_lower"], band["permuted_upper"]).all()


def steady(generator: np.random.Generator, dyads: int, dead_days: int = 0) -> pl.DataFrame:
    """Each dyad its own rate, the same throughout; after an event none for `dead_days`. Two years, whole days."""
    rate = generator.gamma(1.0, 4 / 730, dyads)[:, None]
    moments = np.cumsum(generator.exponential(1 / rate, (dyads, 60)) + dead_days, axis=1) - dead_days
    seen = moments < 730
    dyad = np.broadcast_to(np.arange(dyads)[:, None], moments.shape)[seen]
    return pl.DataFrame({"dyad": dyad, "day": np.floor(moments[seen]).astype(np.int64)}).with_columns(until=729)


def outside(found: pl.DataFrame) -> NDArray[np.bool_]:
    above = found["hazard"] > found["permuted_upper"]
    return (above | (found["hazard"] < found["permuted_lower"])).to_numpy()


@pytest.mark.parametrize("dead_days", [0, 8])
def test_steady_dyads_of_very_different_rates_leave_the_band_in_5_of_100_weeks(dead_days: int) -> None:
    """30 sets of 300 dyads, 12 weeks each: 18 weeks outside are expected; 33 come once in a thousand."""
    generator = np.random.default_rng(dead_days)
    found = sum(
        int(outside(near_repeat(steady(generator, 300, dead_days), weeks=12, shortest_gap_days=dead_days,
                                permutations=100, seed=run)).sum())
        for run in range(30)
    )
    assert 3 <= found <= 33, found


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"until": pl.Series([9, 9, 8])}, "more than one end"), ({"until": pl.lit(3)}, "after its end"),
        ({"day": pl.lit(None, pl.Int64)}, "each with a dyad"), ({"day": pl.lit(1.5)}, "whole number"),
    ],
)
def test_events_that_contradict_each_other_are_refused(change: dict[str, Any], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        near_repeat(events([[1, 4, 6]], 9).with_columns(**change))


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="until"):
        near_repeat(events([[1]], 9).drop("until"))
    with pytest.raises(ValueError, match="need events"):
        near_repeat(events([], 9))
    with pytest.raises(ValueError, match="pair 0 has a gap below 8 days"):
        near_repeat(events([[1, 20, 24]], 30), shortest_gap_days=8)
    for options in ({"weeks": 0}, {"shortest_gap_days": -1}, {"permutations": 10}):
        with pytest.raises(ValueError, match="weeks are 1 or more"):
            near_repeat(events([[1]], 9), **options)
