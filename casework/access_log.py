"""Who looked at which list, when: a log that is only added to, each row bound to the one before (see chain.py).

The number and hash printed on a list are the witness outside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.exc import DatabaseError

from casework import chain
from casework.chain import FIRST, SHOWN, Chain, Entry, Verdict, mark_of
from casework.refusal import Refused
from casework.store import exists, now, open_store, reading, rows
from casework.tables import access_log

__all__ = [
    "FIRST", "SHOWN", "Entry", "Verdict", "Viewing", "entries", "hash_of", "mark_of", "record", "record_in", "verify",
    "verify_in",
]  # fmt: skip

CHAIN = Chain(access_log, "The access log", "viewing", "stra log verify")
SIGNED_IN, NOT_SIGNED_IN = "signed in", "not signed in"
_OvertakenError = chain.OvertakenError


@dataclass(frozen=True)
class Viewing:
    """What is looked at, and by whom: the signed-in identity, else whoever the server can name, said as such."""

    viewer: str
    viewer_kind: str
    audience: str
    page: str
    subject: str
    record_count: int


def hash_of(row: Mapping[str, Any]) -> str:
    """SHA-256 over the fields of a row, the hash of the row before included."""
    return CHAIN.hash_of(row)


def record_in(home: Path, viewing: Viewing) -> Entry:
    """Log a viewing in the store of a home. Raises Refused where there can be no store, or it cannot be written."""
    try:
        return record(open_store(home), viewing)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"The access log cannot be written ({type(problem).__name__}).") from problem


def record(engine: Engine, viewing: Viewing) -> Entry:
    """Log a viewing. Raises Refused where it cannot be logged: what is looked at is then not shown."""
    if not viewing.viewer.strip():
        raise Refused("A viewing without a viewer is not logged.")
    try:
        return chain.follow(engine, CHAIN, lambda con: _append(con, viewing))
    except DatabaseError as problem:
        raise Refused(f"The access log cannot be written ({type(problem.orig).__name__}).") from problem


def _append(con: Connection, viewing: Viewing) -> Entry:
    return chain.append(
        con,
        CHAIN,
        {
            "viewed_at": now(),
            "viewer": viewing.viewer.strip(),
            "viewer_kind": viewing.viewer_kind,
            "audience": viewing.audience,
            "page": viewing.page,
            "subject": viewing.subject,
            "record_count": viewing.record_count,
        },
    )


def _head(con: Connection) -> dict[str, Any] | None:
    return chain.head(con, CHAIN)


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
        return chain.judge(CHAIN, chain.held(con, CHAIN), _head(con), witnessed)
