"""The lake: a folder of Parquet files that the driver of a cluster and all its workers see.

LAKE/TABLE/FINGERPRINT/RUN/part-*.parquet. A run is a force, or `whole`. A folder is there whole under its name or not
at all. It counts while the table's row in build.table_states has its fingerprint; every other one is removed at the end
of a build. A home notes which lake it has, so that an erasure of people reaches it whatever engine builds next.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from pipelines.system.disk import flush, write_whole
from pipelines.tables.sql import views_of

WHOLE = "whole"
OWN = "lake"  # below the home, where no other folder is given
NOTE = "lake_folder"  # in the home: the path of its lake
LOCAL = ".local-"  # what Spark has no memory for, if it runs on this machine
UNFINISHED = ".unfinished-"


class Lake:
    """The lake of one home. Several homes may share a folder: each has one of its own in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def made(self, table: str, mark: str) -> Path:
        """The folder of a table that the engine made, by its fingerprint."""
        return self.folder / table / mark

    def given(self, table: str, state: tuple[object, ...] | None) -> Path:
        """The folder of a table that the engine was given, by its row in build.table_states; another one each time
        for a table that has none.
        """
        mark = repr(state) if state is not None else f"never built {time.time_ns()}"
        return self.folder / table / f"given-{hashlib.sha256(mark.encode()).hexdigest()}"

    @contextmanager
    def writing(self, place: Path) -> Iterator[Path]:
        """A folder to write into, which gets its name once everything is on the disk."""
        for left in place.parent.glob(f"{UNFINISHED}{place.name}*"):  # of a build that was killed
            shutil.rmtree(left, ignore_errors=True)
        # another name each time: a worker of the killed build may still write to the earlier one
        fresh = place.with_name(f"{UNFINISHED}{place.name}-{secrets.token_hex(4)}")
        fresh.mkdir(mode=0o700, parents=True)
        try:
            yield fresh
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
        for path in fresh.rglob("*"):
            flush(path)
        os.rename(fresh, place)
        flush(place.parent)


def state_row(con: duckdb.DuckDBPyConnection, home: str, table: str) -> tuple[object, ...] | None:
    """(fingerprint, content, time) of a table of the warehouse named `home`; None if it was never built."""
    query = f"select fingerprint, content, built_at::varchar from {home}.build.table_states where table_name = ?"
    row: tuple[object, ...] | None = con.execute(query, [table]).fetchone()
    return row


def lake_of(home: Path, folder: Path | None) -> Lake:
    """The lake of a home, made if it is not there: in a shared folder, or below the home."""
    if folder is None:
        return Lake(home / OWN)
    return Lake(folder / f"stra-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]}")


def note(home: Path, lake: Lake, *ours: Path) -> None:
    """Note in the home which lake it has. An earlier one is emptied first: nobody would look after it.

    What killed builds left in this one is removed, all but `ours`.
    """
    if _noted(home) not in (None, lake.folder):
        empty(home)
    for left in (*lake.folder.glob(f"{LOCAL}*"), *lake.folder.glob(f"{UNFINISHED}*")):
        if left not in ours:
            shutil.rmtree(left, ignore_errors=True)
    # one below the home moves with it
    write_whole(home / NOTE, OWN if lake.folder == home / OWN else str(lake.folder))


def tidy(home: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Remove what no table of the home has any more."""
    folder = _noted(home)
    if folder is None or not folder.is_dir():
        return
    lake, catalogue = Lake(folder), con.execute("select current_database()").fetchall()[0][0]
    tables = [table for table in folder.iterdir() if not table.name.startswith(".")]
    for place in (place for table in tables for place in table.iterdir()):
        state = state_row(con, catalogue, place.parent.name)
        kept = (lake.made(place.parent.name, str(state[0])), lake.given(place.parent.name, state)) if state else ()
        if place not in kept:
            shutil.rmtree(place)


def forget_lost(home: Path, con: duckdb.DuckDBPyConnection) -> None:
    """Forget each table that is a view over files which are not there: the build makes it again.

    So it is after a home or its lake was moved, or the lake was emptied.
    """
    folder, catalogue = _noted(home), con.execute("select current_database()").fetchall()[0][0]
    for table, sql in views_of(con).items():
        state = state_row(con, catalogue, table)
        place = Lake(folder).made(table, str(state[0])) if folder is not None and state is not None else None
        if place is None or not place.is_dir() or str(place) not in sql:
            con.execute(f"drop view {table}")
            con.execute("delete from build.table_states where table_name = ?", [table])


def empty(home: Path) -> None:
    """Remove all rows from the lake of a home. Raises OSError where it cannot be reached."""
    folder = _noted(home)
    if folder is None:
        return
    if not folder.parent.is_dir():
        raise OSError(
            f"{folder.parent}: the lake of {home} is not there, and may hold records of people; make it reachable, or "
            f"delete {home / NOTE} if the lake was destroyed"
        )
    if folder.is_dir():
        shutil.rmtree(folder)


def _noted(home: Path) -> Path | None:
    file = home / NOTE
    return home / file.read_text(encoding="utf-8") if file.is_file() else None
