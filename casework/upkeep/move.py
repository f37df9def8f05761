"""The decisions of a home moved between its SQLite file and a PostgreSQL server, either way.

The old store is locked while it is copied, so nothing is decided meanwhile. In this order, each step whole or not done:
every row is in the new store, which is marked as not in use; its chains are checked; the move is logged there; the old
store is marked and refuses every change; the new one loses its mark. Whatever is interrupted, one of the two is whole
and in use, and the same command completes the move.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, insert, select, text

from casework.access import access_log
from casework.store import address, transfer
from casework.store.database import (
    ARRIVING,
    BARRED,
    BARRED_END,
    MOVED,
    forget_opened,
    make_tables,
    marks,
    now,
    reading,
    writing,
)
from casework.store.refusal import Refused
from casework.store.tables import METADATA, schema_versions, store_marks
from casework.upkeep import checks

TO_SQLITE, TO_POSTGRESQL = "sqlite", "postgresql"
LOCK_WAIT = "15s"


@dataclass(frozen=True)
class Move:
    """A move that was made: both places in words, the rows of each table, and the file that was set aside, if any."""

    source: str
    target: str
    rows: dict[str, int]
    aside: Path | None = None


def move(home: Path, to: str, by: str) -> Move:
    """Move the decisions of a home. Raises Refused; the old store is then whole and in use."""
    server, file = address.server(), home.resolve() / address.FILE
    if not server:
        raise Refused(f"Expected the address of the server in {address.URL}, like {address.FORM}; saw none. Set it.")
    source, target = (server, address.of_file(file)) if to == TO_SQLITE else (address.of_file(file), server)
    if to == TO_POSTGRESQL and not file.is_file():
        raise Refused(f"{file}: expected a store with decisions; there is none, so nothing is to be moved.")
    with transfer.Opened(source) as old, transfer.Opened(target) as new:
        left, found = marks(old).get(MOVED), marks(new)
        words = f"The decisions of {home.resolve()} are being moved here from {address.in_words(source)}."
        if found.get(ARRIVING, words) != words:
            raise Refused(f"Another move was interrupted: {found[ARRIVING]} Complete that one.")
        if left is not None and ARRIVING not in found:
            raise Refused(left)
        aside = _kept_aside(file, new) if MOVED in found and to == TO_SQLITE else None
        if aside is None and ARRIVING not in found:
            transfer.refuse_rows(new)
        counts = _copy(home, old, new, by, words) if left is None else {}
        _put_in_use(home, new)
    forget_opened()
    return Move(address.in_words(source), address.in_words(target), counts, aside)


def _copy(home: Path, old: Engine, new: Engine, by: str, words: str) -> dict[str, int]:
    """Copy, check and log; then mark the old store as moved. What an earlier move left in the new one is replaced."""
    source, target = (address.in_words(_url(engine)) for engine in (old, new))
    witnessed = checks.published_marks(home)
    damaged = checks.faults_of(old, witnessed)
    if damaged:
        raise Refused(f"{source} is damaged, so it is not moved: {damaged[0]}. `stra verify` lists every fault.")
    with writing(old, alone_within=LOCK_WAIT) as held:
        _lock(held)
        with writing(new) as filled:
            METADATA.drop_all(filled)
            make_tables(filled)
            filled.execute(insert(store_marks).values(mark=ARRIVING, words=words, made_at=now()))
            counts = transfer.copy_tables(held, filled)
        faults = checks.faults_of(new, witnessed)
        if faults:
            raise Refused(f"{target} is not as it was written: {faults[0]}. {source} is still in use.")
        what = f"decisions moved from {source} to {target}, {sum(counts.values())} rows, by {by}"
        access_log.record(
            new, access_log.by_command("alteration", "", "stra casework move", what, purpose="administration")
        )
        is_server = address.is_server(_url(new))
        remedy = f"Name it in {address.URL}" if is_server else f"Take {address.URL} out of the environment"
        _bar(held, f"The decisions were moved to {target} on {dt.datetime.now(dt.UTC):%d %B %Y}. {remedy}.")
    return counts


def _url(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def _lock(con: Connection) -> None:
    """Keep also those out who do not ask to change something: an earlier version, or another program."""
    if con.dialect.name == "postgresql":
        names = ", ".join(table.name for table in METADATA.sorted_tables)
        con.execute(text(f"lock table {names} in exclusive mode"))


def _bar(con: Connection, words: str) -> None:
    """Mark a store as moved, and refuse every change from now on: also those of a server that has it open."""
    con.execute(insert(store_marks).values(mark=MOVED, words=words, made_at=now()))
    said = f"{BARRED}{words}{BARRED_END}".replace("'", "''")
    if con.dialect.name == "postgresql":
        con.exec_driver_sql(
            "create or replace function refuse_moved() returns trigger language plpgsql as "
            f"$moved$ begin raise exception using message = '{said.replace('%', '%%')}'; end $moved$"
        )
    for table in METADATA.sorted_tables:
        if table is schema_versions:
            continue  # a later version may still note that it has seen this store
        if con.dialect.name == "postgresql":
            con.exec_driver_sql(
                f"create or replace trigger a_{table.name}_moved before insert or update or delete or truncate on "
                f"{table.name} for each statement execute function refuse_moved()"
            )
            continue
        for verb in ("insert", "update", "delete"):
            con.exec_driver_sql(
                f"create trigger {table.name}_moved_{verb} before {verb} on {table.name} "
                f"begin select raise(abort, '{said}'); end"
            )


def _put_in_use(home: Path, engine: Engine) -> None:
    with writing(engine) as con:
        con.execute(delete(store_marks).where(store_marks.c.mark == ARRIVING))
    if not address.is_server(_url(engine)):
        handle = os.open(home, os.O_RDONLY)
        try:
            os.fsync(handle)  # the name of the file
        finally:
            os.close(handle)


def _kept_aside(file: Path, left: Engine) -> Path:
    """A copy, under another name, of the file that an earlier move left."""
    with reading(left) as con:
        moved_at = con.execute(select(store_marks.c.made_at).where(store_marks.c.mark == MOVED)).scalar_one()
    aside = file.with_name(f"casework.moved-{''.join(filter(str.isalnum, moved_at))}.sqlite")
    unfinished = aside.with_name(f"{aside.name}.part")
    with closing(sqlite3.connect(file)) as live, closing(sqlite3.connect(unfinished)) as copy:
        live.backup(copy)
    os.replace(unfinished, aside)
    return aside
