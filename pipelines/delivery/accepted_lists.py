"""Checksums of the lists in assets/reference: a build names each list that nobody accepted as it is now.

A force may edit its lists, so that an edit stops no build. `stra lists --accept-by NAME` accepts them as they are, as
does accepting what `stra plan` shows.
`checksums.csv` beside the lists says who accepted each. Line ends and a byte order mark do not count: editors and
checkouts change them.
"""

from __future__ import annotations

import csv
import hashlib
import io
from dataclasses import dataclass
from pathlib import Path

from casework.store.refusal import Refused
from casework.store.words import one_line
from pipelines.system.disk import write_whole
from pipelines.tables.cards import ASSETS
from pipelines.tables.warehouse import TableDiffers

LISTS = ASSETS / "reference"
FILE = "checksums.csv"
HEADER = ["file", "sha256", "accepted_by"]
REMEDY = "Put the shipped list back; if the change is meant, run: stra lists --accept-by NAME"
MOST_NAMED = 3


@dataclass(frozen=True)
class Changed:
    """A list that is not as it was accepted. '' in place of a checksum: none was accepted, or the list is gone."""

    file: str
    expected: str
    seen: str

    def words(self) -> str:
        """Which list, what was expected and what was seen."""
        expected = f"sha256 {self.expected}" if self.expected else "no such list"
        seen = f"sha256 {self.seen}" if self.seen else "no such file"
        return f"assets/reference/{self.file}: expected {expected}, saw {seen}"


def notice(folder: Path = LISTS) -> str:
    """Which lists are not as they were accepted, and what to do; '' if all are."""
    try:
        found = changed(folder)
    except TableDiffers as words:
        return str(words)
    if not found:
        return ""
    more = f", and {len(found) - MOST_NAMED} more" if found[MOST_NAMED:] else ""
    return f"{'; '.join(one.words() for one in found[:MOST_NAMED])}{more}. {REMEDY}"


def changed(folder: Path = LISTS) -> list[Changed]:
    """The lists that are not as they were accepted. Raises TableDiffers if `checksums.csv` cannot be read."""
    accepted = {file: sha256 for file, (sha256, _) in _accepted(folder).items()}
    seen = {name: sha256_of(folder / name) for name in _names(folder)}
    differing = sorted(name for name in accepted.keys() | seen.keys() if accepted.get(name) != seen.get(name))
    return [Changed(name, accepted.get(name, ""), seen.get(name, "")) for name in differing]


def accept(who: str, folder: Path = LISTS) -> list[Changed]:
    """Accept every list as it is now; return those that were not. Raises Refused if that cannot be noted."""
    if not one_line(who):
        raise Refused("expected a name with --accept-by: it is noted beside the list.")
    try:
        before, found = _accepted(folder), changed(folder)
    except TableDiffers:  # a file that cannot be read says nothing: all lists are accepted again
        before, found = {}, [Changed(name, "", sha256_of(folder / name)) for name in _names(folder)]
    if not found:
        return []
    now = before | {one.file: (one.seen, one_line(who)) for one in found}
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerows([HEADER, *([name, *now[name]] for name in sorted(now) if now[name][0])])
    try:
        write_whole(folder / FILE, out.getvalue())
    except OSError as problem:
        raise Refused(
            f"{folder / FILE}: could not write ({problem.strerror}). Run this with an account that may write there."
        ) from problem
    return found


def sha256_of(path: Path) -> str:
    """The checksum of a list, whatever its line ends."""
    content = path.read_bytes().removeprefix(b"\xef\xbb\xbf").replace(b"\r\n", b"\n")
    return hashlib.sha256(content).hexdigest()


def _names(folder: Path) -> list[str]:
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*.csv") if not path.name.startswith("."))
    return sorted(name for name in found if name != FILE)


def _accepted(folder: Path) -> dict[str, tuple[str, str]]:
    """List -> its checksum and who accepted it."""
    place = f"assets/reference/{FILE}"
    try:
        with open(folder / FILE, encoding="utf-8", newline="") as stream:
            header, *rows = csv.reader(stream)
    except (OSError, ValueError, csv.Error) as problem:
        raise TableDiffers(f"{place}: cannot be read ({problem}). {REMEDY}") from None
    for number, row in enumerate(rows, start=2):
        if len(row) != len(HEADER):
            raise TableDiffers(f"{place}, line {number}: expected {', '.join(HEADER)}; saw {len(row)} values. {REMEDY}")
    if header != HEADER or len({row[0] for row in rows}) != len(rows):
        raise TableDiffers(f"{place}: expected {', '.join(HEADER)}, and each list once. {REMEDY}")
    return {file: (sha256, who) for file, sha256, who in rows}
