"""The engine of a build: everything goes through one seam, and what Spark lacks is said before anything is written."""

import importlib.metadata
import socket
from collections.abc import Sequence
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from pipelines.builds.tables import build_table
from pipelines.commands import cli
from pipelines.engines import masters, ready
from pipelines.engines.choice import Choice
from pipelines.engines.in_duckdb import InDuckDB
from pipelines.engines.ready import EngineNotReady
from pipelines.engines.translation import of_run
from pipelines.people import erasure
from pipelines.publication import withheld
from pipelines.system.machine import LEFT, MachineSettingWrong, most_rows_taken_home
from pipelines.tables import lake as lakes
from pipelines.tables.cards import SCHEMAS, Card, all_cards
from pipelines.tables.lake import Lake
from pipelines.tables.lineage import reads
from pipelines.tables.sql import create_from_card
from pipelines.tables.warehouse import STATE, EngineLost, comment, content_of, record_state, state_of

RUN = CliRunner()
SERVICES = "core.services"


class Recording(InDuckDB):
    """DuckDB, and a list of what it was asked for."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        super().__init__(con)
        self.asked: list[tuple[str, str]] = []

    def runs(self, card: Card) -> list[str]:
        self.asked.append(("runs", card.table))
        return super().runs(card)

    def make(self, card: Card, mark: str, runs: Sequence[str]) -> None:
        self.asked.append(("make", card.table))
        super().make(card, mark, runs)

    def check(self, card: Card, check_grain: bool = True) -> int:
        self.asked.append(("check", card.table))
        return super().check(card, check_grain)

    def content(self, card: Card) -> str:
        self.asked.append(("content", card.table))
        return super().content(card)


def warehouse_for(card: Card) -> duckdb.DuckDBPyConnection:
    """A warehouse with the tables that one reads, all of them empty."""
    con = duckdb.connect()
    con.execute(STATE)
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    for table in reads(card):
        create_from_card(con, all_cards()[table])
    return con


@pytest.mark.parametrize("is_by_force", [True, False])
def test_a_table_is_made_by_the_engine_that_is_given(is_by_force: bool) -> None:
    of_select = (c for c in all_cards().values() if c.schema == "core" and c.is_select)
    card = next(c for c in of_select if c.by_force == is_by_force and not (c.method or c.incremental_source))
    con = warehouse_for(card)
    for table in {t for t in reads(card) if t.startswith("raw.")}:
        for column in ("delivery_ref varchar", "line_number bigint", "period varchar"):
            con.execute(f"alter table {table} add column if not exists {column}")
    engine = Recording(con)
    made = build_table(con, card, engine=engine)
    steps = ["runs"] * is_by_force + ["make", "check", "content"]
    assert engine.asked == [(step, card.table) for step in steps] and not made.was_current
    # the same table as without an engine of its own
    content = content_of(con, card)
    con.execute("delete from build.table_states")
    build_table(con, card)
    assert content_of(con, card) == content
    engine.asked.clear()
    assert build_table(con, card, engine=engine).was_current and engine.asked == []


def test_an_engine_that_has_gone_ends_the_build_and_withholds_no_table() -> None:
    assert withheld.must_stop(EngineLost("Spark has gone"))
    assert not withheld.must_stop(RuntimeError("a fault of one table"))


# ---- what is said before a build on Spark ----------------------------------------------------------------------


@pytest.fixture
def spark_is_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An environment that seems to have Spark and Java; returns the folder of Java."""
    monkeypatch.setattr(importlib.metadata, "version", lambda package: "4.3.0")
    return java_of(tmp_path, monkeypatch, 'openjdk version "17.0.21" 2026-10-20')


