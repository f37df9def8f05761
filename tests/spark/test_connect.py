"""Tables made over Spark Connect are those of DuckDB: in the environment of `make spark` alone.

The server is on this machine. No other machine, and so no certificate, was tried.
"""

import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import other_people
import pyarrow as pa
import pytest
from conftest import InventedForce
from test_cluster import KEYS, TABLES, made, torn
from test_linkage_in_spark import LIMITS, VARIANTS, alone

from assets.methods.linkage.process import PAIR, link
from pipelines.builds.tables import build_table
from pipelines.engines.masters import TOKEN
from pipelines.engines.ready import EngineNotReady
from pipelines.tables.cards import ROOT, all_cards
from pipelines.tables.lake import UNFINISHED
from pipelines.tables.warehouse import EngineLost, connect

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
from spark_cluster import LONGEST, PLAIN, WIDE, Cluster, files_below, kill, running, server, wait

from pipelines.engines import in_spark, spark

pytestmark = [
    pytest.mark.slow,
    pytest.mark.kill,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
ENCRYPTED = {spark.ENCRYPTION: "true"}
TEXTS = "core.text_signals"
SCRIPT = ROOT / "tests" / "tools" / "spark_tables.py"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A server for which every join is a shuffle, and what it writes could be read unless it is encrypted."""
    with server(tmp_path_factory.mktemp("connect") / "server", {**WIDE, **PLAIN, **ENCRYPTED}) as made:
        yield made


@pytest.fixture
def ours(shared: Cluster, monkeypatch: pytest.MonkeyPatch) -> str:
    """The address of the server, whose token is in the environment."""
    monkeypatch.setenv(TOKEN, shared.token)
    return shared.url


@contextmanager
def files_with(pattern: re.Pattern[bytes], of: Cluster) -> Iterator[set[str]]:
    """The files of a server in which a pattern is seen meanwhile. Each state of a file is read once."""
    found, has_ended = set[str](), threading.Event()
    read = {(path, path.stat().st_size) for path in of.left_by_workers}

    def look() -> None:
        for path in of.left_by_workers:
            with suppress(OSError):  # removed meanwhile
                state = path, path.stat().st_size
                if state not in read and pattern.search(path.read_bytes()):
                    found.add(path.name)
                read.add(state)

    def look_often() -> None:
        while not has_ended.wait(0.1):
            look()

    looks = threading.Thread(target=look_often)
    looks.start()
    try:
        yield found
    finally:
        has_ended.set()
        looks.join()
        look()


def test_tables_are_equal_whatever_another_session_calls_its_own(
    shared: Cluster, ours: str, tmp_path: Path, invented_force: InventedForce
) -> None:
    other = spark.start(ours, {})
    for table in ("core__crimes", "whole__core__crimes", "sent_0"):
        other.createDataFrame(pa.table({"crime_ref": ["not ours"]})).createOrReplaceTempView(table)
    with files_with(KEYS, shared) as in_clear, made(shared, tmp_path, invented_force, TABLES) as run:
        assert run.ended() == 0, run.said
    assert in_clear == set() and shared.has_shuffled("server")
    assert other.table("core__crimes").count() == 1
    other.stop()


def test_rows_pass_through_a_method_where_the_server_has_its_workers(
    ours: str, tmp_path: Path, invented_force: InventedForce, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, lake = tmp_path / "home", tmp_path / "lake"
    home.mkdir()
    lake.mkdir()
    shutil.copyfile(invented_force.home / "warehouse.duckdb", home / "warehouse.duckdb")
    con = connect(home)
    before = con.execute(f"select * from {TEXTS} order by all").fetchall()
    con.execute("delete from build.table_states where table_name = ?", [TEXTS])
    with in_spark.started(home, ours, lake) as start:
        engine = start(con)
        monkeypatch.setattr(in_spark.InSpark, "select", None)  # else rows would come to this process
        assert build_table(con, all_cards()[TEXTS], engine=engine).row_count == len(before) > 1000
        assert engine.words()[0].startswith(f"Spark at {ours} ran the SELECTs of 1 tables; DuckDB ran those of 0")
    assert con.execute(f"select * from {TEXTS} order by all").fetchall() == before
    con.close()


def test_people_are_those_of_one_machine_and_no_name_is_in_a_file(
    shared: Cluster, ours: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spark, "ROWS_SENT", 300)
    names = other_people.make(600, 7, "medium")[0]
    long = {name for name in names["surname"].drop_nulls() if len(name) > 9 and name.isascii() and name.isalpha()}
    forms = {form for name in sorted(long)[:30] for form in (name, name.lower(), name.upper())}
    session = spark.Spark(spark.start(ours, {}))
    with files_with(re.compile("|".join(forms).encode()), shared) as in_clear:
        found = link(names, VARIANTS, LIMITS, 1e9, spread=session.spread)
        # else the search could not fail
        (shared.folder / "workers" / "server" / "planted").write_text(min(long))
    assert [view.name for view in session.session.catalog.listTables()] == []
    session.stop()
    expected = alone(names)
    assert found.people.equals(expected.people) and found.people["cluster"].n_unique() > 300
    assert found.pairs.sort(PAIR).equals(expected.pairs.sort(PAIR))
    assert len(forms) > 20 and in_clear == {"planted"}


def is_writing(lake: Path) -> bool:
    """Whether a folder in the lake has not got its name yet."""
    return any(part.startswith(UNFINISHED) for path in files_below(lake) for part in path.parts)


def test_a_build_that_is_killed_leaves_nothing_torn_and_the_next_one_goes_on(
    shared: Cluster, tmp_path: Path, invented_force: InventedForce
) -> None:
    home, lake = tmp_path / "first", tmp_path / "lake"
    home.mkdir()
    lake.mkdir()
    shutil.copyfile(invented_force.home / "warehouse.duckdb", home / "warehouse.duckdb")
    with running(shared, tmp_path / "killed", SCRIPT, home, shared.url, lake, *TABLES[:2]) as run:
        wait(lambda: "made" in run.said and is_writing(lake), "the second table", LONGEST)
        run.process.kill()
        assert run.ended() == -9
    left = [path for path in torn(lake) if not any(part.startswith(UNFINISHED) for part in path.parts)]
    assert left == [] and "made" in run.said and TABLES[1] not in run.said
    finished = {path: path.stat().st_ino for path in lake.glob("*/core.outcome_times/made-for-a-test")}
    with running(shared, tmp_path / "next", SCRIPT, home, shared.url, lake, *TABLES[:2]) as run:
        assert run.ended() == 0, run.said
    assert {path: path.stat().st_ino for path in finished} == finished and len(finished) == 1
    assert torn(lake) == [] and f"made {TABLES[1]}" in run.said


def refused(home: Path, master: str) -> str:
    """The sentence before anything is written into a home."""
    lake = home.with_name("lake")
    lake.mkdir(exist_ok=True)
    with pytest.raises(EngineNotReady) as words, in_spark.started(home, master, lake):
        pass
    assert not home.exists()
    return str(words.value)


def test_another_token_is_refused_and_none_is_said(
    shared: Cluster, ours: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(TOKEN, "0123456789")
    words = refused(tmp_path / "home", ours)
    assert f"{ours}: the server gave no session (" in words and f"whose token is {TOKEN} here" in words
    said = words + "".join(capfd.readouterr())
    assert "0123456789" not in said and shared.token not in said


def test_a_server_that_does_not_encrypt_or_asks_for_no_token_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(TOKEN, "0123456789")
    with server(tmp_path / "server", has_token=False) as plain:
        assert "takes any token, so anyone who reaches its port reads" in refused(tmp_path / "home", plain.url)
        monkeypatch.setenv(TOKEN, plain.token)
    with server(tmp_path / "other") as plain:
        monkeypatch.setenv(TOKEN, plain.token)
        words = refused(tmp_path / "home", plain.url)
    assert f"{plain.url}: the server does not encrypt" in words
    assert "Set spark.io.encryption.enabled true in its spark-defaults.conf" in words


def test_a_worker_with_another_python_is_named(ours: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spark, "about_python", lambda: "Python 3.0.0")
    words = refused(tmp_path / "home", ours)
    assert "expected Python 3.0.0" in words and "start the server with the path of its Python" in words


def test_a_server_that_goes_ends_the_build_with_a_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wait_long(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        time.sleep(60)
        yield from batches

    monkeypatch.setattr(spark, "RETRIES", 2)
    with server(tmp_path / "server", ENCRYPTED) as gone:
        monkeypatch.setenv(TOKEN, gone.token)
        engine = spark.Spark(spark.start(gone.url, {}))
        slow = engine.session.range(1).mapInArrow(wait_long, "id long")
        threading.Timer(2, kill, gone.workers[:1]).start()
        with pytest.raises(EngineLost, match=r"Spark has gone \(.+\)\. Tables that are made are kept: start it"):
            engine.fetch(slow)
        began = time.monotonic()
        engine.stop()
        assert time.monotonic() - began < 5
