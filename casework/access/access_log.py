"""What was done with records of people, by whom, when: the log of the Data Protection Act 2018, section 62.

Collection, alteration, consultation, disclosure, combination and erasure stand in one log that is only added to, each
row bound to the one before (see chain.py). What cannot be logged is not done: a decision and its row are written in
one transaction, records are shown, handed out or erased only after theirs. The number and hash printed on a document,
and those that a publication keeps, are the witnesses outside.
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

from casework.access.processing_words import KINDS_OF_PROCESSING, PURPOSES
from casework.store import chain
from casework.store.chain import SHOWN, Chain, Entry, Verdict
from casework.store.database import exists, now, open_store, reading, rows
from casework.store.refusal import Refused
from casework.store.tables import access_log, events, processing_log

__all__ = [
    "NOT_SIGNED_IN", "SHOWN", "SIGNED_IN", "Deed", "Entry", "Verdict", "by_command", "entries", "log", "record",
    "record_in", "server_account", "verify", "verify_in",
]  # fmt: skip

CHAIN = Chain(processing_log, "The access log", "deed", "stra log verify", ("kind",))
EARLIER = Chain(access_log, "The access log of earlier versions", "viewing", "stra log verify")
SIGNED_IN, NOT_SIGNED_IN = "signed in", "not signed in"
COMBINATIONS = ("link decided",)  # of the decisions, those that say which records are one person's


@dataclass(frozen=True)
class Deed:
    """What is done, and by whom: the signed-in identity, else whoever the server can name, said as such.

    `place` is the page, document or command; `record_count` None where no number can be told; `recipient` of a
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
            raise Refused("A deed without who did it, or without what it was about, is not logged.")
        if self.kind == "disclosure" and not self.recipient.strip():
            raise Refused("A disclosure without a recipient is not logged.")


def server_account() -> str:
    """The account under which this program runs: not who looks, but all that is known."""
    try:
        return f"server account {getpass.getuser()}"
    except (KeyError, OSError):
        return "server account without a name"


def by_command(kind: str, audience: str, command: str, subject: str, **more: Any) -> Deed:
    """A deed of whoever runs a command on the server: nobody signs in there."""
    return Deed(kind, f"command line; {server_account()}", NOT_SIGNED_IN, audience, command, subject, **more)


def record_in(home: Path, *deeds: Deed) -> Entry:
    """Log deeds in the store of a home; the last entry. Raises Refused where that cannot be done: then do nothing."""
    try:
        return record(open_store(home), *deeds)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"The access log cannot be written ({type(problem).__name__}).") from problem


def record(engine: Engine, *deeds: Deed) -> Entry:
    """Log deeds, all or none; the last entry. Raises Refused where they cannot be logged: then do nothing."""
    if not deeds:
        raise Refused("There is nothing to log.")
    try:
        return chain.follow(engine, CHAIN, lambda con: [_append(con, deed) for deed in deeds][-1])
    except DatabaseError as problem:
        raise Refused(f"The access log cannot be written ({type(problem.orig).__name__}).") from problem


def log(con: Connection, actor: str, action: str, subject: tuple[str, str], detail: Mapping[str, Any]) -> None:
    """Who decided what, when: written in the same transaction as the decision. References only, never its words."""
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
    chain.wait_for(con, CHAIN)
    _append(con, Deed(kind, actor, "named in the decision", "", "casework", f"{action}: {' '.join(subject)}"))


def _append(con: Connection, deed: Deed) -> Entry:
    return chain.append(con, CHAIN, {"logged_at": now(), **asdict(deed), "who": deed.who.strip()})


def entries(engine: Engine, most: int | None = 200, *, kind: str = "", who: str = "") -> list[dict[str, Any]]:
    """The latest rows, the newest first; of one kind or one identity alone where given; all of them without `most`."""
    query = select(processing_log).order_by(processing_log.c.sequence.desc()).limit(most)
    if kind:
        query = query.where(processing_log.c.kind == kind)
    if who:
        query = query.where(processing_log.c.who == who)
    with reading(engine) as con:
        return rows(con, query)


def verify_in(home: Path, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check the log in the store of a home. Raises Refused where there is no store, or it cannot be read."""
    if not exists(home):
        raise Refused(f"{home}: there is no casework store, so there is no log to check.")
    try:
        return verify(open_store(home), witnessed)
    except (DatabaseError, OSError) as problem:
        raise Refused(f"{home}: the access log cannot be read ({type(problem).__name__}).") from problem


def verify(engine: Engine, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check every row against its own hash, the one before and the head; `witnessed` are marks kept elsewhere.

    A mark of an earlier version's list is looked for among the viewings that it kept.
    """
    with reading(engine) as con:
        earlier = chain.held(con, EARLIER)
        old = [e for e in witnessed if chain.is_in(e, earlier)]
        found = chain.judge(EARLIER, earlier, chain.head(con, EARLIER), old)
        log_now = chain.judge(
            CHAIN, chain.held(con, CHAIN), chain.head(con, CHAIN), [e for e in witnessed if e not in old]
        )
    faults = tuple(f"{EARLIER.title}: {fault}" for fault in found.faults)
    return Verdict(found.row_count + log_now.row_count, faults + log_now.faults)
