"""What a build removes because it is old: Dagster's records and copies of refused files, and nothing else."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pytest

from pipelines.dagster_records import old_runs
from pipelines.dagster_records.event_log import dagster_home
from pipelines.dagster_records.keep import remove_old


@dg.asset
def invented() -> None:
    """Nothing."""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    made = tmp_path / "home"
    made.mkdir()
    return made


@pytest.fixture
def instance(home: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dg.DagsterInstance]:
    monkeypatch.setenv("DAGSTER_HOME", str(dagster_home(home)))
    with dg.DagsterInstance.get() as opened:
        yield opened


@pytest.fixture
def con() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as opened:
        opened.execute("create schema reference; create table reference.settings (key varchar, value double)")
        yield opened


def run(home: Path, instance: dg.DagsterInstance, days: int) -> str:
    """A run that began this number of days ago."""
    ref = dg.materialize([invented], instance=instance).run_id
    began = (datetime.now(UTC) - timedelta(days=days)).replace(tzinfo=None)
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as records:
        records.execute("update runs set create_timestamp = ? where run_id = ?", [str(began), ref])
        records.commit()
    return ref


def files(home: Path) -> set[str]:
    return {path.stem for path in (home / "dagster" / "history" / "runs").glob("*.db")} - {"index"}


def test_records_of_old_runs_go_with_their_events(
    home: Path, instance: dg.DagsterInstance, con: duckdb.DuckDBPyConnection
) -> None:
    old, new = run(home, instance, 91), run(home, instance, 89)
    assert files(home) == {old, new}
    assert remove_old(home, con, instance) == ["removed, as older than the settings keep: 1 runs in Dagster's records"]
    assert [record.dagster_run.run_id for record in instance.get_run_records()] == [new] and files(home) == {new}
    assert instance.all_logs(old) == [] and len(instance.all_logs(new)) > 5
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs" / "index.db")) as index:
        assert index.execute("select distinct run_id from event_logs where run_id <> ''").fetchall() == [(new,)]
    assert remove_old(home, con, instance) == []
    run(home, instance, 0)  # and runs go on


def test_a_run_under_way_stays_and_a_home_with_many_takes_several_builds(
    home: Path, instance: dg.DagsterInstance, con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(old_runs, "MOST", 2)
    refs = [run(home, instance, 400 - number) for number in range(4)]
    with closing(sqlite3.connect(home / "dagster" / "history" / "runs.db")) as records:
        records.execute("update runs set status = 'STARTED' where run_id = ?", [refs[0]])
        records.commit()
    for left in ({refs[0], refs[3]}, {refs[0]}, {refs[0]}):
        remove_old(home, con, instance)
        assert files(home) == left


def test_copies_of_refused_files_go_by_their_own_setting(
    home: Path, instance: dg.DagsterInstance, con: duckdb.DuckDBPyConnection
) -> None:
    con.execute("insert into reference.settings values ('keep.refused_days', 30), ('keep.dagster_days', 1e4)")
    ref = run(home, instance, 91)
    for name, days in (("d1", 31), ("d2", 29)):
        folder = home / "quarantine" / name
        folder.mkdir(parents=True)
        (folder / "reason.txt").write_text("invented")
        at = (datetime.now(UTC) - timedelta(days=days)).timestamp()
        os.utime(folder, (at, at))
    for path in ("raw/crime/d1.parquet", "casework.sqlite", "published/copies/command/000001-a/manifest.json"):
        (home / path).parent.mkdir(parents=True, exist_ok=True)
        (home / path).write_text("kept")
        os.utime(home / path, (0, 0))
    assert [line.partition(": ")[2] for line in remove_old(home, con, instance)] == ["1 copies of refused files"]
    assert [path.name for path in (home / "quarantine").iterdir()] == ["d2"] and files(home) == {ref}
    assert (home / "raw/crime/d1.parquet").exists() and (home / "casework.sqlite").exists()
