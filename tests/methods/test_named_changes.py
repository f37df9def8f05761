"""What is named in forces with several planted changes: a small version of benchmarks/named_changes.py."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import polars as pl
import pytest

from benchmarks.named_changes import changes, false_share, of_mixed
from benchmarks.planted_changes import CLASS, CRIMES, SHARE, UNIT_MEASURE, parts, with_rise, with_share

MONTHS = pl.date_range(dt.date(2022, 4, 1), dt.date(2026, 3, 1), "1mo", eager=True).to_list()
DISTRICTS, UNITS = dict.fromkeys("ABCD", 0.25), {f"unit {n}": 0.125 for n in range(8)}
CLASSES = {"8L": 0.35, "8Q": 0.35, CLASS: 0.3}
SHARES = {SHARE: 0.3, UNIT_MEASURE: 0.3, "recorded_24h": 0.9}


def force(seed: int, crimes: int = 800) -> pl.DataFrame:
    """The points of a force in which nothing changes: its crimes, and three shares of them."""
    random = np.random.default_rng(seed)
    rows: list[tuple[Any, ...]] = []
    for month in MONTHS:
        total = random.poisson(crimes)
        counts = {by: random.multinomial(total, list(of.values())) for by, of in
                  (("district", DISTRICTS), ("unit", UNITS), ("class", CLASSES))}  # fmt: skip
        named = {"district": DISTRICTS, "unit": UNITS, "class": CLASSES}
        rows.append((CRIMES, "none", "all", month, total, None))
        for by, of in named.items():
            rows += [(CRIMES, by, part, month, n, None) for part, n in zip(of, counts[by], strict=True)]
        for code, share in SHARES.items():
            met = random.binomial(total, share)
            rows.append((code, "none", "all", month, met, total))
            for by in ("district", "unit"):
                each = zip(named[by], random.multivariate_hypergeometric(counts[by], met), counts[by], strict=True)
                rows += [(code, by, part, month, n, of) for part, n, of in each]
    points = pl.DataFrame(
        [tuple(int(cell) if isinstance(cell, np.integer) else cell for cell in row) for row in rows],
        schema={"measure_code": pl.String, "breakdown": pl.String, "breakdown_value": pl.String, "month": pl.Date,
                "numerator": pl.Float64, "denominator": pl.Float64}, orient="row",
    )  # fmt: skip
    is_count = pl.col("denominator").is_null()
    return points.with_columns(
        value=pl.col("numerator") / pl.col("denominator").fill_null(1), segment=pl.lit(1),
        kind=pl.when(is_count).then(pl.lit("count")).otherwise(pl.lit("share")),
        series_ref=pl.concat_str("measure_code", "breakdown", "breakdown_value", separator="|"),
    )  # fmt: skip


def test_of_what_is_named_in_mixed_forces_little_is_false() -> None:
    """A district, a class, a share of the force and a unit at once, in six forces: in 200 full ones see the method."""
    found = [of_mixed(force(seed), seed) for seed in range(6)]
    assert sum(bool(one["rise"]) for one in found) >= 5 and sum(bool(one["class"]) for one in found) >= 5
    assert sum(bool(one["unit"]) for one in found) >= 5 and sum(bool(one["share"]) for one in found) >= 5
    assert np.mean([one["false"] for one in found]) <= 0.12


def test_a_rise_in_one_district_is_all_that_is_named_of_districts() -> None:
    points = force(7)
    district = parts(points, "district")[-1]
    changed = changes(with_rise(points, district, 0.5, 6, 7))
    named = changed.filter("is_change", pl.col("series_ref").str.contains("|district|", literal=True))
    assert named["series_ref"].to_list() == [f"{CRIMES}|district|{district}"]
    assert false_share(changed, district) == 0 and false_share(changed, "Z") > 0


@pytest.mark.parametrize("by", ["district", "unit"])
def test_a_share_that_is_planted_lower_is_so_in_the_force_and_in_its_parts_together(by: str) -> None:
    before, after = force(8), with_share(force(8), 0.8, 6, 8)
    late = pl.col("month") >= MONTHS[-6]
    assert after.filter(~late).equals(before.filter(~late))
    sums = after.filter(late, measure_code=SHARE).group_by("breakdown").agg(pl.col("numerator").sum())
    held = dict(sums.iter_rows())
    assert held[by] == held["none"] < 0.9 * before.filter(late, measure_code=SHARE, breakdown="none")["numerator"].sum()
