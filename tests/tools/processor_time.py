"""What each test costs in processor time, processes that it starts included.

Where STRA_PROCESSOR_TIME names a file, every process of pytest adds to it. `python tests/tools/processor_time.py FILE
[N]` prints the N costliest tests (fifty), then the sum of each file of tests. A process that a test started counts
while it runs, and when it has ended: servers and the browser serve one test after another.
"""

import contextlib
import json
import os
import resource
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

RECORD = os.environ.get("STRA_PROCESSOR_TIME")


def living(process: str = "self") -> float:
    """Processor seconds of the processes that this one has started and not waited for, and so on: as Linux tells it."""
    seconds = 0.0
    for held in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            for child in held.read_text(encoding="ascii").split():
                told = Path(f"/proc/{child}/stat").read_text(encoding="ascii", errors="replace").rpartition(")")[2]
                seconds += sum(map(int, told.split()[11:15])) / os.sysconf("SC_CLK_TCK") + living(child)
    return seconds


def used() -> float:
    """Processor seconds of this process and of those that it has started."""
    return living() + sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))


class Recorder:
    """Adds a line for each test: what was used since the test before."""

    def __init__(self, file: Path) -> None:
        self.file, self.before = file, used()

    @pytest.hookimpl(trylast=True)
    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when != "teardown":
            return
        now = used()
        with self.file.open("a", encoding="utf-8") as lines:
            lines.write(json.dumps([report.nodeid, round(now - self.before, 3)]) + "\n")
        self.before = now


def costs(file: Path) -> Counter[str]:
    """Test -> processor seconds."""
    total: Counter[str] = Counter()
    for test, seconds in map(json.loads, file.read_text(encoding="utf-8").splitlines()):
        total[test] += seconds
    return total


def report(file: Path, number: int) -> Iterator[str]:
    """Lines: the costliest tests, then every file of tests that took a second or more, then the sum."""
    tests = costs(file)
    files: Counter[str] = Counter()
    for test, seconds in tests.items():
        files[test.split("::")[0]] += seconds
    yield f"{len(tests)} tests, {sum(tests.values()) / 60:.1f} processor minutes"
    yield from (f"{seconds:8.1f} s  {test}" for test, seconds in tests.most_common(number))
    yield "by file"
    yield from (f"{seconds:8.1f} s  {name}" for name, seconds in files.most_common() if seconds >= 1)


if __name__ == "__main__":
    print("\n".join(report(Path(sys.argv[1]), int((*sys.argv[2:], "50")[0]))))
