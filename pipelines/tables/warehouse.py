"""The warehouse: one DuckDB file, one writer, tables made whole or not at all."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import duckdb

from assets.readers.sql import identifier, literal
from pipelines.system.machine import limits
from pipelines.tables.cards import SCHEMAS, Card, all_cards
from pipelines.tables.lineage import reads
from pipelines.tables.sql import casts_of, scalar

if TYPE_CHECKING:
    import polars as pl

PERIODS = "core.current_periods"
# each of hundreds of small tables takes a block or more, so blocks are a quarter of what DuckDB gives a new file
BLOCK_SIZE = 65_536  # bytes

STATE = """
create schema if not exists build;
create table if not exists build.table_states (
    table_name varchar, fingerprint varchar, row_count bigint, built_at timestamptz, seconds double, content varchar);
alter table build.table_states add column if not exists content varchar; -- homes of earlier releases lack it
create table if not exists build.home (path varchar);
create table if not exists build.failed_tables (table_name varchar, reason varchar);
create table if not exists build.table_parts (table_name varchar, part_ref varchar, part_hash varchar);
create table if not exists build.kept_files (
    delivery_ref varchar primary key, source varchar, reader_version varchar, sha256 varchar);
create table if not exists build.repeated_rows (
    source varchar, delivery_ref varchar, line_number bigint, first_ref varchar, first_line bigint);
alter table build.repeated_rows add column if not exists is_same boolean; -- homes of earlier releases lack it
create table if not exists build.key_spellings (source varchar, column_name varchar, spelling varchar, kept varchar);
create table if not exists build.key_scopes (folder varchar, force_code varchar, is_of_one boolean);
create table if not exists build.files (
    file_name varchar primary key, size_bytes bigint, modified_ns bigint, sha256 varchar, reader_version varchar);
"""


class State(NamedTuple):
    """What is known of a table that was built.

    `fingerprint` says what it was made from, `content` what is in it. Readers of the table look at its content alone:
    a table that is made again and has the same rows makes nothing else stale.
    """

    fingerprint: str
    row_count: int
    content: str


class EngineLost(Exception):
    """The engine has gone, so that no other table could be built either."""


class TableDiffers(Exception):
    """A table differs from its card. `without_values` is the message without what is in the rows."""

    def __init__(self, message: str, without_values: str = "") -> None:
        super().__init__(message)
        self.without_values = without_values or message


def connect(home: Path) -> duckdb.DuckDBPyConnection:
    """The warehouse for writing.

    Memory is bounded, so that a large extract spills to disk. Raises MachineSettingWrong before anything is opened.
    """
    limit = limits(home)
    con = duckdb.connect(str(home / "warehouse.duckdb"), config={"default_block_size": BLOCK_SIZE})
    limit.give(con)
    con.execute("set preserve_insertion_order = false; set timezone = 'UTC'")
    for schema in SCHEMAS:
        con.execute(f"create schema if not exists {schema}")
    con.execute(STATE)
    return con


def states(con: duckdb.DuckDBPyConnection) -> dict[str, State]:
    """Table -> its state, of every table that was built."""
    rows = con.execute("select table_name, fingerprint, row_count, content from build.table_states").fetchall()
    return {table: State(mark, row_count, content or mark) for table, mark, row_count, content in rows}


class Held:
    """What a warehouse holds: the states of its tables and the periods that count, read once for many tables."""

    def __init__(self, con: duckdb.DuckDBPyConnection) -> None:
        self._con = con
        self.states = states(con)

    @cached_property
    def periods(self) -> dict[str, str]:
        """Source -> hash of its periods that count."""
        rows = self._con.execute(
            f"select source, md5(string_agg(period || delivery_ref, ',' order by period, delivery_ref)) from {PERIODS}"
            " group by source order by source"
        ).fetchall()
        return dict(rows)

    def note(self, table: str, state: State | None) -> None:
        """Take the new state of a table, or none where it has none."""
        self.states.pop(table, None)
        if state is not None:
            self.states[table] = state
        if table == PERIODS:
            self.__dict__.pop("periods", None)


def fingerprint(con: duckdb.DuckDBPyConnection, card: Card, held: Held | None = None) -> str:
    """Fingerprint of a table's code and card, and of the content of what it reads, by `held` or what is held now.

    An incremental table leaves out its own source and the list of current periods: they come in by part.
    """
    by_part = {PERIODS, f"raw.{card.incremental_source}"} if card.incremental_source else set()
    held = Held(con) if held is None else held
    digest = hashlib.sha256(card.code_hash.encode())
    for table in (table for table in reads(card) if table not in by_part):
        if table == PERIODS:
            sources = _sources_of(card) or held.periods
            digest.update("".join(f"{source}={held.periods.get(source, 'none')}" for source in sources).encode())
        else:
            state = held.states.get(table)
            digest.update(f"{table}={state.content if state is not None else 'never built'}".encode())
    return digest.hexdigest()


def _sources_of(card: Card) -> list[str]:
    """The sources whose periods bear on a table; none named if all do, as for what is in quarantine.

    A new month of one source changes no table of another.
    """
    raw = [all_cards()[table] for table in reads(card) if table.startswith("raw.")]
    return [source.name for source in raw] if all(source.maker is not None for source in raw) else []


def content_of(con: duckdb.DuckDBPyConnection, card: Card) -> str:
    """Hash of the columns and rows of a table, whatever their order."""
    rows, total = con.execute(f"select count(*), sum(hash(*columns(*))::hugeint) from {card.table}").fetchall()[0]
    columns = [(column.name, column.type) for column in card.columns]
    return hashlib.sha256(f"{columns} {rows} {total}".encode()).hexdigest()


def state_of(con: duckdb.DuckDBPyConnection, table: str) -> State | None:
    """The state of the table now; None if it was never built."""
    return states(con).get(table)


def record_state(
    con: duckdb.DuckDBPyConnection, table: str, mark: str, rows: int, started: float, content: str = ""
) -> State:
    """Record what the table was made from and what is in it, in the table's own transaction; return that.

    Without `content` the mark serves for both.
    """
    state = State(mark, rows, content or mark)
    con.execute("delete from build.table_states where table_name = ?", [table])
    con.execute(
        "insert into build.table_states values (?, ?, ?, ?, ?, ?)",
        [table, mark, rows, datetime.now(UTC), round(time.monotonic() - started, 3), state.content],
    )
    return state


def drop_without_card(con: duckdb.DuckDBPyConnection) -> None:
    """Drop what an earlier release made and this one does not, some of it from free text. What was delivered stays."""
    made = con.execute(
        "select lower(replace(table_type, 'BASE ', '')), table_schema, table_name from information_schema.tables"
        " where table_catalog = current_database()"
        " and (table_schema in ('core', 'metrics', 'reference')"
        " or table_schema = 'raw' and starts_with(table_name, 'casework_'))"
    ).fetchall()
    for kind, schema, name in made:  # a view is of rows in files, which the lake removes once no table has them
        if f"{schema}.{name}" not in all_cards():
            with transaction(con):
                con.execute(f"drop {kind} {identifier(schema)}.{identifier(name)}")
                con.execute("delete from build.table_states where table_name = ?", [f"{schema}.{name}"])


@contextmanager
def transaction(con: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing. After a fault, names of tables mean again what they meant at its start."""
    home = str(scalar(con, "select current_database()"))
    con.execute("begin")
    try:
        yield
    except BaseException:
        con.execute(f"rollback; use {home}")
        raise
    con.execute("commit")


