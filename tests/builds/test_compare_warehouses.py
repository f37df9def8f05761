"""The comparison of whole homes counts the tables of the warehouse and of each copy, and names what differs."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from compare_warehouses import compare_places, main
from published_home import publish

RATES = pl.DataFrame({"force_code": ["A", "B"], "rate": [0.1 + 0.2, None]})


def home(folder: Path, rates: str = "('A', 0.1::double + 0.2::double), ('B', null)", more: str = "") -> Path:
    """A home with one published table, and two tables in its warehouse beside what a build keeps for itself."""
    publish(folder, "command", {"metrics.rates": RATES}, grain={"metrics.rates": ("force_code",)})
    with duckdb.connect(str(folder / "warehouse.duckdb")) as con:
        con.execute("create schema metrics; create schema core; create schema build")
        con.execute(
            f"create table metrics.rates as select force_code, rate::double as rate"
            f" from (values {rates}) as t (force_code, rate)"
        )
        con.execute(f"create table core.absent_fields (field_name varchar); {more}")
        con.execute("create table build.home as select random() as path")
    return folder


def test_equal_homes_have_their_tables_rows_and_empty_tables_counted(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    homes = [str(home(tmp_path / name)) for name in ("before", "after")]
    assert main(homes) == 0
    said = capsys.readouterr().out
    assert "| warehouse | 2 | 2 | 1 | 2 | 0 |" in said and "| command | 1 | 2 | 0 | 1 | 0 |" in said
    assert "empty in both, warehouse: core.absent_fields" in said


@pytest.mark.parametrize(
    ("changed", "table", "words"),
    [
        ({"rates": "('A', 0.4), ('B', null)"}, "metrics.rates", "1 rows removed"),
        ({"more": "insert into core.absent_fields values ('x')"}, "core.absent_fields", "1 rows added"),
        ({"more": "create table core.crimes (crime_ref varchar)"}, "core.crimes", "in one home alone"),
        ({"more": "alter table core.absent_fields alter field_name type bigint"}, "core.absent_fields", "BIGINT"),
    ],
)
def test_a_table_of_the_warehouse_that_differs_is_named(
    tmp_path: Path, changed: dict[str, str], table: str, words: str
) -> None:
    warehouse, copy = compare_places(home(tmp_path / "before"), home(tmp_path / "after", **changed))
    assert (warehouse.differ, copy.differ) == ([table], [])
    assert any(table in line and words in line for line in warehouse.lines)
    assert main([str(tmp_path / "before"), str(tmp_path / "after")]) == 1


def test_floats_are_equal_within_the_tolerance_alone(tmp_path: Path) -> None:
    homes = home(tmp_path / "before"), home(tmp_path / "after", rates="('A', 0.3::double), ('B', null)")
    assert [place.differ for place in compare_places(*homes)] == [["metrics.rates"], []]
    assert [place.differ for place in compare_places(*homes, 1e-9)] == [[], []]
