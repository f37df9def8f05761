"""Limits of XmR, p and p-prime charts: reference values (made with R 4.5) and figures worked by hand."""

import math
from pathlib import Path

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.methods.spc.limits import moving_ranges, p_prime_limits, xmr_limits

ORACLES = Path(__file__).parents[1] / "oracles"
CASES = ["spc_01", "spc_02", "spc_03"]
COUNTS = st.lists(st.tuples(st.integers(0, 50), st.integers(50, 500)), min_size=2, max_size=30)


def oracle(case: str) -> tuple[pl.DataFrame, pl.DataFrame]:
    return pl.read_csv(ORACLES / f"{case}_input.csv"), pl.read_csv(ORACLES / f"{case}_expected.csv")


def near(expected: pl.Series) -> object:
    return pytest.approx(expected.to_list(), rel=1e-6, abs=0)


@pytest.mark.parametrize("case", CASES)
def test_xmr_equals_the_reference(case: str) -> None:
    given_points, expected = oracle(case)
    values = (given_points["numerator"] / given_points["denominator"]).to_numpy()
    limits = xmr_limits(values)
    row = expected.row(0, named=True)
    assert values.tolist() == near(expected["value"])
    assert moving_ranges(values).tolist() == near(expected["moving_range"].drop_nulls())
    assert limits.mean == pytest.approx(row["xmr_mean"], rel=1e-6)
    assert limits.lower == pytest.approx(row["xmr_lower"], rel=1e-6)
    assert limits.upper == pytest.approx(row["xmr_upper"], rel=1e-6)


@pytest.mark.parametrize("case", CASES)
def test_p_prime_equals_the_reference(case: str) -> None:
    given_points, expected = oracle(case)
    counts = given_points["numerator"].to_numpy(), given_points["denominator"].to_numpy()
    limits, row = p_prime_limits(*counts), expected.row(0, named=True)
    assert limits.centre == pytest.approx(row["p_mean"], rel=1e-6)
    assert limits.sigma.tolist() == near(expected["sigma_p"])
    assert limits.z.tolist() == near(expected["z"])
    assert limits.sigma_z == pytest.approx(row["sigma_z"], rel=1e-6)
    assert limits.lower.tolist() == near(expected["pprime_lower"])
    assert limits.upper.tolist() == near(expected["pprime_upper"])


def test_p_prime_by_hand() -> None:
    """10, 30 and 20 of 100: p 0.2, sigma 0.04, z -2.5, 2.5, 0; steps 5 and 2.5, so sigma_z 3.75 / 1.128."""
    limits = p_prime_limits([10, 30, 20], [100, 100, 100])
    assert limits.z.tolist() == pytest.approx([-2.5, 2.5, 0])
    assert limits.sigma_z == pytest.approx(3.75 / 1.128)
    assert limits.lower[0] == pytest.approx(0.2 - 0.12 * 3.75 / 1.128)
    assert limits.lower[0] < 0, "limits are not clipped"


def test_a_missing_point_has_no_moving_range_and_is_not_zero() -> None:
    with_gap = xmr_limits([10, 12, math.nan, 30, 33])
    assert with_gap.mean == (10 + 12 + 30 + 33) / 4
    assert with_gap.upper - with_gap.mean == pytest.approx(2.66 * (2 + 3) / 2)
    shares = p_prime_limits([10, 30, math.nan, 20, 40], [100, 100, 100, 0, 100])
    assert shares.centre == pytest.approx(80 / 300)
    assert np.isnan(shares.z).tolist() == [False, False, True, True, False]
    assert np.isnan(shares.upper).tolist() == [False, False, False, True, False]


def test_lines_need_two_neighbours() -> None:
    with pytest.raises(ValueError, match="neighbouring"):
        xmr_limits([10, math.nan, 12])
    with pytest.raises(ValueError, match="neighbouring"):
        p_prime_limits([10, math.nan, 12], [100, 100, 100])
    with pytest.raises(ValueError, match="no baseline point"):
        p_prime_limits([math.nan, 5], [100, 0])


@pytest.mark.parametrize("share", [0, 1])
def test_all_or_nothing_has_no_width(share: int) -> None:
    limits = p_prime_limits([share * 40] * 3, [40] * 3)
    assert limits.lower.tolist() == limits.upper.tolist() == [share] * 3
    assert limits.sigma_z == 0


@settings(deadline=None)
@given(COUNTS, COUNTS)
def test_points_outside_the_baseline_move_no_line(
    base: list[tuple[int, int]], later: list[tuple[int, int]]
) -> None:
    k, n = np.array(base + later).T
    is_base = np.arange(len(k)) < len(base)
    frozen = p_prime_limits(k, n, is_base)
    alone = p_prime_limits(k[is_base], n[is_base])
    assert frozen.centre == pytest.approx(alone.centre)
    assert frozen.upper[is_base] == pytest.approx(alone.upper)
    assert frozen.sigma_z == pytest.approx(alone.sigma_z)
