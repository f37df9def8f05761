"""Lists that a force may edit: a fault in one names its file, line, column, what was expected and what was seen."""

from __future__ import annotations

import csv

import duckdb

from pipelines.cards import ROOT, Card, all_cards
from pipelines.sql import casts_of
from pipelines.warehouse import TableDiffers

SETTINGS, TYPED = "reference.settings", "core.settings"


def create_list(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    """Make a table from its CSV. Raises TableDiffers if a line of the file cannot be of this list."""
    assert card.maker is not None
    place, names = str(card.maker.relative_to(ROOT)), [column.name for column in card.columns]
    with open(card.maker, encoding="utf-8-sig", newline="") as stream:
        rows = csv.reader(stream)
        header = next(rows, [])
        if header != names:
            raise TableDiffers(f"{place}, line 1: expected the columns {', '.join(names)}; saw {', '.join(header)}")
        for row in rows:
            if row and len(row) != len(names):
                raise TableDiffers(
                    f"{place}, line {rows.line_num}: expected {len(names)} values, {', '.join(names)}; saw {len(row)}"
                )
    kinds = "{" + ", ".join(f"'{name}': 'varchar'" for name in names) + "}"
    read = f"read_csv(?, header = true, delim = ',', quote = '\"', columns = {kinds})"
    try:
        con.execute(f"create or replace table {card.table} as select {casts_of(card)} from {read}", [str(card.maker)])
    except duckdb.ConversionException as fault:
        raise TableDiffers(_bad_cell(con, card, read, place) or f"{place}: {fault}") from None


def _bad_cell(con: duckdb.DuckDBPyConnection, card: Card, read: str, place: str) -> str:
    """The first value that is not of its column's type; '' if each is."""
    for column in card.columns:
        found = con.execute(
            f'select line, "{column.name}" from (select *, row_number() over () + 1 as line from {read})'
            f' where "{column.name}" is not null and try_cast("{column.name}" as {column.type}) is null limit 1',
            [str(card.maker)],
        ).fetchone()
        if found:
            return f"{place}, line {found[0]}, {column.name}: expected a {column.type}; saw {found[1]!r}. Correct it."
    return ""


def check_settings(con: duckdb.DuckDBPyConnection) -> None:
    """Raise TableDiffers unless each setting is there once: a build without one would use no number for it."""
    keys = [key for (key,) in con.execute(f"select key from {SETTINGS}").fetchall()]
    wanted = {column.name.replace("_", ".", 1) for column in all_cards()[TYPED].columns}
    missing, unknown = sorted(wanted - set(keys)), sorted(set(keys) - wanted)
    twice = sorted({key for key in keys if keys.count(key) > 1})
    found = [("no row for", missing), ("keys that nothing uses:", unknown), ("twice:", twice)]
    seen = "; ".join(f"{words} {_some(names)}" for words, names in found if names)
    if seen:
        place = all_cards()[SETTINGS].path.with_suffix(".csv").name
        raise TableDiffers(f"{place}: expected each of {len(wanted)} keys once; saw {seen}. Correct it.")


def _some(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" and more" if names[5:] else "")
