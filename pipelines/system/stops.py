"""A command that somebody stops: it ends in order, removes what it had begun, and its exit code says why."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

STOPPED = "the build was stopped"
QUERY_ENDED = "Query interrupted"  # all that DuckDB says where a signal ended its query
OF_SIGNALS = ("BuildStopped", "DagsterExecutionInterruptedError", "InterruptException")
INTERRUPTED = 128 + signal.SIGINT  # the exit code of a command that Ctrl-C ended
# the end of a pipe into which Python writes the number of each signal, also of one that others handle
_heard: list[int] = []
_signals: list[int] = []  # those that came


class BuildStopped(RuntimeError):
    """Somebody stopped the build: Ctrl+C, or the machine that shuts down."""


def hear() -> None:
    """Treat a request to end (SIGTERM, as of systemd) as Ctrl-C, which every part of a build knows."""
    heard, hears = os.pipe()
    for end in (heard, hears):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(hears, warn_on_full_buffer=False)
    _heard[:] = [heard]
    signal.signal(signal.SIGINT, _interrupt)  # started in the background, it would not hear Ctrl-C
    signal.signal(signal.SIGTERM, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))


def _interrupt(number: int, frame: object) -> None:
    """Raise KeyboardInterrupt, but where one is being tidied up after: polars raises its own, and Python a second."""
    if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
        raise KeyboardInterrupt


@contextmanager
def ended() -> Iterator[None]:
    """End with the exit code of the signal, where one ended the command; threads that still read are not waited for."""
    try:
        yield
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(128 + (_signals[0] if asked() else signal.SIGINT))


def asked() -> bool:
    """Whether somebody has asked this process to stop, whatever became of the signal.

    Dagster, DuckDB and other libraries each turn it into a fault of their own, or into none.
    """
    with suppress(BlockingIOError):
        for heard in _heard:
            _signals.extend(n for n in os.read(heard, 4096) if n in (signal.SIGTERM, signal.SIGINT))
    return bool(_signals)


def end_if_asked() -> None:
    """Raise BuildStopped if somebody has asked this process to stop."""
    if asked():
        raise BuildStopped(STOPPED)


def was_stopped(fault: BaseException | None) -> bool:
    """Whether a fault is that of a stop: somebody asked for one, or a signal ended the query.

    DuckDB raises a plain RuntimeError then, and what fails while the connection is tidied up has it for its context.
    """
    if asked():
        return True
    while fault is not None:
        if type(fault).__name__ in OF_SIGNALS or str(fault) == QUERY_ENDED:
            return True
        fault = fault.__context__
    return False
