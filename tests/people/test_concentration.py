"""Concentration of events on units, and how much of it chance alone gives."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from assets.methods.concentration import (
    MEASURES,
    chance,
    excess_over_chance,
)

ORACLES = Path(__file__).parents[1] / "oracles"
LISTED = st.lists(st.integers(1, 40), min_size=1, max_size=60)


def top_share(counts: list[int], share: float = 0.1) -> float:
    """Share of events of the most active tenth, the last unit in part."""
    held = [0, *np.cumsum(sorted(counts, reverse=True))]
    return float(np.interp(share * len(counts), range(len(held)), held)) / sum(counts)


def gini(counts: list[int]) -> float:
    """Twice the area between the Lorenz curve and equality."""
    events = np.array([0, *np.cumsum(sorted(counts))]) / sum(counts)
    return float(1 - 2 * np.trapezoid(events, np.linspace(0, 1, len(events))))


def test_concentration_equals_the_reference() -> None:
    events = pl.read_csv(ORACLES / "concentration_1_input.csv")["events"].to_list()
    expected = pl.read_csv(ORACLES / "concentration_1_expected.csv").row(0, named=True)
    observed = dict(excess_over_chance(events, replicates=100).select("measure", "observed").iter_rows())
    assert observed["gini"] == pytest.approx(expected["gini"], rel=1e-6)
    assert observed["share_repeat"] == pytest.approx(expected["share_repeat"], rel=1e-6)


def test_chance_equals_the_reference() -> None:
    expected = pl.read_csv(ORACLES / "chance_1_expected.csv")
    found = chance(expected["mean_events"].to_numpy())
    for figures, column in [
        (found.rate, "lambda"), (found.share_repeat, "share_repeat"), (found.top_share, "top_10_share"),
        (found.gini, "gini"),
    ]:
        assert figures.tolist() == pytest.approx(expected[column].to_list(), rel=1e-6, abs=0), column


@settings(deadline=None)
@given(st.floats(1.001, 50), st.floats(0.01, 1))
def test_chance_equals_the_sums_over_the_truncated_distribution(mean: float, share: float) -> None:
    found = chance(mean, share)
    rate = float(found.rate)
    counts = np.arange(1, 400)
    log_factorial = np.array([math.lgamma(c + 1) for c in counts])
    probability = np.exp(counts * math.log(rate) - rate - log_factorial) / -math.expm1(-rate)
    below = np.cumsum(probability)
    assert probability @ counts == pytest.approx(mean)
    assert float(found.share_repeat) == pytest.approx(1 - probability[0], abs=1e-9)
    assert float(found.gini) == pytest.approx(float((below * (1 - below)).sum()) / mean, abs=1e-9)
    units, events = np.cumsum(probability[::-1]), np.cumsum((probability * counts)[::-1])
    assert float(found.top_share) == pytest.approx(np.interp(share, units, events) / mean, abs=1e-6)


def test_one_event_each_is_no_concentration_by_chance_or_otherwise() -> None:
    found = chance([1.0])
    assert (found.rate[0], found.share_repeat[0], found.top_share[0], found.gini[0]) == (0, 0, 0.1, 0)
    rows = excess_over_chance([1] * 40)
    assert rows.select("excess", "lower", "upper").to_numpy() == pytest.approx(np.zeros((3, 3)), abs=1e-12)


@settings(deadline=None, max_examples=30)
@given(LISTED)
def test_excess_is_what_the_formulas_give_and_its_limits_hold_together(counts: list[int]) -> None:
    rows = excess_over_chance(counts, replicates=100)
    assert rows["measure"].to_list() == list(MEASURES)
    repeats = sum(c > 1 for c in counts) / len(counts)
    assert rows["observed"].to_list() == pytest.approx([repeats, top_share(counts), gini(counts)])
    assert rows["excess"].to_numpy() == pytest.approx((rows["observed"] - rows["chance"]).to_numpy())
    assert (rows["lower"] <= rows["upper"]).all()
    assert rows.equals(excess_over_chance(counts[::-1], replicates=100)), "one seed, one answer"


def equally_prone(units: int, mean: float, generator: np.random.Generator) -> NDArray[np.int64]:
    """Counts of equally prone units, those without an event left out."""
    drawn = generator.poisson(float(chance(mean).rate), 60 * units)
    return drawn[drawn > 0][:units]


@pytest.mark.parametrize(("units", "mean"), [(30, 1.1), (30, 6.0), (100, 2.5), (500, 1.35)])
def test_equally_prone_units_show_no_excess_in_about_95_of_100_lists(units: int, mean: float) -> None:
    """200 lists: at 95% coverage fewer than 181 would come once in 200 series of lists."""
    generator = np.random.default_rng(20)
    covered = np.zeros(3)
    for run in range(200):
        rows = excess_over_chance(equally_prone(units, mean, generator), replicates=200, seed=run)
        covered += ((rows["lower"] <= 1e-12) & (rows["upper"] >= -1e-12)).to_numpy()
    assert (covered >= 181).all(), covered


@pytest.mark.parametrize("counts", [[], [0, 0], [1, -1], [1, math.nan], [[1, 2]], [math.inf]])
def test_what_are_no_counts_is_refused(counts: list[float]) -> None:
    with pytest.raises(ValueError, match=r"count|event"):
        excess_over_chance(counts)


def test_what_has_no_benchmark_is_refused() -> None:
    with pytest.raises(ValueError, match="1 or more"):
        excess_over_chance([0, 1, 2])
    with pytest.raises(ValueError, match="replicates"):
        excess_over_chance([1, 2], replicates=10)
    with pytest.raises(ValueError, match="mean"):
        chance(0.9)
    for share in (0, 1.1, math.nan):
        with pytest.raises(ValueError, match="share"):
            chance(1.5, share)
