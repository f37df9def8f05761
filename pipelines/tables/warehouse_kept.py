"""The warehouse as it was when the last build had ended, kept while the next one runs.

A disk that fills up, or a machine that stops, while DuckDB writes its last checkpoint can leave a file that cannot be
opened. The copy is then put in its place. What was loaded since is loaded again from the deliveries.
"""

from __future__ import annotations

import errno
import fcntl
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import duckdb

from pipelines.system.disk import flush
from pipelines.tables.warehouse import connect

FILE, LOG = "warehouse.duckdb", "warehouse.duckdb.wal"
KEPT, UNFINISHED = "warehouse.kept", "warehouse.kept.part"
CLONE = 0x40049409  # FICLONE of Linux, ioctl_ficlone(2): a copy that shares its blocks, where the file system can
# what DuckDB says of a file that it cannot make sense of; not of one that is locked, or of a newer DuckDB
DAMAGE = re.compile(r"corrupt|checksum|metadata|replaying WAL|deserializ", re.IGNORECASE)
Tell = Callable[[str], None]


class WarehouseDamaged(Exception):
    """The warehouse cannot be read, and there is no copy to put in its place."""


def keep(home: Path, tell: Tell) -> None:
    """Copy the warehouse of a home whose last build ended in order. Called while the home is locked.

    The copy of a build that was cut off stays. A build goes on without a copy if there is no room for one, and for as
    much again, which the build itself may need.
    """
    if (home / KEPT).exists() or (home / LOG).exists() or not (home / FILE).exists():
        return
    try:
        if shutil.disk_usage(home).free < 2 * (home / FILE).stat().st_size:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _copy(home / FILE, home / UNFINISHED)
        os.replace(home / UNFINISHED, home / KEPT)
        flush(home)
    except OSError as problem:
        (home / UNFINISHED).unlink(missing_ok=True)
        tell(f"No copy of the warehouse is kept while this build runs ({problem.strerror}).")


def open_whole(home: Path, tell: Tell) -> duckdb.DuckDBPyConnection:
    """Open the warehouse for writing; if it is damaged, the kept one in its place. Raises WarehouseDamaged."""
    try:
        return connect(home)
    except duckdb.Error as problem:
        if not DAMAGE.search(str(problem)):
            raise
        if not (home / KEPT).is_file():
            raise _damaged(home, problem) from problem
    (home / LOG).unlink(missing_ok=True)
    os.replace(home / KEPT, home / FILE)
    flush(home)
    tell(
        "The last build was cut off and left a damaged warehouse. It was put back as it was before that build: "
        "what was delivered since is read again."
    )
    try:
        return connect(home)
    except duckdb.Error as problem:
        raise _damaged(home, problem) from problem


def _damaged(home: Path, problem: duckdb.Error) -> WarehouseDamaged:
    said = str(problem).splitlines()[0].rstrip(".")
    return WarehouseDamaged(
        f"{home / FILE} is damaged: {said}. What is published stays in use. Restore the home from its last backup with "
        "stra restore. Without a backup, move this file away and build again from every delivery."
    )


def ended(home: Path) -> None:
    """Remove the copy, if the build has closed the warehouse in order. Else the next build may need it."""
    with suppress(OSError):  # the build has ended: what is left is removed after the next one
        if not (home / LOG).exists():
            remove(home)


def remove(home: Path) -> None:
    """Remove the copy."""
    for name in (KEPT, UNFINISHED):
        (home / name).unlink(missing_ok=True)


def _copy(source: Path, target: Path) -> None:
    """Copy a file to the disk; its blocks are shared where the file system can do that."""
    with open(source, "rb") as old, open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as new:
        with suppress(OSError):
            fcntl.ioctl(new.fileno(), CLONE, old.fileno())
            os.fsync(new.fileno())
            return
        shutil.copyfileobj(old, new, 1 << 20)
        new.flush()
        os.fsync(new.fileno())
