"""What a build may use of the machine: memory, threads, and a folder for what memory does not hold.

Each has a default that the machine gives and a variable of the environment that sets it. None changes a figure.
"""

from __future__ import annotations

import hashlib
import os
import re
import resource
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb

MEMORY, THREADS, ELSEWHERE = "STRA_MEMORY", "STRA_THREADS", "STRA_SPILL"
SPILL = "spill"  # below the home, where no other folder is set
MB, GB = 10**6, 10**9
UNITS = {"MB": MB, "GB": GB, "TB": 10**12, "MIB": 2**20, "GIB": 2**30, "TIB": 2**40}
SMALL = 8 * GB  # of a machine with no more than this, DuckDB gets what it always got
USUAL = 1800 * MB
LEFT = "STRA_LAKE_ROWS"
MOST_ROWS = 1_000_000  # of a table that Spark made, for the warehouse to take them home
LEAST = 500 * MB  # with less, tables of the invented force fail
MOST_THREADS = 1024
CGROUPS = ("/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
BETWEEN_LOOKS = 0.5  # seconds


class MachineSettingWrong(Exception):
    """A variable that cannot be right: the message says what was seen, what is expected and what to do."""


@dataclass(frozen=True)
class Limits:
    """What DuckDB may use: bytes of memory, threads (None leaves them to DuckDB), and the folder it spills to."""

    memory: int
    threads: int | None
    spill: Path

    def give(self, con: duckdb.DuckDBPyConnection) -> None:
        """Set them for a connection, and make the folder."""
        self.spill.mkdir(mode=0o700, exist_ok=True)  # it holds records of people, in whatever folder it is
        con.execute("set temp_directory = ?", [str(self.spill)])
        con.execute(f"set memory_limit = '{self.memory // MB}MB'")
        if self.threads is not None:
            con.execute(f"set threads = {self.threads}")


def limits(home: Path, environment: Mapping[str, str] = os.environ) -> Limits:
    """The limits of a build of a home. Raises MachineSettingWrong."""
    return Limits(_memory(environment), _threads(environment), spill_folder(home, environment))


def memory_of_machine() -> int:
    """Bytes that this process may use: of the machine, or of its container if that has less."""
    found = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for place in map(Path, CGROUPS):
        text = place.read_text(encoding="ascii").strip() if place.is_file() else ""
        if text.isdecimal():  # "max" where there is no limit
            found.append(int(text))
    return min(found)


def default_memory(whole: int) -> int:
    """Bytes for DuckDB of a machine with `whole` bytes: a quarter of what it has beyond a small one.

    Python's own share of a build and other programs have the rest.
    """
    return min(USUAL, whole // 2) if whole <= SMALL else USUAL + (whole - SMALL) // 4


def _memory(environment: Mapping[str, str]) -> int:
    whole, text = memory_of_machine(), environment.get(MEMORY, "").strip()
    if not text:
        return default_memory(whole)
    said = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z]+)", text)
    size = int(float(said[1]) * UNITS.get(said[2].upper(), 0)) if said is not None else 0
    if not LEAST <= size <= whole:
        raise MachineSettingWrong(
            f"{MEMORY}: saw {text!r}; expected a size from 500MB to the {in_words(whole)} of this machine. "
            f"Correct it, or unset it for {in_words(default_memory(whole))}."
        )
    return size


def linkage_memory(environment: Mapping[str, str] = os.environ) -> int:
    """Bytes for linking people, whose names may not be spilt: as set, else half of the machine.

    Raises MachineSettingWrong.
    """
    return _memory(environment) if environment.get(MEMORY, "").strip() else memory_of_machine() // 2


def _threads(environment: Mapping[str, str]) -> int | None:
    text = environment.get(THREADS, "").strip()
    if not text:
        return None
    if not (text.isdecimal() and 1 <= int(text) <= MOST_THREADS):
        raise MachineSettingWrong(
            f"{THREADS}: saw {text!r}; expected a whole number from 1 to {MOST_THREADS}. Correct it, or unset it to "
            "use every processor."
        )
    return int(text)


def spill_folder(home: Path, environment: Mapping[str, str] = os.environ) -> Path:
    """Where DuckDB puts what it has no memory for: below the home, or in a folder of this home's own elsewhere."""
    text = environment.get(ELSEWHERE, "").strip()
    if not text:
        return home / SPILL
    folder = Path(text)
    try:
        is_usable = folder.is_absolute() and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)
    except (OSError, ValueError):  # no system holds such a path
        is_usable = False
    if not is_usable:
        raise MachineSettingWrong(
            f"{ELSEWHERE}: saw {text!r}; expected the whole path of a folder that this account may write in. Make the "
            "folder, or unset it to spill into the home."
        )
    return folder / f"stra-{hashlib.sha256(str(home.resolve()).encode()).hexdigest()[:16]}"


def most_rows_taken_home(environment: Mapping[str, str] = os.environ) -> int:
    """Rows of a table above which those that Spark made stay in the lake. Raises MachineSettingWrong."""
    text = environment.get(LEFT, "").strip()
    if text and not text.isdecimal():
        raise MachineSettingWrong(
            f"{LEFT}: saw {text!r}; expected a whole number of rows. Correct it, or unset it for {MOST_ROWS:,}."
        )
    return int(text) if text else MOST_ROWS


def in_words(size: int) -> str:
    """Bytes in MB or GB."""
    return f"{size / GB:.1f} GB" if size >= GB else f"{size / MB:.0f} MB"


@dataclass
class Used:
    """What a build has used so far."""

    limits: Limits
    spilt: int = 0  # bytes on the disk, at the look that found most

    def words(self) -> str:
        """What was used, in one line."""
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        spilt = (
            f"{in_words(self.spilt)} were spilt to {self.limits.spill}" if self.spilt else "nothing was spilt to disk"
        )
        return f"Memory used: {in_words(peak)} at most; DuckDB may use {in_words(self.limits.memory)}; {spilt}."


@contextmanager
def watched(limit: Limits) -> Iterator[Used]:
    """Look at the spill folder now and then while it lasts."""
    used, is_over = Used(limit), threading.Event()

    def look() -> None:
        while not is_over.wait(BETWEEN_LOOKS):
            used.spilt = max(used.spilt, _size(limit.spill))

    watcher = threading.Thread(target=look, daemon=True)
    watcher.start()
    try:
        yield used
    finally:
        is_over.set()
        watcher.join()


def _size(folder: Path) -> int:
    total = 0
    try:
        with os.scandir(folder) as entries:
            for entry in entries:
                total += entry.stat().st_size
    except OSError:  # a file that is gone between two looks
        pass
    return total
