"""What depends on the product's code alone, kept for the account between processes.

It is in the user's cache folder. Each file has its checksum at the end: one that is damaged is not there. Nothing fails
where nothing can be kept. No file holds anything that was delivered.
"""

from __future__ import annotations

import hashlib
import os
from contextlib import suppress
from pathlib import Path

from pipelines.system.disk import write_whole

_CHECKSUM_SIZE = 32


def folder() -> Path:
    """The folder of the files. Raises RuntimeError if the account has no home folder."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "stra"


def read_file(name: str) -> bytes | None:
    """The content of a file; None if it is not there as it was written."""
    try:
        whole = (folder() / name).read_bytes()
    except (OSError, RuntimeError):
        return None
    content, checksum = whole[:-_CHECKSUM_SIZE], whole[-_CHECKSUM_SIZE:]
    return content if hashlib.sha256(content).digest() == checksum else None


def write(name: str, content: bytes) -> None:
    """Keep a file, if it can be kept. Of two processes that write it at once, one does."""
    with suppress(OSError, RuntimeError):
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(folder() / name, content + hashlib.sha256(content).digest(), mode=0o600, is_flushed=False)


def keep_newest(pattern: str, number: int) -> None:
    """Remove all files of a pattern but the ones written last."""
    with suppress(OSError, RuntimeError):
        found = sorted(folder().glob(pattern), key=lambda path: path.stat().st_mtime_ns)
        for path in found[:-number]:
            path.unlink(missing_ok=True)
