"""`stra watch` for a benchmark: a build that it is asked for, measured with the process that it runs in."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STRA = [sys.executable, "-c", "from pipelines.commands.cli import main; main()"]
TICKS = os.sysconf("SC_CLK_TCK")


def timed(arguments: list[str], watching: int | None = None) -> tuple[float, float, float]:
    """Processor seconds, seconds and peak GB of a process, and of what `watching` runs for it meanwhile."""
    before, used = time.monotonic(), _used(watching)
    process = subprocess.Popen(arguments, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT)
    peak = 0.0
    while watching is not None and os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is None:
        peak = max(peak, _peak(watching))
        time.sleep(0.02)
    _, _, usage = os.wait4(process.pid, 0)
    clock = time.monotonic() - before
    return usage.ru_utime + usage.ru_stime + _used(watching) - used, clock, max(peak, usage.ru_maxrss / 2**20)


def build(data: Path, home: Path) -> list[str]:
    """The command that builds a home."""
    return [*STRA, "build", "--data", str(data), "--home", str(home), "--as-of", "2026-03-31"]


def note(points: Path | None, what: str, size: int, seconds: float) -> None:
    """Add a point to what growth.py draws, where a file for it is named."""
    if points is not None:
        with points.open("a", encoding="utf-8") as file:
            file.write(f'"{what}",{size},{seconds:.1f}\n')


@contextmanager
def watched(data: Path, home: Path) -> Iterator[int]:
    """The process that watches a home, once it has imported everything. It looks for nothing by itself."""
    arguments = [*STRA, "watch", "--data", str(data), "--home", str(home), "--every", "86400"]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, cwd=ROOT)
    assert process.stdout is not None
    process.stdout.readline()
    try:
        yield process.pid
    finally:
        process.terminate()
        process.wait()


def _used(watching: int | None) -> float:
    """Processor seconds of the process and of the copies of it that have ended."""
    if watching is None:
        return 0.0
    fields = Path(f"/proc/{watching}/stat").read_text(encoding="utf-8").rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


def _peak(watching: int) -> float:
    """Peak GB of the copies of the process that run now."""
    peaks = [0.0]
    for child in Path(f"/proc/{watching}/task/{watching}/children").read_text(encoding="utf-8").split():
        with suppress(OSError):  # it has just ended
            lines = Path(f"/proc/{child}/status").read_text(encoding="utf-8").splitlines()
            peaks += [int(line.split()[1]) / 2**20 for line in lines if line.startswith("VmHWM")]
    return max(peaks)
