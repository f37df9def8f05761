"""What a home takes on the disk, by what it is for: for `stra status`."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PARTS = {
    "published copies": ("published",),
    "rows of deliveries": ("raw",),
    "warehouse": ("warehouse.duckdb", "warehouse.duckdb.wal"),
    "refused files": ("quarantine",),
    "decisions and logs": ("casework.sqlite", "casework.sqlite-wal", "casework.sqlite-shm"),
    "identities": ("identity",),
    "Dagster's records": ("dagster",),
    "lake of Spark": ("lake",),
}


def sizes(home: Path) -> dict[str, tuple[int, int]]:
    """Part -> its files and bytes. A file with several names counts once; what is removed meanwhile does not count."""
    seen: set[tuple[int, int]] = set()
    found = {}
    for part, names in PARTS.items():
        count = size = 0
        for path in (path for name in names for path in _files(home / name)):
            try:
                stat = path.lstat()
            except FileNotFoundError:
                continue
            if (stat.st_dev, stat.st_ino) not in seen:
                seen.add((stat.st_dev, stat.st_ino))
                count, size = count + 1, size + stat.st_size
        if count:
            found[part] = (count, size)
    return found


def line(home: Path) -> str:
    """The same in one line."""
    parts = (f"{part} {in_words(size)} in {count:,} files" for part, (count, size) in sizes(home).items())
    return f"on the disk: {'; '.join(parts)}"


def in_words(size: int) -> str:
    """A number of bytes in words."""
    return f"{size / 1e9:.2f} GB" if size >= 1e9 else f"{size / 1e6:.2f} MB"


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
    for folder, _, names in os.walk(path):
        yield from (Path(folder, name) for name in names)
