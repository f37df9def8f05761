"""SQL of the readers: a database of their own, and values in the text of SQL.

Values are written into the text only where DuckDB takes no bound parameter: views, comments, parts of a larger query.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

MEMORY = "1GB"  # of one reader: a file that unpacks to more spills to the disk


def bounded(folder: Path, threads: int = 2) -> duckdb.DuckDBPyConnection:
    """A database in memory to read files with, in UTC; what it has no memory for goes into the folder."""
    con = duckdb.connect(config={"threads": threads, "memory_limit": MEMORY, "temp_directory": str(folder / ".spill")})
    con.execute("set timezone = 'UTC'")
    return con


def literal(value: object) -> str:
    """A text, a path or whatever is written as text, as a SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(label: str) -> str:
    """The name of a column or table as a SQL identifier, whatever is in it."""
    return '"' + label.replace('"', '""') + '"'
