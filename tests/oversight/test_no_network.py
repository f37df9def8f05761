"""A whole run - build, every page of every audience, every document - makes no attempt to leave the machine.

It is watched twice: by a guard in every Python process (network_guard.py), and, where the machine lets a test have a
network namespace of its own, by the kernel, which counts what any program, native code included, tried to reach there.
"""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from guarded_run import APART, HERE, IS_APART, Run, guarded, run_once
from republication import pages
from whole_run import DOCUMENTS

from pipelines.commands.reports import report_app
from pipelines.tables.cards import ROOT

pytestmark = pytest.mark.slow

CARELESS = """
import socket, subprocess, sys
def told(attempt, *arguments):
    try:
        attempt(*arguments)
    except OSError as refused:
        print(refused)
told(socket.create_connection, ("192.0.2.1", 80), 1)
told(socket.socket().connect_ex, ("192.0.2.2", 80))
told(socket.socket(type=socket.SOCK_DGRAM).sendto, b"x", ("192.0.2.3", 53))
told(socket.socket(type=socket.SOCK_DGRAM).sendmsg, [b"x"], [], 0, ("192.0.2.4", 53))
told(socket.gethostbyname, "telemetry.invalid")
told(socket.getaddrinfo, "telemetry.invalid", 443)
told(socket.socket().bind, ("0.0.0.0", 0))
import threading
threading.Thread(target=lambda: __import__("xml.dom.minidom")).start()
child = "import socket; socket.create_connection(('192.0.2.5', 80), 1)"
subprocess.run([sys.executable, "-c", child], env={"PATH": ""}, stderr=subprocess.DEVNULL)
"""
NATIVE = """
import sys; sys.path[:0] = [sys.argv[1]]
import whole_run
whole_run.raise_loopback()
import ctypes, socket, struct
libc, before = ctypes.CDLL(None), whole_run.unroutable()
handle = libc.socket(socket.AF_INET, socket.SOCK_STREAM, 0)
address = struct.pack("!HH4s8x", socket.htons(socket.AF_INET), 80, socket.inet_aton("192.0.2.6"))
assert libc.connect(handle, address, len(address)) == -1
print(whole_run.unroutable() - before)
"""


needs_a_namespace = pytest.mark.skipif(
    not IS_APART, reason="a network namespace of one's own (unshare --net) is not permitted on this machine"
)


def lines(record: Path, kind: str) -> list[tuple[str, list[str]]]:
    """(what, command) of each line of this kind in the guard's record."""
    found = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return [(what, command) for of, what, command in found if of == kind]


@pytest.fixture(scope="module")
def run() -> Run:
    return run_once()


def test_a_whole_run_needs_no_network(run: Run) -> None:
    assert run.told["build"] == ""
    assert run.told["documents"] == dict.fromkeys(DOCUMENTS, "")
    assert run.told["pages"] == {page: [] for page in pages()}


def test_every_document_that_can_be_written_was(run: Run) -> None:
    offered = {c.name or c.callback.__name__ for c in report_app.registered_commands if c.callback is not None}
    assert offered == set(run.told["documents"])


def test_a_whole_run_makes_no_attempt_to_leave_the_machine(run: Run) -> None:
    assert lines(run.record, "attempt") == []


def test_every_command_imports_in_one_thread(run: Run) -> None:
    """Of two threads that import at a time, one may find a module of the other half made."""
    assert lines(run.record, "imported") == []


def test_every_process_of_it_was_guarded(run: Run) -> None:
    commands = [" ".join(command) for _, command in lines(run.record, "guarded")]
    for part in ("pipelines.commands.cli build", "dashboards.server.run", 'stra("report"'):
        assert any(part in command for command in commands), (part, commands)
    written = [command for command in commands if 'stra("report"' in command]
    assert len(written) == 1, "documents are written by the command itself: it starts no other process"


@needs_a_namespace
def test_native_code_makes_no_attempt_either(run: Run) -> None:
    assert run.told["unroutable"] == 0


def test_the_guard_sees_a_careless_program_and_its_child(tmp_path: Path) -> None:
    record = tmp_path / "record"
    done = subprocess.run(
        [sys.executable, "-c", CARELESS], env=guarded(record), capture_output=True, text=True, check=True
    )
    seen = [what.partition(" ")[2].strip("'") for what, _ in lines(record, "attempt")]
    assert seen == ["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4", "telemetry.invalid", "telemetry.invalid",
                    "0.0.0.0", "192.0.2.5"]  # fmt: skip
    assert "xml.dom.minidom" in [what for what, _ in lines(record, "imported")]
    assert done.stdout.count("the guard refuses") == len(seen) - 1, "the last is the child's"


@needs_a_namespace
def test_the_kernel_counts_what_careless_native_code_tries() -> None:
    done = subprocess.run(
        [*APART, sys.executable, "-c", NATIVE, str(HERE)],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert int(done.stdout) >= 1
