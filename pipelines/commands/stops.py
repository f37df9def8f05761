"""A command that somebody stops: it ends in order, removes what it had begun, and its exit code says why."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress

INTERRUPTED = 128 + signal.SIGINT  # the exit code of a command that Ctrl-C ended
# the end of a pipe into which Python writes the number of each signal, also of one that others handle
_heard: list[int] = []


def hear() -> None:
    """Treat a request to end (SIGTERM, as of systemd) as Ctrl-C, which every part of a build knows."""
    heard, hears = os.pipe()
    for end in (heard, hears):
        os.set_blocking(end, False)
    signal.set_wakeup_fd(hears, warn_on_full_buffer=False)
    _heard[:] = [heard]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would not hear Ctrl-C
    signal.signal(signal.SIGTERM, lambda number, frame: os.kill(os.getpid(), signal.SIGINT))


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
        os._exit(128 + _first())


def _first() -> int:
    """The first signal that came. Dagster handles both alike while it runs, so that no handler of ours would know."""
    with suppress(BlockingIOError):
        for heard in _heard:
            if found := [number for number in os.read(heard, 4096) if number in (signal.SIGTERM, signal.SIGINT)]:
                return found[0]
    return signal.SIGINT
