"""The force's record-level extract: one file per table, csv or parquet, named like the table.

Layout and conventions: recording-standards 7. Values are brought to one form here, so that every later step can
rely on it: moments as UTC, booleans as true and false, codes as the code sets write them. A row with a value that
cannot be understood goes to quarantine. A code in no set is loaded and reported in the notices.
"""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import MappingProxyType

import duckdb

from assets.readers import files
from assets.readers.csv import reader
from assets.readers.csv.reader import CsvSpec
from assets.readers.extract.dates import labels_of
from assets.readers.extract.files import header_of, is_parquet, text_parquet, unreadable
from assets.readers.extract.formats import ENDINGS, sheets_of
from assets.readers.extract.rows import write
from assets.readers.extract.values import value_of
from assets.readers.source import BrokenFile, DeliveredFile, ExtractMapping, Part, Reading, Source, TableMapping
from assets.readers.sql import bounded
from assets.readers.workbook.reader import is_workbook

# DuckDB's errors for values it cannot work with; a full disk is no fault of the file
_BAD_VALUES = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException)


def extract(table: str, *needed: Sequence[str], **kinds: str) -> Source:
    """The source of one table. A row needs a value in one field of each group of `needed`.

    `kinds` are its fields in the order of section 7, each with its kind:

    key (unique, required), ref (required), text, free (free text), ts, date, month, bool, int, num, ho (Home Office
    code), class (class of the counting rules), outcome (outcome code or label), set:NAME (a code set of 7.2). A `?`
    marks a field that an extract may leave out.
    """
    fields = MappingProxyType(dict(kinds))
    return Source(
        table=table,
        columns=tuple(fields),
        parts=lambda file: _parts(file, table, fields),
        read=partial(_read, table, fields, needed),
        looks_like=lambda name: stem(name) == table,
        why_not=lambda file: _why_not(file, table, fields),
        fields=fields,
    )


def stem(name: str) -> str | None:
    """The table's name for a path: `crime` for force/crime.csv; None where the ending differs."""
    base = name.replace("!", "/").rsplit("/", 1)[-1].lower()
    for suffix in ENDINGS:
        if base.endswith(suffix):
            return base.removesuffix(suffix)
    return None


def required(fields: Mapping[str, str]) -> list[str]:
    """The fields without which no row can be used."""
    return [name for name, kind in fields.items() if kind in ("key", "ref")]


def _mapped(file: DeliveredFile, table: str) -> TableMapping:
    return file.mapping.table(table) if file.mapping is not None else TableMapping()


def _labels_wanted(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> dict[str, str]:
    """Our fields and their columns in this file, by the mapping, else by our own names."""
    theirs = _mapped(file, table).fields
    return {name: theirs.get(name, name) for name in fields}


def _parts(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> list[Part]:
    """The file, or its sheets, if they are this table: by name (the mapping's if it gives one) and required columns."""
    name = (_mapped(file, table).file or table).lower()
    is_named = stem(file.name) == name
    if is_workbook(file):
        parts = [Part(file, sheet) for sheet in sheets_of(file, name, is_named)]
    else:
        parts = [Part(file)] if is_named else []
    wanted = _labels_wanted(file, table, fields)
    return [part for part in parts if not _missing(header_of(file, part.sheet), wanted, fields)]


def _missing(labels: Sequence[str] | None, wanted: Mapping[str, str], fields: Mapping[str, str]) -> list[str]:
    """The required columns that are missing."""
    present = {reader.plain(label) for label in labels or ()}
    return [wanted[name] for name in required(fields) if reader.plain(wanted[name]) not in present]


def absent_fields(part: Part, table: str, fields: Mapping[str, str]) -> list[str]:
    """Our fields of which the file has no column."""
    present = {reader.plain(label) for label in header_of(part.file, part.sheet) or ()}
    wanted = _labels_wanted(part.file, table, fields)
    return [name for name, label in wanted.items() if reader.plain(label) not in present]


def _why_not(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> BrokenFile | None:
    """The reason why a file under the name of a table is not that table; None where there is none."""
    named = _mapped(file, table).file
    if named is not None and stem(file.name) != named.lower():
        return BrokenFile(
            "file name", repr(stem(file.name)), f"{named!r}, as mapping.toml, [tables.{table}], says",
            "Take this file away, or correct the mapping.",
        )  # fmt: skip
    problem = unreadable(file)
    sheet = next(iter(sheets_of(file, named or table, True)), None) if is_workbook(file) and problem is None else None
    labels = header_of(file, sheet)
    wanted = _labels_wanted(file, table, fields)
    missing = _missing(labels, wanted, fields)
    if problem is not None or not missing:
        return problem
    return BrokenFile(
        "columns" if is_parquet(file) else "line 1", _seen(labels or [], wanted, missing),
        f"the columns of {table}, {', '.join(missing)} among them", _remedy(labels or [], table),
    )  # fmt: skip


def _seen(labels: Sequence[str], wanted: Mapping[str, str], missing: Sequence[str]) -> str:
    """The columns seen, where some of them are known: else the line may be a row about a person."""
    known = {reader.plain(label) for label in wanted.values()}
    near = [
        f"{name!r} is missing" + (f" (nearest: {found[0]!r})" if found else "")
        for name in missing
        for found in [difflib.get_close_matches(reader.plain(name), [reader.plain(label) for label in labels], n=1)]
    ]
    if known.isdisjoint(map(reader.plain, labels)):
        return f"a first line of {len(labels)} value(s), none of them a column of this table"
    return f"{', '.join(repr(label[:60]) for label in labels[:60])}; {', '.join(near)}"


def _remedy(labels: Sequence[str], table: str) -> str:
    if labels and labels[0].lower().startswith("sep="):
        return "Take out the first line, which a spreadsheet has put before the header."
    return (
        "Deliver the table with a header and these columns; where the record system calls them otherwise, run"
        f" `stra map` or say so in mapping.toml, [tables.{table}.fields]."
    )


def _read(
    table: str, fields: Mapping[str, str], needed: Sequence[Sequence[str]], part: Part, delivery_ref: str, out: Path
) -> Reading:
    """Write the usable rows of one table. Raises BrokenFile when the file as a whole cannot be used."""
    as_text = out.with_suffix(".text")
    wanted = _labels_wanted(part.file, table, fields)
    spec = CsvSpec(
        columns={name: (label,) for name, label in wanted.items()},
        optional=frozenset(fields) - frozenset(required(fields)),
        may_be_empty=True,
    )
    try:
        reading, absent = text_parquet(part, delivery_ref, as_text, spec)
        # a row that cannot be split into fields may have free text anywhere: only its place and reason are kept
        reading.quarantined = [replace(row, value="") for row in reading.quarantined]
        translated = _mapped(part.file, table).values
        mapping = part.file.mapping or ExtractMapping()
        values = {
            name: value_of(name, kind, fields, translated.get(name, {}), mapping.no_value)
            for name, kind in fields.items()
        }
        with bounded(out.parent) as con:
            write(con, values, as_text, out, reading, labels_of(fields, wanted), mapping.dates, needed)
        reading.absent = tuple(absent)
        files.check_unchanged(part.file)
    except _BAD_VALUES as trouble:
        # DuckDB's message may quote a value
        raise BrokenFile(
            "file", f"values that cannot be worked with ({type(trouble).__name__})", f"the table {table}",
            "Deliver it as csv in UTF-8; if it is that already, report this message to who looks after the product.",
        ) from None  # fmt: skip
    finally:
        as_text.unlink(missing_ok=True)
    return reading
