"""How tables of Spark grow with crimes and shrink with workers: the same files on one worker of one core, and on two.

    .venv-spark/bin/python benchmarks/spark_scale.py --home HOME --copies 10 30 --work FOLDER [--share 0.5]

The true inputs of each table come from the warehouse of a built home. They are copied a number of times, each time with
other references of crimes, people and records, so that joins and windows are as in a home of that size. Lists and
deliveries are not copied. A table must have as many rows as the home's times the copies, else its line says so. Master
and workers run on this machine, and the driver of Spark is beside them: two workers share two cores with it.
DuckDB makes the same tables from the same files with two threads. Seconds are by the clock: leave the machine alone.
Processor seconds are those of the workers and their executors, or of DuckDB: other work changes them less.
Java uses more than the one core of a worker. `--share 0.5` holds each worker to half a core by a control group of the
kernel (version 1, as root), so that two workers and the driver fit on two cores.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "tools")]

from spark_cluster import Cluster, cluster

from pipelines.engines.translation import for_spark
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.named_tables import tables_of_sql
from pipelines.tables.sql import select_of

FACTS = ["core.outcome_times", "core.pair_conduct_facts", "core.suspect_events", "core.crimes"]
SKEWED = ["core.suspect_windows"]
KEYS = ("_ref", "_id", "_key")
NO_KEYS = {"delivery_ref", "run_ref", "series_ref", "scheme_ref"}  # of deliveries and lists, which are not copied
GROUPS, PERIOD = Path("/sys/fs/cgroup/cpu"), 100_000  # control groups of processors, and their period in microseconds
WORKERS = "SCALE_WORKERS"  # the process groups of the workers, for the driver
LARGE = {
    "spark.sql.shuffle.partitions": "16", "spark.sql.adaptive.enabled": "true", "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK", "spark.driver.extraJavaOptions": "",
    "spark.executor.extraJavaOptions": "-XX:+UseSerialGC", "spark.executor.memory": "5g", "spark.driver.memory": "3g",
}  # fmt: skip


def inputs(cards: list[Card]) -> list[str]:
    """The tables that these read."""
    return sorted({table for card in cards for table in tables_of_sql(card)})


def copy(con: duckdb.DuckDBPyConnection, table: str, copies: int, folder: Path) -> None:
    """Write the rows of a table, as often as asked if they are of records. A list keeps its length."""
    kinds = {name: kind for name, kind, *_ in con.execute(f"describe home.{table}").fetchall()}
    keys = [name for name, kind in kinds.items() if kind == "VARCHAR" and name.endswith(KEYS) and name not in NO_KEYS]
    if table.startswith("reference."):
        keys = []
    changed = ", ".join(f"{key} || '~' || copy as {key}" for key in keys)
    rows = f"select * exclude (copy) replace ({changed}) from home.{table}, range({copies}) as t (copy)" if keys else (
        f"select * from home.{table}"
    )  # fmt: skip
    folder.mkdir(parents=True)
    con.execute(
        f"copy (select {for_spark(kinds)} from ({rows})) to '{folder}' (format parquet, per_thread_output true,"
        " file_size_bytes '64MB', overwrite_or_ignore true)"
    )


Found = dict[str, tuple[float, float, int]]  # table -> seconds, processor seconds, rows


def on_spark(master: str, tables: list[str], place: Path, home: Path) -> Found:
    """What each table takes, made by a session of its own. The workers are those below the place."""
    from pipelines.engines import spark

    engine = spark.Spark(spark.start(master, {}))
    found: Found = {}
    workers = [int(word) for word in os.environ[WORKERS].split()]
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        for table in tables:
            card = all_cards()[table]
            for read in inputs([card]):
                engine.read(read, sorted((place / read).glob("*.parquet")))
            columns = {name: kind for name, kind, *_ in con.execute(f"describe {select_of(card)}").fetchall()}
            out = place / "out" / table
            shutil.rmtree(out, ignore_errors=True)
            began, used = time.monotonic(), processor_seconds(workers)
            engine.write(engine.select(card, columns), out)
            seconds, used = time.monotonic() - began, processor_seconds(workers) - used
            found[table] = seconds, used, engine.session.read.parquet(str(out)).count()
            print(table, *found[table], file=sys.stderr, flush=True)
    engine.stop()
    return found


def on_duckdb(tables: list[str], place: Path) -> Found:
    """What each table takes, with two threads."""
    found: Found = {}
    with duckdb.connect(str(place / "rival.duckdb"), config={"threads": 2, "memory_limit": "8GB"}) as con:
        con.execute("set timezone = 'UTC'; set preserve_insertion_order = false")
        for table in inputs([all_cards()[table] for table in tables]):
            schema = table.split(".")[0]
            con.execute(f"create schema if not exists {schema}")
            con.execute(f"create or replace view {table} as select * from read_parquet('{place / table}/*.parquet')")
        for table in tables:
            began, used = time.monotonic(), time.process_time()
            con.execute(f"create or replace temp table made as {select_of(all_cards()[table])}")
            seconds, used = time.monotonic() - began, time.process_time() - used
            found[table] = seconds, used, int(con.execute("select count(*) from made").fetchall()[0][0])
    return found


def processor_seconds(groups: list[int]) -> float:
    """What the processes of these groups have used so far, ended children included."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):  # it has ended meanwhile
            fields = stat.read_text().rpartition(")")[2].split()
            ticks += sum(map(int, fields[11:15])) if int(fields[2]) in groups else 0
    return ticks / os.sysconf("SC_CLK_TCK")


