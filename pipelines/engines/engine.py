"""What a build asks of the engine that runs the SELECTs of tables.

A build has one engine. DuckDB is the catalogue of a home whatever the engine is: it holds the tables, their states and
what the intake has loaded. So every engine has its connection.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

import duckdb
import polars as pl

from assets.methods.spread import Spread
from pipelines.tables.cards import Card

Method = Callable[[pl.DataFrame], pl.DataFrame]  # what rows of a SELECT pass through


class Engine(Protocol):
    """Reads, makes, checks and hashes tables."""

    con: duckdb.DuckDBPyConnection
    views: set[str]  # tables whose rows are files: a view in the catalogue
    spread: Spread | None  # gives work to many machines, where there are any

    def runs(self, card: Card) -> list[str]:
        """Partition by force: the forces for which a by-force table is made, in order. Called before a transaction."""

    def only(self, force: str) -> AbstractContextManager[object]:
        """While it lasts, names of tables mean the rows of one force."""

    def end_runs(self) -> None:
        """Remove what runs by force left in the catalogue, so that nothing else lists it."""

    def make(self, card: Card, mark: str, runs: Sequence[str]) -> None:
        """Make a table from its SELECT, whole or one force after the other. `mark` is its fingerprint."""

    def add(self, card: Card, deliveries: Sequence[str]) -> None:
        """Add the rows that the SELECT of a table gives for these deliveries."""

    def select(self, card: Card) -> pl.DataFrame:
        """The rows of a table's SELECT, in its order, for the method that they pass through."""

    def make_by_row(self, card: Card, mark: str, method: Method) -> bool:
        """Make a table whose rows pass through its method one by one, on many machines. False if there are none."""

    def read(self, table: str) -> pl.DataFrame:
        """All rows of a table."""

    def write(self, card: Card, rows: pl.DataFrame) -> None:
        """Make a table from rows that have its columns."""

    def make_empty(self, card: Card) -> None:
        """Make a table that has its columns and no rows."""

    def check(self, card: Card, check_grain: bool = True) -> int:
        """Row count of a table. Raises TableDiffers if columns, types or the grain are not those of its card."""

    def content(self, card: Card) -> str:
        """Hash of the columns and rows of a table, whatever their order."""

    def words(self) -> list[str]:
        """What is worth saying of the engine at the end of a build, one line each."""


Start = Callable[[duckdb.DuckDBPyConnection], Engine]  # the engine of a build, once its catalogue is open
