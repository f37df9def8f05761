"""What a backup holds of a home, frozen: linked where a file never changes under its name, copied where it does.

What names a thing is read before the thing. The record of the last build comes first, so that it never says more than
there is. Publications name rows, decisions and documents; the warehouse reads the rows below `raw`, identities and
decisions, which come last. So what is frozen has everything that it names, whatever a build or people add meanwhile.
What was added and not published yet is as after a build that was killed: the next build completes it.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

from casework.store import address, backups, database, transfer
from pipelines.backup import warehouse_copy
from pipelines.backup.sealed import BackupRefused
from pipelines.tables import warehouse_kept

SCRATCH = ".backup-"  # in the home: what is frozen while a backup is written
CASEWORK, DOCUMENTS, PURGE = database.FILE, "reports.jsonl", "purge"
# made again by the next build, or of this machine alone: records of Dagster, what spills, the lake of Spark, locks
LEFT_OUT = (
    "dagster", "spill", "lake", "lake_folder", "build.lock", "backup.lock", "building.json", "watch.sock", backups.LAST,
    PURGE, warehouse_kept.KEPT,
)  # fmt: skip
FIRST = ("build.json", "last_build.json")
COPIED_APART = (
    warehouse_copy.FILE, f"{warehouse_copy.FILE}{warehouse_copy.LOG}", CASEWORK, f"{CASEWORK}-wal", f"{CASEWORK}-shm",
    DOCUMENTS, "published", "identity", *FIRST,
)  # fmt: skip
UNFINISHED = (".part", ".tmp")
ATTEMPTS, PAUSE = 20, 0.25  # to link a folder that a build is changing


def freeze(home: Path, frozen: Path) -> str:
    """Freeze a home in a folder on the same disk; where its decisions are. Raises BackupRefused."""
    _refuse_purge(home)
    for name in FIRST:
        _link_all(home / name, frozen / name)
    _settled(home, frozen, "published")
    _copy_locked(home / DOCUMENTS, frozen / DOCUMENTS)
    if (home / warehouse_copy.FILE).is_file():
        warehouse_copy.copy_warehouse(home, frozen / warehouse_copy.FILE)
    _settled(home, frozen, "identity")
    for path in sorted(home.iterdir()):
        if path.name not in (*LEFT_OUT, *COPIED_APART):
            _link_all(path, frozen / path.name)
    store = _casework(home, frozen / CASEWORK)
    _refuse_purge(home)
    return store


def _refuse_purge(home: Path) -> None:
    if (home / PURGE).is_dir():
        raise BackupRefused(
            f"{home}: expected a home without an erasure under way, saw one. Run stra purge to complete it, then this."
        )


def _settled(home: Path, frozen: Path, name: str) -> None:
    """Link a folder of which each file names others: as it was at one moment, before or after a change of it."""
    for attempt in range(ATTEMPTS):
        if attempt:
            time.sleep(PAUSE)
            shutil.rmtree(frozen / name, ignore_errors=True)
        before = _names(home / name)
        _link_all(home / name, frozen / name)
        if before == _names(home / name):
            return
    raise BackupRefused(f"{home / name}: expected it at rest, it changed {ATTEMPTS} times. Run this again.")


def _names(folder: Path) -> list[tuple[str, int, str]]:
    """Every file of a folder with its number on the disk, and every link with where it leads."""
    return [(str(path), *_mark(path)) for path in _walk(folder)]


def _mark(path: Path) -> tuple[int, str]:
    with suppress(FileNotFoundError):
        return path.lstat().st_ino, str(path.readlink()) if path.is_symlink() else ""
    return 0, "removed meanwhile"


def _walk(path: Path) -> Iterator[Path]:
    """Every whole file below a path, and every link to a publication. What is being written has a hidden name."""
    if path.name.startswith(".") or path.name.endswith(UNFINISHED):
        return
    if _is_published_link(path) or path.is_file():
        yield path
    elif path.is_dir():
        below: list[Path] = []
        with suppress(FileNotFoundError):  # removed meanwhile
            below = sorted(path.iterdir())
        for each in below:
            yield from _walk(each)


def _is_published_link(path: Path) -> bool:
    return path.is_symlink() and path.parent.name == "published"


def _link_all(source: Path, target: Path) -> None:
    """Link every file of a folder; one that is removed meanwhile is not needed any more."""
    for path in _walk(source):
        place = target / path.relative_to(source) if path != source else target
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileNotFoundError):
            if _is_published_link(path):
                place.symlink_to(path.readlink())
            else:
                link_or_copy(path.resolve() if path.is_symlink() else path, place)


def link_or_copy(path: Path, place: Path) -> None:
    """The same file under another name; a copy where the disk has no links, or is another."""
    try:
        os.link(path, place)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copy2(path, place)


def _copy_locked(path: Path, place: Path) -> None:
    """Copy a file of lines while nobody adds one."""
    with suppress(FileNotFoundError), open(path, "rb") as stream:
        fcntl.flock(stream, fcntl.LOCK_SH)
        place.write_bytes(stream.read())


def _casework(home: Path, place: Path) -> str:
    """Copy the decisions as they are at one moment, while people work. Returns which database has them."""
    if address.on_server():
        with transfer.Opened(address.of_file(place)) as copy:
            transfer.copy_rows(database.open_store(home), copy)
        return "postgresql"
    if not (home / CASEWORK).is_file():
        return "none"
    try:
        with closing(_sqlite(home / CASEWORK, "rw")) as live, closing(_sqlite(place, "rwc")) as copy:
            live.backup(copy)
            [(found,)] = copy.execute("pragma integrity_check(1)").fetchall()
    except sqlite3.Error as problem:
        found = str(problem)
    if found != "ok":
        raise BackupRefused(
            f"{home / CASEWORK}: expected a whole database, saw: {found}. Free some space if the disk is full. Else "
            "run stra verify to see what is damaged, and restore it from the last backup."
        )
    return "sqlite"


def _sqlite(path: Path, mode: str) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.as_uri()}?mode={mode}", uri=True, timeout=database.BUSY_MS / 1000)
