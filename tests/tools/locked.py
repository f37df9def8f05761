"""What requirements.lock holds: versions, hashes, and who asks for each package."""

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCK = ROOT / "requirements.lock"
PROJECT = "stra (pyproject.toml)"  # as uv calls the project in the comments of the lock


@dataclass(frozen=True)
class Entry:
    """One version of one package. `marker` says on which machines it is installed, "" for all."""

    name: str
    version: str
    marker: str
    hashes: tuple[str, ...]
    asked_by: tuple[str, ...]


def entries(text: str) -> list[Entry]:
    """The entries of a lock. Raises ValueError if a line is of no known form."""
    found: list[Entry] = []
    for block in re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"\A(?:#.*\n)+", "", text).strip()):
        head, *rest = block.replace("\\\n", "\n").splitlines()
        named = re.fullmatch(r"([a-z0-9][\w.-]*)(?:\[[\w,-]+\])?==([\w.!+-]+)\s*(?:;\s*(.*?))?\s*", head)
        lines = [line.strip() for line in rest if line.strip()]
        hashes = tuple(line.removeprefix("--hash=") for line in lines if line.startswith("--hash="))
        comments = [line.lstrip("# ") for line in lines if line.startswith("#")]
        if named is None or len(hashes) + len(comments) != len(lines):
            raise ValueError(f"not a form of the lock: {block[:200]}")
        asked_by = (comment.removeprefix("via ") for comment in comments if comment != "via")
        found.append(Entry(named[1], named[2], named[3] or "", hashes, tuple(asked_by)))
    return found


def plain(name: str) -> str:
    """A package's name as the lock writes it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def named_in(requirements: list[str]) -> set[str]:
    """The packages that requirements of pyproject.toml name."""
    return {plain(re.split(r"[^A-Za-z0-9._-]", asked, maxsplit=1)[0]) for asked in requirements}


def run_time(found: list[Entry]) -> list[Entry]:
    """The entries that the product needs to run: what pyproject.toml asks for, and what these ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    needed, before = named_in(project["dependencies"]), -1
    while len(needed) > before:
        before = len(needed)
        needed |= {entry.name for entry in found if needed & {plain(asker) for asker in entry.asked_by}}
    return [entry for entry in found if entry.name in needed]
