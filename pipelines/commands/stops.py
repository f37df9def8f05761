"""A command that somebody stops: it ends in order, removes what it had begun, and its exit code says why."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 128 + signal.SIGINT  # the exit code of a command that Ctrl-C ended
_asked: list[int] = []  # the signals that asked this process to end


def hear() -> None:
    """Treat a request to end (SIGTERM, as of systemd) as Ctrl-C, which every part of a build knows."""
    _asked.clear()
    signal.signal(signal.SIGINT, signal.default_int_handler)  # started in the background, it would not hear Ctrl-C
    signal.signal(signal.SIGTERM, _end)


def _end(number: int, frame: FrameType | None) -> None:
    _asked.append(number)
    os.kill(os.getpid(), signal.SIGINT)


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
        os._exit(128 + _asked[-1] if _asked else INTERRUPTED)
