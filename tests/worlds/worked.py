"""Worked examples: given these rows, what does the table hold?"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Any

import duckdb

from pipelines.builds.tables import build_table
from pipelines.tables.cards import FORCE, SCHEMAS, Card, all_cards
from pipelines.tables.forces import NONE_KNOWN
from pipelines.tables.lineage import reads
from pipelines.tables.warehouse import STATE

Row = dict[str, Any]
AT_ONCE = 100


def made(table: str, sql: Path | None = None, /, **given: list[Row]) -> list[Row]:
    """Build `table` from the rows given for the tables it reads (`core_crimes=[...]`); the rest are empty.

    Reference tables that are not given are read from their own files, and so are the settings: the examples use the
    real code lists and limits. `sql` is a file that makes the table in place of its own.
    """
    card = all_cards()[table] if sql is None else replace(all_cards()[table], maker=sql)
    known = {name.replace(".", "_", 1): name for name in reads(card)}
    unknown = set(given) - set(known)
    assert not unknown, f"{table} does not read {unknown}"
    with _database() as (con, passing):
        for parameter, name in known.items():
            upstream = all_cards()[name]
            if parameter not in given and (upstream.schema == "reference" or name == "core.settings"):
                for needed in (*reads(upstream), name):  # the settings are made from their own list
                    _stay(con, all_cards()[needed])
                continue
            kinds = {c.name: c.type for c in upstream.columns}
            if upstream.schema == "raw" and upstream.maker is not None:
                kinds = {"delivery_ref": "varchar", "line_number": "bigint", **kinds, "period": "varchar"}
            passing.append(name)
            con.execute(f"create or replace table {name} ({', '.join(f'{c} {k}' for c, k in kinds.items())})")
            of_force = {FORCE: NONE_KNOWN} if upstream.is_force_added else {}
            rows_given = [of_force | row for row in given.get(parameter, [])]
            for columns, rows in groupby(rows_given, key=tuple):
                _insert(con, name, columns, [list(row.values()) for row in rows])
        passing.append(table)
        build_table(con, card)
        result = con.execute(f"select * from {table} order by all")
        names = [d[0] for d in result.description]
        rows = [dict(zip(names, values, strict=True)) for values in result.fetchall()]
        # without forces given there is one run, whose rows say nothing of a force
        if card.is_force_added and "core_force_scope" not in given:
            return [{name: value for name, value in row.items() if name != FORCE} for row in rows]
        return rows


@contextmanager
def _database() -> Iterator[tuple[duckdb.DuckDBPyConnection, list[str]]]:
    """The database, and a list for the names of tables that are dropped at the end."""
    con, passing = _opened(), list[str]()
    try:
        yield con, passing
    finally:
        for name in passing:
            con.execute(f"drop table if exists {name}")
            _staying.pop(name, None)  # it was replaced by rows of an example
        con.execute("delete from build.table_states; delete from build.table_parts")


@cache
def _opened() -> duckdb.DuckDBPyConnection:
    """One database in memory for all examples of a process: to open one takes as long as to build a table. One thread:
    with a few rows more threads only wait for each other."""
    con = duckdb.connect(config={"threads": 1})
    schemas = "; ".join(f"create schema if not exists {schema}" for schema in SCHEMAS)
    con.execute(f"set timezone = 'UTC'; {STATE}; {schemas}")
    return con


_staying: dict[str, str] = {}  # reference table -> hash of the files that it was made from


def _stay(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    """Make a reference table, and let it be there for the next example too."""
    if _staying.get(card.table) != card.code_hash:
        build_table(con, card)
        _staying[card.table] = card.code_hash


def _insert(con: duckdb.DuckDBPyConnection, table: str, columns: tuple[str, ...], rows: list[list[Any]]) -> None:
    """Many at a time: a statement for each row takes longer than what is tested."""
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        marks = ", ".join(f"({', '.join('?' * len(columns))})" for _ in some)
        con.execute(f"insert into {table} ({', '.join(columns)}) values {marks}", [v for row in some for v in row])


def only(rows: list[Row], **wanted: Any) -> list[Row]:
    """The rows whose columns have these values."""
    return [row for row in rows if all(row[k] == v for k, v in wanted.items())]


def warehouse() -> duckdb.DuckDBPyConnection:
    """An empty warehouse in memory."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(STATE)
    for schema in ("raw", "reference", "core", "quality", "metrics"):
        con.execute(f"create schema {schema}")
    return con


def counts(theme: str, **facts: int | tuple[int, int]) -> list[Row]:
    """Rows of metrics.theme_counts: a number, or a number and what it is of, for each fact."""
    return [
        {"theme_code": theme, "fact_code": fact, "numerator": n if isinstance(n, int) else n[0],
         "denominator": None if isinstance(n, int) else n[1]}
        for fact, n in facts.items()
    ]  # fmt: skip
