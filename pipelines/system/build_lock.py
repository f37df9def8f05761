"""One build of a home at a time, also where several machines share its disk."""

from __future__ import annotations

import errno
import fcntl
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from pipelines.system.disk import is_shared, make_private
from pipelines.system.machine import spill_folder

FILE = "build.lock"
NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)  # what a disk answers that keeps none


class WarehouseBusy(Exception):
    """Another build holds the warehouse, or nobody can know whether one does."""


@contextmanager
def build_lock(home: Path) -> Iterator[None]:
    """One build at a time. The lock ends with its process, also a killed one."""
    make_private(home)
    with open(home / FILE, "a+", encoding="utf-8") as handle:
        _lock(home, handle)
        try:  # a signal to stop may come as soon as the file says that a build runs
            handle.truncate(0)
            handle.write(f"{os.getpid()} on {socket.gethostname()}, started {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC")
            handle.flush()
            shutil.rmtree(spill_folder(home), ignore_errors=True)  # what a killed build left
            yield
        finally:
            with suppress(OSError):  # an empty file says that the build has ended; the lock ends in any case
                handle.truncate(0)


def _lock(home: Path, handle: TextIO) -> None:
    """Lock the file. Raises WarehouseBusy with its holder."""
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise WarehouseBusy(
            f"{home}: another build is running (process {_holder(handle)}). Expected: one build at a time. "
            "The published copy is unchanged; wait for it to finish, then run this again."
        ) from None
    except OSError as problem:
        if problem.errno not in NO_LOCKS:
            raise
        raise WarehouseBusy(
            f"{home}: its disk keeps no locks ({problem.strerror}), so that two builds could write at once. Expected: "
            "a disk of this machine, or a share with locks. Move the home, or mount the share with locks."
        ) from None
    # some shares keep the locks of each machine to itself: there the name in the file is all that the others see
    holder = _holder(handle)
    if holder and is_shared(home) and f" on {socket.gethostname()}, " not in holder:
        raise WarehouseBusy(
            f"{home}: a build of another machine has not ended (process {holder}). Expected: one build at a time. "
            f"Wait for it to finish. If it was cut off, remove {home / FILE}, then run this again."
        )


def _holder(handle: TextIO) -> str:
    handle.seek(0)
    return handle.read().strip()
