"""The comparison of two published homes finds each kind of difference, and nothing in a home beside itself."""

import datetime as dt
import shutil
from pathlib import Path

import duckdb
import polars as pl
import pytest
from compare_homes import compare, main
from published_home import publish

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


def test_one_force_s_rows_are_compared_alone(tmp_path: Path) -> None:
    before = home(tmp_path / "before", metrics_rates=RATES, quality_runs=RUNS)
    after = home(tmp_path / "after", metrics_rates=RATES.filter(pl.col("force_code") != "B"), quality_runs=RUNS)
    assert compare(before, after, force_code="A") == (0, [])
    assert compare(before, after, force_code="B")[0] == 1


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


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ("update metrics.rates set rate = 0.4", [f"warehouse metrics.rates: 1 rows {x}" for x in ("removed", "added")]),
        ("insert into core.absent_fields values ('x')", ["warehouse core.absent_fields: 1 rows added"]),
        ("create table core.crimes (crime_ref varchar)", ["warehouse table added: core.crimes"]),
        ("create schema build; create table build.home as select 1 as path", []),
    ],
)
def test_tables_of_the_warehouse_are_compared_where_that_is_asked(
    tmp_path: Path, changed: str, words: list[str]
) -> None:
    homes = [home(tmp_path / name, metrics_rates=RATES) for name in ("before", "after")]
    for path, more in zip(homes, ("", changed)):
        with duckdb.connect(str(path / "warehouse.duckdb")) as con:
            con.execute("create schema metrics; create schema core; create table core.absent_fields (name varchar)")
            con.execute(f"create table metrics.rates as select 'A' as force_code, 0.3::double as rate; {more}")
    lines = compare(*homes, work=tmp_path / "work")[1]
    assert [line for line in words if line in lines] == words and bool(lines) == bool(words)
    arguments = [str(path) for path in homes]
    assert (main(arguments), main([*arguments, "--warehouse"])) == (0, int(bool(words)))
