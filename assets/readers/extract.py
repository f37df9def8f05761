"""The force's record-level extract: one file per table, csv or parquet, named like the table.

Layout and conventions: recording-standards 7. Values are brought to one form here, so that every later step can
rely on it: moments as UTC, booleans as true and false, codes as the code sets write them. A row with a value that
cannot be understood goes to quarantine; a code that no set knows is loaded and named in the notices.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from types import MappingProxyType

import duckdb

from assets.readers import csv, files
from assets.readers.csv import CsvSpec
from assets.readers.extract_files import header_of, is_parquet, text_parquet
from assets.readers.extract_values import Value, value_of
from assets.readers.mapping import TableMapping
from assets.readers.source import BrokenFile, DeliveredFile, Part, QuarantinedRow, Reading, Source

# tables of the extract, by name: what `stra map` and the mapping may speak of
TABLES: dict[str, Mapping[str, str]] = {}
_PARQUET = "format parquet, compression zstd, compression_level 1, parquet_version v2"


def extract(table: str, **kinds: str) -> Source:
    """The source of one table. `kinds` are its fields in the order of section 7, each with what it holds:

    key (unique, required), ref (required), text, free (free text), ts, date, month, bool, int, num, ho (Home
    Office code), outcome (outcome code or label), set:NAME (a code set of 7.2). A `?` marks a field that an extract
    may leave out.
    """
    fields = MappingProxyType(dict(kinds))
    TABLES[table] = fields
    return Source(
        table=table,
        columns=tuple(fields),
        parts=lambda file: [Part(file)] if _is_ours(file, table, fields) else [],
        read=partial(_read, table, fields),
        looks_like=lambda name: _stem(name) == table,
        why_not=lambda file: _why_not(file, table, fields),
        is_extract=True,
    )


def _stem(name: str) -> str | None:
    """`crime` for force/crime.csv; None where the name ends otherwise."""
    base = name.replace("!", "/").rsplit("/", 1)[-1].lower()
    for suffix in (".csv", ".parquet"):
        if base.endswith(suffix):
            return base.removesuffix(suffix)
    return None


def required(fields: Mapping[str, str]) -> list[str]:
    """The fields without which no row can be used."""
    return [name for name, kind in fields.items() if kind in ("key", "ref")]


def _mapped(file: DeliveredFile, table: str) -> TableMapping:
    return file.mapping.table(table) if file.mapping is not None else TableMapping()


def _why_not(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> BrokenFile | None:
    spec = _spec(file, table, fields)
    labels = header_of(file)
    if not is_parquet(file) or labels is None:
        return csv.why_not(file, spec)
    present = {csv.plain(label) for label in labels}
    missing = [spec.columns[name][0] for name in required(fields) if csv.plain(spec.columns[name][0]) not in present]
    return BrokenFile(
        "columns", f"that {', '.join(map(repr, missing))} is missing among {', '.join(labels)[:400]}",
        f"the columns of {table}", "Deliver it with them, or say in mapping.toml what they are called.",
    )  # fmt: skip


def _spec(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> CsvSpec:
    """The layout as the force writes it: its own field names where the mapping gives them, ours else."""
    theirs = _mapped(file, table).fields
    return CsvSpec(
        columns={name: (theirs.get(name, name),) for name in fields},
        optional=frozenset(fields) - frozenset(required(fields)),
        may_be_empty=True,
    )


def _is_ours(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> bool:
    wanted = (_mapped(file, table).file or table).lower()
    if _stem(file.name) != wanted:
        return False
    labels = header_of(file)
    spec = _spec(file, table, fields)
    present = {csv.plain(label) for label in labels or ()}
    return all(csv.plain(spec.columns[name][0]) in present for name in required(fields))


def _read(table: str, fields: Mapping[str, str], part: Part, delivery_ref: str, out: Path) -> Reading:
    """Write the usable rows of one table. Raises BrokenFile when the file as a whole cannot be used."""
    as_text = out.with_suffix(".text")
    try:
        reading, absent = text_parquet(part, delivery_ref, as_text, _spec(part.file, table, fields))
        translated = _mapped(part.file, table).values
        values = {name: value_of(name, kind, fields, translated.get(name, {})) for name, kind in fields.items()}
        with duckdb.connect(config={"threads": 2}) as con:
            con.execute("set timezone = 'UTC'")
            _write(con, values, as_text, out, reading)
            reading.notices += _unknown_codes(con, values, out)
        reading.absent = tuple(absent)
        files.check_unchanged(part.file)
    finally:
        as_text.unlink(missing_ok=True)
    return reading


def _write(
    con: duckdb.DuckDBPyConnection, values: Mapping[str, Value], text: Path, out: Path, reading: Reading
) -> None:
    """The rows in one form; those with a value that cannot be understood go to quarantine with the first reason."""
    for value in values.values():
        value.prepare(con, text)
    names = ", ".join(f'"{name}"' for name in values)
    as_given = ", ".join(f'"{name}" as "given {name}"' for name in values)
    forms = ", ".join(f'{value.form} as "{name}"' for name, value in values.items())
    faults = " ".join(f"when {v.is_unusable} then {n}" for n, v in enumerate(values.values()) if v.is_unusable)
    key = next((name for name, value in values.items() if value.kind == "key"), None)
    first = f'min(line_number) filter (fault is null) over (partition by "{key}")' if key else "line_number"
    con.execute(
        f"create temp view formed as select delivery_ref, line_number, {forms}, {as_given},"
        f" cast({f'case {faults} end' if faults else 'null'} as integer) as fault from read_parquet({_literal(text)})"
    )
    con.execute(f"create temp view judged as select *, {first} as first_line from formed")
    con.execute(
        f"copy (select delivery_ref, line_number, {names} from judged where fault is null and first_line = line_number)"
        f" to {_literal(out)} ({_PARQUET})"
    )
    listed = list(values.values())
    given_names = ", ".join(f'"given {name}"' for name in values)
    for line, number, first_line, *given in con.execute(
        f"select line_number, fault, first_line, {given_names} from judged"
        " where fault is not null or first_line <> line_number order by line_number"
    ).fetchall():
        if number is None:
            number = next(n for n, value in enumerate(listed) if value.name == key)
            reason = f"expected every {key} once; line {first_line} has it already: correct the row or take one out"
        else:
            reason = listed[number].reason
        # free text may name a person: quarantine keeps the place and the reason, not the value
        seen = "" if listed[number].kind == "free" else str(given[number] or "")[:500]
        reading.quarantined.append(QuarantinedRow(line, listed[number].name, seen, reason))
    reading.quarantined.sort(key=lambda row: row.line_number)
    reading.rows_loaded = reading.rows_read - len(reading.quarantined)


def _unknown_codes(con: duckdb.DuckDBPyConnection, values: Mapping[str, Value], out: Path) -> list[str]:
    """What no code set knows, each with its first line, its number and where to say what it means."""
    found = []
    for name, value in values.items():
        if value.codes:
            for seen, count, line in con.execute(
                f'select "{name}", count(*), min(line_number) from read_parquet(?)'
                f' where "{name}" is not null and not list_contains(?, "{name}") group by all order by all limit 20',
                [str(out), list(value.codes)],
            ).fetchall():
                found.append(
                    f"line {line}, {name}: {seen!r} is not one of {', '.join(value.codes)} ({count} rows);"
                    f" say what it means in mapping.toml"
                )
    return found


def _literal(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"
