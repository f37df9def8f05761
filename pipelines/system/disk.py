"""The disk below a home: its troubles in words, and who may read it.

Files are written whole by `casework.store.files`.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from casework.store.files import flush, replace_whole, write_whole

__all__ = ["PRIVATE", "flush", "in_words", "is_disk_trouble", "make_private", "replace_whole", "write_whole"]

# what the operating system, DuckDB and Dagster's own records say when nothing more can be written
TROUBLE = (
    "no space left", "file too large", "disk i/o error", "disk is full", "could not write", "read-only",
    "quota exceeded", "input/output error", "permission denied", "unable to open database file", "readonly database",
)  # fmt: skip
_SAID = re.compile(r'"exception_message":"((?:[^"\\]|\\.)*)"')  # DuckDB's own words, where another error quotes them


def is_disk_trouble(problem: Exception | str) -> bool:
    """Whether a failure is one of writing to the disk, by its words."""
    return any(trouble in str(problem).lower() for trouble in TROUBLE)


def in_words(problem: Exception | str) -> str:
    """The first line of a failure to write, without what DuckDB says around it."""
    words = str(problem)
    quoted = _SAID.search(words)
    return (quoted[1].replace('\\"', "") if quoted else words).strip().splitlines()[0]


# kinds of file system that several machines may use at once, as the system names them
SHARED = frozenset({
    "9p", "afs", "beegfs", "ceph", "cifs", "glusterfs", "gfs2", "gpfs", "lustre", "nfs", "nfs4", "ocfs2", "smb3",
    "smbfs", "virtiofs",
})  # fmt: skip


def is_shared(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> bool:
    """Whether a folder is on a disk that other machines may use too, by the kind of its file system.

    `mounts` lists what is mounted where (proc(5)). A kind of FUSE may be such a share, so that it counts as one.
    """
    kinds = {}
    for line in mounts.read_text(encoding="utf-8", errors="replace").splitlines():
        before, after = line.split(" - ", 1)
        kinds[Path(before.split()[4].replace("\\040", " "))] = after.split()[0]
    whole = folder.resolve()
    kind = next((kinds[place] for place in (whole, *whole.parents) if place in kinds), "")
    return kind in SHARED or kind.startswith("fuse.")


PRIVATE = 0o077  # the umask under which a home is written: for the account that runs the product, and no other


def make_private(home: Path) -> bool:
    """Make a home that is there: close it to other accounts. Returns whether it was open to them.

    A home holds records of people. Homes of earlier releases could be read by every account of the machine.
    """
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not home.stat().st_mode & PRIVATE:
        return False
    for folder, folders, names in os.walk(home):
        for path in (Path(folder), *(Path(folder, name) for name in (*folders, *names))):
            if not path.is_symlink():
                path.chmod(path.stat().st_mode & ~PRIVATE & 0o777)
    return True
