"""What takes long to make and is then only read: made once a run of all tests, by whichever process asks first.

`make test` names the folder for it in STRA_KEPT and empties it first. Without that each process keeps its own.
Who writes to a home that is kept here takes a copy of it (`copied`).
"""

import atexit
import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable
from functools import cache
from pathlib import Path

MADE = "made"  # a file that says that the rest is whole


@cache
def _folder() -> Path:
    if named := os.environ.get("STRA_KEPT"):
        folder = Path(named).resolve()
        folder.mkdir(parents=True, exist_ok=True)
        return folder
    own = tempfile.mkdtemp(prefix="kept-")
    atexit.register(shutil.rmtree, own, ignore_errors=True)
    return Path(own)


def kept(name: str, make: Callable[[Path], object]) -> Path:
    """The folder of this name, filled by `make` where nobody did so before; one process makes, others wait for it."""
    folder = _folder() / name
    with (_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / MADE).exists():
            shutil.rmtree(folder, ignore_errors=True)  # left by a process that was ended
            folder.mkdir()
            make(folder)
            (folder / MADE).touch()
    return folder


def copied(home: Path, target: Path) -> Path:
    """A copy of a home, to be written to."""
    shutil.copytree(home, target, symlinks=True)
    return target
