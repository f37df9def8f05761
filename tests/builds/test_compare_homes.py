"""The comparison of two published homes finds each kind of difference, and nothing in a home beside itself."""

from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import polars as pl
import pytest
from compare_homes import VOLATILE, compare, main
from published_home import publish

from pipelines.cards import all_cards

RATES = pl.DataFrame(
    {"force_code": ["A", "B", "C"], "rate": [0.1 + 0.2, float("nan"), None], "months": [["jan"], None, ["feb", "mar"]]}
)
RUNS = pl.DataFrame({"run_ref": ["one"], "as_of": [dt.date(2026, 3, 31)], "rows": [3]})


def home(folder: Path, key: tuple[str, ...] = ("force_code",), **tables: pl.DataFrame) -> Path:
    """A home with these tables (`metrics_rates`), published to command."""
    content = {name.replace("_", ".", 1): frame for name, frame in tables.items()}
    publish(folder, "command", content, grain={"metrics.rates": key})
    return folder


def test_the_order_of_rows_and_columns_and_the_run_are_no_difference(tmp_path: Path) -> None:
    before = home(tmp_path / "before", metrics_rates=RATES, quality_runs=RUNS)
    after = home(
        tmp_path / "after",
        metrics_rates=RATES.reverse().select("months", "force_code", "rate"),
        quality_runs=RUNS.with_columns(run_ref=pl.lit("two")),
    )
    assert compare(before, after) == (0, [])
    assert main([str(before), str(after)]) == 0


def test_a_value_that_differs_in_its_last_bit_is_found_by_its_key(tmp_path: Path) -> None:
    before = home(tmp_path / "before", metrics_rates=RATES)
    rate = pl.Series([0.3, float("nan"), None], dtype=pl.Float64)
    after = home(tmp_path / "after", metrics_rates=RATES.with_columns(rate=rate))
    count, lines = compare(before, after)
    assert count == 1
    assert lines == [
        "command metrics.rates: 1 rows changed",
        "    rate: 1 rows",
        "    {'force_code': 'A'}: rate 0.30000000000000004 -> 0.3",
    ]
    assert main([str(before), str(after)]) == 1


@pytest.mark.parametrize("key", [("force_code",), ()])
def test_floats_within_a_tolerance_are_equal_and_no_others(tmp_path: Path, key: tuple[str, ...]) -> None:
    before = home(tmp_path / "before", key, metrics_rates=RATES)
    rate = pl.Series([0.3, float("nan"), None], dtype=pl.Float64)
    after = home(tmp_path / "after", key, metrics_rates=RATES.with_columns(rate=rate))
    assert compare(before, after, tolerance=1e-9) == (0, [])
    assert main([str(before), str(after), "1e-9"]) == 0
    for moved in (pl.Series([0.3001, float("nan"), None]), pl.Series([0.3, None, None]), pl.Series([0.3, 1.0, None])):
        other = home(tmp_path / "other", key, metrics_rates=RATES.with_columns(rate=moved))
        assert compare(before, other, tolerance=1e-9)[0] == (1 if key else 2)
        shutil.rmtree(other)
    other = home(tmp_path / "other", key, metrics_rates=RATES.with_columns(rate=rate, months=None))
    assert compare(before, other, tolerance=1e-9)[0] > 0


def test_what_is_said_of_files_is_left_out_where_the_same_rows_came_in_others(tmp_path: Path) -> None:
    results = pl.DataFrame({"rule_code": ["DEL-04", "TIM-01"], "breach_count": [1, 5]})
    files = pl.DataFrame({"file_name": ["crime.csv"]})
    before = home(tmp_path / "before", quality_results=results, raw_files=files)
    more = results.with_columns(breach_count=pl.Series([9, 5]))
    after = home(tmp_path / "after", quality_results=more, raw_files=files.clear())
    assert compare(before, after)[0] == 3
    assert compare(before, after, has_same_files=False) == (0, [])
    wrong = home(tmp_path / "wrong", quality_results=more.with_columns(breach_count=pl.Series([9, 6])), raw_files=files)
    assert compare(before, wrong, has_same_files=False)[0] == 2


def test_one_force_s_rows_are_compared_alone(tmp_path: Path) -> None:
    before = home(tmp_path / "before", metrics_rates=RATES, quality_runs=RUNS)
    after = home(tmp_path / "after", metrics_rates=RATES.filter(pl.col("force_code") != "B"), quality_runs=RUNS)
    assert compare(before, after, force_code="A") == (0, [])
    assert compare(before, after, force_code="B")[0] == 1


@pytest.mark.parametrize("key", [("force_code",), ()])
def test_rows_that_came_or_went_are_counted_one_by_one(tmp_path: Path, key: tuple[str, ...]) -> None:
    before = home(tmp_path / "before", key, metrics_rates=RATES)
    after = home(tmp_path / "after", key, metrics_rates=pl.concat([RATES.head(2), RATES.head(1)]))
    count, lines = compare(before, after)
    assert count == 2
    assert [line for line in lines if line.startswith("command")] == [
        "command metrics.rates: 1 rows removed",
        "command metrics.rates: 1 rows added",
    ]


def test_tables_columns_and_types_that_came_went_or_changed_are_named(tmp_path: Path) -> None:
    before = home(tmp_path / "before", metrics_rates=RATES, quality_runs=RUNS)
    after = home(
        tmp_path / "after",
        metrics_rates=RATES.rename({"months": "quarters"}),
        metrics_shares=RATES,
        quality_runs=RUNS.cast({"rows": pl.Int32}),
    )
    count, lines = compare(before, after)
    assert lines == [
        "command table added: metrics.shares",
        "command metrics.rates column removed: months",
        "command metrics.rates column added: quarters",
        "command quality.runs column rows: type BIGINT became INTEGER",
    ]
    assert count == 4


def test_a_home_without_a_publication_is_no_comparison(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as left:
        main([str(home(tmp_path / "before", metrics_rates=RATES)), str(tmp_path / "none")])
    assert left.value.code == 2


def test_what_is_not_compared_is_a_column_that_exists() -> None:
    known = {f"{card.table}.{column.name}" for card in all_cards().values() for column in card.columns}
    columns = {name.split(".")[2] for name in known}
    assert [name for name in VOLATILE if name not in (known if "." in name else columns)] == []
