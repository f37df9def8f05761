"""Compare the SELECTs of tables in Spark with DuckDB's, value by value: `.venv-spark/bin/python
tests/tools/compare_engines.py HOME WORK [TABLE ...]`.

HOME is a built home. The true inputs of each table of core and metrics go from its warehouse to WORK as Parquet. The
translated SELECT runs over them in Spark, and the SELECT of the file in DuckDB. Floats are equal to a relative 1e-9,
everything else exactly. Prints equal, differs or fails for each table, and the numbers of them at the end.
"""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from pipelines.engines.translation import for_spark
from pipelines.tables import forces
from pipelines.tables.cards import FORCE, Card, all_cards
from pipelines.tables.named_tables import tables_of_sql
from pipelines.tables.sql import select_of

if TYPE_CHECKING:
    from pipelines.engines import spark

TOLERANCE = 1e-9
LONGEST = 600  # seconds of a table, which is cancelled then
WORDS = 400  # of a failure that are printed
# for many small tables: compiling their plans would take longer than running them
SMALL = {
    "spark.sql.shuffle.partitions": "1",
    "spark.driver.memory": "2g",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
}


def tables() -> list[Card]:
    """The tables whose SELECT an engine may run."""
    return [c for c in all_cards().values() if is_of_engine(c)]


def is_of_engine(card: Card) -> bool:
    """Whether a table is a SELECT of core or metrics that is made whole."""
    return card.schema in ("core", "metrics") and card.is_select and card.incremental_source is None


class Comparison:
    """One session of Spark beside a copy of a warehouse, and the files that both read."""

    def __init__(self, home: Path, work: Path) -> None:
        from pipelines.engines import spark

        work.mkdir(parents=True, exist_ok=True)
        # a copy, which can be opened for writing: the views of one force need that
        shutil.copyfile(home / "warehouse.duckdb", work / "warehouse.duckdb")
        self.work = work
        self.con = duckdb.connect(str(work / "warehouse.duckdb"))
        self.con.execute("set timezone = 'UTC'; set memory_limit = '1GB'")
        self.engine = spark.Spark(spark.start("local[2]", SMALL))

    def of(self, card: Card) -> Iterator[tuple[str, str, str]]:
        """(force or '', equal or differs or fails, what is wrong) of a table, for each force where it goes by force."""
        for run in forces.rows_by_force(self.con, card) if card.by_force else [""]:
            yield run, *compared(self.con, self.engine, card, run, self.work)

    def stop(self) -> None:
        """End the session."""
        self.engine.stop()
        self.con.close()


def main(arguments: list[str]) -> int:
    """Print the comparison; 1 if a table differs or fails."""
    home, work, *wanted = arguments
    comparison = Comparison(Path(home), Path(work))
    counts: Counter[str] = Counter()
    try:
        for card in tables():
            started = time.monotonic()
            for run, verdict, words in comparison.of(card) if not wanted or card.table in wanted else ():
                counts[verdict] += 1
                print(f"{verdict:8}{card.table} {run} {time.monotonic() - started:.1f} s {words}".rstrip(), flush=True)
    finally:
        comparison.stop()
    print(", ".join(f"{count} {verdict}" for verdict, count in sorted(counts.items())))
    return 1 if counts.keys() - {"equal"} else 0


