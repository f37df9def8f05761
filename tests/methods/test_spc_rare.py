"""Exact limits of rare series: what a baseline predicts of so few, and no signal that chance gives often."""

import datetime as dt
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from scipy.stats import betabinom, nbinom

from assets.methods.spc.rare import CHANCE, TAIL, _longest, exact_limits
from assets.methods.spc.series import series_points, series_verdicts

SETTINGS = {"spc.minimum_points": 12, "spc.baseline_points": 24, "spc.shift_points": 7, "spc.trend_points": 7}
SETTING_ROWS = pl.DataFrame({"key": list(SETTINGS), "value": [float(value) for value in SETTINGS.values()]})
NO_CHANGE = pl.DataFrame(
    schema={"valid_from": pl.Date, "title": pl.String, "moves_counts": pl.Boolean, "source_name": pl.String,
            "affects_codes": pl.String}
)  # fmt: skip


def series(met: Sequence[int], of: Sequence[int] | None = None, *, is_exact: bool = True) -> pl.DataFrame:
    """A monthly series of counts, or of shares of `of`."""
    months = pl.date_range(dt.date(2022, 1, 1), dt.date(2030, 12, 1), "1mo", eager=True)[: len(met)]
    kind = "xmr" if of is None else "p_prime"
    counts = {"month": months, "numerator": list(met), "denominator": [None] * len(met) if of is None else of}
    return pl.DataFrame(counts, schema_overrides={"denominator": pl.Int64}).with_columns(
        series_ref=pl.lit("s"), chart_kind=pl.lit(kind), period_months=1, recording_classes=pl.lit("all"),
        recording_source=pl.lit("crime"), fewest=5.0, has_exact_limits=is_exact,
        value=pl.col("numerator").cast(pl.Float64) if of is None else pl.lit(None, dtype=pl.Float64),
    )  # fmt: skip


def points(*given: Sequence[int], is_exact: bool = True) -> pl.DataFrame:
    return series_points(series(*given, is_exact=is_exact), NO_CHANGE, SETTING_ROWS)


def test_limits_of_a_share_are_those_of_the_distribution_that_the_baseline_predicts() -> None:
    """Given 6 of 240 in 24 months, then 1 of 8: as many as the beta-binomial distribution lets chance give."""
    found = points([1, 0, 0, 0] * 6 + [1], [10] * 24 + [8]).row(-1, named=True)
    law = betabinom(8, 6.5, 234.5)
    assert (found["chart_type"], found["limits_status"], found["signal"]) == ("exact", "drawn", "")
    limits = found["lower_limit"], found["upper_limit"]
    assert (found["centre_line"], *limits) == (6 / 240, law.ppf(TAIL) / 8, law.ppf(1 - TAIL) / 8)


def test_limits_of_a_count_are_those_of_the_distribution_that_the_baseline_predicts() -> None:
    found = points([2, 1, 0] * 8 + [9]).row(-1, named=True)
    law = nbinom(24.5, 24 / 25)
    assert (found["lower_limit"], found["upper_limit"]) == (law.ppf(TAIL), law.ppf(1 - TAIL)) == (0.0, 5.0)
    assert (found["signal"], found["signal_direction"], found["chart_type"]) == ("beyond_limit", "higher", "exact")


def test_of_a_share_that_is_nearly_always_met_the_misses_count() -> None:
    """Given a duty met 240 times of 240, then missed five times of ten: lower. Once is no signal."""
    met = points([10] * 24 + [9, 5], [10] * 26)
    assert met["signal_direction"].to_list()[-2:] == ["", "lower"]
    assert met["centre_line"][-1] == 1.0 and met["upper_limit"][-1] == 1.0
    many, law = points([39] * 24 + [390], [40] * 24 + [400]).row(-1, named=True), betabinom(400, 24.5, 936.5)
    assert (many["lower_limit"], many["upper_limit"]) == (1 - law.ppf(1 - TAIL) / 400, 1 - law.ppf(TAIL) / 400)


def test_runs_of_small_numbers_are_no_signal_and_nothing_changes_without_asking() -> None:
    counts = [0, 3] * 12 + [2] * 9
    assert set(points(counts)["signal"]) == {""}
    assert set(points(counts, is_exact=False)["limits_status"]) == {"too_few_crimes"}
    many = points([40, 43, 38] * 10)
    assert set(many["chart_type"]) == {"xmr"}, "where cases are not rare the usual limits stay"
    assert many["gap"].null_count() == many.height, "nor is there a time between cases"


