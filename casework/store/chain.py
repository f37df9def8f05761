"""An append-only log whose rows are bound by hashes: processing, overrides, changes of the scheme.

A row's hash is SHA-256 over its fields and the hash of the row before: a row that was changed, removed or inserted
breaks the chain. The number and hash of the last row are kept apart, so that a lost end shows as well. Anyone who can
write to the whole database can forge all of it: the receipt printed on a document is the outside witness.
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

FIRST = "0" * 64  # the predecessor of the first row
SHOWN = 12  # digits of a hash that are printed, and the fewest that prove anything
ATTEMPTS = 20
MOST_TRIED = 100  # positions that a row may have had before
Result = TypeVar("Result")


@dataclass(frozen=True)
class Chain:
    """A table whose rows follow one another: all its columns but `row_hash` are hashed, in their order.

    `title` is its name for people, `row` what one row is, `check` the command that lists every fault;
    `named_by` are the columns that name a row in a message.
    """

    table: Table
    title: str
    row: str
    check: str
    named_by: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The name of its head."""
        return self.table.name

    def hash_of(self, row: Mapping[str, Any]) -> str:
        """SHA-256 over the fields of a row, the hash of the row before included, as one JSON list."""
        fields = [row[column.name] for column in self.table.c if column.name != "row_hash"]
        return hashlib.sha256(json.dumps(fields, ensure_ascii=True).encode()).hexdigest()

    def words_of(self, row: Mapping[str, Any]) -> str:
        """A row in words: its number, and its subject."""
        about = ", ".join(str(row[name]) for name in self.named_by)
        return f"no. {row['sequence']}" + (f" ({about})" if about else "")


@dataclass(frozen=True)
class Entry:
    """A row of the log; of a printed one `row_hash` is as much of the hash as was printed."""

    sequence: int
    row_hash: str

    @property
    def mark(self) -> str:
        """The receipt: number and start of the hash, as printed."""
        return f"no. {self.sequence}, {self.row_hash[:SHOWN]}"


@dataclass(frozen=True)
class Verdict:
    """Result of a check of the whole log; `faults` is empty where there is none."""

    row_count: int
    faults: tuple[str, ...]


class OvertakenError(Exception):
    """Somebody else's row was added between our read and our write."""


def mark_of(text: str) -> Entry:
    """Parse the receipt on a printed list, NUMBER:HASH. Raises Refused where it is none."""
    number, _, digits = text.strip().partition(":")
    if not re.fullmatch(r"[0-9]{1,9}", number) or not re.fullmatch(rf"[0-9a-f]{{{SHOWN},64}}", digits.lower()):
        raise Refused(f"Expected a receipt like 3:0123456789ab, with {SHOWN} digits or more of its hash; saw {text!r}.")
    return Entry(int(number), digits.lower())


def append_in_chain(engine: Engine, chain: Chain, action: Callable[[Connection], Result]) -> Result:
    """Run `action` in one transaction and append its row to the hash chain.

    Concurrent writers are serialised, so no two rows share a predecessor.
    Raises Refused if the stored chain is damaged, or if it stays locked for ATTEMPTS tries.
    """
    for _ in range(ATTEMPTS):
        try:
            with writing(engine) as con:
                lock_chain(con, chain)
                return action(con)
        except (IntegrityError, OvertakenError):
            continue
    faults = verify(engine, chain).faults
    if faults:
        raise Refused(
            f"{chain.title} is damaged, and nothing can follow it: {faults[0]}. Inform the operator of this server; "
            f"`{chain.check}` lists every fault."
        )
    raise Refused(f"{chain.title} is so busy that this {chain.row} could not be written: try again.")


def lock_chain(con: Connection, chain: Chain) -> None:
    """Lock the chain until the transaction ends; on SQLite writers wait for one another anyway."""
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
    """Number and hash of the last row, as kept apart from the rows; None before the first row."""
    found = rows(con, select(heads).where(heads.c.log_name == chain.name))
    return found[0] if found else None


def read_rows(con: Connection, chain: Chain) -> list[dict[str, Any]]:
    """Every row, the first one first."""
    return rows(con, select(chain.table).order_by(chain.table.c.sequence))


def verify(engine: Engine, chain: Chain, witnessed: Sequence[Entry] = ()) -> Verdict:
    """Check every row against its own hash, the row before and the head; `witnessed` are receipts kept elsewhere."""
    with reading(engine) as con:
        return find_faults(chain, read_rows(con, chain), head(con, chain), witnessed)


def find_faults(
    chain: Chain, found: Sequence[Mapping[str, Any]], last: Mapping[str, Any] | None, witnessed: Sequence[Entry]
) -> Verdict:
    """Faults of the rows and of the head, all read at one moment."""
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
    """What happened to a row that does not match its hash: it had another position, or was edited."""
    others = {other["sequence"] for other in found} - {row["sequence"]}
    for place in sorted(others, key=lambda number: abs(number - row["sequence"]))[:MOST_TRIED]:
        if chain.hash_of({**row, "sequence": place}) == row["row_hash"]:
            return f"was no. {place} when it was written: rows were put in another order"
    return "was changed after it was written"


def _end_faults(number: int, row_hash: str, last: Mapping[str, Any] | None) -> list[str]:
    """Whether the rows end where the last one was written."""
    if last is None:
        return [f"the log ends at no. {number}, and there is no record that this was its last row"] if number else []
    if last["sequence"] > number:
        return [f"the log ends at no. {number}, but was written to no. {last['sequence']}: its end was cut off"]
    if (last["sequence"], last["row_hash"]) != (number, row_hash):
        return [f"the log ends at no. {number}, but its last row was no. {last['sequence']}"]
    return []


def is_in(witness: Entry, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether a receipt is of one of these rows."""
    return any(row["sequence"] == witness.sequence and _is_of(witness, row["row_hash"]) for row in found)


def _is_of(witness: Entry, row_hash: str) -> bool:
    return len(witness.row_hash) >= SHOWN and row_hash.startswith(witness.row_hash)
