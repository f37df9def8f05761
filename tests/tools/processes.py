"""What a process holds, by the system's own account of it."""

from pathlib import Path


def resident_bytes(pid: int) -> int:
    """Its memory that is not swapped out."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    held = next(line for line in status.splitlines() if line.startswith("VmRSS:"))
    return int(held.split()[1]) * 1024


def open_files(pid: int) -> int:
    """How many files, connections and pipes it has open."""
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))
