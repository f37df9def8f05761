"""A log that is only added to, each row bound to the one before by its hash: viewings, overrides, changes of scheme.

A row's hash is SHA-256 over its fields and the hash of the row before: a row that was changed, taken out or put in
between breaks the chain. The number and hash of the last row are kept apart, so that a lost end shows as well. Whoever
may write to the whole database can forge all of it: the number and hash printed on a document are the witness outside.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, Table, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from casework.store.database import reading, rows, writing
from casework.store.refusal import Refused
from casework.store.tables import access_log_head as heads  # of every chain, by its name

FIRST = "0" * 64  # what the first row follows
SHOWN = 12  # digits of a hash that are printed, and the fewest that witness anything
ATTEMPTS = 20
MOST_TRIED = 100  # places that a row may have stood in before
Result = TypeVar("Result")


@dataclass(frozen=True)
class Chain:
    """A table whose rows follow one another: all its columns but `row_hash` are hashed, in their order.

    `title` is what a person calls it, `row` what one row is, `check` the command that names all that is wrong with it;
    `named_by` are the columns by which a row is told to a person.
    """

    table: Table
    title: str
    row: str
    check: str
    named_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Under which its head is kept."""
        return self.table.name

    def hash_of(self, row: Mapping[str, Any]) -> str:
        """SHA-256 over the fields of a row, the hash of the row before included, as one JSON list."""
        fields = [row[column.name] for column in self.table.c if column.name != "row_hash"]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()

    def words_of(self, row: Mapping[str, Any]) -> str:
        """A row as a person is told of it: its number, and what it is about."""
        about = ", ".join(str(row[name]) for name in self.named_by)
        return f"no. {row['sequence']}" + (f" ({about})" if about else "")


@dataclass(frozen=True)
class Entry:
    """A row as it stands in the log; of a printed one `row_hash` is as much of the hash as was printed."""

    sequence: int
    row_hash: str

    @property
    def mark(self) -> str:
        """Number and start of the hash, as printed."""
        return f"no. {self.sequence}, {self.row_hash[:SHOWN]}"


@dataclass(frozen=True)
class Verdict:
    """What a check of the whole log found; `faults` is empty where nothing is wrong."""

    row_count: int
    faults: tuple[str, ...]


class OvertakenError(Exception):
    """Somebody else's row was added between our look and our writing."""


def mark_of(text: str) -> Entry:
    """The mark on a printed list, written NUMBER:HASH. Raises Refused where it is none."""
    number, _, digits = text.strip().partition(":")
    if not re.fullmatch(r"[0-9]{1,9}", number) or not re.fullmatch(rf"[0-9a-f]{{{SHOWN},64}}", digits.lower()):
        raise Refused(f"Expected a mark like 3:0123456789ab, with {SHOWN} digits or more of its hash; saw {text!r}.")
    return Entry(int(number), digits.lower())


def follow(engine: Engine, chain: Chain, deed: Callable[[Connection], Result]) -> Result:
    """Do a deed that appends to the chain. Raises Refused where nothing can follow what stands there.

    Two at once never follow the same row: one waits for the other.
    """
    for _ in range(ATTEMPTS):
        try:
            with writing(engine) as con:
                wait_for(con, chain)
                return deed(con)
        except (IntegrityError, OvertakenError):
            continue
    faults = verify(engine, chain).faults
    if faults:
        raise Refused(
            f"{chain.title} is damaged, and nothing can follow it: {faults[0]}. Tell whoever runs this server; "
            f"`{chain.check}` names all that is wrong."
        )
    raise Refused(f"{chain.title} is so busy that this {chain.row} could not be written: try again.")


def wait_for(con: Connection, chain: Chain) -> None:
    """Until the transaction ends nobody else appends to the chain; on SQLite writers wait for one another anyway."""
    if con.dialect.name == "postgresql":
        con.execute(text("select pg_advisory_xact_lock(hashtext(:name))"), {"name": chain.table.name})


