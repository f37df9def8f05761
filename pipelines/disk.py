"""On the disk: what is written stands whole after a fall of the machine, or not at all."""

from __future__ import annotations

import os
from pathlib import Path


def flush(path: Path) -> None:
    """Wait until a file, or the names in a folder, lie on the disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def put(fresh: Path, path: Path) -> None:
    """Give a file that is written its name, once its content lies on the disk."""
    flush(fresh)
    os.replace(fresh, path)
    flush(path.parent)
