"""The audit trail of processing under the Data Protection Act 2018, section 62: what was done with records, by whom,
when.

Collection, alteration, consultation, disclosure, combination and erasure are in one append-only log, each row bound to
the one before (see chain.py). An action that cannot be logged is not done. A decision and its row are written in one
transaction; records are shown, handed out or erased only after their row. The receipts printed on documents, and those
that a publication keeps, are the outside witnesses.
"""

from __future__ import annotations

import getpass
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import DatabaseError

from casework.choices.processing_words import KINDS_OF_PROCESSING, PURPOSES
from casework.store import chain
from casework.store.chain import SHOWN, Chain, Entry, Verdict
from casework.store.database import exists, in_words, now, open_store, reading, rows_of
from casework.store.refusal import Refused
from casework.store.tables import access_log, events, processing_log
from casework.store.words import escaped

__all__ = [
    "NOT_SIGNED_IN", "SHOWN", "SIGNED_IN", "Action", "Entry", "Verdict", "by_command", "entries", "log", "record",
    "record_in", "server_account", "verify", "verify_in",
]  # fmt: skip

CHAIN = Chain(processing_log, "The access log", "action", "stra log verify", ("kind",))
EARLIER = Chain(access_log, "The access log of earlier versions", "viewing", "stra log verify")
SIGNED_IN, NOT_SIGNED_IN = "signed in", "not signed in"
LONGEST = 2_000  # characters of a text
COMBINATIONS = ("link decided",)  # decisions that say which records are one person's


@dataclass(frozen=True)
class Action:
    """An action and who did it: the signed-in identity, else the server's account, marked as such.

    `place` is the page, document or command; `record_count` is None where it is not known; `recipient` is that of a
    disclosure. Raises Refused where it does not say who, what, or to whom.
    """

    kind: str
    who: str
    who_kind: str
    audience: str
    place: str
    subject: str
    record_count: int | None = None
    recipient: str = ""
    purpose: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS_OF_PROCESSING or self.purpose not in PURPOSES:
            raise Refused(f"Expected a kind and a purpose of the log; saw {self.kind!r} and {self.purpose!r}.")
        if not self.who.strip() or not self.subject.strip():
            raise Refused("An action without who did it, or without its subject, is not logged.")
        if self.kind == "disclosure" and not self.recipient.strip():
            raise Refused("A disclosure without a recipient is not logged.")


def server_account() -> str:
    """The account under which this program runs: not the user, but all that is known."""
    try:
        return f"server account {getpass.getuser()}"
    except (KeyError, OSError):
        return "server account without a name"


def by_command(kind: str, audience: str, command: str, subject: str, **more: Any) -> Action:
    """An action by the user of a command on the server, where nobody signs in."""
    return Action(kind, f"command line; {server_account()}", NOT_SIGNED_IN, audience, command, subject, **more)


def record_in(home: Path, *actions: Action) -> Entry:
    """Log actions in the store of a home; return the last entry.

    Raises Refused where that is impossible: then do nothing.
    """
    try:
        return record(open_store(home), *actions)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"The access log cannot be written. {in_words(problem)}") from problem


def record(engine: Engine, *actions: Action) -> Entry:
    """Log actions, all or none; return the last entry. Raises Refused where that is impossible: then do nothing."""
    if not actions:
        raise Refused("There is nothing to log.")
    try:
        return chain.append_in_chain(engine, CHAIN, lambda con: [_append(con, action) for action in actions][-1])
    except DatabaseError as problem:
        raise Refused(f"The access log cannot be written. {in_words(problem)}") from problem


def log(con: Connection, actor: str, action: str, subject: tuple[str, str], detail: Mapping[str, Any]) -> None:
    """Log a decision, in the same transaction as the decision itself. References only, never its words."""
    con.execute(
        insert(events).values(
            happened_at=now(),
            actor=actor,
            action=action,
            subject_type=subject[0],
            subject_ref=subject[1],
            detail=json.dumps(detail, sort_keys=True, default=str),
        )
    )
    kind = "combination" if action in COMBINATIONS else "alteration"
    chain.lock_chain(con, CHAIN)
    _append(con, Action(kind, actor, "named in the decision", "", "casework", f"{action}: {' '.join(subject)}"))


def _append(con: Connection, action: Action) -> Entry:
    said = {name: _written(value) if isinstance(value, str) else value for name, value in asdict(action).items()}
    return chain.append(con, CHAIN, {"logged_at": now(), **said})


def _written(text: str) -> str:
    """A text as it is kept: one line of signs that can be seen, whatever an address or a form held; cut if too long."""
    words = escaped(text.strip())
    return words if len(words) <= LONGEST else f"{words[:LONGEST]}..."


def entries(engine: Engine, most: int | None = 200, *, kind: str = "", who: str = "") -> list[dict[str, Any]]:
    """The latest rows, the newest first; of one kind or identity where given; all of them with `most` None."""
    query = select(processing_log).order_by(processing_log.c.sequence.desc()).limit(most)
    if kind:
        query = query.where(processing_log.c.kind == kind)
    if who:
        query = query.where(processing_log.c.who == who)
    return rows_of(engine, query)


def verify_in(home: Path, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check the log in the store of a home. Raises Refused where there is no store, or it cannot be read."""
    if not exists(home):
        raise Refused(f"{home}: there is no casework store, so there is no log to check.")
    try:
        return verify(open_store(home), witnessed)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"{home}: the access log cannot be read. {in_words(problem)}") from problem


def verify(engine: Engine, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check every row against its own hash, the row before and the head; `witnessed` are receipts kept elsewhere.

    A receipt of an earlier version's list is searched among the viewings that it kept.
    """
    with reading(engine) as con:
        earlier = chain.read_rows(con, EARLIER)
        old = [e for e in witnessed if chain.is_in(e, earlier)]
        found = chain.find_faults(EARLIER, earlier, chain.head(con, EARLIER), old)
        log_now = chain.find_faults(
            CHAIN, chain.read_rows(con, CHAIN), chain.head(con, CHAIN), [e for e in witnessed if e not in old]
        )
    faults = tuple(f"{EARLIER.title}: {fault}" for fault in found.faults)
    return Verdict(found.row_count + log_now.row_count, faults + log_now.faults)
