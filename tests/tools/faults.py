"""Faults on purpose: the n-th call that changes a file fails, is cut short or is the last of its process.

The calls are those of the system (faults.c), so that it does not matter who makes them: Python, DuckDB, SQLite, polars.
"""

import errno
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from pipelines.tables.cards import ROOT

COUNT, ONCE, FROM_THEN, KILL, RECORD = range(5)
HERE = Path(__file__).parent
# how a call can fail: each kind of fault, and which calls the system lets fail so
FULL, BROKEN, TOO_LARGE, KILLED = "the disk is full", "the disk fails once", "the file is too large", "the process ends"
QUOTA, BARRED = "the quota is used up", "the folder may no longer be written to"
NEED_ROOM = frozenset({"open", "write", "fsync", "mkdir", "link", "symlink", "rename"})
KINDS: Mapping[str, tuple[int, int, frozenset[str]]] = {
    FULL: (FROM_THEN, errno.ENOSPC, NEED_ROOM),
    QUOTA: (FROM_THEN, errno.EDQUOT, NEED_ROOM),
    BARRED: (FROM_THEN, errno.EACCES, NEED_ROOM - {"write", "fsync"}),
    BROKEN: (ONCE, errno.EIO, frozenset()),
    TOO_LARGE: (ONCE, errno.EFBIG, frozenset({"write", "ftruncate"})),
    KILLED: (KILL, 0, frozenset()),
}


@dataclass(frozen=True)
class Call:
    """A call of the system that changes a file: its number, its name, and the file."""

    number: int
    what: str
    path: str

    @property
    def place(self) -> str:
        """The call without what differs from run to run: two calls of one place are alike."""
        named = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "RUN", self.path)
        path = re.sub(r"[0-9a-f]{8,}|\d+|tmp\w{8}", "N", named)
        return f"{self.what} {path}"


@dataclass(frozen=True)
class Ended:
    """How a run ended: its exit code (negative if a signal ended it at once), and all it said."""

    code: int
    said: str
    seconds: float = 0.0  # after its signal

    def assert_clear(self) -> None:
        """One or more sentences for the person at the terminal, and nothing of Python's."""
        assert "Traceback" not in self.said and "unexpected:" not in self.said, self.said
        assert any(line.startswith("stra: ") for line in self.said.splitlines()), self.said


@cache
def _shim() -> Path:
    compiler = shutil.which("cc")
    assert compiler is not None
    folder = Path(tempfile.mkdtemp(prefix="faults-"))
    built = folder / "faults.so"
    subprocess.run([compiler, "-O1", "-fPIC", "-shared", "-o", built, HERE / "faults.c", "-ldl"], check=True)
    return built


class Faults:
    """Runs commands with a fault in each."""

    def __init__(self, scratch: Path, environment: Mapping[str, str]) -> None:
        self.output, self.log = scratch / "said", scratch / "calls"
        self.process = subprocess.Popen(
            [sys.executable, str(HERE / "fault_server.py")],
            env={**os.environ, "PYTHONPATH": str(ROOT), **environment},
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def run(self, arguments: Sequence[object] | str, roots: Sequence[Path], **how: Any) -> Ended:
        """Run `stra` with these arguments, or a piece of Python; the fault is below `roots`."""
        if "mode" in how and shutil.which("cc") is None:
            pytest.skip("there is no C compiler (cc), so that no fault can be made")
        assert self.process.stdin is not None and self.process.stdout is not None
        asked = {"code": arguments, "arguments": [str(each) for each in roots]} if isinstance(arguments, str) else {
            "arguments": [str(each) for each in arguments]
        }  # fmt: skip
        asked |= {"output": str(self.output), "roots": [str(each.resolve()) for each in roots], **how}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        assert answer, "the process that runs the commands has ended"
        held = json.loads(answer)
        return Ended(held["code"], self.output.read_text(encoding="utf-8", errors="replace"), held["seconds"])

    def calls(self, arguments: Sequence[object] | str, roots: Sequence[Path], **how: Any) -> tuple[Ended, list[Call]]:
        """Run without a fault; also the calls that it made."""
        ended = self.run(arguments, roots, mode=COUNT, log=str(self.log), **how)
        lines = self.log.read_text(encoding="utf-8", errors="replace").splitlines()
        names = [line.split("\t") for line in lines]
        return ended, [Call(n, name[0], name[1]) for n, name in enumerate(names, start=1)]

    def close(self) -> None:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)
        self.process.stdout.close()


@contextmanager
def faults(scratch: Path) -> Iterator[Faults]:
    """The process that runs commands, with faults where they are asked for, while it lasts."""
    shim = {"LD_PRELOAD": str(_shim()), "FAULTS_SHIM": str(_shim())} if shutil.which("cc") else {}
    with forking(scratch, FAULTS_IMPORT="all", **shim) as made:
        yield made


@contextmanager
def forking(scratch: Path, **environment: str) -> Iterator[Faults]:
    """The same without faults, which needs no compiler: what is killed has its imports from this process."""
    made = Faults(scratch, environment)
    try:
        yield made
    finally:
        made.close()


def fails_as(call: Call, kind: str) -> dict[str, int]:
    """What makes this call fail in this way; empty if it cannot."""
    mode, error, only = KINDS[kind]
    return {} if only and call.what not in only else {"at": call.number, "mode": mode, "error": error}
