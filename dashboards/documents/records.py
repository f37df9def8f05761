"""The record of written documents: HOME/reports.jsonl, one line per file.

Each line names the publication that a document was written from. Lines are only ever added. The documents' registers of
numbers are beside it, each named by its hash.

Each line holds the hash of the line before. A changed, removed or inserted line breaks the chain. A user who may write
to the file can forge all of it, or cut its end. Number and hash of the last line, printed when documents are written,
are the outside evidence.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from casework.store.files import append_whole, write_whole
from casework.store.refusal import Refused

FILE, REGISTERS, FIRST = "reports.jsonl", "reports", "0" * 64
SHOWN = 12  # digits of a hash that are printed


@dataclass(frozen=True)
class Record:
    """One document as it was written."""

    sequence: int
    written_at: str
    path: str
    sha256: str
    number_count: int | None  # numbers that can be found again in the file; None where its format hides them
    audience: str
    publication: str
    manifest_sha256: str
    register_sha256: str
    previous_hash: str
    row_hash: str

    @property
    def mark(self) -> str:
        """The receipt: number and start of the hash."""
        return f"no. {self.sequence}, {self.row_hash[:SHOWN]}"


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256 over the fields of a line except its own hash."""
    kept = [row[name] for name in Record.__dataclass_fields__ if name != "row_hash"]
    return hashlib.sha256(json.dumps(kept, ensure_ascii=True).encode()).hexdigest()


def read_records(home: Path) -> tuple[list[Record], list[str]]:
    """The records, and the faults of the chain; both empty if nothing was written."""
    path = home / FILE
    if not path.exists():
        return [], []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        return [], [f"{path}: the record of documents cannot be read ({type(problem).__name__})"]
    return _chain(path, lines)


def _chain(path: Path, lines: Sequence[str]) -> tuple[list[Record], list[str]]:
    found: list[Record] = []
    faults, previous = [], FIRST
    for count, line in enumerate(lines, start=1):
        try:
            row = Record(**json.loads(line))
        except (ValueError, TypeError):
            faults.append(f"{path}, line {count}: expected the record of a document, saw something else")
            continue
        expected = hash_of(asdict(row))
        if row.row_hash != expected:
            faults.append(f"{path}, line {count}: expected hash {expected}, saw {row.row_hash}: the line was changed")
        elif row.previous_hash != previous or row.sequence != count:
            faults.append(f"{path}, line {count}: it does not follow the line before: a line was removed or inserted")
        previous = row.row_hash
        found.append(row)
    return found, faults


def append(home: Path, entries: Sequence[Mapping[str, Any]]) -> list[Record]:
    """Add one line per document.

    Raises Refused if the record is damaged or cannot be written.
    """
    path = home / FILE
    try:
        with path.open("a+", encoding="utf-8") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX)
            handle.seek(0)
            text = handle.read()
            held, faults = _chain(path, text[: text.rfind("\n") + 1].splitlines())  # a killed writer left the rest
            if faults:
                raise Refused(f"{faults[0]}. Nothing can follow a damaged record. Run stra verify to see all faults.")
            made = _chained_records(held, entries)
            lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in made)
            append_whole(path, lines.encode())
    except OSError as problem:
        raise Refused(f"{path}: the record of documents cannot be written ({problem.strerror}).") from problem
    return made


def keep_register(home: Path, content: bytes) -> str:
    """Keep a register of numbers in the home under its hash; returns the hash.

    Documents can then be checked wherever they are.
    """
    digest = hashlib.sha256(content).hexdigest()
    path = home / REGISTERS / f"{digest}.json"
    try:
        path.parent.mkdir(exist_ok=True)
        write_whole(path, content)
    except OSError as problem:
        raise Refused(f"{path}: the register of numbers cannot be written ({problem.strerror}).") from problem
    return digest


def _chained_records(held: Sequence[Record], entries: Sequence[Mapping[str, Any]]) -> list[Record]:
    made: list[Record] = []
    sequence, previous = len(held), held[-1].row_hash if held else FIRST
    at = datetime.now(UTC).isoformat(timespec="seconds")
    for entry in entries:
        sequence += 1
        row = {"sequence": sequence, "written_at": at, **entry, "previous_hash": previous}
        previous = hash_of(row)
        made.append(Record(**row, row_hash=previous))
    return made
