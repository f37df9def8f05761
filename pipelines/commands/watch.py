"""`stra watch`: builds a home as deliveries arrive, and holds what a build has to import.

To import Dagster and Great Expectations takes longer than to build a month. So this process imports them once, and each
build is a copy of it: a child that starts with all of it, and whose end leaves nothing behind. The process itself opens
no database and starts no thread, because neither would be whole in a copy.
"""

from __future__ import annotations

import gc
import hashlib
import json
import os
import selectors
import signal
import socket
import struct
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, NoReturn

import typer

from assets.raw import sources
from casework.store import builds, event_log
from pipelines.builds.session import built_tables
from pipelines.builds.signature import nothing_came
from pipelines.builds.tables import function_of
from pipelines.commands.build import PUBLISHED_IN_PART, run
from pipelines.commands.failure import fail
from pipelines.commands.resident import LONGEST, OUTDATED, SOCKET, address, connect
from pipelines.fetching.folder import DataFolderMissing, read_folder
from pipelines.system import stops
from pipelines.system.disk import make_private
from pipelines.tables.cards import ROOT

CODE = ("assets", "casework", "expectations", "pipelines")
LOOKS_NOTED = 600  # seconds between two notes that nothing has come
LONGEST_WAIT = 3600  # seconds until a build that failed is tried again, though nothing has come
STOPS = (signal.SIGINT, signal.SIGTERM)
SLOWEST_REQUEST = 5  # seconds that a request may take to come in
CREDENTIALS = struct.Struct("3i")  # process, account, group of the user who asks


@dataclass
class Child:
    """A build that runs in a copy of this process; `asked` is the connection of the user who asked for it."""

    process: int
    asked: socket.socket | None


