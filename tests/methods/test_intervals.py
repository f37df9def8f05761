"""The interval of a share (Wilson)."""

import math
from pathlib import Path

import polars as pl
import pytest

from assets.methods.intervals import wilson_interval

ORACLES = Path(__file__).parents[1] / "oracles"


def test_wilson_equals_the_reference() -> None:
    """The published_* columns are left out: Hampshire has 69.1, where 5.1 and its formula say 68.4."""
    expected = pl.read_csv(ORACLES / "wilson_1_expected.csv")
    found = [wilson_interval(row["k"], row["n"]) for row in expected.rows(named=True)]
    assert [lower for lower, _ in found] == pytest.approx(expected["lower"].to_list(), rel=1e-6, abs=0)
    assert [upper for _, upper in found] == pytest.approx(expected["upper"].to_list(), rel=1e-6, abs=0)


def test_wilson_at_the_ends_by_hand() -> None:
    """None of 10: upper limit z^2 / (n + z^2), with z = 1.96 that is 3.8416 / 13.8416."""
    assert wilson_interval(0, 10) == (0, pytest.approx(3.8416 / 13.8416))
    assert wilson_interval(10, 10) == (pytest.approx(10 / 13.8416), 1)


@pytest.mark.parametrize(("count", "total"), [(1, 0), (-1, 10), (11, 10), (math.nan, 10), (1, math.inf)])
def test_what_is_no_share_is_refused(count: float, total: float) -> None:
    with pytest.raises(ValueError, match="not a proportion"):
        wilson_interval(count, total)


@pytest.mark.parametrize("z", [0, -1.96, math.nan])
def test_a_quantile_must_be_above_zero(z: float) -> None:
    with pytest.raises(ValueError, match="quantile"):
        wilson_interval(1, 2, z)
