"""Small pieces of SQL over a card or a connection.

Literals and names are written by assets/readers/sql.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import duckdb

from pipelines.tables.cards import Card

Parameters = Sequence[Any] | Mapping[str, Any] | None


def scalar(con: duckdb.DuckDBPyConnection, query: str, parameters: Parameters = None) -> Any:
    """The first value of a query's only row, such as a count."""
    ((value, *_),) = con.execute(query, parameters).fetchall()
    return value


def create_from_card(con: duckdb.DuckDBPyConnection, card: Card, manner: str = "create or replace table") -> None:
    """An empty table with the columns of its card, unless it is there already."""
    columns = ", ".join(f'"{c.name}" {c.type}' for c in card.columns)
    con.execute(f"{manner} {card.table} ({columns})")


def views_of(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """View -> its SQL, of core and metrics: tables whose rows are files."""
    rows = con.execute(
        "select schema_name || '.' || view_name, sql from duckdb_views()"
        " where database_name = current_database() and schema_name in ('core', 'metrics')"
    ).fetchall()
    return dict(rows)


def casts_of(card: Card) -> str:
    """The columns of a card, each cast to its type, as a list for SELECT."""
    return ", ".join(f'cast("{c.name}" as {c.type}) as "{c.name}"' for c in card.columns)


def select_of(card: Card) -> str:
    """The SELECT of a table's file."""
    return card.code.strip().rstrip(";")