@pytest.mark.parametrize(("cases", "base"), [(0, 24), (3, 24), (1, 5), (0, 300), (40, 300), (7, 9)])
def test_the_longest_gap_of_a_share_is_that_of_its_distribution(cases: int, base: int) -> None:
    """Looked for by halving; here the distribution is asked on both sides of it."""
    longest = _longest(True, cases, base)
    assert longest is not None
    law = [betabinom(int(longest) + more, cases + 0.5, base - cases + 0.5).logpmf(0) for more in (0, 1)]
    assert law[0] >= np.log(TAIL) > law[1]
    assert _longest(True, 0, 0) is None


def test_a_longer_time_without_a_case_than_chance_gives_is_a_signal() -> None:
    """Given a case a month, as a t chart: the eighth month without one. One case ends it."""
    found = points([2, 1, 0] * 8 + [0] * 8 + [1, 0])
    law = [nbinom(24.5, 24 / (24 + months)).pmf(0) for months in (7, 8)]
    assert law[0] > TAIL > law[1]
    # the baseline ends with a month without a case
    assert found["signal"].to_list()[24:] == [""] * 6 + ["long_gap"] * 2 + [""] * 2
    assert set(found["signal_direction"].to_list()[30:32]) == {"lower"}
    assert found["gap"].to_list()[22:] == [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]
    assert found["longest_gap"][0] == pytest.approx(24 * (TAIL ** (-1 / 24.5) - 1))
    assert nbinom(24.5, 24 / (24 + found["longest_gap"][0])).pmf(0) == pytest.approx(TAIL)


def test_a_longer_time_without_a_miss_than_chance_gives_is_a_signal() -> None:
    """Given one miss of ten, as a g chart: the 71st duty met in a row. A month with nothing due has no signal."""
    found = points([9] * 24 + [10] * 5 + [0] + [10] * 3, [10] * 29 + [0] + [10] * 3)
    law = [betabinom(number, 24.5, 216.5).pmf(0) for number in (70, 71)]
    assert law[0] > TAIL > law[1]
    assert found["signal"].to_list()[24:] == [""] * 5 + [""] + ["", "", "long_gap"]
    assert found["gap"].to_list()[23:] == [0, 10, 20, 30, 40, 50, None, 60, 70, 80]
    assert set(found["longest_gap"].drop_nulls()) == {70.0}
    assert found["signal_direction"].to_list()[-1] == "higher"
    verdict = series_verdicts(found.with_columns(counted=pl.lit("")), SETTING_ROWS).row(0, named=True)
    assert verdict["verdict"] == "higher" and "longer time without a rare case" in verdict["verdict_sentence"]


def test_a_short_series_has_no_limits_and_a_missing_month_is_no_zero() -> None:
    assert set(points([1] * 11)["limits_status"]) == {"too_few_points"}
    gap = points([1, 0, 0, 0] * 6 + [0], [10] * 24 + [0]).row(-1, named=True)
    assert (gap["value"], gap["lower_limit"], gap["upper_limit"], gap["signal"]) == (None, None, None, "")


@pytest.mark.parametrize(("rate", "of"), [(0.5, None), (3.0, None), (0.02, 30), (0.1, 12)])
def test_a_stable_process_is_beyond_a_limit_no_more_often_than_said(rate: float, of: int | None) -> None:
    """2,000 series of 24 months of baseline and 24 after it."""
    rng = np.random.default_rng(7)
    shape = (2_000, 48)
    met = rng.poisson(rate, shape) if of is None else rng.binomial(of, rate, shape)
    rows = pl.DataFrame({
        "series_ref": np.repeat(np.arange(shape[0]), shape[1]), "segment": 1, "numerator": met.ravel(),
        "denominator": None if of is None else of, "chart_kind": "xmr" if of is None else "p_prime",
        "is_baseline": np.tile(np.arange(shape[1]) < 24, shape[0]),
        "value": met.ravel() / (of or 1),
    })  # fmt: skip
    after = exact_limits(rows).filter(~rows["is_baseline"])
    share = after["signal"].ne("").mean()
    assert isinstance(share, float) and share <= CHANCE + 3 * (CHANCE / after.height) ** 0.5


def test_the_verdict_names_the_limits_and_how_often_chance_is_beyond_them() -> None:
    found = points([2, 1, 0] * 8 + [9]).with_columns(counted=pl.lit("Crimes"))
    verdict = series_verdicts(found, SETTING_ROWS).row(0, named=True)
    assert (verdict["verdict"], verdict["signal"], verdict["chance_of_signal"]) == ("higher", "beyond_limit", CHANCE)
    assert verdict["expected_false_signals"] == pytest.approx(25 * CHANCE)
