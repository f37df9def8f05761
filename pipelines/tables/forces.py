"""Figures by force: the code of a table is run for one force of the extract after the other.

The code of a by-force table knows no force. It reads `core.crimes` as ever; while it runs for a force, that name is a
view with the rows of that force alone. So its figures are those of a build of that force alone, and a SELECT need not
repeat the force in every grouping. Rows that name no force and no crime, such as people, are whole in every run: people
are the same across the forces of one extract.

A record is of the force that it names, otherwise of its crime's, otherwise of the only force whose crimes its people
are in. A record that nothing links to a force is the only force's. Where another force has crimes enough for figures it
is of no force known: it is in no force's figures, and core.rows_of_no_force counts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from weakref import WeakKeyDictionary

import duckdb

from assets.raw import extract_tables
from assets.readers.sql import literal
from pipelines.tables.cards import FORCE, SCHEMAS, Card, all_cards
from pipelines.tables.lineage import is_of_people, reads
from pipelines.tables.sql import scalar

ALL = "all"  # the run for all forces together
NONE_KNOWN = "unknown"  # the run for an extract whose crimes name no force that we know
SCOPE = "core.force_scope"
MOMENTS = "core.extract_moments"  # of all forces; a run for one force sees when its own recording begins and ends
VIEWS = "one_force"  # a database in memory that holds nothing but views
# what people decided names no force: it is used while the extract has one
DECIDED = ("core.issued_assessments", "core.score_overrides")

# the views that a connection has, by table: most are read by many by-force tables, and made once
_made: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, str]] = WeakKeyDictionary()


@dataclass(frozen=True)
class Seen:
    """What a run for one force may see beside its own rows."""

    is_one: bool  # figures are made of one force, or of an extract whose crimes name none
    has_rest: bool  # no other force has crimes enough for figures: rows that nothing links to a force are its own
    is_alone: bool  # all crimes are of that force


def runs_of(con: duckdb.DuckDBPyConnection, card: Card) -> list[str]:
    """The codes that a by-force table is made for, in order: the forces with figures of their own, and perhaps `all`.

    `unknown` alone if no crime is of a force that is known.
    """
    codes = [code for (code,) in con.execute(f"select {FORCE} from {SCOPE} order by {FORCE}").fetchall()]
    if not codes:
        return [NONE_KNOWN]
    return [*codes, ALL] if card.all_forces and len(codes) > 1 else codes


def rows_by_force(con: duckdb.DuckDBPyConnection, card: Card) -> list[str]:
    """Make the views that the code of a by-force table reads, if they are not there; return the runs.

    Called before any transaction, because DuckDB lets one write into one database only.
    """
    runs = runs_of(con, card)
    home = str(scalar(con, "select current_database()"))
    # the crimes of one force alone, or of nobody knows which
    is_alone = f"select $1 = '{NONE_KNOWN}' or not exists (from core.crimes where {FORCE} is distinct from $1)"
    seen = Seen(
        is_one=len(runs) == 1,
        has_rest=con.execute("select 1 from core.only_force").fetchone() is not None,
        is_alone=len(runs) == 1 and bool(scalar(con, is_alone, runs)),
    )
    if con not in _made:
        con.execute(f"attach ':memory:' as {VIEWS}")
        for schema in SCHEMAS:
            con.execute(f"create schema {VIEWS}.{schema}")
    made = _made.setdefault(con, {})
    for table in reads(card):
        select = _rows(all_cards()[table], home, seen)
        if made.get(table) != select:
            con.execute(f"create or replace view {VIEWS}.{table} as {select}")
            made[table] = select
    return runs


def views(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Table -> the SELECT of the rows that a run for one force sees, for every table that by-force tables read."""
    return _made.get(con, {})


def remove_views(con: duckdb.DuckDBPyConnection) -> None:
    """Remove the views of all by-force tables, so that nothing else lists them."""
    if _made.pop(con, None) is not None:
        con.execute(f"detach {VIEWS}")


