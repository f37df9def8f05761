"""The folder of deliveries, walked once a build and passed on to its readers."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from assets.raw import extract_tables
from assets.readers.extract.identities import FIELDS as IDENTITY_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.mapping import FILE_NAME, MappingError, read_mapping
from assets.readers.source import ExtractMapping
from casework.store.refusal import Refused

UNREADABLE = -1  # in place of a time: a right that is given later is something new, though the file has not changed
NOT_A_FILE = -1  # in place of a size: a folder that is closed to us, a broken link, a device
LEAVES = -2  # in place of a size: a link to a file or folder outside, which is not followed
Entry = tuple[str, int, int]


class DataFolderMissing(Refused):
    """Nothing to load: the folder does not exist or cannot be read."""


@dataclass(frozen=True)
class DataFolder:
    """A data folder at one moment.

    `path` is absolute. `files`: (name below the folder, size in bytes, modification time in ns) of every file.
    """

    path: Path
    files: tuple[Entry, ...] = ()

    @property
    def names(self) -> list[str]:
        """The names of the files, below the folder."""
        return [name for name, _, _ in self.files]

    @property
    def readable(self) -> list[str]:
        """The names of those that may be opened."""
        return [name for name, size, _ in self.files if size >= 0]

    @property
    def fingerprint(self) -> str:
        """Hash of names, sizes and times: while it is the same, nothing new has come."""
        return hashlib.sha256(repr(list(self.files)).encode()).hexdigest()[:16]

    @cached_property
    def mapping(self) -> ExtractMapping:
        """The force's table names from its mapping.toml; `problem` if it has a fault."""
        try:
            return _mapping_of(self)
        except MappingError as problem:
            return ExtractMapping(problem=problem)


def read_folder(path: Path) -> DataFolder:
    """Walk a data folder without hidden files and `truth`.

    Raises DataFolderMissing.
    """
    if not path.is_dir():
        raise DataFolderMissing(
            f"{path}: expected a folder with delivered files; there is none. Give the folder with --data."
        )
    root = path.resolve()
    found: list[Entry] = []

    def closed(problem: OSError) -> None:
        found.append((Path(problem.filename).relative_to(root).as_posix() + "/", NOT_A_FILE, 0))

    for folder, folders, names in os.walk(root, onerror=closed, followlinks=False):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f != "truth")
        links = [name for name in folders if (Path(folder) / name).is_symlink()]
        for name in sorted(name for name in (*names, *links) if not name.startswith(".")):
            file = Path(folder) / name
            below = file.relative_to(root).as_posix()
            if file.is_symlink() and file.exists() and not file.resolve().is_relative_to(root):
                found.append((below, LEAVES, 0))
            elif file.is_dir():
                continue  # a link to a folder inside, which is read where it is
            elif file.is_file():
                status = file.stat()
                is_open = os.access(file, os.R_OK, effective_ids=True)
                found.append((below, status.st_size, status.st_mtime_ns if is_open else UNREADABLE))
            else:
                found.append((below, NOT_A_FILE, 0))
    return DataFolder(root, tuple(found))


def mapped_tables() -> Mapping[str, Mapping[str, str]]:
    """The tables that a mapping may speak of, with their fields: those of the extract, and names of people."""
    return {**extract_tables(), IDENTITIES: IDENTITY_FIELDS}


def is_mapping(name: str) -> bool:
    """Whether a file is a mapping.toml, by its name below the data folder."""
    return name.rsplit("/", 1)[-1].lower() == FILE_NAME


def _mapping_of(folder: DataFolder) -> ExtractMapping:
    found = [name for name in folder.readable if is_mapping(name)]
    if len(found) > 1:
        raise MappingError("folder", ", ".join(found), f"one {FILE_NAME}", "Keep only the right one.")
    if not found:
        return ExtractMapping()
    mapping = read_mapping(folder.path / found[0], mapped_tables())
    if IDENTITIES in mapping.queries:
        raise MappingError(
            "[database.queries]", IDENTITIES, "names of people as a file, so that no copy is written on the way",
            "Remove the query.",
        )  # fmt: skip
    return mapping