def java_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, said: str) -> Path:
    java = tmp_path / "jdk" / "bin" / "java"
    java.parent.mkdir(parents=True, exist_ok=True)
    java.write_text(f"#!/bin/sh\necho '{said}' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "jdk"))
    return tmp_path / "jdk"


def said_by_build(tmp_path: Path, *options: str) -> str:
    """What `stra build --engine spark` says and does not do."""
    (tmp_path / "data").mkdir(exist_ok=True)
    home = tmp_path / "home"
    said = RUN.invoke(
        cli.app, ["build", "--data", str(tmp_path / "data"), "--home", str(home), "--engine", "spark", *options]
    )
    assert said.exit_code == 2 and not home.exists(), said.output
    return " ".join(said.output.split())


def test_an_environment_without_spark_is_sent_to_make_spark(
    tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.metadata, "version", lambda package: "3.5.1")
    assert "saw pyspark 3.5.1; expected 4.3" in said_by_build(tmp_path)

    def none(package: str) -> str:
        raise importlib.metadata.PackageNotFoundError(package)

    monkeypatch.setattr(importlib.metadata, "version", none)
    assert "pyspark is not in this environment. Run make spark" in said_by_build(tmp_path)


@pytest.mark.parametrize(
    ("version", "words"),
    [
        ('openjdk version "11.0.2"', "saw Java 11 at"),
        ('java version "1.8.0_292"', "saw Java 8 at"),
        ("nothing", "saw no version"),
    ],
)
def test_a_java_that_spark_does_not_run_on_is_named(
    version: str, words: str, tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java_of(tmp_path, monkeypatch, version)
    said = said_by_build(tmp_path)
    assert words in said and "expected Java 17 or 21" in said and "default-jre-headless" in said


def test_no_java_is_said(tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert "no Java was found; expected Java 17 or 21" in said_by_build(tmp_path)


def test_a_master_or_a_lake_that_cannot_be_used_is_said_before_anything_is_written(
    tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(masters, "LONGEST_CALL", 1)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))  # bound and not listening: nothing answers
        nobody = f"spark://127.0.0.1:{free.getsockname()[1]}"
        assert f"--spark-master {nobody}: nothing answers there" in said_by_build(tmp_path, "--spark-master", nobody)
        free.listen()
        assert "expected --lake with the folder that this machine and all workers see" in said_by_build(
            tmp_path, "--spark-master", nobody
        )
    for master in (
        "mesos://host:5050",
        "sc://host",
        "local[0]",
        "spark://host:70000",
        "spark://host",
        "k8s://host:443",
    ):
        assert f"saw {master!r}; expected local[NUMBER]" in said_by_build(tmp_path, "--spark-master", master)
    (tmp_path / "file").touch()
    (tmp_path / "a*b").mkdir()
    for lake in ("relative", str(tmp_path / "not there"), str(tmp_path / "file"), str(tmp_path / "a*b")):
        assert "expected the whole path of a folder that is there" in said_by_build(tmp_path, "--lake", lake)

    def refused(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    (tmp_path / "lake").mkdir()
    monkeypatch.setattr(ready.tempfile, "TemporaryFile", refused)
    assert "this account cannot write there (Permission denied)" in said_by_build(
        tmp_path, "--lake", str(tmp_path / "lake")
    )


@pytest.fixture
def conf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The site's own settings: none of them yet."""
    for name in ("HADOOP_CONF_DIR", "YARN_CONF_DIR", masters.TOKEN):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SPARK_CONF_DIR", str(tmp_path))
    monkeypatch.setattr(masters, "LONGEST_CALL", 1)
    return tmp_path / "spark-defaults.conf"


@pytest.mark.parametrize(
    ("master", "settings", "words"),
    [
        ("yarn", "", "expected HADOOP_CONF_DIR or YARN_CONF_DIR with the folder of yarn-site.xml; saw neither"),
        ("yarn", "spark.submit.deployMode cluster", "saw 'cluster' in spark-defaults.conf; expected client"),
        ("k8s://https://host:6443", "spark.submit.deployMode=cluster", "a build is itself the driver"),
        ("k8s://https://host:6443", "", "expected spark.kubernetes.container.image in spark-defaults.conf"),
        (
            "k8s://https://127.0.0.1:1",
            "# a note\nspark.kubernetes.container.image = us/spark:4",
            "nothing answers there",
        ),
        (
            "k8s://http://host:80",
            "",
            "expected local[NUMBER], local[*], spark://HOST:PORT, sc://HOST:PORT, k8s://https://",
        ),
        ("sc://far.example:15002", "", "would travel in clear. Give sc://far.example:15002/;use_ssl=true"),
        ("sc://10.0.0.1:15002/;use_ssl=false", "", "rows of people would travel in clear"),
        ("sc://localhost:15002", "", "expected SPARK_CONNECT_AUTHENTICATE_TOKEN in the environment; there is none"),
        ("sc://[::1]:15002/", "", "Start the server with one and give this build the same"),
        ("sc://far.example:15002/;use_ssl=true", "", "expected SPARK_CONNECT_AUTHENTICATE_TOKEN"),
        ("sc://localhost:70000", "", "saw 'sc://localhost:70000'; expected"),
    ],
)
def test_what_can_be_seen_of_a_master_is_said_before_anything_is_written(
    master: str, settings: str, words: str, conf: Path, tmp_path: Path, spark_is_here: Path
) -> None:
    conf.write_text(settings)
    assert words in said_by_build(tmp_path, "--spark-master", master)


def test_a_folder_of_yarn_without_its_list_is_named(
    conf: Path, tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("YARN_CONF_DIR", str(tmp_path))
    words = f"saw {tmp_path} without that file. Set it to a copy of the cluster's own settings"
    assert words in said_by_build(tmp_path, "--spark-master", "yarn")
    (tmp_path / "yarn-site.xml").touch()
    assert "expected --lake with the folder" in said_by_build(tmp_path, "--spark-master", "yarn")


@pytest.mark.parametrize(
    "master",
    [
        "sc://localhost:15002/;token=S3CRET", "sc://localhost:15002/;use_ssl=true;token=S3CRET",
        "sc://localhost:15002/;TOKEN=S3CRET;use_ssl=true", "sc://me:S3CRET@localhost:15002", "sc://localhost;token=S3CRET",
        "SC://localhost:15002/;token=S3CRET", "sc://localhost:15002/?token=S3CRET", "spark://me:S3CRET@host:7077",
        "sc://localhost:15002/S3CRET", "k8s://https://S3CRET@host:6443",
    ],
)  # fmt: skip
def test_no_secret_of_an_address_is_said(master: str, conf: Path, tmp_path: Path, spark_is_here: Path) -> None:
    said = said_by_build(tmp_path, "--spark-master", master)
    assert "S3CRET" not in said and ("--spark-master" in said)


def test_a_token_comes_from_the_environment_and_java_is_not_needed_for_a_server(
    conf: Path, tmp_path: Path, spark_is_here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    monkeypatch.setenv(masters.TOKEN, "S3CRET")
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        address = f"sc://127.0.0.1:{server.getsockname()[1]}"
        said = said_by_build(tmp_path, "--spark-master", address)
        assert "nothing answers there" in said and "Start the server, or correct the address" in said
        server.listen()
        said = said_by_build(tmp_path, "--spark-master", address)
        assert "expected --lake with the folder" in said and "S3CRET" not in said
        (tmp_path / "lake").mkdir()
        ready.check_all(f"{address}/;use_ssl=true", tmp_path / "lake", tmp_path / "home")


def test_a_kind_of_cluster_that_we_have_not_tried_is_said_to_be_so() -> None:
    for master in ("yarn", "k8s://https://host:6443"):
        assert f"{master}: no cluster of this kind was tried by us" in Choice("spark", master).note()
    for master in ("local[2]", "spark://host:7077", "sc://host:15002"):
        assert Choice("spark", master).note() == ""


def test_options_of_spark_without_spark_are_wrong_use(tmp_path: Path) -> None:
    for options in (["--lake", "/tmp"], ["--spark-master", "local[2]"]):
        said = RUN.invoke(cli.app, ["build", "--data", str(tmp_path), "--home", str(tmp_path / "h"), *options])
        assert said.exit_code == 2 and "--engine spark" in said.output


def test_what_is_ready_is_not_complained_of(tmp_path: Path, spark_is_here: Path) -> None:
    (tmp_path / "lake").mkdir()
    ready.check_all("local[2]", tmp_path / "lake", tmp_path / "home")
    ready.check_all("local[*]", None, tmp_path / "home")
    with pytest.raises(EngineNotReady, match="expected a path without any of"):
        ready.check_all("local[*]", None, tmp_path / "100%")


# ---- the lake --------------------------------------------------------------------------------------------------


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a lake of its own, noted in it."""
    home = tmp_path / "home"
    lake = lakes.lake_of(home, None)
    lake.folder.mkdir(parents=True)
    lakes.note(home, lake, lake.folder / ".local-1")
    return home


def written(lake: Lake, place: Path, text: str = "rows") -> None:
    with lake.writing(place) as fresh:
        (fresh / "rows.parquet").write_text(text)


def test_a_folder_of_the_lake_is_whole_or_not_there(home: Path) -> None:
    lake = Lake(home / lakes.OWN)
    place = lake.made("core.crimes", "mark")

    def half() -> None:
        with lake.writing(place) as fresh:
            (fresh / "rows.parquet").write_text("half")
            raise RuntimeError("the worker was killed")

    with pytest.raises(RuntimeError, match="was killed"):
        half()
    assert not place.exists() and list(place.parent.iterdir()) == []
    left = place.with_name(f"{lakes.UNFINISHED}mark")  # of a build that was killed
    left.mkdir()
    (left / "old.parquet").touch()
    written(lake, place)
    assert [path.name for path in place.iterdir()] == ["rows.parquet"] and not left.exists()


def test_what_no_table_has_any_more_is_removed_from_the_lake(home: Path) -> None:
    con = duckdb.connect()
    con.execute(STATE)
    lake = Lake(home / lakes.OWN)
    record_state(con, "core.crimes", "now", 1, 0.0)
    state = lakes.state_row(con, "memory", "core.crimes")
    kept = [lake.made("core.crimes", "now"), lake.given("core.crimes", state)]
    record_state(con, "core.crimes", "now", 1, 0.0, "other rows")
    gone = [lake.made("core.crimes", "before"), lake.given("core.crimes", state), lake.made("core.gone", "now")]
    kept[1] = lake.given("core.crimes", lakes.state_row(con, "memory", "core.crimes"))
    for place in (*kept, *gone):
        written(lake, place)
    (lake.folder / ".local-1").mkdir()  # of a build that may be running
    lakes.tidy(home, con)
    assert [place.is_dir() for place in (*kept, *gone)] == [True, True, False, False, False]
    assert (lake.folder / ".local-1").is_dir()


def with_view(home: Path) -> tuple[duckdb.DuckDBPyConnection, Path]:
    """A warehouse whose table of services is a view over a file of the lake."""
    con = duckdb.connect()
    con.execute(STATE)
    con.execute("create schema core; create schema raw; create schema reference")
    place = Lake(home / lakes.OWN).made(SERVICES, "mark")
    card = all_cards()[SERVICES]
    create_from_card(con, card)
    place.mkdir(parents=True, exist_ok=True)
    con.execute(f"copy {SERVICES} to '{place / 'rows.parquet'}' (format parquet)")
    con.execute(f"drop table {SERVICES}")
    con.execute(f"create view {SERVICES} as select * from read_parquet('{place / '*.parquet'}')")
    record_state(con, SERVICES, "mark", 0, 0.0)
    return con, place


def kind_of(con: duckdb.DuckDBPyConnection) -> str:
    found = con.execute("select table_type from information_schema.tables where table_name = 'services'").fetchall()
    return str(found[0][0]) if found else "gone"


def test_a_view_over_files_that_are_gone_is_forgotten_so_that_the_table_is_made_again(home: Path) -> None:
    con, place = with_view(home)
    lakes.forget_lost(home, con)
    assert (kind_of(con), state_of(con, SERVICES) is not None) == ("VIEW", True)
    place.rename(place.with_name("moved"))
    lakes.forget_lost(home, con)
    assert (kind_of(con), state_of(con, SERVICES)) == ("gone", None)


def test_a_view_over_the_lake_of_a_home_that_was_moved_is_forgotten(home: Path) -> None:
    con, _ = with_view(home)
    moved = home.rename(home.with_name("moved"))
    lakes.forget_lost(moved, con)
    assert kind_of(con) == "gone"


def test_a_table_takes_the_place_of_a_view_whoever_makes_it(home: Path) -> None:
    card = all_cards()[SERVICES]
    con, _ = with_view(home)
    InDuckDB(con).make_empty(card)
    assert kind_of(con) == "BASE TABLE"
    con, _ = with_view(home)
    InDuckDB(con).write(card, con.sql(f"select * from {SERVICES}").pl())
    assert kind_of(con) == "BASE TABLE"
    con, _ = with_view(home)
    engine = InDuckDB(con)
    withheld.fail(con, card, "no reason")
    assert kind_of(con) == "BASE TABLE"
    engine.make_empty(card)  # the engine knew the view
    assert kind_of(con) == "BASE TABLE"
    con, _ = with_view(home)
    comment(con, card, is_view=True)


def test_rows_that_stay_in_the_lake_are_a_setting() -> None:
    assert (most_rows_taken_home({}), most_rows_taken_home({LEFT: "0"})) == (1_000_000, 0)
    with pytest.raises(MachineSettingWrong, match="STRA_LAKE_ROWS: saw 'many'; expected a whole number of rows"):
        most_rows_taken_home({LEFT: "many"})


def test_an_erasure_reaches_the_lake_of_the_home(home: Path, tmp_path: Path) -> None:
    lake = Lake(home / lakes.OWN)
    written(lake, lake.made("core.people", "mark"))
    erasure.remove_traces(home)
    assert not lake.folder.exists()
    # elsewhere, and out of reach: said, and not passed over
    (tmp_path / "shared").mkdir()
    other = lakes.lake_of(home, tmp_path / "shared")
    other.folder.mkdir()
    lakes.note(home, other, other.folder / ".local-1")
    written(other, other.made("core.people", "mark"))
    (tmp_path / "shared").rename(tmp_path / "away")
    with pytest.raises(OSError, match="may hold records of people; make it reachable"):
        erasure.remove_traces(home)
    (tmp_path / "away").rename(tmp_path / "shared")
    erasure.remove_traces(home)
    assert not other.folder.exists() and (tmp_path / "shared").is_dir()


def test_two_homes_share_a_folder_and_no_table(tmp_path: Path) -> None:
    folders = {lakes.lake_of(tmp_path / name, tmp_path / "shared").folder for name in ("a", "b")}
    assert len(folders) == 2 and {folder.parent for folder in folders} == {tmp_path / "shared"}


@pytest.mark.parametrize(
    ("select", "in_spark"),
    [
        (
            "select * exclude (force_code) from warehouse.core.t where force_code = getvariable('one_force')",
            "SELECT * EXCEPT (force_code) FROM whole__core__t AS t WHERE force_code = 'kent'",
        ),
        (
            (
                "select * from warehouse.core.t anti join (select crime_ref from warehouse.core.crimes where force_code"
                " is distinct from getvariable('one_force')) using (crime_ref)"
            ),
            (
                "SELECT * FROM whole__core__t AS t ANTI JOIN (SELECT crime_ref FROM whole__core__crimes AS crimes WHERE"
                " force_code IS DISTINCT FROM 'kent') USING (crime_ref)"
            ),
        ),
        (
            "select m.a from warehouse.core.t as m left join warehouse.core.u as f on getvariable('one_force') = f.x",
            "SELECT m.a FROM whole__core__t AS m LEFT JOIN whole__core__u AS f ON 'kent' = f.x",
        ),
    ],
)
def test_the_rows_of_one_force_are_the_same_rows_in_spark(select: str, in_spark: str) -> None:
    assert of_run(select, "warehouse", "kent") == in_spark