class Watch:
    """The resident process of one home."""

    def __init__(self, data: Path, home: Path, every: int) -> None:
        self.data, self.home, self.every = data.resolve(), home.resolve(), every
        self.children: dict[int, Child] = {}  # by the handle that becomes readable at its end
        self.selector = selectors.DefaultSelector()
        self.code = self.code_seen = code_mark()  # what is held, and what was on the disk at the last look
        self.seen = ""  # the folder at the last look
        self.wait = 0.0  # seconds without a try, after a build that failed
        self.next_look = self.next_try = time.monotonic()
        self.is_told_to_stop = False

    def run(self) -> None:
        """Answer and look, until the process is told to stop."""
        make_private(self.home)
        listener = self._listen()
        for stop in STOPS:  # started in the background, it would not hear Ctrl-C
            signal.signal(stop, signal.default_int_handler)
        try:
            import_all()
            self._hear_stops()
            typer.echo(f"Watching {self.data}: what is new is built into {self.home}  (stop with Ctrl-C)")
            event_log.write(self.home, "watching started", every_seconds=self.every, process=os.getpid())
            while not self.is_told_to_stop:
                self._turn()
            self._stop()
        except KeyboardInterrupt:  # while it imported
            typer.echo("No longer watching.")
        finally:
            listener.close()
            (self.home / SOCKET).unlink(missing_ok=True)
            event_log.write(self.home, "watching ended", process=os.getpid())

    def _hear_stops(self) -> None:
        """Take a signal to stop as one more thing to answer, so that it never breaks off what is being answered."""
        heard, hears = socket.socketpair()
        for end in (heard, hears):
            end.setblocking(False)
        for stop in STOPS:
            signal.signal(stop, lambda *_: None)
        signal.set_wakeup_fd(hears.detach())
        self.selector.register(heard, selectors.EVENT_READ, self._hear)

    def _hear(self, heard: socket.socket) -> None:
        heard.recv(1)
        self.is_told_to_stop = True

    def _listen(self) -> socket.socket:
        other = connect(self.home)
        if other is not None:
            other.close()
            raise fail(f"{self.home}: `stra watch` already runs for this home. Expected: one for each. Stop it first.")
        (self.home / SOCKET).unlink(missing_ok=True)  # of a process that was killed
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        with address(self.home) as path:
            listener.bind(path)
        (self.home / SOCKET).chmod(0o600)
        listener.listen()
        self.selector.register(listener, selectors.EVENT_READ, self._answer)
        return listener

    def _turn(self) -> None:
        """Wait for the next thing to happen, and deal with it."""
        until_look = None if self.children else max(0.0, self.next_look - time.monotonic())
        for key, _ in self.selector.select(until_look):
            key.data(key.fileobj)
        if not self.children and time.monotonic() >= self.next_look:
            self.next_look = time.monotonic() + self.every
            if not self._is_outdated():
                self._look()

    def _look(self) -> None:
        """Build if the folder is the same at two looks, and is not the one that was built."""
        now = time.monotonic()
        try:
            found = read_folder(self.data).fingerprint
        except DataFolderMissing as problem:
            found = str(problem)
        has_settled, self.seen = found == self.seen, found
        if not has_settled:
            self.wait, self.next_try = 0.0, now
        elif now >= self.next_try:
            self._start(lambda: build_if_new(self.data, self.home), None)

    def _answer(self, listener: socket.socket) -> None:
        """Start the build that somebody asks for."""
        connection, _ = listener.accept()
        connection.settimeout(SLOWEST_REQUEST)
        try:
            request, outputs = _request(connection)
        except (OSError, ValueError):  # of another account, broken off, or no request
            connection.close()
            return
        if self.code != code_mark():
            with suppress(OSError), connection:  # nobody waits any longer
                connection.sendall(OUTDATED.encode())
        else:
            self._start(lambda: build_as_asked(request, outputs), connection)
        for output in outputs:
            os.close(output)

    def _start(self, work: Callable[[], int], asked: socket.socket | None) -> None:
        """Do the work in a copy of this process."""
        sys.stdout.flush()
        sys.stderr.flush()
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPS)  # until the copy can hear them as a build does
        process = os.fork()
        if process == 0:
            self._become(work, asked)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
        handle = os.pidfd_open(process)
        self.children[handle] = Child(process, asked)
        self.selector.register(handle, selectors.EVENT_READ, self._ended)
        if asked is not None:
            self.selector.register(asked, selectors.EVENT_READ, lambda _: self._interrupt(handle))

    def _interrupt(self, handle: int) -> None:
        """Stop a build whose asker has gone, or has said so; its end is answered as any other."""
        child = self.children.get(handle)
        if child is not None and child.asked is not None:  # it may have ended at the same moment
            self.selector.unregister(child.asked)
            signal.pidfd_send_signal(handle, signal.SIGINT)

    def _ended(self, handle: int) -> None:
        """Pass on how a build ended."""
        self.selector.unregister(handle)
        os.close(handle)
        child = self.children.pop(handle)
        code = os.waitstatus_to_exitcode(os.waitpid(child.process, 0)[1])
        if child.asked is not None:
            with suppress(KeyError):  # it was interrupted
                self.selector.unregister(child.asked)
            with suppress(OSError), child.asked:  # nobody waits any longer
                child.asked.sendall(f"{code if code >= 0 else 1}".encode())
        elif code not in (0, PUBLISHED_IN_PART):
            self.wait = min(LONGEST_WAIT, 2 * self.wait or self.every)
            self.next_try = time.monotonic() + self.wait

    def _is_outdated(self) -> bool:
        """Whether the code on the disk is another. Begins again with it, once it is the same at two looks."""
        found = code_mark()
        has_settled, self.code_seen = found == self.code_seen, found
        if found != self.code and has_settled:
            typer.echo("The product has changed on the disk: watching begins again.")
            sys.stdout.flush()
            os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])
        return found != self.code

    def _stop(self) -> None:
        """Stop every build in order, and answer who waits for it."""
        for handle in list(self.children):
            signal.pidfd_send_signal(handle, signal.SIGINT)
        for handle in list(self.children):
            self._ended(handle)
        typer.echo("No longer watching.")

    def _become(self, work: Callable[[], int], asked: socket.socket | None) -> NoReturn:
        """Do the work in this copy of the process, and end."""
        code = 1
        try:
            stops.hear()
            signal.pthread_sigmask(signal.SIG_UNBLOCK, STOPS)
            for what in (asked, *(key.fileobj for key in list(self.selector.get_map().values()))):
                _close(what)  # who asked hears of the end from the process that was asked
            code = work()
        except KeyboardInterrupt:
            typer.echo("stra: the build was stopped.", err=True)
            code = stops.INTERRUPTED
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)


