"""What a process holds, by the system's own account of it."""

from __future__ import annotations

from pathlib import Path


def resident_bytes(pid: int) -> int:
    """Memory that is the process's own: its pages in memory without those shared with files."""
    found = {}
    for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
        name, _, value = line.partition(":")
        found[name] = value.split()[0] if value.split() else ""
    return int(found["RssAnon"]) * 1024


def open_files(pid: int) -> int:
    """How many files, connections and pipes it has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
