"""Connection to the store: SQLite beside the home, or the PostgreSQL server of STRA_CASEWORK_URL.

Writers wait for one another (WAL and a busy timeout on SQLite) and never overwrite: see ratings.py. The event log is
append-only by trigger, so that not even an error in this code rewrites it.
"""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.exc import ArgumentError, DatabaseError

from casework.store import tables
from casework.store.refusal import Refused

FILE = "casework.sqlite"
URL = "STRA_CASEWORK_URL"
BUSY_MS = 15_000
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
]


def exists(home: Path) -> bool:
    """Whether a store exists; does not create one."""
    return bool(os.environ.get(URL)) or (home / FILE).is_file()


def open_store(home: Path) -> Engine:
    """The store of a home, created on first use. Raises Refused when it was written by a newer version."""
    url = os.environ.get(URL, "").strip() or f"sqlite:///{home.resolve() / FILE}"
    return _open(url)


def open_at(url: str) -> Engine:
    """The store at an address, created on first use: for a copy of one."""
    return _open(url)


@lru_cache(maxsize=8)
def _open(url: str) -> Engine:
    try:
        engine = create_engine(url, connect_args={"timeout": BUSY_MS / 1000} if url.startswith("sqlite") else {})
        if "@" in (engine.url.host or ""):
            raise ValueError("the password has an @ that is not encoded, so that its end would be shown as the host")
    except (ArgumentError, ValueError, ImportError):  # their words can hold the password
        raise Refused(
            f"{URL} is not the address of a database that can be used (not shown, as it may hold a password). Expected"
            " postgresql://user:password@host/database, with % codes for signs such as @ and / in the password."
        ) from None
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin)
    _create(engine)
    return engine


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
            con.execute(text("select pg_advisory_xact_lock(7411)"))
        if inspect(con).has_table("schema_versions"):
            version = con.execute(select(tables.schema_versions.c.version)).scalars().all()
            if version and max(version) > tables.VERSION:
                raise Refused(
                    f"The casework store has version {max(version)}, this code knows version {tables.VERSION}: "
                    "run the newer code."
                )
            if version and max(version) == tables.VERSION:
                return
        tables.METADATA.create_all(con)  # what an earlier version lacks is added, existing rows stay
        for statement in _SQLITE_TRIGGERS if engine.dialect.name == "sqlite" else _POSTGRES_TRIGGERS:
            con.exec_driver_sql(statement)
        con.execute(insert(tables.schema_versions).values(version=tables.VERSION, created_at=now()))


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One change, complete or not at all."""
    with engine.begin() as con:
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
    if "locked" in said:
        return "The casework store is locked: somebody else is writing to it. Try again."
    if "readonly" in said or "read-only" in said:
        return f"The casework store can only be read. {REMEDY}"
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


def last_event(engine: Engine) -> int:
    """Number of the last event: it moves with every change."""
    with reading(engine) as con:
        return int(con.execute(text("select coalesce(max(event_number), 0) from events")).scalar_one())
