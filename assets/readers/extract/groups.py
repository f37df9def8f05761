"""From the columns of a file to the fields of a table: by name, or group by group as mapping.toml says.

A flat export has a victim, two suspects and three outcomes in one row. Each group of columns is a block of the mapping,
and makes its own row of the table. A row without anything in a group makes none, and is counted.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import duckdb

from assets.readers.csv.layout import CsvSpec
from assets.readers.csv.reader import plain
from assets.readers.extract.columns import LINES_A_GROUP, columns_of, is_made, made_sql
from assets.readers.extract.files import load_text
from assets.readers.extract.formats import stem
from assets.readers.extract.keys import plain_words
from assets.readers.extract.values import NO_VALUE, code_sets, filled, translated
from assets.readers.source import ExtractMapping, Part, Reading, TableMapping
from assets.readers.sql import literal

Values = Mapping[str, Mapping[str, str]]
Said = Mapping[str, str]  # our field -> what it is made of

# fields that the layout had later: an extract made before them lacks nothing
LATER = {"order_breach": ("condition_no",), "risk_plan": ("victim_consulted",), "victim_contact": ("kind",)}


def load_fields(
    con: duckdb.DuckDBPyConnection,
    part: Part,
    delivery_ref: str,
    scratch: Path,
    table: str,
    fields: Mapping[str, str],
    blocks: Sequence[TableMapping],
    said: Sequence[Said],
) -> tuple[Reading, list[str], Values]:
    """Make the table `text` of the rows under our names; return the reading, absent fields, and codes to be translated.

    `said`: for each block our fields and what they are made of. Raises BrokenFile when the file cannot be used.
    """
    elsewhere = _columns_of_other_tables(part, table)
    is_by_name = len(blocks) == 1 and not blocks[0].only_if and set(said[0]) == set(fields)
    if is_by_name and not any(map(is_made, said[0].values())):
        columns: dict[str, tuple[str, ...]] = {name: (label,) for name, label in said[0].items()}
        needed = {name for name, kind in fields.items() if kind in ("key", "ref")}
        spec = CsvSpec(
            columns, frozenset(fields) - needed, may_be_empty=True, elsewhere=elsewhere,
            unreported=frozenset(LATER.get(table, ())),
        )  # fmt: skip
        reading, absent = load_text(con, "text", part, delivery_ref, scratch, spec)
        return reading, absent, blocks[0].values
    return _grouped(con, part, delivery_ref, scratch, fields, blocks, said, elsewhere)


def _columns_of_other_tables(part: Part, table: str) -> frozenset[str]:
    """The plain labels of columns of this file that the mapping has for another table."""
    mapping = part.file.mapping or ExtractMapping()
    own, sheet = stem(part.file.name), plain(part.sheet or "")
    return frozenset(
        plain(column)
        for other, blocks in mapping.tables.items()
        if other != table
        for block in blocks
        for name in [(block.file or other).lower()]
        if name == sheet or mapping.is_named(own, name)
        for said in (*block.fields.values(), *block.only_if)
        for column in columns_of(said)
    )


def _grouped(
    con: duckdb.DuckDBPyConnection,
    part: Part,
    delivery_ref: str,
    scratch: Path,
    fields: Mapping[str, str],
    blocks: Sequence[TableMapping],
    said: Sequence[Said],
    elsewhere: frozenset[str],
) -> tuple[Reading, list[str], Values]:
    words = (*NO_VALUE, *(part.file.mapping or ExtractMapping()).no_value)
    labels = {plain(c): c for block in said for text in block.values() for c in columns_of(text)}
    read = set(labels)
    labels |= {plain(c): c for block in blocks for c in block.only_if}
    names = {label: f"c{number}" for number, label in enumerate(labels)}
    # of a column that is only to say whether there is a row, such as a name, nothing else is kept
    masked = frozenset(name for label, name in names.items() if label not in read)
    spec = CsvSpec(
        {names[label]: (column,) for label, column in labels.items()},
        frozenset(names.values()), may_be_empty=True, masked=masked, elsewhere=elsewhere,
    )  # fmt: skip
    reading, lacking = load_text(con, "wide", part, delivery_ref, scratch, spec)
    there = set(names) - {label for label, name in names.items() if name in lacking}
    if without := ", ".join(repr(labels[label]) for label in names if label not in there):
        reading.notices.append(f"no column {without}, which mapping.toml names: nothing is made of it")
    absent = [n for n in fields if not any(n in block and _is_there(block[n], there) for block in said)]
    chosen = [
        _select(number, block, fields, texts, names, there, words)
        for number, (block, texts) in enumerate(zip(blocks, said, strict=True))
    ]
    ((made,),) = con.execute(f"create temp table text as {' union all '.join(chosen)}").fetchall()
    con.execute("drop table wide")
    usable = reading.rows_read - len(reading.quarantined)
    if none := usable * len(blocks) - made:
        groups = f" in {len(blocks)} groups of columns" if len(blocks) > 1 else ""
        counts = f"{usable:,}; rows of this table that they make: {made:,}; without a value: {none:,}"
        reading.notices.append(f"rows of the file{groups}: {counts}")
    reading.rows_read = made + len(reading.quarantined)
    return reading, absent, {}


def _is_there(said: str, there: set[str]) -> bool:
    return all(plain(column) in there for column in columns_of(said))


def _select(
    number: int,
    block: TableMapping,
    fields: Mapping[str, str],
    said: Said,
    names: Mapping[str, str],
    there: set[str],
    words: Sequence[str],
) -> str:
    """SQL of the rows that one block makes. `words` mean no value."""

    def cell(column: str, codes: Iterable[str] = ()) -> str:
        return filled(names[plain(column)], words, codes)

    values = {}
    for name in fields:
        text = said.get(name)
        if text is None or not _is_there(text, there):
            values[name] = "null::varchar"
        elif codes := block.values.get(name, {}):
            values[name] = translated(made_sql(text, cell) if is_made(text) else cell(text, codes), codes)
        else:
            values[name] = made_sql(text, cell) if is_made(text) else f'"{names[plain(text)]}"'
    of_column = {plain(text): values[name] for name, text in said.items() if not is_made(text)}
    conditions = [
        f"nullif({of_column[label]}, '')" if label in of_column else cell(label) for label in map(plain, block.only_if)
    ]
    where = " or ".join(f"{condition} is not null" for condition in conditions) or "true"
    for name in [name for name, kind in fields.items() if kind == "key" and name != "crime_id" and block.only_if]:
        # a word such as UNKNOWN in a group's key says that nothing is there; a crime with it is in quarantine
        nothing = ", ".join(map(literal, sorted(plain_words(code_sets()["placeholder_key"]))))
        where = f"({where}) and coalesce(replace(lower(trim({values[name]})), ' ', '') not in ({nothing}), true)"
    columns = ", ".join(f'{sql} as "{name}"' for name, sql in values.items())
    line = f"line_number + {number * LINES_A_GROUP}"
    return f"select delivery_ref, {line} as line_number, {columns} from wide where {where}"
