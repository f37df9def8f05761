"""Whole files on the disk: a file is there whole under its name or not at all, and a log ends with a whole line.

This holds after a crash of the machine too.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, are on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def replace_whole(fresh: Path, path: Path) -> None:
    """Give a file that is written its name, once its content is on the disk."""
    flush(fresh)
    os.replace(fresh, path)
    flush(path.parent)


def write_whole(path: Path, content: str | bytes, *, mode: int = 0o666, is_flushed: bool = True) -> None:
    """Write a file beside its place and rename it. Where it cannot be written, nothing is left.

    Text is UTF-8. `mode` is that of a new file, less the umask. `is_flushed=False` does not wait for the disk: for what
    may be lost with the machine.
    """
    fresh = _beside(path)
    try:
        _write(fresh, content, mode)
        if is_flushed:
            replace_whole(fresh, path)
        else:
            os.replace(fresh, path)
    except OSError:
        _remove(fresh)
        raise


@contextmanager
def written_beside(contents: Mapping[Path, bytes]) -> Iterator[Mapping[Path, Path]]:
    """Write files that belong together beside their places, which are the keys of what is given.

    They get their names at the end, once all are on the disk and what was done meanwhile has not failed.
    """
    fresh = {path: _beside(path) for path in contents}
    try:
        for path, content in contents.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            _write(fresh[path], content, 0o666)
            flush(fresh[path])
        yield fresh
        for path, written in fresh.items():
            os.replace(written, path)
        for folder in {path.parent for path in fresh}:
            flush(folder)
    except BaseException:
        for left in fresh.values():
            _remove(left)
        raise


@contextmanager
def whole_folder(path: Path) -> Iterator[Path]:
    """A folder to write to, which gets its name at the end. The folder of that name is empty, or not there.

    It is removed if the work fails. What a killed run left is removed first.
    """
    fresh = path.resolve().with_name(f".{path.resolve().name}.unfinished")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(parents=True)
    try:
        yield fresh
        os.replace(fresh, path)
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise


def append_whole(path: Path, lines: bytes, *, is_flushed: bool = True) -> None:
    """Add whole lines to the end of a log, whose lock the caller holds.

    What a killed writer left of a line is removed first. Where the lines cannot be written, the log is as it was.
    """
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b", buffering=0) as log:
        end = _whole_until(log.fileno())
        try:
            log.truncate(end)
            log.seek(end)
            left = memoryview(lines)
            while left:
                left = left[log.write(left) :]
            if is_flushed:
                os.fsync(log.fileno())
        except OSError:
            with suppress(OSError):
                log.truncate(end)
            raise


def _whole_until(log: int) -> int:
    """Where the last whole line ends."""
    size = os.fstat(log).st_size
    at = size
    while at > 0:
        start = max(0, at - 65_536)
        found = os.pread(log, at - start, start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        at = start
    return 0


def _beside(path: Path) -> Path:
    return path.with_name(f".{path.name}")


def _write(fresh: Path, content: str | bytes, mode: int) -> None:
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, mode), "wb") as stream:
        stream.write(content.encode() if isinstance(content, str) else content)


def _remove(fresh: Path) -> None:
    with suppress(OSError):  # the disk that could not write may not remove either: the next writer replaces it
        fresh.unlink()