def of_workers(number: int, share: float | None, tables: list[str], place: Path, home: Path) -> Found:
    """The same on a cluster of its own."""
    shutil.rmtree(place / "cluster", ignore_errors=True)
    with cluster(place / "cluster", workers=number, settings=LARGE, memory="6g") as made:
        for worker in made.workers if share else ():
            hold(worker.pid, share or 1)
        found = _in_process(made, tables, place, home)
    for group in GROUPS.glob("scale-*"):
        with suppress(OSError):  # a process of it is ending still: the group is empty soon, and harms nothing
            group.rmdir()
    return found


def hold(worker: int, share: float) -> None:
    """Let a worker, and whatever it starts from now on, use so much of a core."""
    group = GROUPS / f"scale-{worker}"
    group.mkdir()
    (group / "cpu.cfs_period_us").write_text(str(PERIOD), encoding="utf-8")
    (group / "cpu.cfs_quota_us").write_text(str(round(PERIOD * share)), encoding="utf-8")
    (group / "cgroup.procs").write_text(str(worker), encoding="utf-8")


def _in_process(made: Cluster, tables: list[str], place: Path, home: Path) -> Found:
    command = [sys.executable, __file__, "--home", str(home), "--work", str(place), "--master", made.url, "--tables"]
    environment = {
        **made.environment, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests" / "tools")]),
        WORKERS: " ".join(str(worker.pid) for worker in made.workers),
    }  # fmt: skip
    done = subprocess.run([*command, *tables], check=True, stdout=subprocess.PIPE, text=True, env=environment)
    said: Found = json.loads(done.stdout.splitlines()[-1])
    return said


def main() -> None:
    """Print a row for each number of copies and table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--home", type=Path, required=True)
    parser.add_argument("--copies", type=int, nargs="+", default=[10])
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--share", type=float, help="of one core for each worker")
    parser.add_argument("--tables", nargs="+", default=[*FACTS, *SKEWED])
    parser.add_argument("--master", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.master:
        print(json.dumps(on_spark(asked.master, asked.tables, asked.work, asked.home)))
        return
    print("| crimes | table | rows | workers | seconds | processor seconds |")
    print("|--:|---|--:|---|--:|--:|")
    for copies in asked.copies:
        place = asked.work / str(copies)
        with duckdb.connect(config={"threads": 2, "memory_limit": "6GB"}) as con:
            con.execute(f"set timezone = 'UTC'; attach '{asked.home / 'warehouse.duckdb'}' as home (read_only)")
            for table in inputs([all_cards()[table] for table in asked.tables]):
                if not (place / table).is_dir():
                    copy(con, table, copies, place / table)
            count = {t: con.execute(f"select count(*) from home.{t}").fetchall()[0][0] for t in asked.tables}
            crimes = copies * int(con.execute("select count(*) from home.raw.crime").fetchall()[0][0])
        runs = {
            str(number): of_workers(number, asked.share, asked.tables, place, asked.home) for number in asked.workers
        }
        runs["DuckDB"] = on_duckdb(asked.tables, place)
        for table in asked.tables:
            # a list of the highest has one length at any volume
            rows = {found[table][2] for found in runs.values()}
            rows |= {copies * count[table]} if table in FACTS else set()
            words = f"{rows.pop():,}" if len(rows) == 1 else f"differ: {sorted(rows)}"
            for who, found in runs.items():
                seconds, used, _ = found[table]
                print(f"| {crimes:,} | {table} | {words} | {who} | {seconds:.1f} | {used:.1f} |", flush=True)


if __name__ == "__main__":
    main()
