"""Whole files on the disk: a file is there whole under its name or not at all.

This holds after a crash of the machine too.
"""

from __future__ import annotations

import os
from pathlib import Path

# what the operating system, DuckDB and Dagster's own records say when nothing more can be written
TROUBLE = ("no space left", "file too large", "disk i/o error", "disk is full", "could not write", "read-only")


def is_disk_trouble(problem: Exception | str) -> bool:
    """Whether a failure is one of writing to the disk, by its words."""
    return any(trouble in str(problem).lower() for trouble in TROUBLE)


PRIVATE = 0o077  # the umask under which a home is written: for the account that runs the product, and no other


def make_private(home: Path) -> bool:
    """Make a home that is there: close it to other accounts. Returns whether it was open to them.

    A home holds records of people. Homes of earlier releases could be read by every account of the machine.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not home.stat().st_mode & PRIVATE:
        return False
    for folder, folders, names in os.walk(home):
        for path in (Path(folder), *(Path(folder, name) for name in (*folders, *names))):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~PRIVATE & 0o777)
    return True


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_whole(fresh: Path, path: Path) -> None:
    """Give a file that is written its name, once its content is on the disk."""
    flush(fresh)
    os.replace(fresh, path)
    flush(path.parent)


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o666, is_flushed: bool = True) -> None:
    """Write a file beside its place and rename it.

    Text is UTF-8. `mode` is that of a new file, less the umask. `is_flushed=False` does not wait for the disk: for what
    may be lost with the machine.
    """
    fresh = path.with_name(f".{path.name}")
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)
    if is_flushed:
        replace_whole(fresh, path)
    else:
        os.replace(fresh, path)
