"""A copy of the warehouse while a build may write to it.

Between two checkpoints DuckDB only writes to blocks that the last checkpoint does not name. So a copy is that of the
last checkpoint if the header of the file is the same before and after. What was committed since is in the log beside
it, copied first. DuckDB then opens the copy, and reads all of it if a build wrote meanwhile: each block has a checksum.
"""

from __future__ import annotations

import time
from pathlib import Path

import duckdb

from pipelines.backup.sealed import BackupRefused, blocks

FILE = "warehouse.duckdb"
LOG = ".wal"
HEADERS = 3 * 4096  # bytes: of the file, and of the last two checkpoints
ATTEMPTS = 20
PAUSE = 0.5  # seconds before another attempt


def copy_warehouse(home: Path, target: Path) -> None:
    """Copy the warehouse of a home. Raises BackupRefused where no copy was whole."""
    seen = ""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE)
        before = _state(home)
        _copy(home, target)
        if _state(home)[0] != before[0]:
            seen = "a build wrote to it each time"
            continue
        is_quiet = before == _state(home) and before[1] == 0
        try:
            _open(target, is_read_whole=not is_quiet)
        except duckdb.Error as problem:
            seen = str(problem).splitlines()[0]
            continue
        return
    raise BackupRefused(
        f"{home / FILE}: expected a whole copy, saw in {ATTEMPTS} attempts: {seen}. Run this again when the build has "
        "ended; if none runs, run stra verify."
    )


def _state(home: Path) -> tuple[bytes, int, int, int]:
    """The headers, the length of the log beside the file, and the file's size and time."""
    path, log = home / FILE, home / f"{FILE}{LOG}"
    with open(path, "rb") as stream:
        headers = stream.read(HEADERS)
    found = path.stat()
    try:
        length = log.stat().st_size
    except FileNotFoundError:
        length = 0
    return headers, length, found.st_size, found.st_mtime_ns


def _copy(home: Path, target: Path) -> None:
    for suffix in (LOG, ""):  # the log first: the blocks that it names are in the file by then
        source, copy = home / f"{FILE}{suffix}", target.with_name(f"{target.name}{suffix}")
        copy.unlink(missing_ok=True)
        try:
            pieces = blocks(source)
            with open(copy, "wb") as stream:
                for piece in pieces:
                    stream.write(piece)
        except FileNotFoundError:
            copy.unlink(missing_ok=True)
            if not suffix:
                raise


def _open(copy: Path, *, is_read_whole: bool) -> None:
    """Open the copy as DuckDB would; with its log, which is then part of it, and reading every table."""
    log = copy.with_name(f"{copy.name}{LOG}")
    with duckdb.connect(str(copy), read_only=not log.exists()) as con:
        if is_read_whole:
            tables = con.execute(
                "select schema_name, table_name from duckdb_tables() where not internal and not temporary order by all"
            ).fetchall()
            for schema, table in tables:
                con.execute(f'select sum(hash(*columns(*))::hugeint) from "{schema}"."{table}"').fetchall()
    log.unlink(missing_ok=True)
