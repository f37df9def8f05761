"""Connection to the store: SQLite beside the home, or the PostgreSQL server of STRA_CASEWORK_URL.

Writers wait for one another (WAL and a busy timeout on SQLite) and never overwrite: see ratings.py. The event log is
append-only by trigger, so that not even an error in this code rewrites it. A store from which the decisions were moved
refuses to be used: see move.py.
"""

from __future__ import annotations

import datetime as dt
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DatabaseError

from casework.store import address, tables
from casework.store.address import FILE, URL
from casework.store.refusal import Refused

__all__ = [
    "APPEND_ONLY", "BUSY_MS", "FILE", "UNUSABLE", "URL", "exists", "forget_opened", "in_words", "last_event",
    "now", "open_at", "open_store", "reading", "rows", "rows_of", "today", "writing",
]  # fmt: skip

BUSY_MS = 15_000
CREATION, CHANGES = 7411, 7412  # what PostgreSQL locks: making the tables, and changes of their rows
LONDON = ZoneInfo("Europe/London")
APPEND_ONLY = (
    "events", "audit_ratings", "audit_estimates", "link_decisions", "access_log", "panel_answers", "score_overrides",
    "override_decisions", "scheme_changes", "register_rows", "assessment_themes", "processing_log", "account_changes",
    "record_corrections", "digests", "annotations", "saved_views",
)  # fmt: skip

# errors of a store that is locked, read-only, damaged or out of reach
UNUSABLE = (DatabaseError, OSError)
REMEDY = "Inform the operator of this server: the casework store must be readable and writable."

_SQLITE_TRIGGERS = [
    f"create trigger if not exists {table}_{verb} before {verb} on {table}"
    f" begin select raise(abort, '{table} is append-only'); end"
    for table in APPEND_ONLY
    for verb in ("update", "delete")
]
_POSTGRES_FUNCTION = """create or replace function refuse_change() returns trigger language plpgsql as
$$ begin raise exception using message = tg_table_name || ' is append-only'; end $$"""
_POSTGRES_TRIGGERS = [
    _POSTGRES_FUNCTION,
    *(
        f"create or replace trigger {table}_change before update or delete on {table}"
        " for each statement execute function refuse_change()"
        for table in APPEND_ONLY
    ),
    *(
        f"create or replace trigger {table}_emptying before truncate on {table}"
        " for each statement execute function refuse_change()"
        for table in APPEND_ONLY
    ),
]
# what a mark of a store says: all its decisions are elsewhere, or not all are here yet
MOVED, ARRIVING = "moved", "arriving"
COMPLETE = "Run stra casework move again: it completes what was interrupted."
BARRED, BARRED_END = "store is barred: ", "(end)"  # around the words in the error of a trigger


def exists(home: Path) -> bool:
    """Whether a store exists; does not create one."""
    return address.on_server() or (home / FILE).is_file()


def open_store(home: Path) -> Engine:
    """The store of a home, created on first use.

    Raises Refused when it was written by a newer version, when its decisions were moved elsewhere or are not all there
    yet, and when its server does not answer.
    """
    return _open(address.of_home(home))


def open_at(url: str) -> Engine:
    """The store at an address, created on first use: for a copy of one, whatever its mark."""
    engine = _engine(url)
    _create(engine)
    return engine


@lru_cache(maxsize=8)
def _open(url: str) -> Engine:
    engine = open_at(url)
    for kind, words in marks(engine).items():
        engine.dispose()
        raise Refused(words if kind == MOVED else f"{words} {COMPLETE}")
    return engine


def forget_opened() -> None:
    """Open each store again when it is next needed, so that its marks are read again."""
    _open.cache_clear()


def marks(engine: Engine) -> dict[str, str]:
    """The marks of a store, with their words: none for one that is in use."""
    return {row["mark"]: row["words"] for row in rows_of(engine, select(tables.store_marks))}


def _engine(url: str) -> Engine:
    is_server = address.is_server(url)
    if is_server:  # a connection that a restart of the server ended is replaced before it is used
        engine = create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": address.WAIT_S})
    else:
        file = Path(str(make_url(url).database))
        if file.is_file() and not all(os.access(path, os.W_OK) for path in (file, file.parent)):
            engine = create_engine(url, creator=partial(_read_alone, file), execution_options={"is_reading": True})
        else:
            engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000})
            event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)

    def explain(fault: ExceptionContext) -> None:
        """Say in one sentence that the decisions were moved, or that a server does not answer."""
        problem = fault.original_exception
        words, is_barred, _ = str(problem).partition(BARRED)[2].partition(BARRED_END)
        if is_barred:
            raise Refused(words) from None
        if is_server and not fault.is_pre_ping and (fault.connection is None or fault.is_disconnect):
            raise address.unreachable(url, problem, is_midway=fault.connection is not None) from None

    event.listen(engine, "handle_error", explain)
    return engine


