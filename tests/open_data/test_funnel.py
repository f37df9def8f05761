"""The funnel of Spiegelhalter (2005): reference values, limits by hand, and units that cannot be placed."""

import math
from collections.abc import Sequence
from pathlib import Path
from random import Random

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from assets.methods.funnel import FUNNEL_SCHEMA, QUANTILE_95, QUANTILE_998, funnel, limits

ORACLES = Path(__file__).parents[1] / "oracles"
UNITS = st.lists(st.tuples(st.integers(0, 50), st.integers(50, 5000)), min_size=1, max_size=45)
FIGURES = [name for name, kind in FUNNEL_SCHEMA.items() if kind == pl.Float64]


def units(counts: Sequence[tuple[int | None, int | None]]) -> pl.DataFrame:
    schema = {"unit": pl.String, "numerator": pl.Int64, "denominator": pl.Int64}
    return pl.DataFrame([(str(n), *c) for n, c in enumerate(counts)], schema=schema, orient="row")


@pytest.mark.parametrize(
    ("column", "reference"),
    [
        ("value", "rate"), ("phi", "phi_winsorised"),
        *((name, name) for name in (
            "target", "z", "z_winsorised", "tau2", "lower_95", "upper_95", "lower_998", "upper_998",
            "lower_95_over", "upper_95_over", "lower_998_over", "upper_998_over", "z_over",
        )),
    ],
)
def test_each_figure_equals_the_reference(column: str, reference: str) -> None:
    placed = funnel(pl.read_csv(ORACLES / "funnel_1_input.csv"))
    expected = pl.read_csv(ORACLES / "funnel_1_expected.csv")
    assert placed["unit"].to_list() == expected["unit"].to_list()
    assert placed[column].to_list() == pytest.approx(expected[reference].to_list(), rel=1e-6, abs=0)


def test_without_winsorising_extreme_units_make_the_spread() -> None:
    placed = funnel(pl.read_csv(ORACLES / "funnel_1_input.csv"), winsorise_share=0)
    expected = pl.read_csv(ORACLES / "funnel_1_expected.csv")
    assert placed["phi"][0] == pytest.approx(expected["phi"][0], rel=1e-6)
    assert placed["tau2"][0] == pytest.approx(expected["tau2_unwinsorised"][0], rel=1e-6)


def test_angles_stay_within_a_quarter_turn() -> None:
    """Else sin^2 would turn back: the lower limit of a small unit would rise again, the upper fall."""
    small = np.array([1.0, 2.0])
    assert limits(0.01, small, QUANTILE_998)[0].tolist() == [0, 0]
    assert limits(0.99, small, QUANTILE_998)[1].tolist() == [1, 1]


def test_a_unit_apart_from_many_alike_is_an_outlier() -> None:
    """Forty forces at 10% and four that are not: two lie outside 99.8%, two only outside 95%."""
    placed = funnel(units([(100, 1000)] * 40 + [(140, 1000), (68, 1000), (123, 1000), (79, 1000)]))
    assert placed["outlier"].to_list() == [""] * 40 + ["high_998", "low_998", "high_95", "low_95"]
    assert placed["is_overdispersed"].to_list() == [False] * 44
    assert placed["lower_95"].equals(placed["lower_95_over"].alias("lower_95"))


def test_overdispersion_widens_the_limits_until_no_force_stands_out() -> None:
    """Shares of 5 and 15% in turn: by chance alone all are outside 99.8%, but then none is an exception."""
    placed = funnel(units([(50, 1000), (150, 1000)] * 20))
    assert placed["is_overdispersed"].all()
    assert (placed["value"].is_between(placed["lower_998"], placed["upper_998"])).sum() == 0
    assert placed["outlier"].to_list() == [""] * 40


@pytest.mark.parametrize(
    ("count", "total", "reason"),
    [
        (5, None, "no denominator"), (5, 0, "no denominator"), (None, None, "no denominator"),
        (None, 100, "no numerator"), (-2, 100, "negative numerator"),
        (101, 100, "numerator above denominator"),
    ],
)
def test_a_unit_that_cannot_be_placed_is_named_and_not_used(
    count: int | None, total: int | None, reason: str
) -> None:
    others: Sequence[tuple[int | None, int | None]] = [(10, 100), (30, 200), (12, 150)]
    placed = funnel(units([*others, (count, total)]))
    assert_frame_equal(placed.head(3), funnel(units(others)))
    row = placed.row(3, named=True)
    assert row["unused_reason"] == reason
    assert row["outlier"] == ""
    assert [row[name] for name in (*FIGURES, "is_overdispersed")] == [None] * (len(FIGURES) + 1)


def test_none_to_place() -> None:
    empty = funnel(units([]))
    assert empty.columns == ["unit", "numerator", "denominator", *FUNNEL_SCHEMA]
    assert {name: empty.schema[name] for name in FUNNEL_SCHEMA} == FUNNEL_SCHEMA
    assert funnel(units([(1, 0)]))["target"].to_list() == [None]


def test_a_single_unit_is_its_own_target() -> None:
    row = funnel(units([(10, 100)])).row(0, named=True)
    assert (row["target"], row["z"], row["tau2"], row["outlier"]) == (0.1, 0, 0, "")


@pytest.mark.parametrize("share", [0, 1])
def test_no_crime_or_all_crime_has_no_outlier(share: int) -> None:
    placed = funnel(units([(share * n, n) for n in (50, 500, 5000)]))
    assert placed["outlier"].to_list() == ["", "", ""]
    assert placed["target"].to_list() == [share] * 3


@pytest.mark.parametrize(
    ("given_units", "winsorise_share", "named"),
    [
        (units([(1, 2)]).drop("denominator"), 0.1, "denominator"),
        (pl.concat([units([(1, 2)])] * 2), 0.1, "once"),
        (units([(1, 2)]).with_columns(unit=pl.lit(None, dtype=pl.String)), 0.1, "once"),
        (units([(1, 2)]).with_columns(numerator=pl.lit(math.nan)), 0.1, "numerator"),
        (units([(1, 2)]), 0.5, "0.5"),
    ],
)
def test_what_is_no_funnel_is_refused(given_units: pl.DataFrame, winsorise_share: float, named: str) -> None:
    with pytest.raises(ValueError, match=named):
        funnel(given_units, winsorise_share=winsorise_share)


@settings(deadline=None)
@given(UNITS, st.randoms(use_true_random=False))
def test_the_order_of_units_does_not_matter(counts: list[tuple[int, int]], random: Random) -> None:
    forces = units(counts)
    order = list(range(len(counts)))
    random.shuffle(order)
    assert_frame_equal(funnel(forces[order]).select("unit", *FIGURES).sort("unit"),
                       funnel(forces).select("unit", *FIGURES).sort("unit"), abs_tol=1e-9)


@settings(deadline=None)
@given(UNITS)
def test_a_unit_outside_its_limits_is_one_whose_z_is(counts: list[tuple[int, int]]) -> None:
    placed = funnel(units(counts))
    assert placed.height == len(counts)
    for z, outlier in placed.select("z_over", "outlier").rows():
        if abs(abs(z) - QUANTILE_95) > 1e-9 and abs(abs(z) - QUANTILE_998) > 1e-9:
            size = "998" if abs(z) > QUANTILE_998 else "95" if abs(z) > QUANTILE_95 else ""
            assert outlier == (f"{'high' if z > 0 else 'low'}_{size}" if size else "")