def write_frame(con: duckdb.DuckDBPyConnection, card: Card, frame: pl.DataFrame, mark: str) -> None:
    """Make a table of rows that have its columns, and record what it was made from. Raises TableDiffers."""
    started = time.monotonic()
    con.register("given_rows", frame.to_arrow())
    con.execute(f"create or replace table {card.table} as select {casts_of(card)} from given_rows")
    con.unregister("given_rows")
    comment(con, card)
    record_state(con, card.table, mark, check_against_card(con, card), started)


def check_against_card(con: duckdb.DuckDBPyConnection, card: Card, check_grain: bool = True) -> int:
    """Row count of the table.

    Raises TableDiffers if columns, types or the grain are not those of the card.
    """
    seen = {name: kind.lower() for name, kind, *_ in con.execute(f"describe {card.table}").fetchall()}
    wanted = {c.name: c.type.lower() for c in card.columns}
    if seen != wanted or list(seen) != list(wanted):
        wrong = [
            f"{n}: card says {wanted.get(n, 'nothing')}, table has {seen.get(n, 'nothing')}"
            for n in {**wanted, **seen}
            if wanted.get(n) != seen.get(n)
        ]
        raise TableDiffers(
            f"{card.table} differs from its card {card.path.name}: {'; '.join(wrong) or 'order of columns'}"
        )
    if not (check_grain and card.grain):
        return int(scalar(con, f"select count(*) from {card.table}"))
    keys = ", ".join(card.grain)
    row_count, most = con.execute(
        f"select coalesce(sum(n), 0), coalesce(max(n), 0) from (select count(*) as n from {card.table} group by {keys})"
    ).fetchall()[0]
    if most > 1:
        found = con.execute(
            f"select {keys}, count(*) from {card.table} group by {keys} having count(*) > 1 limit 1"
        ).fetchall()
        require_grain(card, [dict(zip((*card.grain, "n"), row, strict=True)) for row in found])
    return int(row_count)


def require_grain(card: Card, found: Sequence[Mapping[str, object]]) -> None:
    """Raises TableDiffers if `found` is not empty: keys of the grain that several rows have, and `n` of them."""
    for row in found:
        key = {name: row[name] for name in card.grain}
        raise TableDiffers(
            f"{card.table}: {row['n']} rows for {key}; the card says one",
            f"{row['n']} rows for one {', '.join(card.grain)}; the card says one",
        )


def comment(con: duckdb.DuckDBPyConnection, card: Card, is_view: bool = False) -> None:
    """Put the card's words into DuckDB, for anyone who opens the file.

    One comment holds those of the columns too: a comment on each column costs a build more than most tables do.
    """
    kind = "view" if is_view or (card.schema == "raw" and card.maker is not None) else "table"
    columns = (f"{c.name}: {c.meaning}" + (f" ({c.unit})" if c.unit else "") for c in card.columns)
    words = "\n".join([card.description, *columns])
    con.execute(f"comment on {kind} {card.table} is {literal(words)}")
