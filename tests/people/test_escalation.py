"""Escalation per dyad: exact tests of a trend, and how often they are wrong where there is none."""

import math
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import combinations, permutations

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from scipy.stats import kendalltau

from assets.methods.escalation import ESCALATION_SCHEMA, KEYS, escalation
from assets.methods.kendall import LONGEST_EXACT, trend_tests

SHORT = st.lists(st.integers(0, 4), min_size=1, max_size=6)
START = date(2025, 1, 1)


def dyad(days: Sequence[int], severity: Sequence[float | None], name: str = "A-B") -> pl.DataFrame:
    at = [START + timedelta(days=day) for day in days]
    schema = {"dyad": pl.String, "at": pl.Date, "severity": pl.Float64}
    return pl.DataFrame([[name] * len(at), at, severity], schema=schema)


def only(events: pl.DataFrame, measure: str, minimum_events: int = 5) -> dict[str, object]:
    found = escalation(events, minimum_events=minimum_events).filter(pl.col("measure") == measure)
    assert found.height == 1
    return found.row(0, named=True)


def rejected(series: NDArray[np.float64], level: float = 0.05) -> float:
    """Share of series with p up to the level."""
    return float((trend_tests(series)[1] <= level).mean())


@settings(deadline=None)
@given(SHORT)
def test_p_is_the_share_of_orders_with_as_large_a_sum(values: list[int]) -> None:
    def size(order: Sequence[int]) -> int:
        return abs(sum((later > earlier) - (later < earlier) for earlier, later in combinations(order, 2)))

    sizes = [size(order) for order in permutations(values)]
    _, p, smallest = trend_tests(np.array([values], dtype=np.float64))
    assert p[0] == pytest.approx(np.mean([s >= size(values) for s in sizes]), abs=1e-12)
    assert smallest[0] == pytest.approx(np.mean([s >= max(sizes) for s in sizes]), abs=1e-12)


@settings(deadline=None)
@given(st.lists(st.integers(0, 1000), min_size=3, max_size=20, unique=True))
def test_without_ties_tau_and_p_equal_scipys(values: list[int]) -> None:
    expected = kendalltau(range(len(values)), values, method="exact")
    tau, p, _ = trend_tests(np.array([values], dtype=np.float64))
    assert tau[0] == pytest.approx(expected.statistic)
    assert p[0] == pytest.approx(expected.pvalue)


@settings(deadline=None)
@given(st.lists(st.integers(0, 5), min_size=3, max_size=60).filter(lambda v: len(set(v)) > 1))
def test_tau_with_ties_equals_scipys(values: list[int]) -> None:
    expected = kendalltau(range(len(values)), values)
    assert trend_tests(np.array([values], dtype=np.float64))[0][0] == pytest.approx(expected.statistic)


def test_beyond_the_exact_length_p_changes_little() -> None:
    """21 values, from no trend to a clear one: normal against exact, which is laborious there."""
    generator = np.random.default_rng(1)
    series = generator.standard_normal((300, LONGEST_EXACT + 1)) + 0.1 * np.arange(LONGEST_EXACT + 1)
    exact = np.array([kendalltau(range(LONGEST_EXACT + 1), row, method="exact").pvalue for row in series])
    p = trend_tests(series)[1]
    assert p == pytest.approx(exact, abs=0.005)
    small = exact < 0.01
    assert small.sum() > 50
    assert (p[small] > exact[small]).all(), "with caution where many dyads are tested"


def test_by_hand_gaps_that_get_shorter() -> None:
    """Gaps 50, 40, 30, 20, 10: the only such order of 120, and one the other way: p 2/120."""
    found = only(dyad([0, 50, 90, 120, 140, 150], [1, 1, 1, 1, 1, 1]), "frequency")
    assert found["tau"] == pytest.approx(1)
    assert found["p"] == found["q"] == found["smallest_p"] == pytest.approx(2 / 120)
    assert (found["event_count"], found["status"], found["direction"]) == (6, "tested", "rising")


def test_by_hand_severity_with_ties() -> None:
    """1, 1, 2, 2, 3: 30 orders, one with the sum 8 and one with -8: p 2/30; tau-b 8 / sqrt(10 x 8)."""
    found = only(dyad([0, 30, 60, 90, 120], [1, 1, 2, 2, 3]), "severity")
    assert found["tau"] == pytest.approx(8 / math.sqrt(80))
    assert found["p"] == pytest.approx(2 / 30)
    assert found["direction"] == "rising"
    assert only(dyad([0, 30, 60, 90, 120], [3, 2, 2, 1, 1]), "severity")["direction"] == "falling"


def test_all_alike_is_tested_and_shows_nothing() -> None:
    events = dyad([0, 10, 20, 30, 40, 50], [2] * 6)
    for measure in ("frequency", "severity"):
        found = only(events, measure)
        assert (found["tau"], found["p"], found["direction"], found["status"]) == (None, 1, "", "tested")


def test_below_the_minimum_nothing_is_tested() -> None:
    events = pl.concat([dyad([0, 9, 10, 11], [1, 2, 3, 4]), dyad([0], [None], "C-D")])
    found = escalation(events)
    assert found.select("dyad", "measure", "event_count", "status").rows() == [
        ("A-B", "frequency", 4, "not tested"), ("A-B", "severity", 4, "not tested"),
        ("C-D", "frequency", 1, "not tested"), ("C-D", "severity", 0, "not tested"),
    ]
    figures = ["tau", "p", "q", "smallest_p", "direction"]
    assert found.select(pl.col(figures).null_count()).row(0) == (4,) * 5
    assert only(events.filter(pl.col("dyad") == "A-B"), "severity", minimum_events=4)["status"] == "tested"


