"""Making one table: from its CSV, its SELECT or its function.

The command line and Dagster run the same code.
"""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

import duckdb
import polars as pl

from pipelines.builds.incremental_tables import build_by_part, changed_parts, parts_hash
from pipelines.delivery.reference_lists import create_list
from pipelines.engines.choice import usual
from pipelines.engines.engine import Engine
from pipelines.tables.cards import FORCE, ROOT, Card
from pipelines.tables.lineage import tables_given
from pipelines.tables.warehouse import Held, State, TableDiffers, comment, fingerprint, record_state, transaction


@dataclass(frozen=True)
class Built:
    """Result of asking for a table: its rows, and whether it was built again."""

    table: str
    row_count: int
    was_current: bool
    seconds: float
    failure: str = ""  # why it is withheld


def is_current(con: duckdb.DuckDBPyConnection, card: Card, held: Held) -> bool:
    """True when nothing the table is made from has changed since what is `held` was made."""
    return _is_as(con, card, held.states.get(card.table), fingerprint(con, card, held))


def _is_as(con: duckdb.DuckDBPyConnection, card: Card, state: State | None, mark: str) -> bool:
    if state is None or state.fingerprint.split("+")[0] != mark:
        return False
    return card.incremental_source is None or not any(changed_parts(con, card))


def build_table(
    con: duckdb.DuckDBPyConnection, card: Card, held: Held | None = None, engine: Engine | None = None
) -> Built:
    """Make the table unless it is current, by what is `held`, which takes its new state, or by what is held now.

    Raises TableDiffers if it does not match its card.
    """
    started = time.monotonic()
    held = Held(con) if held is None else held
    engine = usual(con) if engine is None else engine
    state, mark = held.states.get(card.table), fingerprint(con, card, held)
    if state is not None and _is_as(con, card, state, mark):
        return Built(card.table, state.row_count, True, 0.0)
    # the forces for which a by-force table is made, one after the other; nothing for any other table
    runs = engine.runs(card) if card.by_force else []
    with transaction(con):
        if card.incremental_source is not None:
            rows = build_by_part(engine, card, mark)
            mark += "+" + parts_hash(con, card)
            # which deliveries it holds: to read all its rows would take long
            content = mark if rows else engine.content(card)
        else:
            _create(engine, card, mark, runs)
            rows = engine.check(card)
            content = engine.content(card)
        comment(con, card, is_view=card.table in engine.views)
        state = record_state(con, card.table, mark, rows, started, content)
    held.note(card.table, state)
    return Built(card.table, rows, False, time.monotonic() - started)


def make_table(engine: Engine, card: Card) -> None:
    """Make a table, whatever is there. Nothing is remembered of it, and it is not compared with its card."""
    _create(engine, card, "", engine.runs(card) if card.by_force else [])


def _create(engine: Engine, card: Card, mark: str, runs: Sequence[str]) -> None:
    assert card.maker is not None
    if card.maker.suffix == ".csv":
        create_list(engine.con, card)
    elif card.function is None:
        engine.make(card, mark, runs)
    elif not (card.by_row and engine.make_by_row(card, mark, partial(function_of(card), **_given(engine, card)))):
        made = [_of_force(engine, card, force) for force in runs] if runs else [_call(engine, card)]
        _take_rows(engine, card, [rows for rows in made if rows.columns])


def _of_force(engine: Engine, card: Card, force: str) -> pl.DataFrame:
    """What the function of a by-force table returns for one force."""
    with engine.only(force):
        made = _call(engine, card)
    if not made.columns or not card.is_force_added:
        return made
    return made.select(pl.lit(force).alias(FORCE), pl.all())


def _take_rows(engine: Engine, card: Card, made: list[pl.DataFrame]) -> None:
    """The table from the rows that its function returned, in one frame or in one for each force."""
    if not made and not card.method:  # no rows: the card says what columns the empty table has
        engine.make_empty(card)
        return
    names = [c.name for c in card.columns]
    for rows in made:
        # the rows of a SELECT bring a method what it needs beside the columns of the table
        differing = set(names) - set(rows.columns) if card.method else set(names) ^ set(rows.columns)
        if differing:
            seen = (f"{n} ({'not returned' if n in names else 'not in the card'})" for n in sorted(differing))
            raise TableDiffers(f"{card.table}: the function and the card differ: {', '.join(seen)}")
    engine.write(card, pl.concat([rows.select(names) for rows in made], how="vertical_relaxed"))


def _call(engine: Engine, card: Card) -> pl.DataFrame:
    """What the function of the table returns for the tables of its parameters."""
    rows = [engine.select(card)] if card.method else []
    return function_of(card)(*rows, **_given(engine, card))


def _given(engine: Engine, card: Card) -> dict[str, pl.DataFrame]:
    """The tables that the function of a table is given whole, by parameter."""
    return {parameter: engine.read(table) for parameter, table in tables_given(card).items()}


def function_of(card: Card) -> Callable[..., pl.DataFrame]:
    """The function that makes a table, imported."""
    assert card.function is not None
    path, name = card.function
    module = importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
    function: Callable[..., pl.DataFrame] = getattr(module, name)
    return function
