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

import duckdb

from assets.readers import files
from assets.readers.csv.reader import plain
from assets.readers.extract.columns import columns_of
from assets.readers.extract.dates import labels_of
from assets.readers.extract.files import header_of, is_parquet, unreadable
from assets.readers.extract.formats import separator_of, sheets_of, stem
from assets.readers.extract.groups import Said, load_fields
from assets.readers.extract.json_lists import is_json
from assets.readers.extract.keys import is_of_force, left_out
from assets.readers.extract.layout import Layout
from assets.readers.extract.rows import write
from assets.readers.extract.values import Value, unless_nobody, value_of
from assets.readers.source import (
    BrokenFile,
    DeliveredFile,
    ExtractMapping,
    Part,
    Reading,
    Source,
    TableMapping,
    whole_name,
)
from assets.readers.sql import bounded, literal
from assets.readers.workbook.reader import is_workbook

# DuckDB's errors for values it cannot work with; a full disk is no fault of the file
_BAD_VALUES = (duckdb.ConversionException, duckdb.InvalidInputException, duckdb.OutOfRangeException)


def source_of(layout: Layout) -> Source:
    """The source of one table of the extract."""
    table, fields = layout.table, layout.kinds
    return Source(
        table=table,
        columns=tuple(fields),
        parts=lambda file: _parts(file, table, fields),
        read=partial(_read_rows, layout),
        looks_like=lambda name: ExtractMapping().is_named(stem(name), table),
        why_not=lambda file: _why_not(file, table, fields),
        layout=layout,
    )


def required(fields: Mapping[str, str]) -> list[str]:
    """The fields without which no row can be used."""
    return [name for name, kind in fields.items() if kind in ("key", "ref")]


def _is_optional(layout: Layout, value: Value) -> bool:
    """Whether a row is used without a value that cannot be read: of a crime, all but what makes it one.

    Not so an outcome that is no code: STR-06 lists its row.
    """
    kind = layout.kinds[value.name]
    is_needed = kind in ("key", "ref", "outcome") or any(value.name in group for group in layout.needed)
    is_optional = value.is_optional or kind.endswith("?") or value.name in layout.used_without
    return is_optional or (layout.table == "crime" and not is_needed)


def _blocks(file: DeliveredFile, table: str) -> dict[str, list[TableMapping]]:
    """Name of a file or sheet, as the mapping gives it, in lower case -> the blocks that make rows of the table."""
    found: dict[str, list[TableMapping]] = {}
    for block in (file.mapping or ExtractMapping()).blocks(table):
        found.setdefault((block.file or table).lower(), []).append(block)
    return found


def _blocks_of(part: Part, table: str) -> list[TableMapping]:
    """The blocks that a file or sheet is read by."""
    named = _blocks(part.file, table)
    return (
        named.get(plain(part.sheet or ""))
        or next((blocks for name, blocks in named.items() if _is_named(part.file, name)), None)
        or next(iter(named.values()))
    )


def _is_named(file: DeliveredFile, name: str) -> bool:
    """Whether a file has this name, or is a part of the file of this name."""
    return (file.mapping or ExtractMapping()).is_named(stem(file.name), name)


def _columns_by_field(
    file: DeliveredFile, table: str, blocks: Sequence[TableMapping], fields: Mapping[str, str]
) -> list[Said]:
    """What each block says of our fields; a field that it does not mention is looked for under our own name.

    In a wider file, which feeds several tables, only what the mapping mentions is read: a column `status` there may be
    of anything.
    """
    is_shared = file.mapping is not None and file.mapping.is_shared(table)
    needed = required(fields)
    return [
        {
            name: block.fields.get(name, name)
            for name in fields
            if name in block.fields or name in needed or not is_shared
        }
        for block in blocks
    ]


