"""Large tables stay in the lake: views in the warehouse, their grain looked for in Spark."""

import shutil
import threading
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import duckdb
import pytest
from compare_engines import SMALL
from conftest import InventedForce

from pipelines.builds.tables import build_table, function_of
from pipelines.engines.in_duckdb import InDuckDB
from pipelines.system.machine import LEFT
from pipelines.tables import lake
from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import TableDiffers, connect, state_of

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
TABLE = "core.crime_breakdowns"


@pytest.fixture(scope="module")
def home(invented_force: InventedForce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of its own, to be built in."""
    home = tmp_path_factory.mktemp("lake") / "home"
    home.mkdir()
    shutil.copyfile(invented_force.home / "warehouse.duckdb", home / "warehouse.duckdb")
    (home / "raw").symlink_to(invented_force.home / "raw")
    return home


@pytest.fixture(scope="module")
def conf(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder = tmp_path_factory.mktemp("conf")
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SMALL.items()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SPARK_CONF_DIR", str(folder))
        patch.setenv(LEFT, "1000")
        yield


def rows_of(con: duckdb.DuckDBPyConnection, table: str = TABLE) -> list[tuple[object, ...]]:
    return con.execute(f"select * from {table} order by all").fetchall()


def kind_of(con: duckdb.DuckDBPyConnection) -> str:
    [(kind,)] = con.execute(
        "select table_type from information_schema.tables where table_schema || '.' || table_name = ?", [TABLE]
    ).fetchall()
    return str(kind)


def test_a_large_table_is_a_view_over_the_lake_until_duckdb_makes_it_again(home: Path, conf: None) -> None:
    from pipelines.engines.in_spark import started

    card, con = all_cards()[TABLE], connect(home)
    before = rows_of(con)
    assert len(before) > 1000 and kind_of(con) == "BASE TABLE"
    with started(home, "local[2]", None) as start:
        engine = start(con)
        con.execute("delete from build.table_states where table_name = ?", [TABLE])
        built = build_table(con, card, engine=engine)
        assert (built.row_count, kind_of(con)) == (len(before), "VIEW")
        assert rows_of(con) == before
        assert any(TABLE in line and "1,000 rows" in line for line in engine.words())
        assert build_table(con, card, engine=engine).was_current

        lake.forget_lost(home, con)
        assert state_of(con, TABLE) is not None, "its files are there"

        # Spark looks for the grain: as if the card said that each district had one row
        with pytest.raises(TableDiffers, match=r"rows for \{'district': "):
            engine.check(replace(card, grain=("district",)))
    own = InDuckDB(con)
    con.execute("delete from build.table_states where table_name = ?", [TABLE])
    build_table(con, card, engine=own)
    assert (rows_of(con), kind_of(con)) == (before, "BASE TABLE")
    con.close()


def test_rows_pass_through_a_method_on_the_workers(home: Path, conf: None) -> None:
    """The words of each text are looked for where its row is: no process needs all texts."""
    from pipelines.engines.in_spark import InSpark, started

    table, con = "core.text_signals", connect(home)
    before = rows_of(con, table)
    con.execute("delete from build.table_states where table_name = ?", [table])
    with started(home, "local[2]", None) as start, pytest.MonkeyPatch.context() as patch:
        engine = start(con)
        patch.setattr(InSpark, "select", None)  # else rows would come to this process
        assert build_table(con, all_cards()[table], engine=engine).row_count == len(before) > 1000
        assert engine.words()[0].endswith("DuckDB ran those of 0")
    assert rows_of(con, table) == before
    con.close()


def test_a_method_that_cannot_travel_is_said_and_leaves_no_table(home: Path, conf: None) -> None:
    from pipelines.engines.in_spark import started
    from pipelines.engines.spark import SparkFailed

    card, con = all_cards()["core.text_signals"], connect(home)
    method = partial(function_of(card), held=threading.Lock())
    with started(home, "local[2]", None) as start:
        with pytest.raises(SparkFailed, match=r"cannot go to them \(.*cannot pickle .*Give a function of a module"):
            start(con).make_by_row(card, "mark", method)
        assert list((home / "lake").glob("*/mark")) == []
    con.close()


def test_a_worker_with_another_python_is_named_before_anything_is_written(
    tmp_path: Path, conf: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else pairs would be scored by other libraries, or half of the build would be made before the first fault."""
    from pipelines.engines import spark
    from pipelines.engines.in_spark import started
    from pipelines.engines.ready import EngineNotReady

    monkeypatch.setattr(spark, "about_python", lambda: "Python 3.0.0")
    expected = r"Saw Python 3\.[0-9.]+ with duckdb .*; expected Python 3\.0\.0\. Make the same environment on each"
    with pytest.raises(EngineNotReady, match=expected), started(tmp_path / "home", "local[2]", None):
        pass
    assert not (tmp_path / "home" / "warehouse.duckdb").exists()
