"""What a home takes on the disk, by what it is for, and how long that is kept: for `stra status` and a page."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PARTS = {
    "published copies": ("published",),
    "rows of deliveries": ("raw",),
    "warehouse": ("warehouse.duckdb", "warehouse.duckdb.wal", "warehouse.kept"),
    "refused files": ("quarantine",),
    "decisions and logs": ("casework.sqlite", "casework.sqlite-wal", "casework.sqlite-shm"),
    "identities": ("identity",),
    "logs of running": ("logs",),
    "documents' registers": ("docs", "reports", "reports.jsonl"),
    "Dagster's records": ("dagster",),
    "lake of Spark": ("lake",),
}
KEPT = {
    "published copies": "as many as the setting publish.copies_kept says",
    "rows of deliveries": "all: figures, earlier publications and stra verify rest on them",
    "warehouse": "made again by each build",
    "refused files": "as many days as the setting keep.refused_days says",
    "decisions and logs": "all: each row rests on the one before",
    "identities": "until stra purge erases a person",
    "logs of running": "the newest files, of bounded size",
    "documents' registers": "all: they prove what was written",
    "Dagster's records": "as many days as the setting keep.dagster_days says",
    "lake of Spark": "what the last build read",
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
