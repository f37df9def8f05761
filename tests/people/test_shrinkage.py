"""Shares of small units drawn towards their mean."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom

from assets.methods.intervals import wilson_interval
from assets.methods.shrinkage import FIGURES, shrunk_shares


def units(counts: Sequence[tuple[Any, Any]]) -> pl.DataFrame:
    rows = [(f"area {n}", *pair) for n, pair in enumerate(counts)]
    return pl.DataFrame(rows, schema=["unit", "numerator", "denominator"], orient="row")


def drawn(generator: np.random.Generator, count: int, spread: float) -> tuple[pl.DataFrame, np.ndarray[Any, Any]]:
    """Shares around 12% of units of 5 to 300 cases, and the true ones; `spread` is the prior's size, 0 for none."""
    totals = generator.integers(5, 300, count)
    truth = generator.beta(0.12 * spread, 0.88 * spread, count) if spread else np.full(count, 0.12)
    return units(list(zip(generator.binomial(totals, truth).tolist(), totals.tolist()))), truth


DIFFERING = [(1, 4), (30, 60), (10, 100), (2, 80), (0, 9), (45, 300)]


def test_a_unit_comes_nearer_to_the_mean_the_fewer_cases_it_has() -> None:
    found = shrunk_shares(units([*DIFFERING, (10, 20)]))
    assert found.columns == ["unit", "numerator", "denominator", *FIGURES]
    half, half_of_few = found.row(1, named=True), found.row(6, named=True)
    assert half["value"] == half_of_few["value"] == 0.5
    assert half["mean"] < half_of_few["shrunk"] < half["shrunk"] < 0.5
    assert half["weight"] == pytest.approx(60 / (60 + half["prior_size"]))
    assert half["shrunk"] == pytest.approx(half["weight"] * 0.5 + (1 - half["weight"]) * half["mean"])
    posterior = (30 + half["prior_size"] * half["mean"]) / (60 + half["prior_size"])
    assert half["shrunk"] == pytest.approx(posterior), "the mean of Beta(30 + a, 30 + b)"


def test_the_prior_has_the_greatest_marginal_likelihood() -> None:
    """By scipy's own distributions, at the estimate and 2% to either side of each parameter."""
    counts, totals = np.array(DIFFERING).T
    found = shrunk_shares(units(DIFFERING))

    def log_likelihood(mean: float, size: float) -> float:
        return float(betabinom.logpmf(counts, totals, mean * size, (1 - mean) * size).sum())

    mean, size = found["mean"][0], found["prior_size"][0]
    best = log_likelihood(mean, size)
    for factor in (0.98, 1.02):
        assert log_likelihood(mean * factor, size) < best
        assert log_likelihood(mean, size * factor) < best


def test_units_that_do_not_differ_beyond_chance_all_get_the_pooled_value() -> None:
    """10, 12 and 8 of 100: by chance alone they would differ as much."""
    found = shrunk_shares(units([(10, 100), (12, 100), (8, 100), (1, 10)]))
    assert found["shrunk"].to_list() == pytest.approx([31 / 310] * 4)
    assert found["weight"].to_list() == [0] * 4
    assert found["prior_size"].null_count() == 4
    assert (found["lower"] < 0.1).all()
    assert (found["upper"] > 0.1).all()
    widths = (found["upper"] - found["lower"]).to_list()
    assert widths[3] > widths[0], "that they are alike is not known: the fewer cases, the wider"


def test_a_unit_without_cases_gets_the_mean() -> None:
    found = shrunk_shares(units([*DIFFERING, (0, 0)]))
    last = found.row(6, named=True)
    assert last["value"] is None
    assert last["shrunk"] == pytest.approx(last["mean"])
    assert last["upper"] - last["lower"] >= (found["upper"] - found["lower"]).max() * 0.9


def test_none_and_all() -> None:
    none = shrunk_shares(units([(0, 5), (0, 50), (0, 20)])).row(0, named=True)
    assert (none["shrunk"], none["lower"], none["upper"]) == (0, *wilson_interval(0, 75))
    every = shrunk_shares(units([(5, 5), (50, 50), (20, 20)])).row(2, named=True)
    assert (every["shrunk"], every["lower"], every["upper"]) == (1, *wilson_interval(75, 75))


@pytest.mark.parametrize("counts", [[(0, 10), (0, 10), (0, 10), (3, 10)], [(0, 8), (8, 8), (0, 9), (0, 7)]])
def test_where_one_unit_is_neither_none_nor_all_each_keeps_its_own_limits(counts: list[tuple[int, int]]) -> None:
    """How units differ cannot be learnt from one: taken from the edge of a search 0 of 10 would reach to 1.4%."""
    found = shrunk_shares(units(counts)).rows(named=True)
    assert len(found) == len(counts)
    for row in found:
        own = wilson_interval(row["numerator"], row["denominator"])
        assert row["lower"] == pytest.approx(min(own[0], row["shrunk"]))
        assert row["upper"] == pytest.approx(max(own[1], row["shrunk"]))


@pytest.mark.parametrize("spread", [20, 200, 0])
def test_limits_hold_the_true_shares_and_shrinking_errs_less(spread: float) -> None:
    """40 sets of 20 units: 800 limits, of which 760 are expected to hold the truth; 735 is four deviations below."""
    generator = np.random.default_rng(int(spread))
    held, own_error, error = 0, 0.0, 0.0
    for _ in range(40):
        given_units, truth = drawn(generator, 20, spread)
        found = shrunk_shares(given_units)
        lower, upper, shrunk, value = (found[name].to_numpy() for name in ("lower", "upper", "shrunk", "value"))
        held += int(((lower <= truth) & (truth <= upper)).sum())
        own_error += float(((value - truth) ** 2).sum())
        error += float(((shrunk - truth) ** 2).sum())
    assert held >= 735, held
    assert error < 0.9 * own_error


@pytest.mark.parametrize(
    ("given_units", "named"),
    [
        (units([(1, 2), (1, 2)]), "3 units"), (units([(1, 2), (1, 2), (0, 0)]), "not 2"),
        (units(DIFFERING).drop("numerator"), "numerator"), (units([(1, 2), (None, 2), (1, 2)]), "null"),
        (units([(-1, 2), (1, 2), (1, 2)]), "negative"), (units([(1.5, 2), (1, 2), (1, 2)]), "whole"),
        (units(DIFFERING).with_columns(unit=pl.lit("a")), "given once"), (units([(5, 2), (1, 2), (1, 2)]), "5 of 2"),
    ],
)
def test_units_that_are_none_are_refused(given_units: pl.DataFrame, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        shrunk_shares(given_units)