def compared(con: duckdb.DuckDBPyConnection, engine: spark.Spark, card: Card, run: str, work: Path) -> tuple[str, str]:
    """(equal, differs or fails, what is wrong) of one table, for one force if it goes by force."""
    out = work / "out" / f"{card.table}{run}"
    shutil.rmtree(out, ignore_errors=True)
    if run:
        con.execute(f"set variable {forces.VIEWS} = '{run}'")
    for table in sorted(tables_of_sql(card)):
        name = f"{forces.VIEWS}.{table}" if run else table
        file = work / "in" / f"{table}{run and '.' + run}.parquet"
        if not file.exists():
            file.parent.mkdir(parents=True, exist_ok=True)
            kinds = {name: kind for name, kind, *_ in con.execute(f"describe {name}").fetchall()}
            con.execute(f"copy (select {for_spark(kinds)} from {name}) to '{file}.part' (format parquet)")
            os.replace(f"{file}.part", file)
        try:
            engine.read(table, [file])
        except Exception as problem:
            return "fails", f"{table} cannot be read: " + " ".join(str(problem).split())[:WORDS]
    home = con.execute("select current_database()").fetchall()[0][0]
    con.execute(f"use {forces.VIEWS}" if run else f"use {home}")
    columns = {name: kind for name, kind, *_ in con.execute(f"describe {select_of(card)}").fetchall()}
    if not card.method:
        columns = {name: kind for name, kind in types_of(card).items() if name in columns}
    casts = ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
    con.execute(f"create or replace temp table of_duckdb as select {casts} from ({select_of(card)})")
    con.execute(f"use {home}")
    too_long = threading.Timer(LONGEST, engine.session.sparkContext.cancelAllJobs)
    too_long.start()
    try:
        engine.select(card, columns).coalesce(1).write.parquet(str(out))
    except Exception as problem:
        return "fails", " ".join(str(problem).split())[:WORDS]
    finally:
        too_long.cancel()
    own = "select * from temp.of_duckdb"
    words = differences(con, own, f"select {casts} from read_parquet('{out}/*.parquet')")
    return ("differs", words) if words else ("equal", "")


def types_of(card: Card) -> dict[str, str]:
    """Column -> type, of what a table's SELECT gives."""
    return {c.name: c.type for c in card.columns if not (card.is_force_added and c.name == FORCE)}


def differences(con: duckdb.DuckDBPyConnection, one: str, other: str) -> str:
    """How two queries differ, in words; '' if they do not."""
    described = [con.execute(f"describe {query}").fetchall() for query in (one, other)]
    left, right = ({name: kind for name, kind, *_ in rows} for rows in described)
    if list(left) != list(right):
        return f"columns {list(left)} became {list(right)}"
    if moved := [f"{name} {left[name]} became {right[name]}" for name in left if left[name] != right[name]]:
        return f"types: {', '.join(moved)}"
    counts = [con.execute(f"select count(*) from ({query})").fetchall()[0][0] for query in (one, other)]
    if counts[0] != counts[1]:
        return f"{counts[0]} rows became {counts[1]}"
    exact = ", ".join(f'"{name}"' for name in left if left[name] not in ("DOUBLE", "FLOAT"))
    floats = [name for name in left if left[name] in ("DOUBLE", "FLOAT")]
    for a, b in ((one, other), (other, one)):
        if exact and (
            rows := con.execute(f"(select {exact} from ({a})) except all (select {exact} from ({b}))").fetchall()
        ):
            columns = _moved(con, a, b, [n for n in left if n not in floats])
            return f"{len(rows)} rows; {columns}; such as {rows[0]}"
    # rows in one order: the exact values, then floats as far as they must agree
    order = ", ".join([exact] * bool(exact) + [_rounded(name) for name in floats])
    if not floats:
        return ""
    rows_a = con.execute(f"select {', '.join(map(_quoted, floats))} from ({one}) order by {order}").fetchall()
    rows_b = con.execute(f"select {', '.join(map(_quoted, floats))} from ({other}) order by {order}").fetchall()
    for a_row, b_row in zip(rows_a, rows_b, strict=True):
        for name, a_value, b_value in zip(floats, a_row, b_row, strict=True):
            if not is_equal(a_value, b_value):
                return f"{name}: {a_value!r} became {b_value!r}"
    return ""


def _moved(con: duckdb.DuckDBPyConnection, a: str, b: str, names: list[str]) -> str:
    found = []
    for name in names:
        column = _quoted(name)
        if con.execute(f"(select {column} from ({a})) except all (select {column} from ({b})) limit 1").fetchall():
            found.append(name)
    return "columns " + (", ".join(found) or "together")


def _quoted(name: str) -> str:
    return f'"{name}"'


def _rounded(name: str) -> str:
    return f'cast("{name}" as float)'


def is_equal(a: float | None, b: float | None) -> bool:
    """Whether two numbers are as equal as engines must be."""
    if a is None or b is None:
        return a is b
    return a == b or (a != a and b != b) or abs(a - b) <= TOLERANCE * max(abs(a), abs(b), 1e-300)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
