"""Persistent change: what is named, from which month, and what a part is compared with."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from assets.methods.change import COMPLETE, found

MONTHS = pl.date_range(dt.date(2023, 1, 1), dt.date(2026, 3, 1), "1mo", eager=True).to_list()
RATE = 0.1


def points(code: str, part: tuple[str, str], numerators: Any, denominators: Any = None, **more: Any) -> pl.DataFrame:
    """The points of a series, one a month, to the latest of MONTHS."""
    counted = [float(number) for number in numerators]
    of = [None] * len(counted) if denominators is None else [float(number) for number in denominators]
    months = MONTHS[-len(counted) :]
    return pl.DataFrame(
        {
            "series_ref": "|".join((code, *part)), "measure_code": code, "breakdown": part[0],
            "breakdown_value": part[1], "month": months, "numerator": counted,
            "denominator": pl.Series(of, dtype=pl.Float64),
            "value": counted if denominators is None else [n / d for n, d in zip(counted, of, strict=True)],
            "segment": 1, "kind": "count" if denominators is None else "share", **more,
        }
    )  # fmt: skip


WHOLE, A, B = ("none", "all"), ("district", "A"), ("district", "B")


def steady(mean: float, months: int = len(MONTHS), seed: int = 1) -> Any:
    return np.random.default_rng(seed).poisson(mean, months)


def row(frame: pl.DataFrame, ref: str) -> dict[str, Any]:
    return frame.filter(series_ref=ref).row(0, named=True)


def test_a_rise_that_stays_is_named_from_its_first_month_with_what_was_expected() -> None:
    counts = steady(100)
    counts[-4:] += 50
    one = row(found(points("recorded", WHOLE, counts), RATE), "recorded|none|all")
    assert one["is_change"] and one["is_new"] and one["change_direction"] == "higher"
    assert one["changed_since"] == dt.date(2025, 12, 1)
    assert one["change_numerator"] == counts[-4:].sum() and one["change_denominator"] is None
    assert one["expected_from"] < one["change_expected"] < one["expected_to"] < one["change_numerator"]
    assert one["change_expected"] == pytest.approx(400, rel=0.1)


def test_a_rise_of_nine_months_ago_is_named_and_no_longer_new() -> None:
    counts = steady(100)
    counts[-9:] += 50
    one = row(found(points("recorded", WHOLE, counts), RATE), "recorded|none|all")
    assert one["is_change"] and not one["is_new"]
    assert one["fired_month"] < dt.date(2026, 1, 1)


def test_nothing_is_named_that_happens_by_itself() -> None:
    """Chance, a summer 10% above the mean, and 5% more a year."""
    season = 1 + 0.1 * np.cos(2 * np.pi * (np.arange(len(MONTHS)) - 6) / 12)
    trend = 1 + 0.05 * np.arange(len(MONTHS)) / 12
    for seed in range(8):
        counts = np.random.default_rng(seed).poisson(300 * season * trend)
        assert not found(points("recorded", WHOLE, counts), RATE)["is_change"].any()


def test_what_the_whole_force_does_is_no_change_of_a_district_and_the_other_way_round() -> None:
    a, b = steady(120), steady(480, seed=2)
    both = [points("recorded", WHOLE, (a + b) * 2 // 1), points("recorded", A, a * 2), points("recorded", B, b * 2)]
    assert not found(pl.concat(both), RATE)["is_change"].any()
    rise = np.where(np.arange(len(a)) >= len(a) - 6, 2, 1)
    doubled = [points("recorded", part, counts * rise) for part, counts in ((WHOLE, a + b), (A, a), (B, b))]
    named = found(pl.concat(doubled), RATE).filter("is_change")["series_ref"].to_list()
    assert named == ["recorded|none|all"]
    local = [points("recorded", WHOLE, a * rise + b), points("recorded", A, a * rise), points("recorded", B, b)]
    one = row(found(pl.concat(local), RATE), "recorded|district|A")
    assert one["is_change"] and one["change_direction"] == "higher"


def test_a_share_falls_in_one_unit_and_its_counts_are_those_since_then() -> None:
    of = np.full(len(MONTHS), 100)
    met = np.random.default_rng(3).binomial(of, 0.8)
    other = np.random.default_rng(4).binomial(of * 5, 0.8)
    met[-5:] -= 30
    rows = pl.concat([
        points("seen", WHOLE, met + other, of * 6), points("seen", ("unit", "A"), met, of),
        points("seen", ("unit", "B"), other, of * 5),
    ])  # fmt: skip
    one = row(found(rows, RATE), "seen|unit|A")
    assert (one["change_direction"], one["changed_since"]) == ("lower", MONTHS[-5])
    assert (one["change_numerator"], one["change_denominator"]) == (met[-5:].sum(), 500)
    assert 0.75 < one["change_expected"] < 0.85


def test_the_latest_months_of_a_share_do_not_count_while_most_of_their_cases_are_to_come() -> None:
    """Outcomes of the latest months are the quick ones: all of them meet a standard on time."""
    crimes = points("recorded", WHOLE, np.full(len(MONTHS), 500))
    of = np.full(len(MONTHS), 200)
    met = np.random.default_rng(5).binomial(of, 0.6)
    of[-3:], met[-3:] = 80, 79
    assert COMPLETE * 200 - 2 * 200**0.5 > 80
    assert not found(pl.concat([crimes, points("OUT-10", WHOLE, met, of)]), RATE)["is_change"].any()
    late = np.full(len(MONTHS), 200)
    met[-3:] = 198  # as many cases as ever: the change is real
    assert row(found(pl.concat([crimes, points("OUT-10", WHOLE, met, late)]), RATE), "OUT-10|none|all")["is_change"]


def test_where_one_district_rises_the_others_are_not_named_as_its_mirror() -> None:
    """District A of 600 crimes a month rises by half. Of the others, each a sixth, the share falls by a fifth."""
    means = {"A": 300, "B": 100, "C": 100, "D": 100}
    counts = {name: steady(mean, seed=seed) for seed, (name, mean) in enumerate(means.items())}
    counts["A"][-6:] += 150
    rows = [points("recorded", ("district", name), each) for name, each in counts.items()]
    named = found(pl.concat([points("recorded", WHOLE, sum(counts.values())), *rows]), RATE)
    assert set(named.filter("is_change")["series_ref"]) == {"recorded|none|all", "recorded|district|A"}
    one = row(named, "recorded|district|A")
    assert one["change_expected"] == pytest.approx(1800, rel=0.05), "without its own rise"
    assert named.height == 5, "the others are judged"


def test_of_two_districts_the_one_that_moved_is_named() -> None:
    """Each is the rest of the other, so both shares say the same: the larger one rises, and not the smaller falls."""
    a, b = steady(100), steady(400, seed=2)
    b[-6:] += 160
    rows = [points("recorded", WHOLE, a + b), points("recorded", A, a), points("recorded", B, b)]
    named = found(pl.concat(rows), RATE).filter("is_change")["series_ref"].to_list()
    assert named == ["recorded|none|all", "recorded|district|B"]


def test_two_districts_that_rise_are_both_named_and_the_rest_is_not() -> None:
    counts = [steady(100, seed=seed) for seed in range(6)]
    for each in counts[:2]:
        each[-6:] += 60
    rows = [points("recorded", ("district", f"{n}"), each) for n, each in enumerate(counts)]
    named = found(pl.concat([points("recorded", WHOLE, sum(counts)), *rows]), RATE).filter("is_change")
    assert set(named["series_ref"]) == {"recorded|none|all", "recorded|district|0", "recorded|district|1"}


def test_months_in_which_a_share_began_to_be_counted_lead_to_expect_nothing() -> None:
    """Reviews of open crimes grow from the first month of an extract, and its few crimes return month after month."""
    of = np.array([12] * 27 + [60] * 12)
    met = np.random.default_rng(6).binomial(of, np.where(of < 20, 0.5, 0.9))
    assert found(points("reviewed", WHOLE, met, of), RATE).is_empty()
    even = np.full(len(of), 60)  # as many cases in all months: the share rose in the last year
    rose = np.random.default_rng(6).binomial(even, np.where(np.arange(len(of)) < 30, 0.5, 0.9))
    assert found(points("reviewed", WHOLE, rose, even), RATE)["is_change"].to_list() == [True]


def test_few_months_few_cases_and_what_is_not_judged_have_no_row() -> None:
    few = points("few", WHOLE, steady(1.0))
    short = points("short", WHOLE, steady(50, months=13))
    duty = points("open", WHOLE, steady(50), kind=None).with_columns(pl.col("kind").cast(pl.String))
    assert found(pl.concat([few, short, duty]), RATE).is_empty()
    again = points("recorded", WHOLE, steady(50)).with_columns(
        segment=pl.when(pl.col("month") >= dt.date(2025, 6, 1)).then(2).otherwise(1)
    )
    assert found(again, RATE).is_empty()  # ten months since a recording change


def test_of_many_steady_series_one_in_ten_families_at_most_names_one() -> None:
    """Forty families of sixty series: at one in ten, more than nine that name one come once in seventy."""
    named = 0
    for seed in range(40):
        random = np.random.default_rng(seed)
        rows = [points(f"m{n}", WHOLE, random.poisson(40, len(MONTHS))) for n in range(60)]
        named += bool(found(pl.concat(rows), RATE)["is_change"].any())
    assert named <= 9