def _parts(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> list[Part]:
    """The file, or its sheets, if they are this table: by name (the mapping's if it gives one) and required columns."""
    parts: list[Part] = []
    for name, blocks in _blocks(file, table).items():
        is_named = _is_named(file, name)
        said = _columns_by_field(file, table, blocks, fields)
        each = [([block], [fields_said]) for block, fields_said in zip(blocks, said, strict=True)]
        found = {
            sheet: labels for sheet in sheets_of(file, name, is_named)
            for labels in [header_of(file, sheet)]
            # a sheet of one year may lack a group of columns that others have
            if not all(_missing(labels, *of, fields) for of in (each if sheet else [(blocks, said)]))
        }  # fmt: skip
        # beside the sheets of a table its workbook may have one of another table, which has its key too
        counts = {sheet: _count_known(labels, said) for sheet, labels in found.items()}
        parts += [Part(file, sheet) for sheet, count in counts.items() if count * 2 > max(counts.values())]
    return parts


def _count_known(labels: Sequence[str] | None, said: Sequence[Said]) -> int:
    """The number of columns that fields of the table are made of."""
    known = {plain(column) for block in said for text in block.values() for column in columns_of(text)}
    return len(known & {plain(label) for label in labels or ()})


def part_of(part: Part, table: str) -> str:
    """Folder and name of what a file of the table is a part of: the same for the files that are one delivery.

    Files are one delivery if their folder and table are the same, and their names differ in the number of the part, or
    the mapping names each. A workbook with other tables is one with workbooks of its name.
    """
    folder, _, _ = part.file.name.replace("!", "/").rpartition("/")
    named = _blocks(part.file, table)
    if any(_is_named(part.file, name) for name in named):
        return f"{folder}/{'|'.join(sorted(named))}"
    return f"{folder}/{whole_name(stem(part.file.name) or '')}#{table}"


def _labels_wanted(said: Sequence[Said], fields: Mapping[str, str]) -> dict[str, str]:
    """Our fields and the columns they are made of."""
    made = {name: [c for block in said if name in block for c in columns_of(block[name])] for name in fields}
    return {name: ", ".join(dict.fromkeys(columns)) for name, columns in made.items()}


def _missing(
    labels: Sequence[str] | None, blocks: Sequence[TableMapping], said: Sequence[Said], fields: Mapping[str, str]
) -> list[str]:
    """The columns that are missing and without which no row could be used."""
    present = {plain(label) for label in labels or ()}
    wanted = [column for block in said for name in required(fields) for column in columns_of(block[name])]
    wanted += [column for block in blocks for column in block.only_if]
    return [column for column in dict.fromkeys(wanted) if plain(column) not in present]


def absent_fields(part: Part, table: str, fields: Mapping[str, str]) -> list[str]:
    """Our fields of which the file has no column."""
    present = {plain(label) for label in header_of(part.file, part.sheet) or ()}
    said = _columns_by_field(part.file, table, _blocks_of(part, table), fields)
    return [
        name
        for name in fields
        if not any(name in block and all(plain(c) in present for c in columns_of(block[name])) for block in said)
    ]


def _why_not(file: DeliveredFile, table: str, fields: Mapping[str, str]) -> BrokenFile | None:
    """The reason why a file under the name of a table is not that table; None where there is none."""
    named, own = _blocks(file, table), stem(file.name) or ""
    name = next((name for name in named if _is_named(file, name)), next(iter(named)))
    if not _is_named(file, name) and not is_workbook(file):
        return BrokenFile(
            "file name", repr(own), f"{named[name][0].file or table!r}, as mapping.toml, [tables.{table}], says",
            "Take this file away, or correct the mapping.",
        )  # fmt: skip
    is_open = not any(columns_of(text) for block in named[name] for text in block.fields.values())
    if is_open and file.mapping is not None and file.mapping.is_shared(table):
        return BrokenFile(
            f"mapping.toml, [tables.{table}]", "no column", f"the columns of {table}, as which some are recognised",
            "Decide the lines that begin with #, with `stra map` or by hand; or take the section out.",
        )  # fmt: skip
    problem = unreadable(file)
    said = _columns_by_field(file, table, named[name], fields)
    sheets = sheets_of(file, name, True) if problem is None else []
    sheet = max(sheets, key=lambda sheet: _count_known(header_of(file, sheet), said), default=None)
    labels = header_of(file, sheet)
    missing = _missing(labels, named[name], said, fields)
    if problem is not None or not missing:
        return problem
    where = f"{', '.join(map(repr, sheets))}, of which {sheet!r} is nearest" if sheets[1:] else "line 1"
    return BrokenFile(
        "columns" if is_parquet(file) else where, _seen(labels or [], _labels_wanted(said, fields), missing),
        f"the columns of {table}, {', '.join(missing)} among them", _remedy(labels or [], table),
    )  # fmt: skip


def _seen(labels: Sequence[str], wanted: Mapping[str, str], missing: Sequence[str]) -> str:
    """The columns seen, where some of them are known: else the line may be a row about a person."""
    known = {plain(label) for label in wanted.values()}
    near = [
        f"{name!r} is missing" + (f" (nearest: {found[0]!r})" if found else "")
        for name in missing
        for found in [difflib.get_close_matches(plain(name), [plain(label) for label in labels], n=1)]
    ]
    if known.isdisjoint(map(plain, labels)):
        return f"a first line of {len(labels)} value(s), none of them a column of this table"
    return f"{', '.join(repr(label[:60]) for label in labels[:60])}; {', '.join(near)}"


def _remedy(labels: Sequence[str], table: str) -> str:
    if labels and labels[0].lower().startswith("sep="):
        return "Take out the first line, which a spreadsheet has put before the header."
    if not labels:
        return "Deliver each table or list as a file of its own: as CSV, or with one object a line."
    return (
        "Deliver the table with a header and these columns; where the record system calls them otherwise, run"
        f" `stra map` or say so in mapping.toml, [tables.{table}.fields]."
    )


def _read_rows(layout: Layout, part: Part, delivery_ref: str, out: Path) -> Reading:
    """Write the usable rows of one table. Raises BrokenFile when the file as a whole cannot be used."""
    table, fields = layout.table, layout.kinds
    scratch = out.with_suffix(".text")
    blocks = _blocks_of(part, table)
    said = _columns_by_field(part.file, table, blocks, fields)
    mapping = part.file.mapping or ExtractMapping()
    try:
        with bounded(out.parents[1]) as con:
            reading, absent, meant = load_fields(con, part, delivery_ref, scratch, table, fields, blocks, said)
            # a row that cannot be split into fields may have free text anywhere: only its place and reason are kept
            reading.quarantined = [replace(row, value="") for row in reading.quarantined]
            reading.notices += left_out(con, fields, mapping.no_value)
            values = {
                name: value_of(name, kind, fields, meant.get(name, {}), mapping.no_value)
                for name, kind in fields.items()
            }
            values = {
                name: replace(value, is_optional=_is_optional(layout, value)) for name, value in values.items()
            }
            if table == "party_role":
                values["named"] = unless_nobody(values["named"], values["person_key"], mapping.no_value)
            if mapping.scope and layout.is_of_people:
                before = literal(f"{mapping.scope}/")
                values |= {
                    name: replace(value, form=f"{before} || {value.form}")
                    for name, value in values.items() if is_of_force(name, value.kind)
                }  # fmt: skip
            identity = layout.identity if mapping.is_shared(table) else None
            dates = labels_of(fields, _labels_wanted(said, fields))
            is_continental = part.sheet is None and not is_json(part.file) and not is_parquet(part.file)
            is_continental = is_continental and separator_of(part.file) == ";"
            write(con, values, out, reading, dates, mapping.dates, layout.needed, identity, is_continental)
        reading.absent = tuple(absent)
        files.check_unchanged(part.file)
    except _BAD_VALUES as trouble:
        # DuckDB's message may quote a value
        raise BrokenFile(
            "file", f"values that cannot be worked with ({type(trouble).__name__})", f"the table {table}",
            "Deliver it as csv in UTF-8; if it is that already, report this message to who looks after the product.",
        ) from None  # fmt: skip
    finally:
        scratch.unlink(missing_ok=True)
    return reading
