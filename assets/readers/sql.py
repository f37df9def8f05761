"""SQL of the readers: a database of their own, and values in the text of SQL.

Values are written into the text only where DuckDB takes no bound parameter: views, comments, parts of a larger query.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

MEMORY = "1GB"  # of one reader: a file that unpacks to more spills to the disk

_thread = threading.local()


@contextmanager
def bounded(folder: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection to read files with, in UTC; what it has no memory for goes into the folder.

    A thread keeps its database for all files of a folder: a new one takes longer than a small file. Temporary tables
    are of the connection and end with it. After a fault the database may be unusable, and the next file gets a new one.
    """
    if getattr(_thread, "folder", None) != folder:
        spill = str(folder / ".spill")
        _thread.database = duckdb.connect(config={"threads": 2, "memory_limit": MEMORY, "temp_directory": spill})
        _thread.database.execute("set global timezone = 'UTC'")
        _thread.folder = folder
    try:
        with _thread.database.cursor() as con:
            yield con
    except Exception:
        _thread.folder = None
        raise


def literal(value: object) -> str:
    """A text, a path or whatever is written as text, as a SQL literal."""
    return "'" + str(value).replace("'", "''") + "'"


def identifier(label: str) -> str:
    """The name of a column or table as a SQL identifier, whatever is in it."""
    return '"' + label.replace('"', '""') + '"'
