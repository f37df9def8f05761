"""`stra backup`: one backup more in a folder, whole or not there."""

from __future__ import annotations

import fcntl
import hashlib
import os
import secrets
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.access import access_log
from pipelines.backup.gather import SCRATCH, freeze
from pipelines.backup.sealed import LISTS, OBJECTS, BackupRefused, Vault, blocks, open_vault
from pipelines.delivery import intake
from pipelines.publication import back
from pipelines.system.disk import flush
from pipelines.tables.cards import ROOT

LOCK = "lock"  # in the folder of backups
HOME_LOCK = "backup.lock"  # in the home
REFERENCE = ROOT / "assets" / "reference"  # what a force may edit in the product itself
PARTS_OF_A_HOME = ("published", "warehouse.duckdb", "casework.sqlite", "last_build.json")
HOME, LISTS_OF_PRODUCT = "home", "reference"  # the two parts of a backup
ATTEMPTS = 10  # to read a file that changes
Tell = Callable[[str], None]


@dataclass
class Made:
    """A backup that was made: its list, and what it cost."""

    name: str = ""
    file_count: int = 0
    size: int = 0
    new_count: int = 0
    new_size: int = 0
    repaired: list[str] = field(default_factory=list)
    removed: list[str] = field(default_factory=list)


def make(home: Path, folder: Path, keep: int = 0, tell: Tell = lambda line: None) -> Made:
    """Back a home up into a folder. With `keep`, only that number of the newest backups stays.

    It is logged first. Objects are flushed and read back before the list is written, so an interrupted backup leaves
    the earlier ones as they are. Raises BackupRefused, Refused where it cannot be logged, OSError of the disk.
    """
    home, folder = home.resolve(), folder.resolve()
    if folder.is_relative_to(home) or home.is_relative_to(folder):
        raise BackupRefused(
            f"expected a folder apart from the home, saw --to {folder} and --home {home}. Name another."
        )
    if not is_home(home):
        raise BackupRefused(f"{home}: expected the home of builds, saw another folder. Name it with --home.")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with _alone(folder / LOCK, "another backup writes to it"), _alone(home / HOME_LOCK, "another backup reads it"):
        vault = open_vault(folder, is_new=True)
        _sweep(home, folder)
        what = f"backup of the home to {folder}"
        access_log.record_in(
            home, access_log.by_command("consultation", "", "stra backup", what, purpose="administration")
        )
        frozen = home / f"{SCRATCH}{secrets.token_hex(4)}"
        with ExitStack() as at_end:
            for _ in range(2):  # a signal to stop may break the first off
                at_end.callback(shutil.rmtree, frozen, ignore_errors=True)
            frozen.mkdir(mode=0o700)
            tell("freezing the home")
            store = freeze(home, frozen)
            made = _write(vault, home, frozen, store, tell)
        if keep:
            made.removed = _keep_newest(vault, keep)
        return made


def is_home(folder: Path) -> bool:
    """Whether a folder is the home of builds."""
    return any((folder / name).exists() for name in PARTS_OF_A_HOME)


def _write(vault: Vault, home: Path, frozen: Path, store: str, tell: Tell) -> Made:
    """Write and check the objects, then the list."""
    made, now = Made(), datetime.now(UTC)
    number = max((int(name[:6]) for name in vault.lists()), default=0) + 1
    made.name = f"{number:06d}-{now:%Y%m%dT%H%M%SZ}.list"
    tell("writing what is new")
    files = [_kept(vault, path, frozen, HOME, made) for path in _files(frozen)]
    files += [_kept(vault, path, REFERENCE, LISTS_OF_PRODUCT, made) for path in _files(REFERENCE)]
    listed = {
        "number": number,
        "made_at": now.isoformat(timespec="seconds"),
        "home": str(home),
        "code_version": intake.code_version(),
        "decisions": store,
        "in_use": back.in_use(frozen),
        "links": _links(frozen),
        "files": files,
    }
    vault.flush_folders()
    tell("reading everything back")
    _check(vault, files, {HOME: frozen, LISTS_OF_PRODUCT: REFERENCE}, made)
    vault.write_list(made.name, listed)
    return made


def _links(frozen: Path) -> dict[str, str]:
    """Every link to a publication, with where it leads."""
    published = frozen / "published"
    there = sorted(published.iterdir()) if published.is_dir() else []
    return {path.relative_to(frozen).as_posix(): str(path.readlink()) for path in there if path.is_symlink()}


def _files(folder: Path) -> list[Path]:
    """Every file of a folder; links are apart."""
    found = [Path(place, name) for place, _, names in os.walk(folder) for name in names]
    return sorted(path for path in found if path.is_file() and not path.is_symlink() and path.suffix != ".pyc")


def _kept(vault: Vault, path: Path, root: Path, part: str, made: Made) -> dict[str, Any]:
    """A file as its objects, and its entry in the list. A file that changes meanwhile is read again."""
    for _ in range(ATTEMPTS):
        before, digest, names, size = path.stat(), hashlib.sha256(), [], 0
        for content in blocks(path):
            digest.update(content)
            name, is_new = vault.write(content)
            names.append(name)
            size += len(content)
            made.new_count += is_new
            made.new_size += len(content) * is_new
        after = path.stat()
        if (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns):
            break
    else:
        raise BackupRefused(f"{path}: expected it at rest, it changed {ATTEMPTS} times while it was read. Try again.")
    made.file_count += 1
    made.size += size
    return {
        "part": part, "path": path.relative_to(root).as_posix(), "size": size, "mode": before.st_mode & 0o777,
        "modified_ns": before.st_mtime_ns, "sha256": digest.hexdigest(), "objects": names,
    }  # fmt: skip


def _check(vault: Vault, files: list[dict[str, Any]], roots: dict[str, Path], made: Made) -> None:
    """Read every object of a backup from the disk. One that an earlier backup left damaged is written again."""
    checked: set[str] = set()
    for entry in files:
        for place, name in enumerate(entry["objects"]):
            if name in checked:
                continue
            try:
                vault.read(name)
            except BackupRefused:
                content = list(blocks(roots[entry["part"]] / entry["path"]))[place]
                vault.path_of(name).unlink(missing_ok=True)
                vault.write(content)
                vault.flush_folders()
                vault.read(name)
                made.repaired.append(name)
            checked.add(name)


def _keep_newest(vault: Vault, keep: int) -> list[str]:
    """Remove the lists but the newest, then every object that no list names; nothing if one to keep is damaged."""
    lists = vault.lists()
    try:
        kept = [vault.read_list(name) for name in lists[-keep:]]
    except BackupRefused:
        return []
    named = {name for listed in kept for entry in listed["files"] for name in entry["objects"]}
    removed = lists[:-keep]
    for name in removed:
        (vault.folder / LISTS / name).unlink()
    flush(vault.folder / LISTS)  # before its objects: a list that comes back must have them
    for path in (vault.folder / OBJECTS).glob("*/*"):
        if path.name not in named:
            path.unlink()
    return removed


def _sweep(home: Path, folder: Path) -> None:
    """Remove what a killed backup left."""
    for left in home.glob(f"{SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    for left in (*folder.glob("objects/*/.*"), *folder.glob("lists/.*")):
        left.unlink(missing_ok=True)


@contextmanager
def _alone(lock: Path, what: str) -> Iterator[None]:
    """Hold a lock that ends with its process. Raises BackupRefused where another process has it."""
    with open(lock, "ab") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupRefused(f"{lock.parent}: {what}. Run this again when that one has ended.") from None
        yield
