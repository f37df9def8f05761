"""Spark as the engine: the SELECTs of core and metrics run there, over the files of the lake.

DuckDB is the catalogue. It gives Spark the tables that it made itself, takes home the rows that Spark made, and holds
them to their cards. A table of more rows than the setting allows stays in the lake, as a view; Spark checks its grain.
What the translation refuses runs in DuckDB, and the build says so at its end.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa

from assets.methods.spread import Work
from assets.readers.sql import literal
from pipelines.engines.engine import Method, Start
from pipelines.engines.in_duckdb import InDuckDB
from pipelines.engines.masters import is_local
from pipelines.engines.spark import Rows, Spark, start_in_time
from pipelines.engines.translation import NotTranslated, for_spark, name_in_spark, of_run, translated, with_all_rows
from pipelines.system.disk import make_private
from pipelines.system.machine import most_rows_taken_home
from pipelines.tables import forces
from pipelines.tables import lake as lakes
from pipelines.tables.cards import FORCE, Card
from pipelines.tables.lake import WHOLE, Lake
from pipelines.tables.lineage import named_by, reads
from pipelines.tables.sql import scalar, select_of
from pipelines.tables.warehouse import require_grain

OF_SPARK = ("core", "metrics")
# translated and right, but Spark takes minutes for what takes DuckDB seconds
SLOW = {"core.measure_disclosure_cells": "Spark takes minutes for it"}


@contextmanager
def started(home: Path, master: str, folder: Path | None) -> Iterator[Start]:
    """Spark, while it lasts. Raises EngineNotReady before anything is written into the home."""
    lake = lakes.lake_of(home, folder)
    if folder is None:
        make_private(home)
    make_private(lake.folder)
    # of this process alone: another build of the home may be running
    local = lake.folder / f"{lakes.LOCAL}{os.getpid()}"
    trial = lake.folder / f"{lakes.UNFINISHED}trial-{os.getpid()}"
    settings = {"spark.local.dir": str(local)} if is_local(master) else {}
    spark = Spark(start_in_time(master, settings))
    try:
        spark.try_out(master, trial)

        def start(con: duckdb.DuckDBPyConnection) -> InSpark:
            lakes.note(home, lake, local, trial)
            return InSpark(con, spark, lake, master)

        yield start
    finally:
        spark.stop()
        for left in (local, trial):
            shutil.rmtree(left, ignore_errors=True)


class InSpark(InDuckDB):
    """The engine of a build on a cluster."""

    def __init__(self, con: duckdb.DuckDBPyConnection, spark: Spark, lake: Lake, master: str) -> None:
        super().__init__(con)
        self.spread = self._spread
        self._parts = 0
        self._spark, self._lake, self._master = spark, lake, master
        self._home = str(scalar(con, "select current_database()"))
        self._run = ""  # the force whose rows names of tables mean
        self._most_rows = most_rows_taken_home()
        self._left: dict[str, Path] = {}  # table -> its folder in the lake, of those that stay there
        self._in_spark: set[str] = set()
        self._in_duckdb: dict[str, str] = {}  # table -> why

    @contextmanager
    def only(self, force: str) -> Iterator[None]:
        """While it lasts, names of tables mean the rows of one force."""
        with super().only(force):
            self._run = force
            try:
                yield
            finally:
                self._run = ""

    def make(self, card: Card, mark: str, runs: Sequence[str]) -> None:
        """Make a table from its SELECT in the lake, and take its rows home unless they are too many."""
        self._left.pop(card.table, None)
        query = self._query(card)
        if query is None:
            super().make(card, mark, runs)
            return
        place, columns = self._lake.made(card.table, mark), dict[str, str]()
        is_made = place.is_dir()  # by a build that was stopped before it could say so
        with nullcontext(place) if is_made else self._lake.writing(place) as fresh:
            for run in runs or [""]:
                with self.only(run) if run else nullcontext():
                    columns = columns or self._columns(card)
                    if not is_made:
                        self._spark.write(self._rows(card, query, columns), fresh / (run or WHOLE))
        self._take(card, place, columns)

    def make_by_row(self, card: Card, mark: str, method: Method) -> bool:
        """Make a table whose rows pass through its method on the workers, unless the translation refuses its SELECT."""
        self._left.pop(card.table, None)
        query = self._query(card)
        if query is None:
            return False
        place, columns = self._lake.made(card.table, mark), {c.name: c.type for c in card.columns}
        if not place.is_dir():
            with self._lake.writing(place) as fresh:
                rows = self._rows(card, query, self._columns(card))
                self._spark.write(self._spark.through(rows, method, columns), fresh / WHOLE)
        self._take(card, place, columns)
        return True

    def _take(self, card: Card, place: Path, columns: dict[str, str]) -> None:
        """Take the rows of a folder home, or leave them there if they are too many."""
        files = literal(str(place / "*" / "*.parquet"))
        rows = f"select {_casts(columns)} from read_parquet({files})"
        self._make_room(card)
        if int(scalar(self.con, f"select count(*) from read_parquet({files})")) <= self._most_rows:
            self.con.execute(f"create or replace table {card.table} as {rows}")
            return
        self._left[card.table] = place
        self.con.execute(f"drop table if exists {card.table}")
        self.con.execute(f"create view {card.table} as {rows}")
        self.views.add(card.table)

    def check(self, card: Card, check_grain: bool = True) -> int:
        """Row count of a table. The grain of one that stays in the lake is looked for in Spark."""
        if card.table not in self._left:
            return super().check(card, check_grain)
        rows = super().check(card, check_grain=False)
        if check_grain and card.grain:
            view, keys = with_all_rows(card.table), ", ".join(card.grain)
            kinds = {column.name: column.type for column in card.columns}
            self._spark.give(view, self._left[card.table], kinds)
            query = f"select {keys}, count(*) as n from {view} group by {keys} having count(*) > 1 limit 1"
            columns = {key: kinds[key] for key in card.grain} | {"n": "bigint"}
            require_grain(card, self._spark.fetch(self._spark.run(query, columns)).to_pylist())
        return rows

    def content(self, card: Card) -> str:
        """Hash of the rows of a table; of one that stays in the lake what they were made from."""
        return self._left[card.table].name if card.table in self._left else super().content(card)

    def add(self, card: Card, deliveries: Sequence[str]) -> None:
        """Add the rows of these deliveries, in DuckDB: most builds have few."""
        self._in_duckdb[card.table] = "it is kept by delivery"
        super().add(card, deliveries)

    def select(self, card: Card) -> pl.DataFrame:
        """The rows of a table's SELECT, in its order."""
        query = self._query(card)
        if query is None:
            return super().select(card)
        columns = self._columns(card)
        self.con.register("rows_of_spark", self._spark.fetch(self._rows(card, query, columns)))
        self.con.execute("set preserve_insertion_order = true")
        try:
            rows: pl.DataFrame = self.con.sql(f"select {_casts(columns)} from rows_of_spark").pl()
        finally:
            self.con.execute("set preserve_insertion_order = false")
            self.con.unregister("rows_of_spark")
        return rows

    def _spread(self, rows: pa.Table, keys: tuple[str, ...], parts: int, work: Work, columns: pa.Schema) -> pa.Table:
        """What work makes of rows in parts, on the workers."""
        self._parts += parts
        return self._spark.spread(rows, keys, parts, work, columns)

    def words(self) -> list[str]:
        """Where the SELECTs ran."""
        if not (self._in_spark or self._in_duckdb):
            return []
        listed = "; ".join(f"{table} ({why})" for table, why in sorted(self._in_duckdb.items()))
        words = f"Spark at {self._master} ran the SELECTs of {len(self._in_spark)} tables"
        found = [f"{words}; DuckDB ran those of {len(self._in_duckdb)}" + (f": {listed}" if listed else "")]
        if self._parts:
            found.append(f"Workers compared the records of people in {self._parts:,} parts")
        if self._left:
            names = ", ".join(sorted(self._left))
            found.append(f"Left in the lake, with more than {self._most_rows:,} rows each: {names}")
        return found

    def _query(self, card: Card) -> str | None:
        """The SELECT of a table in Spark's SQL; None if it runs in DuckDB."""
        if card.schema not in OF_SPARK:
            return None
        if card.table in SLOW:
            self._in_duckdb[card.table] = SLOW[card.table]
            return None
        try:
            query = translated(card)
        except NotTranslated as refused:
            self._in_duckdb[card.table] = str(refused)
            return None
        self._in_spark.add(card.table)
        return query

    def _columns(self, card: Card) -> dict[str, str]:
        """Column -> type in DuckDB, of what the SELECT of a table gives, with the force that a run adds."""
        seen = {name: kind for name, kind, *_ in self.con.execute(f"describe {select_of(card)}").fetchall()}
        return {FORCE: "varchar", **seen} if self._run and card.is_force_added and not card.method else seen

    def _rows(self, card: Card, query: str, columns: dict[str, str]) -> Rows:
        """The rows of a table's SELECT, for the run that lasts."""
        places = {table: self._give(table) for table in reads(card)}
        views = forces.views(self.con) if self._run else {}
        for table in named_by(card):
            name = with_all_rows(table)
            shown = of_run(views[table], self._home, self._run) if self._run else f"select * from {name}"
            read = sorted(str(places[other]) for other in places if with_all_rows(other) in shown)
            self._spark.define(name_in_spark(table), shown, " ".join(read))
        if self._run and card.is_force_added and not card.method:
            query = f"select {literal(self._run)} as {FORCE}, * from ({query})"
        return self._spark.run(query, columns)

    def _give(self, table: str) -> Path:
        """Give Spark all rows of a table; return their folder in the lake."""
        state = lakes.state_row(self.con, self._home, table)
        place = self._lake.made(table, str(state[0])) if state is not None else None
        if place is None or not place.is_dir():
            place = self._lake.given(table, state)
        name = f"{self._home}.{table}"
        columns = {column: kind for column, kind, *_ in self.con.execute(f"describe {name}").fetchall()}
        if not place.is_dir():
            with self._lake.writing(place) as fresh:
                (fresh / WHOLE).mkdir()
                file = literal(str(fresh / WHOLE / "rows.parquet"))
                self.con.execute(f"copy (select {for_spark(columns)} from {name}) to {file} (format parquet)")
        self._spark.give(with_all_rows(table), place, columns)
        return place


def _casts(columns: dict[str, str]) -> str:
    return ", ".join(f'cast("{name}" as {kind}) as "{name}"' for name, kind in columns.items())
