"""`stra restore`: a home out of a backup, whole or not there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any

from casework.access import access_log
from casework.store import address, database, transfer
from pipelines.backup.gather import CASEWORK
from pipelines.backup.make import HOME, LISTS_OF_PRODUCT, REFERENCE
from pipelines.backup.sealed import BackupRefused, Vault, open_vault, put
from pipelines.delivery.inputs import sha256_of
from pipelines.system.disk import flush

EDITED = "restored_reference"  # in the home: reference lists of the backup that this product has otherwise
Tell = Callable[[str], None]


@dataclass
class Restored:
    """A home that was restored, and what the operator should know of it."""

    name: str
    made_at: str
    code_version: str
    file_count: int
    edited: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def restore(folder: Path, home: Path, number: int | None = None, tell: Tell = lambda line: None) -> Restored:
    """Restore a home from a backup: the newest, or the one of this number.

    It is written beside its place, checked and flushed, and renamed at the end. Raises BackupRefused, Refused where the
    restored home cannot log it, OSError of the disk.
    """
    folder, home = folder.resolve(), home.absolute()
    if not folder.is_dir():
        raise BackupRefused(f"{folder}: expected a folder with backups; there is none. Name another with --from.")
    if home.exists() and (not home.is_dir() or any(home.iterdir())):
        raise BackupRefused(f"{home}: expected a new or empty folder, saw files in it. Name another with --home.")
    vault = open_vault(folder, is_new=False)
    name, listed = _chosen(vault, number)
    home.parent.mkdir(parents=True, exist_ok=True)
    with _beside(home) as fresh:
        tell(f"restoring backup {listed['number']} of {listed['made_at']}")
        restored = Restored(name, str(listed["made_at"]), str(listed["code_version"]), 0)
        for entry in listed["files"]:
            _restore_file(vault, entry, fresh, restored)
        for path, target in listed["links"].items():
            _restore_link(fresh, path, target)
        _decisions(fresh, listed, restored)
        what = f"home restored from backup {listed['number']} of {listed['made_at']} in {folder}"
        access_log.record_in(
            fresh, access_log.by_command("collection", "", "stra restore", what, purpose="administration")
        )
        _close(fresh)
        for each in [path for path in fresh.rglob("*") if path.is_dir() and not path.is_symlink()]:
            flush(each)
        flush(fresh)
        os.rename(fresh, home)
    flush(home.parent)
    return restored


def listing(vault: Vault) -> list[str]:
    """Every backup of a folder in one line; one that cannot be read says so."""
    lines = []
    for name in vault.lists():
        try:
            listed = vault.read_list(name)
        except BackupRefused:
            lines.append(f"{int(name[:6])}: {name} was changed or cut short")
            continue
        runs = ", ".join(sorted(set(listed["in_use"].values()))) or "nothing published"
        lines.append(f"{listed['number']}: made {listed['made_at']} of {listed['home']}, publication {runs}")
    return lines


def _chosen(vault: Vault, number: int | None) -> tuple[str, dict[str, Any]]:
    names = vault.lists()
    wanted = [name for name in names if number is None or int(name[:6]) == number]
    if not wanted:
        there = "".join(f"\n  {line}" for line in listing(vault)) or " none"
        asked = "a backup" if number is None else f"backup {number}"
        raise BackupRefused(f"{vault.folder}: expected {asked}; there is:{there}")
    try:
        return wanted[-1], vault.read_list(wanted[-1])
    except BackupRefused as words:
        there = "".join(f"\n  {line}" for line in listing(vault))
        raise BackupRefused(f"{words} With --backup NUMBER another is restored. There is:{there}") from None


@contextmanager
def _beside(home: Path) -> Iterator[Path]:
    """A folder beside the new home, emptied of what a killed restore left; removed where this one fails."""
    fresh = home.with_name(f".{home.name}.restoring")
    fresh.mkdir(mode=0o700, exist_ok=True)
    handle = os.open(fresh, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"{home}: another restore writes it. Wait for it to end.") from None
        try:
            for left in fresh.iterdir():
                shutil.rmtree(left) if left.is_dir() and not left.is_symlink() else left.unlink()
            yield fresh
        except BaseException:
            shutil.rmtree(fresh, ignore_errors=True)
            raise
    finally:
        os.close(handle)


def _place(fresh: Path, path: str) -> Path:
    """Where a file of a list goes. Raises BackupRefused for one that leads out of the home."""
    parts = PurePosixPath(path).parts
    if not parts or PurePosixPath(path).is_absolute() or ".." in parts:
        raise BackupRefused(f"expected files below the home, saw {path!r} in the list. Use another backup.")
    return fresh.joinpath(*parts)


def _restore_file(vault: Vault, entry: dict[str, Any], fresh: Path, restored: Restored) -> None:
    place = _place(fresh, entry["path"])
    if entry["part"] == LISTS_OF_PRODUCT:
        own = _place(REFERENCE, entry["path"])
        if own.is_file() and sha256_of(own) == entry["sha256"]:
            return
        place = _place(fresh / EDITED, entry["path"])
        restored.edited.append(entry["path"])
    elif entry["part"] != HOME:
        raise BackupRefused(f"expected parts that this version knows, saw {entry['part']!r}. Use the newer code.")
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    digest = hashlib.sha256()
    handle = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_EXCL, entry["mode"])
    try:
        for name in entry["objects"]:
            content = vault.read(name)
            digest.update(content)
            put(handle, content)
        os.fsync(handle)
    finally:
        os.close(handle)
    if digest.hexdigest() != entry["sha256"]:
        raise BackupRefused(
            f"{entry['path']}: expected sha256 {entry['sha256']}, saw {digest.hexdigest()}. Use another backup."
        )
    os.utime(place, ns=(entry["modified_ns"], entry["modified_ns"]))
    restored.file_count += 1


def _restore_link(fresh: Path, path: str, target: str) -> None:
    place, published = _place(fresh, path), fresh / "published"
    _place(published, target)
    if place.parent != published:
        raise BackupRefused(f"expected links to publications alone, saw {path!r} in the list. Use another backup.")
    place.symlink_to(target)


def _decisions(fresh: Path, listed: dict[str, Any], restored: Restored) -> None:
    """Fill the database of STRA_CASEWORK_URL, if it is named and empty; else the decisions are in the home."""
    is_named = address.on_server()
    if not is_named:
        if listed["decisions"] == "postgresql":
            restored.notes.append(
                f"Decisions were in PostgreSQL. They are in {CASEWORK} of the home now, and are used from there. To "
                f"have them in PostgreSQL, name an empty database in {database.URL} and restore again."
            )
        return
    server = database.open_store(fresh)
    if transfer.row_count(server):
        restored.notes.append(
            f"The database of {database.URL} has rows and was left as it is. The decisions of the backup are in "
            f"{CASEWORK} of the home, and are not used."
        )
        return
    with transfer.Opened(address.of_file(fresh / CASEWORK)) as held:
        rows = transfer.copy_rows(held, server)
    restored.notes.append(f"{rows:,} rows of decisions and logs were copied into the database of {database.URL}.")


def _close(fresh: Path) -> None:
    """Close the store of the home in SQLite, so that its file is whole by itself."""
    if not address.on_server():
        database.open_store(fresh).dispose()
        if (fresh / CASEWORK).is_file():
            flush(fresh / CASEWORK)
