"""A home is backed up while builds write to it and people work: what is kept is of one moment, or refused."""

import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import pytest
from commands import stra
from home_by_hand import RUNS, log, make_home, publish
from postgres_server import postgres

from casework.access import access_log
from casework.store import database as stores
from casework.store.database import open_store
from casework.upkeep.checks import faults, published_marks
from pipelines.backup import make, restore, warehouse_copy
from pipelines.backup.gather import freeze
from pipelines.backup.sealed import KEY, BackupRefused
from pipelines.backup.warehouse_copy import copy_warehouse
from pipelines.publication import back


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, "an invented key of thirty characters")
    monkeypatch.delenv("STRA_CASEWORK_URL", raising=False)
    (tmp_path / "reference").mkdir()
    for module in (make, restore):
        monkeypatch.setattr(module, "REFERENCE", tmp_path / "reference")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return make_home(tmp_path / "home")


def test_people_who_work_meanwhile_are_in_it_whole_or_not_at_all(home: Path, tmp_path: Path) -> None:
    """Every backup is of one moment: each chain ends at its own last row, and later backups have more rows."""
    to, is_over, counts = tmp_path / "to", threading.Event(), []

    def work() -> None:
        number = 0
        while not is_over.is_set():
            number += 1
            log(home, f"viewing {number}")

    with ThreadPoolExecutor() as people:
        working = [people.submit(work) for _ in range(2)]
        for _ in range(3):
            make.make(home, to)
        is_over.set()
        for each in working:
            each.result()
    for number in (1, 2, 3):
        new = tmp_path / f"new{number}"
        restore.restore(to, new, number)
        assert faults(new, published_marks(new)) == []
        counts.append(len(access_log.entries(open_store(new), None)))
    assert counts == sorted(set(counts)) and len(access_log.entries(open_store(home), None)) >= counts[-1] - 1


WRITER = """
import sys, time, duckdb
con = duckdb.connect(sys.argv[1])
con.execute("set threads = 1; set checkpoint_threshold = '1MB'")
con.execute("create table rows_of_a_table (n bigint, words varchar); create table number_of_rows as select 0 as n")
print("begun", flush=True)
for number in range(1_000_000):
    rows = (10, 500, 20_000)[number % 3]
    con.execute("begin")
    con.execute("insert into rows_of_a_table select range, md5(range::varchar) from range(?)", [rows])
    con.execute("update number_of_rows set n = n + ?", [rows])
    con.execute(f"create or replace table t as select range as n, hash(range + {number}) as h from range(30000)")
    con.execute("commit")
    if number % 5 == 0:
        con.execute("checkpoint")
    time.sleep(0.01)
"""


def test_a_warehouse_that_a_build_writes_to_is_copied_as_at_one_commit(home: Path, tmp_path: Path) -> None:
    (home / "warehouse.duckdb").unlink()
    with subprocess.Popen(
        [sys.executable, "-c", WRITER, str(home / "warehouse.duckdb")], stdout=subprocess.PIPE, text=True
    ) as build:
        try:
            assert build.stdout is not None and build.stdout.readline() == "begun\n"
            seen = []
            for number in range(6):
                copy = tmp_path / f"{number}.duckdb"
                copy_warehouse(home, copy)
                assert not copy.with_name(f"{copy.name}.wal").exists()
                with duckdb.connect(str(copy), read_only=True) as con:
                    seen += con.execute(
                        "select (select count(*) from rows_of_a_table), (select n from number_of_rows)"
                    ).fetchall()
                time.sleep(0.2)
            assert build.poll() is None, "it was written to all the time"
        finally:
            build.kill()
    assert all(rows == counted for rows, counted in seen)
    assert len(set(seen)) > 1 and seen == sorted(seen)


def rows_in(path: Path) -> int:
    with duckdb.connect(str(path), read_only=True) as con:
        [(count,)] = con.execute("select count(*) from t").fetchall()
    return count


@pytest.mark.parametrize("seen", ["another checkpoint", "a torn block"])
def test_a_copy_that_a_build_spoils_is_made_again(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seen: str
) -> None:
    """The first two copies are spoilt: by a checkpoint meanwhile, or by a block that was half written when read."""
    monkeypatch.setattr(warehouse_copy, "PAUSE", 0)
    real, copies, target = warehouse_copy._copy, [], tmp_path / "copy.duckdb"
    with duckdb.connect(str(home / "warehouse.duckdb")) as build:
        build.execute("insert into t select range, 0 from range(10)")  # in the log beside the file

        def spoilt(source: Path, place: Path) -> None:
            real(source, place)
            copies.append(place)
            if len(copies) > 2:
                return
            if seen == "another checkpoint":
                build.execute("insert into t select range, 0 from range(10)")
                build.execute("checkpoint")
            else:
                held = bytearray(place.read_bytes())
                held[5 * 262_144 : 5 * 262_144 + 4096] = bytes(4096)
                place.write_bytes(held)

        monkeypatch.setattr(warehouse_copy, "_copy", spoilt)
        copy_warehouse(home, target)
        [(there,)] = build.execute("select count(*) from t").fetchall()
    assert len(copies) == 3
    assert rows_in(target) == there == (200_030 if seen == "another checkpoint" else 200_010)


