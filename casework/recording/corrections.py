"""Records to correct: who deals with each, by when, and what became of it.

An entry is a breach of a standard by a record. Nothing here changes a figure: an entry leaves the list when a build no
longer finds the breach. A change is the next revision, and a user who saw an earlier one gets a message.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, func, insert, select
from sqlalchemy.exc import IntegrityError

from casework.access.access_log import log
from casework.audit.cycles import day_of, name_of
from casework.choices.correction_states import NEEDS_WORDS, STATES
from casework.store.database import now, reading, rows, writing
from casework.store.refusal import Refused
from casework.store.tables import record_corrections
from casework.store.words import one_line

LONGEST, MOST = 200, 500  # characters of a reason or a name, and entries changed at once


class Entry(NamedTuple):
    """A record that breaches a standard."""

    rule_code: str
    record_type: str
    record_ref: str


def change(
    engine: Engine,
    seen: Mapping[Entry, int],
    status: str,
    who: str,
    today: dt.date,
    *,
    owner: str = "",
    due_date: str = "",
    words: str = "",
) -> int:
    """Give entries a status, all of them or none; return how many.

    `seen` is the revision of each that the person saw, 0 where there is none. An owner and a due date that are not
    given stay. Raises Refused where something is missing, an entry changed since, or the same person disputes and
    accepts.
    """
    person = name_of(who)
    given = {"owner": one_line(owner), "due_date": day_of(due_date) if due_date else "", "words": one_line(words)}
    _check(seen, status, given, today)
    try:
        with writing(engine) as con:
            held = _latest(con)
            changed = [entry for entry, revision in seen.items() if held.get(entry, {}).get("revision", 0) != revision]
            if changed:
                raise Refused(
                    f"{len(changed)} of {len(seen)} were changed since you opened them (the first: "
                    f"{changed[0].record_ref}). Nothing was overwritten: look at them again."
                )
            if status == "accepted":
                _may_accept(held, seen, person)
            at = now()
            con.execute(
                insert(record_corrections),
                [_next(entry, held.get(entry, {}), given) | {"status": status, "changed_by": person, "changed_at": at}
                 for entry in seen],
            )  # fmt: skip
            log(con, person, "records to correct changed", ("status", status), {"count": len(seen)})
    except IntegrityError:
        raise Refused("Somebody changed one of them at the same moment: nothing was overwritten.") from None
    return len(seen)


def latest(engine: Engine) -> list[dict[str, Any]]:
    """The latest revision of every entry that anybody has dealt with."""
    with reading(engine) as con:
        return list(_latest(con).values())


def _check(seen: Mapping[Entry, int], status: str, given: Mapping[str, str], today: dt.date) -> None:
    if status not in STATES:
        raise Refused(f"Expected one of {', '.join(STATES)}; saw {status!r}.")
    if not 1 <= len(seen) <= MOST:
        raise Refused(f"Choose 1 to {MOST} entries; {len(seen)} are chosen.")
    if any(len(text) > LONGEST for text in given.values()):
        raise Refused(f"A name or a reason has at most {LONGEST} characters.")
    if status == "assigned" and not (given["owner"] and given["due_date"]):
        raise Refused("An assigned record needs the person or team who corrects it, and a due date.")
    if status == "assigned" and given["due_date"] < today.isoformat():
        raise Refused("The due date is before today.")
    if status in NEEDS_WORDS and not given["words"]:
        raise Refused(f"{STATES[status]}: give the reason.")


def _may_accept(held: Mapping[Entry, Mapping[str, Any]], seen: Mapping[Entry, int], person: str) -> None:
    """The registrar accepts what somebody else disputes."""
    for entry in seen:
        before = held.get(entry, {})
        if before.get("status") != "disputed":
            raise Refused(f"{entry.record_ref} is not disputed: only a disputed record is accepted as it is.")
        if before["changed_by"] == person:
            raise Refused(f"You disputed {entry.record_ref}: somebody else decides.")


def _next(entry: Entry, held: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    kept = {name: given[name] or held.get(name, "") for name in ("owner", "due_date")}
    return entry._asdict() | kept | {"words": given["words"], "revision": held.get("revision", 0) + 1}


def _latest(con: Connection) -> dict[Entry, dict[str, Any]]:
    kept = record_corrections.c
    keys = (kept.rule_code, kept.record_type, kept.record_ref)
    place = func.row_number().over(partition_by=keys, order_by=kept.revision.desc()).label("place")
    ranked = select(record_corrections, place).subquery()
    found = rows(con, select(*(ranked.c[column.name] for column in kept)).where(ranked.c.place == 1))
    return {Entry(row["rule_code"], row["record_type"], row["record_ref"]): row for row in found}
