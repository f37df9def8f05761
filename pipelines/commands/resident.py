"""Asking the resident process of a home, `stra watch`, for a build.

The request is one line of JSON with the arguments, the folder and the environment of the user who asks. It comes over a
socket in the home, together with the two outputs that the build is to write to. The answer is its exit code.
"""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import typer

SOCKET = "watch.sock"
OUTDATED = "outdated"  # the answer of a process that holds other code than the one on the disk
LONGEST = 4_000_000  # bytes of a request


@contextmanager
def address(home: Path) -> Iterator[str]:
    """The address of the socket while it lasts: short, because that of a socket has at most 107 characters."""
    folder = os.open(home, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{SOCKET}"
    finally:
        os.close(folder)


def ask(home: Path, data: Path, as_of: str | None) -> int | None:
    """Exit code of a build by the resident process; None if there is none that could build.

    Ctrl-C stops that build, and the answer says so.
    """
    connection = connect(home)
    if connection is None:
        return None
    request = {"data": str(data), "home": str(home), "as_of": as_of, "folder": str(Path.cwd())}
    line = json.dumps({**request, "environment": dict(os.environ)}).encode() + b"\n"
    with connection:
        try:
            socket.send_fds(connection, [line[:1]], [1, 2])
            connection.sendall(line[1:])
            answer = _answer(connection)
        except (BrokenPipeError, ConnectionResetError):
            answer = ""
    if answer == OUTDATED:
        return None
    if not answer:
        what = "`stra watch` was ended before it answered. What is published is whole. Run this again."
        typer.echo(f"stra: {home}: {what}", err=True)
        return 1
    return int(answer)


def connect(home: Path) -> socket.socket | None:
    """A connection to the resident process of the home; None if there is none."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        with address(home) as path:
            connection.connect(path)
    except OSError:  # no home, no socket, nobody behind it, or not ours: the build is made here
        connection.close()
        return None
    return connection


def _answer(connection: socket.socket) -> str:
    while True:
        try:
            return connection.recv(100).decode().strip()
        except KeyboardInterrupt:
            with suppress(OSError):
                connection.shutdown(socket.SHUT_WR)  # the resident process stops the build, and answers
