"""Which copy of an audience is read: the one in use, or the newest earlier one that is whole where that is damaged.

Every file is compared with its hash in the manifest once, and again when it looks changed. So a disk that flips a bit,
or loses a file's end, never shows a figure that was not published.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from casework.store.builds import number_of

MANIFEST = "manifest.json"


def to_read(home: Path, audience: str) -> Path:
    """The folder to read. If no copy is whole, it is that in use: what of it is damaged is not shown.

    Raises OSError if nothing is published.
    """
    used = (home / "published" / audience).resolve(strict=True)
    if not damaged(used):
        return used
    finished = [copy for copy in used.parent.iterdir() if not copy.name.startswith(".")]
    earlier = [copy for copy in finished if number_of(copy) < number_of(used) and not damaged(copy)]
    return max(earlier, key=number_of, default=used)


def damaged(copy: Path) -> tuple[str, ...]:
    """The files of a copy that are not as they were published; none if it is whole."""
    try:
        expected = _expected(*_as_it_is(copy / MANIFEST))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return (MANIFEST,)
    return tuple(name for name, sha256 in expected.items() if not _is(copy / name, sha256))


def _is(path: Path, sha256: str) -> bool:
    try:
        return _hash(*_as_it_is(path)) == sha256
    except OSError:
        return False


def _as_it_is(path: Path) -> tuple[Path, int, int, int]:
    """A file, and what of it changes when it is written again."""
    status = path.stat()
    return path, status.st_size, status.st_mtime_ns, status.st_ino


@lru_cache(maxsize=32)
def _expected(manifest: Path, size: int, modified_ns: int, number: int) -> Mapping[str, str]:
    """File -> its hash, as the manifest has it."""
    held = json.loads(manifest.read_text(encoding="utf-8"))
    entries = [*dict(held["tables"]).values(), *([held["provenance"]] if held.get("provenance") else [])]
    return {str(entry["file"]): str(entry["sha256"]) for entry in entries}


@lru_cache(maxsize=8192)
def _hash(path: Path, size: int, modified_ns: int, number: int) -> str:
    """The hash of a file that is still the one of this size, time and number."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
