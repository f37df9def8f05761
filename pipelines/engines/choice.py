"""Which engine a build uses: the only place outside the engines themselves that names them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:  # a build with nothing new starts none
    import duckdb

    from pipelines.engines.engine import Engine


def usual(con: duckdb.DuckDBPyConnection) -> Engine:
    """The engine of a build for which none is chosen."""
    from pipelines.engines.in_duckdb import InDuckDB

    return InDuckDB(con)