def append(con: Connection, chain: Chain, fields: Mapping[str, Any]) -> Entry:
    """Add a row after the last one. Raises OvertakenError where that is no longer the last."""
    last = head(con, chain)
    sequence, previous = (last["sequence"], last["row_hash"]) if last else (0, FIRST)
    row = {**fields, "sequence": sequence + 1, "previous_hash": previous}
    row["row_hash"] = chain.hash_of(row)
    con.execute(insert(chain.table).values(row))
    new = {"sequence": row["sequence"], "row_hash": row["row_hash"]}
    if last is None:
        con.execute(insert(heads).values(log_name=chain.name, **new))
    else:
        moved = con.execute(
            update(heads).where(heads.c.log_name == chain.name, heads.c.row_hash == previous).values(new)
        )
        if moved.rowcount != 1:
            raise OvertakenError
    return Entry(row["sequence"], row["row_hash"])


def head(con: Connection, chain: Chain) -> dict[str, Any] | None:
    """Number and hash of the last row, as kept apart from the rows; None where nothing was written yet."""
    found = rows(con, select(heads).where(heads.c.log_name == chain.name))
    return found[0] if found else None


def held(con: Connection, chain: Chain) -> list[dict[str, Any]]:
    """Every row, the first one first."""
    return rows(con, select(chain.table).order_by(chain.table.c.sequence))


def verify(engine: Engine, chain: Chain, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check every row against its own hash, the one before and the head; `witnessed` are marks kept elsewhere."""
    with reading(engine) as con:
        return judge(chain, held(con, chain), head(con, chain), witnessed)


def judge(
    chain: Chain, found: Sequence[Mapping[str, Any]], last: Mapping[str, Any] | None, witnessed: Sequence[Entry]
) -> Verdict:
    """What is wrong with the rows found and with the head, all read at one moment."""
    faults, previous, expected = [], FIRST, 1
    for row in found:
        number = row["sequence"]
        if number != expected:
            faults.append(f"before no. {number}: {number - expected} rows are missing")
        elif row["previous_hash"] != previous:
            faults.append(f"{chain.words_of(row)} does not follow the row before it")
        if chain.hash_of(row) != row["row_hash"]:
            faults.append(f"{chain.words_of(row)} {_what_happened(chain, row, found)}")
        previous, expected = row["row_hash"], number + 1
    faults += _end_faults(expected - 1, previous, last)
    known = {row["sequence"]: row["row_hash"] for row in found}
    faults += [f"{e.mark} is not in the log" for e in witnessed if not _is_of(e, known.get(e.sequence, ""))]
    return Verdict(len(found), tuple(faults))


def _what_happened(chain: Chain, row: Mapping[str, Any], found: Sequence[Mapping[str, Any]]) -> str:
    """To a row that is not what its hash says: it stood in another place, or was edited."""
    others = {other["sequence"] for other in found} - {row["sequence"]}
    for place in sorted(others, key=lambda number: abs(number - row["sequence"]))[:MOST_TRIED]:
        if chain.hash_of({**row, "sequence": place}) == row["row_hash"]:
            return f"was no. {place} when it was written: rows were put in another order"
    return "was changed after it was written"


def _end_faults(number: int, row_hash: str, last: Mapping[str, Any] | None) -> list[str]:
    """Whether the rows end where the last one was written."""
    if last is None:
        return [f"the log ends at no. {number}, and nothing says that this was its last row"] if number else []
    if last["sequence"] > number:
        return [f"the log ends at no. {number}, and was written to no. {last['sequence']}: its end was cut off"]
    if (last["sequence"], last["row_hash"]) != (number, row_hash):
        return [f"the log ends at no. {number}, and not where its last row was written (no. {last['sequence']})"]
    return []


def is_in(witness: Entry, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a mark is of one of these rows."""
    return any(row["sequence"] == witness.sequence and _is_of(witness, row["row_hash"]) for row in found)


def _is_of(witness: Entry, row_hash: str) -> bool:
    return len(witness.row_hash) >= SHOWN and row_hash.startswith(witness.row_hash)