@contextmanager
def only(con: duckdb.DuckDBPyConnection, force: str) -> Iterator[str]:
    """While it lasts, names of tables mean the rows of one force; yields the name of the database that holds them."""
    home = str(scalar(con, "select current_database()"))
    con.execute(f"set variable {VIEWS} = {literal(force)}")
    con.execute(f"use {VIEWS}")
    try:
        yield home
    finally:
        # in a transaction that a fault has ended nothing can be said: its rollback goes back (warehouse.transaction)
        with suppress(duckdb.TransactionException):
            con.execute(f"use {home}")


def _rows(upstream: Card, home: str, seen: Seen) -> str:
    """The rows of a table that a run for one force may see, as a SELECT."""
    table, run = f"{home}.{upstream.table}", f"getvariable('{VIEWS}')"
    columns = {column.name for column in upstream.columns}
    if upstream.is_force_added:
        return f"select * exclude ({FORCE}) from {table} where {FORCE} = {run}"
    if upstream.table == MOMENTS:
        return _moments(table, f"{home}.core.force_moments", run)
    if upstream.table in DECIDED:
        return f"select * from {table}" + ("" if seen.is_one else " where false")
    if not _is_of_extract(upstream.table):
        return f"select * from {table}"
    if FORCE in columns:
        # what rules counted may be of all forces, or of records that name none
        unnamed = f" or {FORCE} is null" if seen.has_rest and upstream.schema == "quality" else ""
        return f"select * from {table} where {FORCE} in ({run}, '{ALL}') or {run} in ('{ALL}', '{NONE_KNOWN}'){unnamed}"
    if seen.is_alone or not ("crime_ref" in columns or is_of_people(upstream)):
        return f"select * from {table}"
    if "crime_ref" in columns:
        own = f"select crime_ref from {home}.core.crimes where {FORCE} = {run} or {run} = '{ALL}'"
        others = f"select crime_ref from {home}.core.crimes where {FORCE} is distinct from {run}"
        # the rest has no crime, or one that the extract does not have
        kept = f"anti join ({others})" if seen.has_rest else f"semi join ({own})"
        return f"select * from {table} {kept} using (crime_ref)"
    # a person counts in the forces whose crimes they are in
    placed = f"{home}.core.people as p inner join {home}.core.person_forces as f on p.person_key = f.person_key"
    own = f"select p.person_ref from {placed} where f.{FORCE} = {run} or {run} = '{ALL}'"
    rest = f" or person_ref not in (select p.person_ref from {placed})" if seen.has_rest else ""
    return f"select * from {table} where person_ref in ({own}){rest}"


def _moments(table: str, of_forces: str, run: str) -> str:
    """The moments of the extract, with the first and the last recording of one force; of all in a run for all."""
    own = {
        n: f"case when {run} in ('{ALL}', '{NONE_KNOWN}') then m.{n} else f.{n} end as {n}"
        for n in ("first_recorded_at", "last_recorded_at")
    }
    listed = [own.get(column.name, f"m.{column.name}") for column in all_cards()[MOMENTS].columns]
    return f"select {', '.join(listed)} from {table} as m left join {of_forces} as f on f.{FORCE} = {run}"


def mark_of(card: Card) -> str:
    """How the rows of a published table go by force, for its readers; '' if they do not.

    `run` and `run or all`: made for each force, and perhaps for all together. `row`: each row is of one force.
    `series`: the series of the extract are of one force each, beside series of open data.
    """
    if card.by_force:
        return "run or all" if card.all_forces else "run"
    if FORCE not in {column.name for column in card.columns} or not _is_of_extract(card.table):
        return ""
    if card.table in (SCOPE, "core.extract_forces"):
        return ""
    return "series" if "metrics.demand_months" in {card.table, *upstream(card.table)} else "row"


@cache
def upstream(table: str) -> frozenset[str]:
    """The tables that a table rests on, however far up."""
    read = reads(all_cards()[table])
    return frozenset(read).union(*(upstream(name) for name in read))


@cache
def _is_of_extract(table: str) -> bool:
    """Whether a table rests on a table of the extract, or counts its records by the rules."""
    card = all_cards()[table]
    if card.schema == "raw":
        return card.name in extract_tables()
    return card.schema == "quality" or any(_is_of_extract(upstream) for upstream in reads(card))
