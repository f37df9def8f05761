"""What a fetch keeps on disk: parts, whole files, and the record of each."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from io import BufferedWriter
from pathlib import Path
from typing import Any

from assets.readers.source import BrokenFile
from pipelines.fetching.checks import digests
from pipelines.system.disk import flush, write_whole

CHECKPOINT_BYTES = 4 * 1024 * 1024  # between two times that the part is flushed and its note written
RECORD = ".fetched.json"


@dataclass(frozen=True)
class FetchedFile:
    """One file held in a dated folder, as its `.fetched.json` records it."""

    url: str
    file: str
    bytes: int
    sha256: str
    etag: str | None
    last_modified: str | None
    fetched_at: str  # UTC, ISO 8601


@dataclass
class Entity:
    """The entity that a part's bytes belong to, and how many are surely on disk."""

    url: str
    etag: str | None = None
    last_modified: str | None = None
    md5: str | None = None  # of the whole, from Content-MD5
    total: int | None = None  # bytes of the whole
    bytes: int = 0
    content_type: str = ""

    @property
    def validator(self) -> str | None:
        """What If-Range may carry: a strong ETag, else the date."""
        return self.etag if self.etag and not self.etag.startswith("W/") else self.last_modified


class Part:
    """The bytes so far of one file, and the note beside them.

    Bytes beyond the noted count do not count.
    """

    def __init__(self, folder: Path, name: str, url: str) -> None:
        self.path, self.note = folder / f".{name}.part", folder / f".{name}.part.json"
        try:
            self.entity = Entity(**json.loads(self.note.read_text("utf-8")))
            is_ours = self.entity.url == url and self.entity.validator is not None
            if not is_ours or self.path.stat().st_size < self.entity.bytes:
                raise ValueError("not the start of this file")
            os.truncate(self.path, self.entity.bytes)
        except (OSError, ValueError, TypeError):
            self.begin(Entity(url))

    def begin(self, entity: Entity) -> None:
        """Forgets what there was and starts `entity` at its first byte."""
        self.entity = entity
        self.path.unlink(missing_ok=True)  # first: a note must never be beside another entity's bytes
        self.note.unlink(missing_ok=True)

    def add(self, chunks: Iterator[bytes], seen: Callable[[int], None]) -> None:
        """Appends. Whatever ends it, what was written is flushed and noted."""
        noted = self.entity.bytes
        with self.path.open("ab") as file:
            try:
                for chunk in chunks:
                    file.write(chunk)
                    self.entity.bytes += len(chunk)
                    seen(self.entity.bytes)
                    if self.entity.bytes - noted >= CHECKPOINT_BYTES:
                        self._checkpoint(file)
                        noted = self.entity.bytes
            finally:
                self._checkpoint(file)

    def _checkpoint(self, file: BufferedWriter) -> None:
        file.flush()
        os.fsync(file.fileno())
        _write_json(self.note, asdict(self.entity))

    def promote(self, dated: Path, name: str, sha256: str) -> FetchedFile:
        """Moves the whole file into the dated folder in one step, then records it."""
        whole = self.entity
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        fetched = FetchedFile(whole.url, name, whole.bytes, sha256, whole.etag, whole.last_modified, moment)
        dated.mkdir(parents=True, exist_ok=True)
        os.replace(self.path, dated / name)  # its bytes were flushed at the last checkpoint
        flush(dated)
        # Killed here, the file is whole but unrecorded: the next fetch brings it again.
        _write_json(dated / RECORD, [asdict(entry) for entry in {**recorded(dated), name: fetched}.values()])
        self.note.unlink(missing_ok=True)
        return fetched


def recorded(dated: Path) -> dict[str, FetchedFile]:
    """The entries of `.fetched.json`, by file.

    Nothing if it is missing or unreadable: the files are fetched again.
    """
    try:
        entries = json.loads((dated / RECORD).read_text("utf-8"))
        return {entry["file"]: FetchedFile(**entry) for entry in entries}
    except (OSError, ValueError, TypeError, KeyError):
        return {}


def check_as_fetched(path: Path) -> None:
    """Raise BrokenFile if a file of a data folder is not the one that the record beside it says was fetched."""
    entry = recorded(path.parent).get(path.name)
    if entry is None:
        return
    with path.open("rb") as stream:
        seen = hashlib.file_digest(stream, "sha256").hexdigest()
    if seen != entry.sha256:
        raise BrokenFile(
            "file", f"sha256 {seen}", f"sha256 {entry.sha256}, as it was fetched at {entry.fetched_at}",
            f"Fetch it again; a version of your own belongs into a folder without {RECORD}.",
        )  # fmt: skip


def newest_held(folder: Path, name: str) -> FetchedFile | None:
    """The newest recorded copy of a file, if it is still there as fetched."""
    for dated in sorted(folder.iterdir(), reverse=True):
        if re.fullmatch(r"\d{4}-\d\d-\d\d", dated.name) and (entry := recorded(dated).get(name)):
            path = dated / name
            return entry if path.is_file() and digests(path)[0] == entry.sha256 else None
    return None


@contextlib.contextmanager
def alone_in(folder: Path) -> Iterator[None]:
    """Lock a folder, so that two fetches do not write the same parts.

    Raises BlockingIOError for the second.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / ".fetch.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield


def _write_json(path: Path, content: Any) -> None:
    write_whole(path, json.dumps(content, indent=1), is_flushed=False)
