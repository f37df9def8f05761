"""Which engine a build uses: the only place outside the engines themselves that names them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a build with nothing new starts none
    import duckdb

    from pipelines.engines.engine import Engine, Start

DUCKDB, SPARK = ENGINES = ("duckdb", "spark")
HERE = "local[*]"  # Spark on this machine, with every processor


def usual(con: duckdb.DuckDBPyConnection) -> Engine:
    """The engine of a build for which none is chosen."""
    from pipelines.engines.in_duckdb import InDuckDB

    return InDuckDB(con)


@dataclass(frozen=True)
class Choice:
    """The engine of a build, where Spark's master is, and the folder that all its workers see."""

    engine: str = DUCKDB
    master: str = HERE
    lake: Path | None = None  # none: below the home

    def check(self, home: Path) -> None:
        """Look at what can be seen without starting anything. Raises EngineNotReady."""
        if self.engine == SPARK:
            from pipelines.engines.ready import check_all

            check_all(self.master, self.lake, home)

    def note(self) -> str:
        """What is to be known before a build; '' if nothing is."""
        if self.engine != SPARK:
            return ""
        from pipelines.engines.masters import note

        return note(self.master)

    @contextmanager
    def started(self, home: Path) -> Iterator[Start]:
        """The engine, while it lasts. Raises EngineNotReady before anything is written into the home."""
        if self.engine == DUCKDB:
            yield usual
            return
        from pipelines.engines.in_spark import started

        with started(home, self.master, self.lake) as start:
            yield start


USUAL = Choice()
