"""What a disk holds after the power was lost: the calls of a run, and what of them had been waited for.

`faults.py` records every call with its content. A file's content is safe once the file was flushed, a name once its
folder was. Everything else may or may not be there: `LOSSES` names three ways in which a disk can lose it.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

CONTENT, NAMES, CHANCE = LOSSES = ("content that was not flushed", "names that were not flushed", "a part of either")
PAGE = 4096


@dataclass
class File:
    """A file now, and as it was when it was last flushed (None: never)."""

    now: bytearray
    safe: bytes | None = None


@dataclass
class Link:
    """A symbolic link."""

    target: str


@dataclass
class Folder:
    """The names in a folder now, and when it was last flushed."""

    now: dict[str, File | Link | Folder] = field(default_factory=dict)
    safe: dict[str, File | Link | Folder] = field(default_factory=dict)


class Disk:
    """The folder `root` of a disk that loses its power."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.top = _read(root)

    def replay(self, calls: Iterator[tuple[str, str, str, int, bytes]]) -> None:
        """Do what the calls did."""
        for what, path, other, offset, data in calls:
            self._do(what, path, other, offset, data)

    def _do(self, what: str, path: str, other: str, offset: int, data: bytes) -> None:
        folder, name = self._place(path)
        node = self.top if path == str(self.root) else folder.now.get(name) if folder is not None else None
        if what == "fsync":
            if isinstance(node, File):
                node.safe = bytes(node.now)
            elif isinstance(node, Folder):
                node.safe = dict(node.now)
        elif folder is None:
            return  # of a file without a name any more
        elif what == "create":
            folder.now[name] = File(bytearray())
        elif what == "truncate" and isinstance(node, File):
            node.now.clear()
        elif what == "ftruncate" and isinstance(node, File):
            del node.now[offset:]
            node.now.extend(bytes(offset - len(node.now)))
        elif what == "write" and isinstance(node, File):
            node.now.extend(bytes(max(0, offset - len(node.now))))
            node.now[offset : offset + len(data)] = data
        elif what == "mkdir":
            folder.now[name] = Folder()
        elif what == "symlink":
            folder.now[name] = Link(other)
        elif what in ("unlink", "rmdir"):
            folder.now.pop(name, None)
        elif what in ("rename", "link") and node is not None:
            target, new = self._place(other)
            assert target is not None, other
            target.now[new] = node
            if what == "rename":
                del folder.now[name]

    def _place(self, path: str) -> tuple[Folder | None, str]:
        folder: File | Link | Folder | None = self.top
        *parents, name = Path(path).relative_to(self.root).parts or ("",)
        for part in parents:
            folder = folder.now.get(part) if isinstance(folder, Folder) else None
        return (folder if isinstance(folder, Folder) else None), name

    def after(self, loss: str, target: Path, seed: int = 0) -> None:
        """Write to `target` what is there when the power is back."""
        _write(self.top, target, loss, random.Random(seed))


def _read(folder: Path) -> Folder:
    found = Folder()
    for path in folder.iterdir():
        if path.is_symlink():
            found.now[path.name] = Link(str(path.readlink()))
        elif path.is_dir():
            found.now[path.name] = _read(path)
        elif path.is_file():
            content = path.read_bytes()
            found.now[path.name] = File(bytearray(content), content)
    found.safe = dict(found.now)
    return found


def _write(folder: Folder, target: Path, loss: str, chance: random.Random) -> None:
    target.mkdir(parents=True)
    for name in {**folder.safe, **folder.now}:
        is_now = loss == CONTENT or (loss == CHANCE and chance.random() < 0.5)
        node = (folder.now if is_now else folder.safe).get(name)
        if isinstance(node, Folder):
            _write(node, target / name, loss, chance)
        elif isinstance(node, Link):
            (target / name).symlink_to(node.target)
        elif node is not None:
            (target / name).write_bytes(_content(node, loss, chance))


def _content(file: File, loss: str, chance: random.Random) -> bytes:
    safe = file.safe or b""
    if loss != CHANCE or safe == file.now:
        return safe
    size = chance.choice([len(safe), len(file.now)])
    pages = [
        bytes((file.now if chance.random() < 0.5 else safe)[at : at + PAGE].ljust(PAGE, b"\0"))
        for at in range(0, size, PAGE)
    ]
    return b"".join(pages)[:size]


def recorded(log: Path) -> Iterator[tuple[str, str, str, int, bytes]]:
    """The calls that `faults.py` wrote down: name, path, other path, offset, content."""
    with log.open("rb") as stream:
        while line := stream.readline():
            what, path, other, offset, length = line.decode().rstrip("\n").split("\t")
            yield what, path, other, int(offset), stream.read(int(length))