def test_events_of_one_moment_count_as_one_and_events_of_unknown_severity_are_left_out() -> None:
    events = dyad([0, 0, 30, 60, 90, 120], [1, 5, 2, None, 1, 1])
    assert only(events, "frequency")["event_count"] == 5
    assert only(events, "severity")["event_count"] == 4
    same = only(dyad([0, 0, 30, 60, 90, 120], [1, 5, 2, 2, 1, 1]), "severity")
    assert same["tau"] == only(dyad([0, 30, 60, 90, 120], [5, 2, 2, 1, 1]), "severity")["tau"]


def test_dates_times_and_days_give_the_same() -> None:
    events = dyad([0, 100, 150, 170, 175, 177], [3, 1, 4, 1, 5, 9])
    as_days = events.with_columns(pl.Series("at", [0, 100, 150, 170, 175, 177]))
    as_times = events.with_columns(pl.col("at").cast(pl.Datetime("ms", "UTC")))
    assert escalation(as_days).equals(escalation(events))
    assert escalation(as_times).equals(escalation(events))
    assert as_times["at"][0] == datetime(2025, 1, 1, tzinfo=UTC)


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 60), min_size=1, max_size=9), min_size=1, max_size=8))
def test_order_of_rows_does_not_matter_and_a_mirrored_past_turns_each_direction(
    dyads: list[list[int]],
) -> None:
    events = pl.concat([dyad(days, [d % 4 for d in days], f"pair {n}") for n, days in enumerate(dyads)])
    found = escalation(events)
    assert found.equals(escalation(events.sample(fraction=1, shuffle=True, seed=1)))
    mirrored = escalation(events.with_columns(at=pl.lit(START) - (pl.col("at") - pl.lit(START))))
    assert mirrored["p"].to_list() == pytest.approx(found["p"].to_list())
    assert mirrored["tau"].to_list() == pytest.approx([None if t is None else -t for t in found["tau"]])


@settings(deadline=None)
@given(st.lists(st.lists(st.integers(0, 99), min_size=5, max_size=9, unique=True), min_size=1, max_size=20))
def test_q_is_benjamini_and_hochbergs_within_each_measure(dyads: list[list[int]]) -> None:
    events = pl.concat([dyad(days, [d % 7 for d in days], f"{n:02}") for n, days in enumerate(dyads)])
    found = escalation(events)
    assert found.height
    for _, rows in found.group_by("measure"):
        p = sorted(rows["p"])
        stepped = [min(p[j] * len(p) / (j + 1) for j in range(i, len(p))) for i in range(len(p))]
        assert sorted(rows["q"]) == pytest.approx([min(1, q) for q in stepped])


@pytest.mark.parametrize("length", [4, 5, 6, 8, 12, 20, 21, 40])
@pytest.mark.parametrize("levels", [2, 3, 10, 0])
def test_without_a_trend_at_most_5_in_100_series_are_called_one(length: int, levels: int) -> None:
    """10,000 series of `levels` distinct values (0: no ties). Three standard errors of 5% are 0.65%."""
    generator = np.random.default_rng([length, levels])
    if levels:
        skewed = 0.5 ** np.arange(levels)
        series = generator.choice(levels, (10_000, length), p=skewed / skewed.sum()).astype(np.float64)
    else:
        series = generator.standard_normal((10_000, length))
    assert rejected(series) <= 0.0565
    assert rejected(series, 0.01) <= 0.013


def test_escalation_that_is_there_is_found_among_dyads_without() -> None:
    """Of 1,000 dyads of 15 events, in 200 each gap is 0.7 of the one before on average; q up to 0.05 calls."""
    generator = np.random.default_rng(6)
    pace = np.where(np.arange(1000)[:, None] < 200, 0.7 ** np.arange(15), 1.0)
    at = np.cumsum(generator.exponential(30 * pace), axis=1)
    events = pl.DataFrame({"dyad": np.repeat(np.arange(1000), 15), "at": at.ravel()}).with_columns(severity=1.0)
    found = escalation(events).filter(pl.col("measure") == "frequency")
    called = found.filter(pl.col("q") <= 0.05)
    assert called.filter(pl.col("dyad") < 200)["direction"].unique().to_list() == ["rising"]
    assert called.filter(pl.col("dyad") < 200).height > 80
    assert called.filter(pl.col("dyad") >= 200).height <= 0.1 * called.height


def test_no_events_give_no_rows_but_all_columns() -> None:
    found = escalation(dyad([], []))
    assert found.height == 0
    assert found.columns == [*KEYS, *ESCALATION_SCHEMA]
    assert found.schema == escalation(dyad([0], [1])).schema


@pytest.mark.parametrize(
    ("events", "named"),
    [
        (dyad([0], [1]).drop("severity"), "severity"), (dyad([0], [math.inf]), "severity"),
        (dyad([0], [1]).with_columns(dyad=pl.lit(None, pl.String)), "dyad"),
        (dyad([0], [1]).with_columns(at=pl.lit(None, pl.Date)), "null"),
        (dyad([0], [1]).with_columns(at=pl.lit(math.nan)), "finite"),
        (dyad([0], [1]).with_columns(at=pl.lit("2025-01-01")), "date"),
    ],
)
def test_events_that_are_none_are_refused(events: pl.DataFrame, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        escalation(events)


def test_series_that_are_none_are_refused() -> None:
    with pytest.raises(ValueError, match="3 events"):
        escalation(dyad([0], [1]), minimum_events=2)
    with pytest.raises(ValueError, match="shape"):
        trend_tests(np.zeros(3))
    with pytest.raises(ValueError, match="finite"):
        trend_tests(np.array([[1.0, math.nan]]))
