"""The rows of one store copied into another, empty one: SQLite or PostgreSQL, either way.

Every row is copied as it is, with its number and its hash. So each chain is as whole in the copy as it was.
"""

from __future__ import annotations

from types import TracebackType

from sqlalchemy import Connection, Engine, Integer, Table, func, insert, select, text

from casework.store.database import open_at, reading, writing
from casework.store.refusal import Refused
from casework.store.tables import METADATA, schema_versions, store_marks

ROWS_AT_ONCE = 1000


class Opened:
    """The store at an address, while it is needed; its files are whole afterwards."""

    def __init__(self, url: str) -> None:
        self.engine = open_at(url)

    def __enter__(self) -> Engine:
        return self.engine

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.engine.dispose()


def row_count(engine: Engine) -> int:
    """How many rows a store has, its own version not counted."""
    with reading(engine) as con:
        return sum(con.execute(select(func.count()).select_from(table)).scalar_one() for table in _tables())


def copy_rows(source: Engine, target: Engine) -> int:
    """Copy every row, as the source is at one moment, in one transaction; how many there were.

    Raises Refused if the target has rows.
    """
    refuse_rows(target)
    with reading(source) as old, writing(target) as new:
        return sum(copy_tables(old, new).values())


def refuse_rows(target: Engine) -> None:
    """Raise Refused unless the target is empty."""
    if row_count(target):
        raise Refused("Expected an empty casework store to copy into; it has rows, and they are kept. Name another.")


def copy_tables(old: Connection, new: Connection) -> dict[str, int]:
    """Copy every row from one connection to another; table -> how many. Raises Refused where one was not written."""
    copied = {}
    for table in _tables():
        found = old.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        read = 0
        for part in found.partitions(ROWS_AT_ONCE):
            new.execute(insert(table), [dict(row) for row in part])
            read += len(part)
        if new.dialect.name == "postgresql":
            for statement in _numbers(table):
                new.execute(text(statement))
        copied[table.name] = new.execute(select(func.count()).select_from(table)).scalar_one()
        if copied[table.name] != read:
            raise Refused(f"Expected {read} rows in {table.name}, saw {copied[table.name]}. Nothing was copied.")
    return copied


def _tables() -> list[Table]:
    return [table for table in METADATA.sorted_tables if table not in (schema_versions, store_marks)]


def _numbers(table: Table) -> list[str]:
    """What makes PostgreSQL go on counting after the rows that were copied."""
    counted = [c.name for c in table.primary_key.columns if isinstance(c.type, Integer) and c.autoincrement is True]
    return [
        f"select setval(pg_get_serial_sequence('{table.name}', '{name}'), greatest(1, (select max({name}) from "
        f"{table.name})), (select count(*) > 0 from {table.name}))"
        for name in counted
    ]
