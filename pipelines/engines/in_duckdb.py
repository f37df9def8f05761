"""DuckDB as the engine: SELECTs run in the warehouse, in this process."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import duckdb
import polars as pl

from assets.methods.spread import Spread
from assets.readers.sql import literal
from pipelines.engines.engine import Method
from pipelines.tables import forces
from pipelines.tables.cards import FORCE, Card
from pipelines.tables.sql import casts_of, create_from_card, select_of, views_of
from pipelines.tables.warehouse import check_against_card, content_of


class InDuckDB:
    """The engine of a build, unless another is chosen."""

    spread: Spread | None = None

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self.con = con
        self.views = set(views_of(con))

    def runs(self, card: Card) -> list[str]:
        """The forces for which a by-force table is made, in order. Called before a transaction."""
        return forces.rows_by_force(self.con, card)

    @contextmanager
    def only(self, force: str) -> Iterator[None]:
        """While it lasts, names of tables mean the rows of one force."""
        with forces.only(self.con, force):
            yield

    def end_runs(self) -> None:
        """Remove the views of all by-force tables."""
        forces.remove_views(self.con)

    def make(self, card: Card, mark: str, runs: Sequence[str]) -> None:
        """Make a table from its SELECT, whole or one force after the other."""
        self._make_room(card)
        if not runs:
            self.con.execute(f"create or replace table {card.table} as {select_of(card)}")
        for number, force in enumerate(runs):
            with forces.only(self.con, force) as home:
                table = f"{home}.{card.table}"
                added = f"{literal(force)} as {FORCE}, " if card.is_force_added else ""
                manner = f"insert into {table} by name" if number else f"create or replace table {table} as"
                self.con.execute(f"{manner} select {added}* from ({select_of(card)})")

    def add(self, card: Card, deliveries: Sequence[str]) -> None:
        """Add the rows that the SELECT of a table gives for these deliveries."""
        # `in` with a literal list prunes the parquet files that hold none of them
        refs = ", ".join(f"'{ref}'" for ref in deliveries)
        self.con.execute(
            f"insert into {card.table} by name select * from ({select_of(card)}) where delivery_ref in ({refs})"
        )

    def select(self, card: Card) -> pl.DataFrame:
        """The rows of a table's SELECT, in its order."""
        rows: pl.DataFrame = self.con.sql(select_of(card)).pl()
        return rows

    def make_by_row(self, card: Card, mark: str, method: Method) -> bool:
        """False: there is one machine."""
        return False

    def read(self, table: str) -> pl.DataFrame:
        """All rows of a table."""
        rows: pl.DataFrame = self.con.sql(f"select * from {table}").pl()
        return rows

    def write(self, card: Card, rows: pl.DataFrame) -> None:
        """Make a table from rows that have its columns."""
        self._make_room(card)
        self.con.register("made_by_python", rows.to_arrow())
        self.con.execute(f"create or replace table {card.table} as select {casts_of(card)} from made_by_python")
        self.con.unregister("made_by_python")

    def make_empty(self, card: Card) -> None:
        """Make a table that has its columns and no rows."""
        self._make_room(card)
        create_from_card(self.con, card)

    def check(self, card: Card, check_grain: bool = True) -> int:
        """Row count of a table. Raises TableDiffers if it is not as its card says."""
        return check_against_card(self.con, card, check_grain)

    def content(self, card: Card) -> str:
        """Hash of the columns and rows of a table, whatever their order."""
        return content_of(self.con, card)

    def _make_room(self, card: Card) -> None:
        """Remove the view that has the name of a table which is to be made."""
        if card.table in self.views and card.table in views_of(self.con):  # one that failed is a table by now
            self.con.execute(f"drop view {card.table}")
        self.views.discard(card.table)

    def words(self) -> list[str]:
        """Nothing: a build without another engine says nothing of engines."""
        return []