def _read_alone(file: Path) -> sqlite3.Connection:
    """A connection to a store that cannot be written here: SQLite itself would first write files beside it."""
    changes = file.with_name(f"{file.name}-wal")
    how = "" if changes.exists() else "&immutable=1"  # without that file no process has the store open
    con = sqlite3.connect(f"{file.as_uri()}?mode=ro{how}", uri=True, isolation_level=None, check_same_thread=False)
    try:
        con.execute("select count(*) from sqlite_master")
    except sqlite3.OperationalError as problem:
        raise Refused(
            f"{file}: the last changes are in {changes.name}, which cannot be read where nothing can be written. "
            "Copy the whole home to a folder that this account can write to, and run this on the copy."
        ) from problem
    return con


def _prepare_sqlite(connection: Any, record: Any) -> None:
    """Begin transactions ourselves: the driver's own start too late for a safe read-then-write."""
    connection.isolation_level = None
    connection.execute(f"pragma busy_timeout = {BUSY_MS}")
    connection.execute("pragma journal_mode = wal")
    connection.execute("pragma synchronous = full")
    connection.execute("pragma foreign_keys = on")


def _begin(connection: Connection) -> None:
    """Begin a transaction: a writer takes the lock before it reads; a reader sees one state and blocks nobody."""
    is_reading = connection.get_execution_options().get("is_reading", False)
    connection.exec_driver_sql("begin" if is_reading else "begin immediate")


def _create(engine: Engine) -> None:
    """Tables, triggers and the version row, once; several processes may come at the same time."""
    with engine.begin() as con:
        if engine.dialect.name == "postgresql":
            con.execute(text(f"select pg_advisory_xact_lock({CREATION})"))
        if inspect(con).has_table("schema_versions"):
            version = con.execute(select(tables.schema_versions.c.version)).scalars().all()
            if version and max(version) > tables.VERSION:
                raise Refused(tables.newer(f"The casework store has version {max(version)}"))
            if version and max(version) == tables.VERSION:
                return
        make_tables(con)


def make_tables(con: Connection) -> None:
    """Tables, triggers and the version row. What an earlier version lacks is added, existing rows stay."""
    tables.METADATA.create_all(con)
    for statement in _SQLITE_TRIGGERS if con.dialect.name == "sqlite" else _POSTGRES_TRIGGERS:
        con.exec_driver_sql(statement)
    con.execute(insert(tables.schema_versions).values(version=tables.VERSION, created_at=now()))


@contextmanager
def writing(engine: Engine, *, alone_within: str = "") -> Iterator[Connection]:
    """One change, complete or not at all.

    `alone_within` names how long to wait, like 15s, until nobody else changes anything; nobody then does until the end.
    On a server this lock comes before any other of a change: changes never wait for each other in a circle. On SQLite a
    writer is alone in any case.
    """
    with engine.begin() as con:
        if con.dialect.name == "postgresql":
            if alone_within:
                con.execute(text(f"set local lock_timeout = '{alone_within}'"))
            kind = "" if alone_within else "_shared"
            con.execute(text(f"select pg_advisory_xact_lock{kind}({CHANGES})"))
        yield con


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One state of the store, read: across statements, and whatever is written meanwhile."""
    options: dict[str, Any] = {"is_reading": True}
    if engine.dialect.name == "postgresql":
        options["isolation_level"] = "REPEATABLE READ"  # without it each statement sees a state of its own
    with engine.connect().execution_options(**options) as con:
        yield con


def in_words(problem: Exception) -> str:
    """The words for a person: a refusal unchanged, else why the store does not answer."""
    if isinstance(problem, Refused):
        return str(problem)
    cause = getattr(problem, "orig", None) or problem
    said = str(cause).lower()
    if "locked" in said or "lock timeout" in said:
        return "The casework store is locked: somebody else is writing to it. Try again."
    # it could not enlarge the file that its processes share
    if "disk is full" in said or getattr(cause, "sqlite_errorname", "") == "SQLITE_IOERR_SHMSIZE":
        return "The casework store cannot be written: the disk is full. Free some space and try again."
    if "disk i/o error" in said:
        return f"The casework store cannot be read or written: its disk has a fault, or a quota is used up. {REMEDY}"
    if "readonly" in said or "read-only" in said:
        return f"The casework store can only be read. {REMEDY}"
    if "unable to open" in said:
        return f"The casework store cannot be opened: its disk may be full, or closed to this account. {REMEDY}"
    return f"The casework store cannot be read or written ({type(cause).__name__}). {REMEDY}"


def now() -> str:
    """This moment as the store writes it."""
    return dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def today() -> dt.date:
    """Today's date in London, by which validity and due dates are judged."""
    return dt.datetime.now(LONDON).date()


def rows(con: Connection, statement: Any) -> list[dict[str, Any]]:
    """The result as plain dictionaries."""
    return [dict(row) for row in con.execute(statement).mappings()]


def rows_of(engine: Engine, statement: Any) -> list[dict[str, Any]]:
    """The same for a query alone."""
    with reading(engine) as con:
        return rows(con, statement)


def last_event(engine: Engine) -> int:
    """Number of the last event: it moves with every change."""
    with reading(engine) as con:
        return int(con.execute(text("select coalesce(max(event_number), 0) from events")).scalar_one())
