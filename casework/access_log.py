"""Who looked at which list, when: a log that is only added to, each row bound to the one before by its hash.

A row's hash is SHA-256 over its fields and the hash of the row before: a row that was changed, taken out or put in
between breaks the chain. The number and hash of the last row are kept apart, so that a lost end shows as well. Whoever
may write to the whole database can forge all of it: the number and hash printed on a list are the witness outside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import DatabaseError, IntegrityError

from casework.refusal import Refused
from casework.store import exists, now, open_store, reading, rows, writing
from casework.tables import access_log, access_log_head

FIRST = "0" * 64  # what the first row follows
SHOWN = 12  # digits of a hash that are printed, and the fewest that witness anything
LOG = "access_log"
ATTEMPTS = 20
SIGNED_IN, NOT_SIGNED_IN = "signed in", "not signed in"
_HASHED = ("sequence", "viewed_at", "viewer", "viewer_kind", "audience", "page", "subject", "record_count",
           "previous_hash")  # fmt: skip


@dataclass(frozen=True)
class Viewing:
    """What is looked at, and by whom: the signed-in identity, else whoever the server can name, said as such."""

    viewer: str
    viewer_kind: str
    audience: str
    page: str
    subject: str
    record_count: int


@dataclass(frozen=True)
class Entry:
    """A viewing as it stands in the log; of a printed one `row_hash` is as much of the hash as was printed."""

    sequence: int
    row_hash: str

    @property
    def mark(self) -> str:
        """Number and start of the hash, as printed on a list."""
        return f"no. {self.sequence}, {self.row_hash[:SHOWN]}"


@dataclass(frozen=True)
class Verdict:
    """What a check of the whole log found; `faults` is empty where nothing is wrong."""

    row_count: int
    faults: tuple[str, ...]


class _OvertakenError(Exception):
    """Somebody else's viewing was logged between our look and our writing."""


def mark_of(text: str) -> Entry:
    """The mark on a printed list, written NUMBER:HASH. Raises Refused where it is none."""
    number, _, digits = text.strip().partition(":")
    if not re.fullmatch(r"[0-9]{1,9}", number) or not re.fullmatch(rf"[0-9a-f]{{{SHOWN},64}}", digits.lower()):
        raise Refused(f"Expected a mark like 3:0123456789ab, with {SHOWN} digits or more of its hash; saw {text!r}.")
    return Entry(int(number), digits.lower())


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256 over the fields of a row, the hash of the row before included, as one JSON list."""
    return hashlib.sha256(json.dumps([row[name] for name in _HASHED], ensure_ascii=True).encode()).hexdigest()


def record_in(home: Path, viewing: Viewing) -> Entry:
    """Log a viewing in the store of a home. Raises Refused where there can be no store, or it cannot be written."""
    try:
        return record(open_store(home), viewing)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"The access log cannot be written ({type(problem).__name__}).") from problem


def record(engine: Engine, viewing: Viewing) -> Entry:
    """Log a viewing. Raises Refused where it cannot be logged: what is looked at is then not shown.

    Two at once never follow the same row: one waits (SQLite) or is turned away and tries again (PostgreSQL).
    """
    if not viewing.viewer.strip():
        raise Refused("A viewing without a viewer is not logged.")
    try:
        for _ in range(ATTEMPTS):
            try:
                with writing(engine) as con:
                    return _append(con, viewing)
            except (IntegrityError, _OvertakenError):
                continue
        faults = verify(engine).faults
    except DatabaseError as problem:
        raise Refused(f"The access log cannot be written ({type(problem.orig).__name__}).") from problem
    if faults:
        raise Refused(
            f"The access log is damaged, and nothing can follow it: {faults[0]}. Tell whoever runs this server; "
            "`stra log verify` names all that is wrong."
        )
    raise Refused("The access log is so busy that this viewing could not be written: try again.")


def _append(con: Connection, viewing: Viewing) -> Entry:
    head = _head(con)
    sequence, previous = (head["sequence"], head["row_hash"]) if head else (0, FIRST)
    row: dict[str, Any] = {
        "sequence": sequence + 1,
        "viewed_at": now(),
        "viewer": viewing.viewer.strip(),
        "viewer_kind": viewing.viewer_kind,
        "audience": viewing.audience,
        "page": viewing.page,
        "subject": viewing.subject,
        "record_count": viewing.record_count,
        "previous_hash": previous,
    }
    row["row_hash"] = hash_of(row)
    con.execute(insert(access_log).values(row))
    new = {"sequence": row["sequence"], "row_hash": row["row_hash"]}
    if head is None:
        con.execute(insert(access_log_head).values(log_name=LOG, **new))
    else:
        moved = con.execute(
            update(access_log_head)
            .where(access_log_head.c.log_name == LOG, access_log_head.c.row_hash == previous)
            .values(new)
        )
        if moved.rowcount != 1:
            raise _OvertakenError
    return Entry(row["sequence"], row["row_hash"])


def _head(con: Connection) -> dict[str, Any] | None:
    found = rows(con, select(access_log_head).where(access_log_head.c.log_name == LOG))
    return found[0] if found else None


def entries(engine: Engine, most: int = 200) -> list[dict[str, Any]]:
    """The latest viewings, the newest first."""
    with reading(engine) as con:
        return rows(con, select(access_log).order_by(access_log.c.sequence.desc()).limit(most))


def verify_in(home: Path, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check the log in the store of a home. Raises Refused where there is no store, or it cannot be read."""
    if not exists(home):
        raise Refused(f"{home}: there is no casework store, so there is no log to check.")
    try:
        return verify(open_store(home), witnessed)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"{home}: the access log cannot be read ({type(problem).__name__}).") from problem


def verify(engine: Engine, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check every row against its own hash, the one before and the head; `witnessed` are marks kept elsewhere."""
    with reading(engine) as con:
        held = rows(con, select(access_log).order_by(access_log.c.sequence))
        head = _head(con)
    faults, previous, expected = [], FIRST, 1
    for row in held:
        number = row["sequence"]
        if number != expected:
            faults.append(f"before no. {number}: {number - expected} rows are missing")
        elif row["previous_hash"] != previous:
            faults.append(f"no. {number} does not follow the row before it")
        if hash_of(row) != row["row_hash"]:
            faults.append(f"no. {number} was changed after it was written")
        previous, expected = row["row_hash"], number + 1
    last = (expected - 1, previous)
    if (head["sequence"], head["row_hash"]) != last if head else bool(held):
        faults.append(f"the log ends at no. {last[0]}, and not where its last row was written")
    known = {row["sequence"]: row["row_hash"] for row in held}
    faults += [f"{e.mark} is not in the log" for e in witnessed if not _is_of(e, known.get(e.sequence, ""))]
    return Verdict(len(held), tuple(faults))


def _is_of(witness: Entry, row_hash: str) -> bool:
    return len(witness.row_hash) >= SHOWN and row_hash.startswith(witness.row_hash)
