"""`stra watch`: what arrives is built, and `stra build` is the same with it as without it."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from built_home import build_home
from commands import stra
from compare_homes import compare
from street_home import copy_street_home, write_month

from pipelines.builds.signature import RECORD, nothing_came, nothing_new
from pipelines.commands import resident, watch
from pipelines.fetching.folder import read_folder
from pipelines.tables.cards import ROOT

pytestmark = pytest.mark.kill
PATIENCE = 120
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


def command(name: str, data: Path, home: Path, *more: str) -> list[str]:
    return [
        sys.executable, "-m", "pipelines.commands.cli", name, "--data", str(data), "--home", str(home), *more
    ]  # fmt: skip


def until(happened: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def published_run(home: Path) -> str:
    return str(json.loads((home / "published" / "command" / "manifest.json").read_text(encoding="utf-8"))["run_ref"])


class Watched:
    """A home, and the process that watches it."""

    def __init__(self, data: Path, home: Path) -> None:
        self.data, self.home, self.log = data, home, home.parent / "watch.log"
        self.process = subprocess.Popen(
            command("watch", data, home, "--every", "1"), env=ENVIRONMENT, cwd=home.parent,
            stdout=os.open(self.log, os.O_WRONLY | os.O_CREAT), stderr=subprocess.STDOUT,
        )  # fmt: skip
        until(lambda: "Watching" in self.said())

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def build(self, *more: str, data: Path | None = None) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command("build", data or self.data, self.home, *more), env=ENVIRONMENT, cwd=ROOT, capture_output=True,
            text=True, check=False,
        )  # fmt: skip

    def end(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@pytest.fixture(scope="module")
def watched(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    made = Watched(*copy_street_home(tmp_path_factory.mktemp("watched")))
    yield made
    made.process.kill()
    made.process.wait()


def test_what_arrives_is_built_and_then_there_is_nothing_new(watched: Watched) -> None:
    before = published_run(watched.home)
    write_month(watched.data, "2024-01", 40)
    until(lambda: published_run(watched.home) != before)
    until(lambda: "Published to" in watched.said())
    done = watched.build()
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == "Nothing new: the published copy is up to date.\n"


def test_the_figures_are_those_of_a_build_without_it(watched: Watched, tmp_path: Path) -> None:
    _, home = copy_street_home(tmp_path)
    assert build_home(read_folder(watched.data), home) == []
    _, lines = compare(home, watched.home)
    differ = {line.split()[1] for line in lines if not line.startswith(" ")}
    assert differ <= {"quality.runs:"}, lines  # it has built twice


def test_a_build_that_is_asked_for_speaks_to_whoever_asks(watched: Watched) -> None:
    """Its words, its exit code and its day are those of the command, and the log of the process says nothing of it."""
    said = watched.said()
    done = watched.build("--as-of", "2024-01-15")
    assert done.returncode == 0 and "Published to command, integrity, commissioning" in done.stdout
    manifest = json.loads((watched.home / "published" / "command" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["as_of"] == "2024-01-15"
    done = watched.build(data=watched.data / "nowhere")
    assert done.returncode == 1 and "expected a folder with delivered files; there is none" in done.stderr
    time.sleep(2)  # two looks: the day that was asked for stays
    assert watched.said() == said


def test_ctrl_c_of_whoever_asks_stops_the_build(watched: Watched) -> None:
    published, lock = published_run(watched.home), watched.home / "build.lock"
    held = lock.read_text(encoding="utf-8")
    asking = subprocess.Popen(
        command("build", watched.data, watched.home, "--as-of", "2024-01-10"), env=ENVIRONMENT, cwd=ROOT,
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # ignored, if the tests run in the background
    )  # fmt: skip
    until(lambda: lock.read_text(encoding="utf-8") not in ("", held))
    asking.send_signal(signal.SIGINT)
    said, _ = asking.communicate(timeout=PATIENCE)
    assert asking.returncode == 130 and "the build was stopped" in said
    assert published_run(watched.home) == published
    assert watched.process.poll() is None


def test_a_second_process_for_the_same_home_is_refused(watched: Watched) -> None:
    assert "already runs for this home" in stra("watch", "--data", watched.data, "--home", watched.home, code=1)


def test_told_to_stop_it_ends_and_builds_go_on_without_it(watched: Watched) -> None:
    assert watched.end() == 0 and watched.said().endswith("No longer watching.\n")
    assert not (watched.home / resident.SOCKET).exists()
    assert resident.ask(watched.home, watched.data, None) is None, "so that the command builds by itself"


def test_with_other_code_on_the_disk_it_does_not_build_and_begins_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(watch, "code_mark", lambda: "old")
    held = watch.Watch(tmp_path, tmp_path, 1000)
    listener = held._listen()
    monkeypatch.setattr(watch, "code_mark", lambda: "new")
    begun: list[str] = []
    monkeypatch.setattr(os, "execv", lambda program, arguments: begun.append(program))
    answering = threading.Thread(target=held._answer, args=(listener,))
    answering.start()
    assert resident.ask(tmp_path, tmp_path, None) is None
    answering.join()
    listener.close()
    assert held._is_outdated() and begun == []  # it may still be changing
    assert held._is_outdated() and begun == [sys.executable]


def test_an_asker_who_goes_as_the_build_ends_stops_nothing(tmp_path: Path) -> None:
    """Both are heard of at once; the process ended with a KeyError."""
    held = watch.Watch(tmp_path, tmp_path, 10)
    asked, asker = socket.socketpair()
    process = os.posix_spawn("/bin/true", ["true"], {})
    handle = os.pidfd_open(process)
    held.children[handle] = watch.Child(process, asked)
    held.selector.register(handle, watch.selectors.EVENT_READ)
    held.selector.register(asked, watch.selectors.EVENT_READ)
    held._ended(handle)
    held._interrupt(handle)
    assert asker.recv(10) == b"0" and held.children == {}


def test_a_build_that_failed_is_tried_again_ever_later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    held = watch.Watch(tmp_path, tmp_path, 10)
    waits = []
    for _ in range(10):
        process = os.posix_spawn("/bin/false", ["false"], {})
        handle = os.pidfd_open(process)
        held.children[handle] = watch.Child(process, None)
        held.selector.register(handle, watch.selectors.EVENT_READ)
        held._ended(handle)
        waits.append(held.wait)
    assert waits == [10, 20, 40, 80, 160, 320, 640, 1280, 2560, 3600]


def test_what_came_for_another_day_is_not_new_but_what_was_withdrawn_is(tmp_path: Path) -> None:
    data, home = copy_street_home(tmp_path)
    record = home / RECORD
    made = json.loads(record.read_text(encoding="utf-8")) | {"data": str(data.resolve())}
    record.write_text(json.dumps(made | {"tree": read_folder(data).fingerprint, "as_of": "2023-12-20"}))
    folder = read_folder(data)
    assert nothing_came(folder, home) and not nothing_new(folder, home, None)
    next(data.rglob("*.csv")).unlink()
    assert not nothing_came(read_folder(data), home)
