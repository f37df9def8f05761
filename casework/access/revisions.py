"""Tables whose rows are never overwritten: a change is the next revision of a row, named by its key.

Each has the columns `revision`, `changed_by` and `changed_at`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, Engine, Select, Table, insert, select
from sqlalchemy.exc import IntegrityError

from casework.access.access_log import log
from casework.store.database import now, rows, rows_of, writing
from casework.store.refusal import Refused

Row = dict[str, Any]


def add_revision(
    engine: Engine,
    table: Table,
    key: Mapping[str, str],
    person: str,
    seen_revision: int,
    change: Callable[[Row], Mapping[str, Any]],
    *,
    action: str,
    subject: tuple[str, str],
) -> None:
    """Add the next revision of a row and log the `action` on its `subject` (kind, reference).

    `change` makes its columns from those of the latest revision, which are none for a new row. Raises Refused unless
    that is the revision seen.
    """
    name = subject[1]
    try:
        with writing(engine) as con:
            held = _latest(con, table, key)
            revision = int(held.get("revision", 0))
            if revision != seen_revision:
                raise Refused(f"{name} was changed since you opened it: nothing was overwritten. Look at it again.")
            row = {**held, **change(held), **key}
            row |= {"revision": revision + 1, "changed_by": person, "changed_at": now()}
            con.execute(insert(table).values(**row))
            log(con, person, action, subject, {**key, "revision": revision + 1})
    except IntegrityError:
        raise Refused(f"Somebody kept {name} at the same moment: nothing was overwritten. Look at it again.") from None


def latest(engine: Engine, table: Table, *key: str) -> list[Row]:
    """The latest revision of every row, ordered by the columns of the `key`."""
    query = select(table).order_by(*(table.c[name] for name in key), table.c.revision)
    return list({tuple(row[name] for name in key): row for row in rows_of(engine, query)}.values())


def history(engine: Engine, table: Table, key: Mapping[str, str]) -> list[Row]:
    """Every revision of a row, the first one first."""
    return rows_of(engine, _select_revisions(table, key).order_by(table.c.revision))


def _latest(con: Connection, table: Table, key: Mapping[str, str]) -> Row:
    found = rows(con, _select_revisions(table, key).order_by(table.c.revision.desc()).limit(1))
    return found[0] if found else {}


def _select_revisions(table: Table, key: Mapping[str, str]) -> Select[Any]:
    return select(table).where(*(table.c[name] == value for name, value in key.items()))