def import_all() -> None:
    """Import what a build imports, and read what it reads of its own code."""
    from expectations.engine import warm_up
    from pipelines.dagster_records import definitions  # noqa: F401  # with Dagster, the tables in order and their lineage
    from pipelines.identities import linkage  # noqa: F401

    warm_up()
    sources()
    for card in built_tables():
        if card.function is not None:
            function_of(card)
    assert threading.active_count() == 1, "a copy would lack the other threads"
    gc.collect()
    gc.freeze()  # a copy shares this memory as long as nobody writes to it


def code_mark() -> str:
    """Changes when a file of the product does, or a library is installed or removed; reads no file."""
    digest = hashlib.sha256(str(Path(typer.__file__).parents[1].stat().st_mtime_ns).encode())
    for folder in CODE:
        for path in sorted((ROOT / folder).rglob("*.*")):
            if path.suffix not in (".py", ".sql", ".toml", ".csv"):
                continue
            with suppress(FileNotFoundError):  # it is being replaced: without it the mark is another
                status = path.stat()
                digest.update(f"{path} {status.st_size} {status.st_mtime_ns}".encode())
    return digest.hexdigest()


def build_if_new(data: Path, home: Path) -> int:
    """Exit code of a build, 0 if nothing has come.

    What the mapping queries in a database is asked for once a day.
    """
    if data.is_dir() and nothing_came(read_folder(data), home):
        _note_look(home)
        return 0
    return run(data, home, None).exit_code


def _note_look(home: Path) -> None:
    """Keep now and then that the home is up to date: else it would look as if no build had been tried."""
    try:
        last = builds.last_build(home)
        if last is None or abs((datetime.now(UTC) - last.ended_at).total_seconds()) > LOOKS_NOTED:
            builds.record_look(home)
    except (OSError, ValueError) as problem:
        typer.echo(f"stra: {home}: that nothing has come could not be recorded ({problem}).", err=True)


def build_as_asked(request: dict[str, Any], outputs: Sequence[int]) -> int:
    """Exit code of a build as if the user who asks had run it: in their folder, environment and terminal."""
    for number, output in enumerate(outputs, start=1):
        os.dup2(output, number)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.chdir(request["folder"])
    wanted = request["as_of"] and date.fromisoformat(request["as_of"])
    return run(Path(request["data"]), Path(request["home"]), wanted).exit_code


def _request(connection: socket.socket) -> tuple[dict[str, Any], list[int]]:
    """What is asked for, and the outputs that came with it.

    Raises OSError or ValueError for anything but a request of this account.
    """
    options = connection.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, CREDENTIALS.size)
    if CREDENTIALS.unpack(options)[1] != os.getuid():
        raise ValueError("another account")
    line, outputs, *_ = socket.recv_fds(connection, LONGEST, 2)
    while not line.endswith(b"\n") and len(line) < LONGEST:
        more = connection.recv(LONGEST)
        if not more:
            break
        line += more
    request: dict[str, Any] = json.loads(line)
    return request, outputs


def _close(what: object) -> None:
    """Close a socket, or the handle of a process."""
    if isinstance(what, socket.socket):
        what.close()
    elif isinstance(what, int):
        os.close(what)
