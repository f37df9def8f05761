"""A build on a cluster of two workers, whose parts are killed: in the environment of `make spark` alone.

One machine stands for all. That rows of people travel between machines encrypted is a setting of the site, which the
cluster of these tests has.
"""

import re
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import duckdb
import pytest
from compare_engines import differences
from compare_homes import compare
from conftest import InventedForce
from kept_homes import copied
from street_home import copy_street_home, write_month

from pipelines.engines.workers import NETWORK, WITHOUT
from pipelines.publication.publish import UNFINISHED as UNFINISHED_COPY
from pipelines.tables.cards import AUDIENCES, ROOT
from pipelines.tables.lake import UNFINISHED

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
from spark_cluster import LONGEST, PLAIN, WIDE, Cluster, Run, cluster, executors_of, kill, running, wait

pytestmark = [
    pytest.mark.slow,
    pytest.mark.kill,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
FLOATS = 1e-9
TABLES = ["core.outcome_times", "core.pair_conduct_facts", "metrics.dyad_timeline"]
KEYS = re.compile(rb"INV-[A-Z][0-9]{6}")  # people, crimes and all else that the invented force names


@contextmanager
def made(spark: Cluster, folder: Path, truth: InventedForce, tables: Sequence[str]) -> Iterator[Run]:
    """The run that makes tables on the cluster in a copy of a warehouse; they must be equal to DuckDB's at the end."""
    lake, home = folder / "lake", folder / "home"
    home.mkdir(parents=True)
    lake.mkdir()
    shutil.copyfile(truth.home / "warehouse.duckdb", home / "warehouse.duckdb")
    script = ROOT / "tests" / "tools" / "spark_tables.py"
    with running(spark, folder / "said", script, home, spark.url, lake, *tables) as run:
        yield run
        assert run.ended() == 0, run.said
    assert f"ran the SELECTs of {len(tables)} tables; DuckDB ran those of 0" in run.said
    with duckdb.connect() as con:
        con.execute(f"set timezone = 'UTC'; attach '{truth.home / 'warehouse.duckdb'}' as truth (read_only)")
        con.execute(f"attach '{home / 'warehouse.duckdb'}' as here (read_only)")
        for table in tables:
            assert differences(con, f"select * from truth.{table}", f"select * from here.{table}") == "", table
    assert torn(lake) == []


def torn(lake: Path) -> list[Path]:
    """What stands in a lake and is not whole: under a name of its own, or without the file that Spark writes last."""
    folders = [place for place in lake.glob("*/[!.]*/[!.]*") if place.is_dir()]
    runs = [run for place in folders for run in place.iterdir() if not place.name.startswith("given-")]
    unfinished = [path for path in lake.rglob(f"{UNFINISHED}*") if path.is_dir()]
    return unfinished + [run for run in runs if not (run / "_SUCCESS").is_file() or (run / "_temporary").exists()]


def parquets(home: Path) -> list[Path]:
    """The deliveries of a home, the one that is being written included."""
    return list((home / "raw").glob("*/*.parquet"))


def is_publishing(home: Path) -> bool:
    """Whether a copy is being written."""
    return any((home / "published" / "copies").glob(f"*/{UNFINISHED_COPY}*"))


@pytest.fixture(scope="module")
def wide(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A cluster on which every join is a shuffle."""
    with cluster(tmp_path_factory.mktemp("wide") / "cluster", settings={**WIDE, **PLAIN}) as made:
        yield made


def test_tables_made_on_a_cluster_are_equal_and_workers_leave_no_key_in_clear(
    wide: Cluster, tmp_path: Path, invented_force: InventedForce
) -> None:
    seen, in_clear = set[str](), set[Path]()

    def look() -> None:
        for path in wide.left_by_workers:
            with suppress(OSError):  # removed meanwhile
                seen.add(path.name)
                if KEYS.search(path.read_bytes()):
                    in_clear.add(path)

    def has_ended(run: Run) -> bool:
        look()
        return run.process.poll() is not None

    with made(wide, tmp_path, invented_force, TABLES) as run:
        wait(lambda: has_ended(run), "the tables", LONGEST)
    look()
    shuffles = [name for name in seen if name.startswith("shuffle_") and name.endswith(".data")]
    assert len(shuffles) > 10 and "stderr" in seen and in_clear == set()


def test_keys_are_found_where_nothing_is_encrypted(wide: Cluster, tmp_path: Path) -> None:
    """Else the test before could not fail."""
    script = tmp_path / "script.py"
    script.write_text(
        "import sys\nfrom pathlib import Path\nfrom pipelines.engines import spark\n"
        "session = spark.start(sys.argv[1], {'spark.io.encryption.enabled': 'false'})\n"
        "rows = session.range(1000).selectExpr(\"concat('INV-P', 10000000 + id) as person_key\")\n"
        "rows.repartition(2).write.parquet(sys.argv[2])\nprint('written', flush=True)\nsys.stdin.read()\n"
    )
    with running(wide, tmp_path / "said", script, wide.url, tmp_path / "out") as run:
        wait(lambda: "written" in run.said or run.process.poll() is not None, "rows", LONGEST)
        assert any(KEYS.search(path.read_bytes()) for path in wide.left_by_workers), run.said


def test_a_worker_that_is_killed_in_the_middle_of_a_join_is_done_without(
    wide: Cluster, tmp_path: Path, invented_force: InventedForce
) -> None:
    with made(wide, tmp_path, invented_force, TABLES[:2]) as run:
        wait(lambda: wide.has_shuffled(1) or run.process.poll() is not None, "a shuffle", LONGEST)
        assert "made" not in run.said and len(executors_of(wide.workers[1])) == 1
        kill(wide.workers[1])
    assert "Lost executor" in run.said
    assert len(executors_of(wide.workers[0])) == 0, "the other is free again"


def test_a_cluster_on_which_rows_travel_in_clear_is_refused(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    write_month(data, "2024-01", 5)
    (tmp_path / "lake").mkdir()
    with cluster(tmp_path / "cluster", workers=0, settings={"spark.authenticate": "", NETWORK: ""}) as spark:
        build = ("-m", "pipelines.commands.cli", "build", "--data", data, "--home", home, "--engine", "spark")
        with running(spark, tmp_path / "said", *build, "--spark-master", spark.url, "--lake", tmp_path / "lake") as run:
            assert run.ended() == 1, run.said
    assert f"stra: --spark-master {spark.url}: rows of people would travel in clear" in run.said
    assert not home.exists()


def test_a_build_goes_on_whatever_is_killed(tmp_path: Path) -> None:
    """A worker in intake, the build, both workers, the master, workers in publication: in turn, on one home."""
    data, home = copy_street_home(tmp_path)
    write_month(data, "2024-01", 40)
    truth = copied(home, tmp_path / "truth")
    delivered = len(parquets(home))
    lake = tmp_path / "lake"
    lake.mkdir()
    build = ("-m", "pipelines.commands.cli", "build", "--data", data, "--home")
    published = [(home / "published" / audience).readlink() for audience in AUDIENCES]

    def is_untouched() -> bool:
        return [(home / "published" / audience).readlink() for audience in AUDIENCES] == published

    def finished() -> dict[Path, int]:
        """The tables that Spark has made, each with what tells its folder from another of the same name."""
        places = [place for place in lake.glob("*/[!.]*/[!.]*") if not place.name.startswith("given-")]
        return {place: place.stat().st_ino for place in places}

    with cluster(tmp_path / "cluster", settings={WITHOUT: "10"}) as spark:
        on_spark = (*build, home, "--engine", "spark", "--spark-master", spark.url, "--lake", lake)
        with running(spark, tmp_path / "truth.log", *build, truth) as run:
            assert run.ended() == 0, run.said

        # a worker is killed while files are taken in, then the build while tables are made
        with running(spark, tmp_path / "1.log", *on_spark) as run:
            wait(lambda: len(parquets(home)) > delivered or run.process.poll() is not None, "intake", LONGEST)
            assert finished() == {}
            kill(spark.workers[0])
            wait(lambda: len(finished()) >= 4 or run.process.poll() is not None, "four tables", LONGEST)
            run.process.kill()
            assert run.ended() == -9, run.said
            wait(lambda: not any(map(executors_of, spark.workers)), "the workers to be free again")
        first = finished()
        assert len(first) >= 4 and is_untouched()
        assert [path for path in torn(lake) if not any(part.startswith(UNFINISHED) for part in path.parts)] == []

        # both workers are killed
        spark.start_worker()
        with running(spark, tmp_path / "2.log", *on_spark) as run:
            wait(lambda: len(finished()) >= len(first) + 3 or run.process.poll() is not None, "three more", LONGEST)
            for worker in spark.workers:
                kill(worker)
            assert run.ended() == 1, run.said
        assert "stra: Spark has had no worker for 10 seconds. Tables that are made are kept: start workers" in run.said
        assert not re.search(r"Traceback|\tat org\.apache", run.said) and is_untouched() and torn(lake) == []
        second = finished()
        assert first.items() <= second.items(), "what was finished was made again"

        # the master is killed: the workers that it has given go on, until they are killed while copies are published
        spark.start_worker()
        spark.start_worker()
        with running(spark, tmp_path / "3.log", *on_spark) as run:
            wait(lambda: len(finished()) >= len(second) + 3 or run.process.poll() is not None, "three more", LONGEST)
            assert spark.master is not None
            kill(spark.master)
            wait(lambda: is_publishing(home) or run.process.poll() is not None, "publication", LONGEST)
            assert run.process.poll() is None and is_untouched()
            for worker in spark.workers:
                kill(worker)
            assert run.ended() == 0, run.said
        third = finished()
        said = re.search(r"Spark at \S+ ran the SELECTs of ([0-9]+) tables", run.said)
        assert said is not None and int(said[1]) >= len(third) - len(second) > 3
        assert second.items() <= third.items() and torn(lake) == []
        assert compare(truth, home, tolerance=FLOATS) == (0, [])

        # nothing answers
        published = [(home / "published" / audience).readlink() for audience in AUDIENCES]
        write_month(data, "2024-02", 30)
        with running(spark, tmp_path / "4.log", *on_spark) as run:
            assert run.ended() == 2, run.said
        assert "nothing answers there" in run.said and "Start the master, or correct the address" in run.said
        assert is_untouched() and third == finished()
