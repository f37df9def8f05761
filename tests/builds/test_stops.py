"""Ctrl-C and a request to end (SIGTERM): a command ends within seconds, removes what it had begun, and says why.

Also the server of the pages, and the process that watches a folder while it builds.
"""

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from urllib.request import urlopen

import pytest
from faults import Faults
from street_home import copy_street_home, write_month
from trials import count

from casework.store.builds import FAILED, last_build
from pipelines.backup.sealed import KEY
from pipelines.publication.publish import differences
from pipelines.tables.cards import AUDIENCES, ROOT

pytestmark = [pytest.mark.kill, pytest.mark.trials]
LONGEST = 30.0  # seconds: a stopped command does not hang; its exit code says that it did not go on
PATIENCE = 120
CODES = {signal.SIGTERM: 143, signal.SIGINT: 130}


@pytest.fixture(scope="module")
def street(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    return copy_street_home(tmp_path_factory.mktemp("stops"))


@pytest.mark.parametrize("number", CODES)
def test_a_build_that_is_stopped(machine: Faults, street: tuple[Path, Path], number: signal.Signals) -> None:
    data, home = street
    write_month(data, "2024-02", 90 + number)
    stopped = 0
    for after in (1.0, 4.0, 0.5, 2.0, 3.0, 6.0)[: count(2, 6)]:
        before = {path for path in home.rglob("*") if "dagster" not in path.parts}
        done = machine.run(["build", "--data", data, "--home", home], [home], kill_after=after, signal=number)
        if done.code == 0:
            continue  # it was quicker
        stopped += 1
        assert done.code == CODES[number], done
        assert done.seconds < LONGEST, done
        assert done.said.splitlines()[-1].startswith("stra: the build was stopped"), done.said
        ended = last_build(home)
        assert ended is not None and ended.result == FAILED and "the build was stopped" in ended.words
        new = {path for path in home.rglob("*") if "dagster" not in path.parts} - before
        assert not [path for path in new if path.name.startswith((".", "building", "scratch")) and path.name != ".lock"]
        for audience in AUDIENCES:
            assert differences(home / "published" / audience) == []
    assert stopped, "the build was quicker each time"


@pytest.mark.parametrize("number", CODES)
def test_an_invented_extract_or_a_backup_that_is_stopped_leaves_nothing(
    machine: Faults, street: tuple[Path, Path], tmp_path: Path, number: signal.Signals
) -> None:
    _, home = street
    out, to = tmp_path / "extract", tmp_path / "backup"
    synth = ["synth", "--out", out, "--crimes", 60_000]
    for after in (1.5, 2.5):
        done = machine.run(synth, [tmp_path], kill_after=after, signal=number)
        if done.code != 0:  # else polars kept the signal to itself, which is rare: a person asks again
            break
        shutil.rmtree(out)
    assert (done.code, list(tmp_path.iterdir())) == (CODES[number], []), done
    assert done.seconds < LONGEST
    key = {KEY: "an invented key of thirty characters"}
    backup = ["backup", "--home", home, "--to", to]
    for after in (0.5, 0.25, 0.1):
        done = machine.run(backup, [home, to], kill_after=after, signal=number, environment=key)
        if done.code != 0:  # else it was quicker
            break
        shutil.rmtree(to)
    assert done.code == CODES[number], done
    assert done.seconds < LONGEST and not list(home.glob(".backup-*"))
    assert not list(to.glob("lists/*"))


def started(*arguments: object) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "pipelines.commands.cli", *map(str, arguments)], cwd=ROOT, text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored, if the tests run in the background
    )  # fmt: skip


def until(happened: Callable[[], object]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def stopped(process: subprocess.Popen[str], number: signal.Signals) -> tuple[int, str]:
    """How it ended, in the seconds that it may take, and all it said."""
    process.send_signal(number)
    try:
        said, _ = process.communicate(timeout=LONGEST)
    finally:
        process.kill()
    return process.returncode, said


@pytest.mark.parametrize("number", CODES)
def test_the_server_of_the_pages_that_is_stopped(street: tuple[Path, Path], number: signal.Signals) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = started("serve", "--home", street[1], "--port", port)

    def is_up() -> bool:
        try:
            return bool(urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5).status == 200)
        except OSError:
            return False

    until(is_up)
    code, said = stopped(server, number)
    assert code in (CODES[number], -number), said  # a shell and systemd read both alike
    assert "Traceback" not in said


@pytest.mark.parametrize("number", CODES)
def test_the_process_that_watches_is_stopped_while_it_builds(
    machine: Faults, street: tuple[Path, Path], number: signal.Signals
) -> None:
    """Its build ends too, and what was published before is whole."""
    data, home = street
    before = {audience: (home / "published" / audience).readlink() for audience in AUDIENCES}
    write_month(data, "2024-03", 30 + number)
    lock = home / "build.lock"  # empty, unless a build runs
    watch = ["watch", "--data", data, "--home", home, "--every", "1"]
    done = machine.run(watch, [home], kill_when=str(lock), signal=number)
    assert done.code == 0 and done.seconds < LONGEST and done.said.endswith("No longer watching.\n"), done
    assert "stra: the build was stopped" in done.said, done
    assert {audience: (home / "published" / audience).readlink() for audience in AUDIENCES} == before
    assert not (home / "building.json").exists() and not (home / "watch.sock").exists()
    assert lock.read_text(encoding="utf-8") == ""