def test_a_warehouse_that_is_never_whole_is_refused(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(warehouse_copy, "PAUSE", 0)
    path = home / "warehouse.duckdb"
    held = bytearray(path.read_bytes())
    held[4096 : 3 * 4096] = bytes(2 * 4096)  # both headers
    path.write_bytes(held)
    said = stra("backup", "--home", home, "--to", tmp_path / "to", code=1)
    assert "expected a whole copy, saw in 20 attempts: " in said and "Earlier backups are unchanged." in said
    assert not list((tmp_path / "to").glob("lists/*")) and not list(home.glob(".backup-*"))


def test_a_damaged_store_of_decisions_is_refused(home: Path, tmp_path: Path) -> None:
    open_store(home).dispose()
    path = home / "casework.sqlite"
    held = bytearray(path.read_bytes())
    for page in range(3, len(held) // 4096):
        held[page * 4096 : page * 4096 + 100] = os.urandom(100)
    path.write_bytes(held)
    (tmp_path / "frozen").mkdir()
    with pytest.raises(BackupRefused, match=r"casework.sqlite: expected a whole database, saw: .* run stra verify"):
        freeze(home, tmp_path / "frozen")


def test_what_is_added_meanwhile_is_never_named_without_being_there(
    home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A build ends and a person decides while the warehouse is copied: that build's record is not in the backup."""
    frozen, record = tmp_path / "frozen", home / "build.json"
    frozen.mkdir()
    record.write_text("of the build before")

    def meanwhile(source: Path, target: Path) -> None:
        fresh = record.with_name("fresh")
        fresh.write_text("of the build that has just ended")
        fresh.replace(record)
        (home / "raw" / "crime" / "d8.parquet").write_bytes(b"rows that the warehouse names")
        log(home, "decided meanwhile")
        publish(home, RUNS[2])
        copy_warehouse(source, target)

    monkeypatch.setattr(warehouse_copy, "copy_warehouse", meanwhile)
    assert freeze(home, frozen) == "sqlite"
    assert (frozen / "build.json").read_text() == "of the build before"
    assert set(back.in_use(frozen).values()) == {RUNS[1]}
    assert (frozen / "raw" / "crime" / "d8.parquet").is_file()
    assert access_log.entries(open_store(frozen), 1)[0]["subject"] == "decided meanwhile"


def decide(home: Path, subject: str) -> None:
    with stores.writing(open_store(home)) as con:
        access_log.log(con, "An Analyst", "invented", ("subject", subject), {})


@pytest.mark.slow
def test_decisions_on_postgresql_are_copied_there_and_back_with_every_chain(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres() as one, postgres() as other:
        url, empty = (server.url().replace("postgresql://", "postgresql+psycopg://") for server in (one, other))
        monkeypatch.setenv("STRA_CASEWORK_URL", url)
        home, to = make_home(tmp_path / "home"), tmp_path / "to"
        assert not (home / "casework.sqlite").exists()
        decide(home, "A")
        stra("backup", "--home", home, "--to", to)
        before = access_log.entries(open_store(home), None)
        # without the address the decisions are in the home
        monkeypatch.delenv("STRA_CASEWORK_URL")
        said = stra("restore", "--from", to, "--home", tmp_path / "sqlite")
        assert "Decisions were in PostgreSQL. They are in casework.sqlite of the home now" in said
        assert "All published copies match" in stra("verify", "--home", tmp_path / "sqlite")
        assert access_log.entries(open_store(tmp_path / "sqlite"), None)[1:] == before
        # with the address of an empty database they are there, and can be added to
        monkeypatch.setenv("STRA_CASEWORK_URL", empty)
        said = stra("restore", "--from", to, "--home", tmp_path / "new")
        assert "rows of decisions and logs were copied into the database of STRA_CASEWORK_URL" in said
        assert "All published copies match" in stra("verify", "--home", tmp_path / "new")
        assert access_log.entries(open_store(tmp_path / "new"), None)[1:] == before
        decide(tmp_path / "new", "B")
        assert stores.last_event(open_store(tmp_path / "new")) == 2, "PostgreSQL counts on after the rows copied"
        # one with rows is left alone
        monkeypatch.setenv("STRA_CASEWORK_URL", url)
        said = stra("restore", "--from", to, "--home", tmp_path / "third")
        assert "has rows and was left as it is" in said
        stores._open.cache_clear()
