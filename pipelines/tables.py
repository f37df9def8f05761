"""Making one table: from its CSV, its SELECT or its function.

The command line and Dagster run the same code.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

import duckdb
import polars as pl

from assets.readers.sql import literal
from pipelines.cards import FORCE, ROOT, Card, code_of
from pipelines.delivery.reference_lists import create_list
from pipelines.lineage import tables_given
from pipelines.publication import forces
from pipelines.sql import casts_of, create_from_card, scalar
from pipelines.warehouse import (
    EMPTY,
    TableDiffers,
    check_against_card,
    comment,
    fingerprint,
    record_state,
    state_of,
    transaction,
)


@dataclass(frozen=True)
class Built:
    """Result of asking for a table: its rows, and whether it was built again."""

    table: str
    row_count: int
    was_current: bool
    seconds: float
    failure: str = ""  # why it is withheld


def is_current(con: duckdb.DuckDBPyConnection, card: Card) -> bool:
    """True when nothing the table is made from has changed."""
    return _is_as(con, card, state_of(con, card.table), fingerprint(con, card))


def _is_as(con: duckdb.DuckDBPyConnection, card: Card, state: tuple[str, int] | None, mark: str) -> bool:
    if state is None or state[0].split("+")[0] != mark:
        return False
    return card.incremental_source is None or not any(_changed_parts(con, card))


def build_table(con: duckdb.DuckDBPyConnection, card: Card) -> Built:
    """Make the table unless it is current.

    Raises TableDiffers if it does not match its card.
    """
    started = time.monotonic()
    state, mark = state_of(con, card.table), fingerprint(con, card)
    if state is not None and _is_as(con, card, state, mark):
        return Built(card.table, state[1], True, 0.0)
    with _runs(con, card) as runs, transaction(con):
        if card.incremental_source is not None:
            rows = _build_by_part(con, card, mark)
            mark += "+" + _parts_hash(con, card)  # what reads this table must see that a part came in
        else:
            _create(con, card, runs)
            rows = check_against_card(con, card)
        comment(con, card)
        record_state(con, card.table, mark if rows else mark.split("+")[0] + EMPTY, rows, started)
    return Built(card.table, rows, False, time.monotonic() - started)


@contextmanager
def _runs(con: duckdb.DuckDBPyConnection, card: Card) -> Iterator[list[str]]:
    """The forces for which a by-force table is made, one after the other; nothing for any other table."""
    if not card.by_force:
        yield []
        return
    with forces.rows_by_force(con, card) as runs:
        yield runs


def _create(con: duckdb.DuckDBPyConnection, card: Card, runs: Sequence[str] = ()) -> None:
    assert card.maker is not None
    if card.maker.suffix == ".csv":
        create_list(con, card)
    elif card.function is None:
        _select_into(con, card, runs)
    else:
        made = [_of_force(con, card, force) for force in runs] if runs else [_call(con, card)]
        _take_rows(con, card, [rows for rows in made if rows.columns])


def _select_into(con: duckdb.DuckDBPyConnection, card: Card, runs: Sequence[str]) -> None:
    """The table from its SELECT: whole, or one force after the other."""
    if not runs:
        con.execute(f"create or replace table {card.table} as {_select(card)}")
    for number, force in enumerate(runs):
        with forces.only(con, force) as home:
            table = f"{home}.{card.table}"
            added = f"{literal(force)} as {FORCE}, " if card.is_force_added else ""
            manner = f"insert into {table} by name" if number else f"create or replace table {table} as"
            con.execute(f"{manner} select {added}* from ({_select(card)})")


def _of_force(con: duckdb.DuckDBPyConnection, card: Card, force: str) -> pl.DataFrame:
    """What the function of a by-force table returns for one force."""
    with forces.only(con, force):
        made = _call(con, card)
    if not made.columns or not card.is_force_added:
        return made
    return made.select(pl.lit(force).alias(FORCE), pl.all())


def _take_rows(con: duckdb.DuckDBPyConnection, card: Card, made: list[pl.DataFrame]) -> None:
    """The table from the rows that its function returned, in one frame or in one for each force."""
    if not made and not card.method:  # no rows: the card says what columns the empty table has
        create_from_card(con, card)
        return
    rows = pl.concat(made, how="vertical_relaxed")
    con.register("made_by_python", rows.to_arrow())
    names = [c.name for c in card.columns]
    # the rows of a SELECT bring a method what it needs beside the columns of the table
    differing = set(names) - set(rows.columns) if card.method else set(names) ^ set(rows.columns)
    if differing:
        seen = (f"{n} ({'not returned' if n in names else 'not in the card'})" for n in sorted(differing))
        raise TableDiffers(f"{card.table}: the function and the card differ: {', '.join(seen)}")
    con.execute(f"create or replace table {card.table} as select {casts_of(card)} from made_by_python")
    con.unregister("made_by_python")


def _select(card: Card) -> str:
    assert card.maker is not None
    return code_of(card.maker).strip().rstrip(";")


def _call(con: duckdb.DuckDBPyConnection, card: Card) -> pl.DataFrame:
    """What the function of the table returns for the tables of its parameters."""
    assert card.function is not None
    path, name = card.function
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    rows = [con.sql(_select(card)).pl()] if card.method else []
    inputs = {parameter: con.sql(f"select * from {table}").pl() for parameter, table in tables_given(card).items()}
    result: pl.DataFrame = getattr(module, name)(*rows, **inputs)
    return result


def _changed_parts(con: duckdb.DuckDBPyConnection, card: Card) -> tuple[list[str], list[str]]:
    """(deliveries to take out, deliveries to put in) of a table kept by delivery."""
    wanted = dict(
        con.execute(
            "select delivery_ref, md5(string_agg(period, '|' order by period)) from core.current_periods"
            " where source = ? group by delivery_ref order by delivery_ref",
            [card.incremental_source],
        ).fetchall()
    )
    held = dict(
        con.execute("select part_ref, part_hash from build.table_parts where table_name = ?", [card.table]).fetchall()
    )
    out = [ref for ref, mark in held.items() if wanted.get(ref) != mark]
    return out, [ref for ref, mark in wanted.items() if held.get(ref) != mark]


def _parts_hash(con: duckdb.DuckDBPyConnection, card: Card) -> str:
    query = (
        "select md5(coalesce(string_agg(part_ref || part_hash, '' order by part_ref), ''))"
        " from build.table_parts where table_name = ?"
    )
    return str(scalar(con, query, [card.table]))


def _build_by_part(con: duckdb.DuckDBPyConnection, card: Card, mark: str) -> int:
    """Rebuild only deliveries that are new, replaced or withdrawn.

    A changed rule rebuilds them all.
    """
    state = state_of(con, card.table)
    if state is None or state[0].split("+")[0] != mark:
        create_from_card(con, card)
        con.execute("delete from build.table_parts where table_name = ?", [card.table])
    out, new = _changed_parts(con, card)
    if out:
        con.execute(f"delete from {card.table} where list_contains(?, delivery_ref)", [out])
        con.execute(
            "delete from build.table_parts where table_name = ? and list_contains(?, part_ref)",
            [card.table, out],
        )
    if new:
        # `in` with a literal list prunes the parquet files that hold none of them
        refs = ", ".join(f"'{ref}'" for ref in new)
        con.execute(f"insert into {card.table} by name select * from ({_select(card)}) where delivery_ref in ({refs})")
        con.execute(
            "insert into build.table_parts select ?, delivery_ref, md5(string_agg(period, '|' order by period))"
            " from core.current_periods where source = ? and list_contains(?, delivery_ref) group by delivery_ref",
            [card.table, card.incremental_source, new],
        )
    return check_against_card(con, card, check_grain=False)
