"""Published tables: titles above the header, footnotes below the rows, spacer columns, labels with footnote marks.

Finds such a table in a sheet of a workbook, or in the same sheet saved as CSV; `unpivot` makes rows of it.
"""

from __future__ import annotations

import calendar
import contextlib
import io
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import NamedTuple

from assets.readers.csv.reader import CELL_LIMIT
from assets.readers.csv.records import Line, encoding, lines, plain, records, trimmed
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile, Part
from assets.readers.workbook.reader import HEAD_ROWS, is_workbook, plain_label, sheet_head, sheet_names, sheet_rows

NUMBER = r"-?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]+)?|-?[0-9]+(?:\.[0-9]+)?"
# Symbols where the publisher gives no number: [x], [low], .., -, +
NO_NUMBER = r"\[[a-z]+\]|\.\.|[-:*+]"
AREA_CODE = r"[EWKNS][0-9]{8}"


class Row(NamedTuple):
    """One line of a file or row of a sheet. `fault` is the reason why its cells cannot be separated."""

    line: int
    cells: list[str]
    fault: str = ""


@dataclass(frozen=True)
class Layout:
    """Rules to recognise and read one published table.

    `keys`: our column -> pattern of its label, plain and in lower case. `checks`: key column -> (pattern of usable
    values, what to expect instead). `names`: key columns that are given plain and, under `<name>_published`, as
    published. Where `label_column` is set the table is wide: every column whose plain label matches `unpivoted` is
    one of values; its label goes to `label_column` and its cells, numbers, to `value_column`. `constants` gives
    columns that are the same in every row, from the title and labels.
    """

    keys: Mapping[str, str]
    title: str = ""  # pattern that the title above the header matches; empty where the table has none
    marker: str = ""  # a CSV without these words, in lower case, is not this table
    names: tuple[str, ...] = ()
    checks: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    label_column: str = ""
    value_column: str = ""
    unpivoted: str = ".+"
    constants: Callable[[Table], Mapping[str, str | None]] = lambda table: {}


@dataclass(frozen=True)
class Table:
    """A table found: title and labels as published (a label is empty over a spacer column), rows without notes."""

    place: str  # 'line 8', or sheet and row: the place of the header
    title: str
    labels: list[str]
    positions: Mapping[str, int]  # of the key columns
    rows: list[Row]
    notices: list[str]  # unusual properties of the file


def parts(file: DeliveredFile, layout: Layout) -> list[Part]:
    """The sheets of a workbook, or the CSV file itself, whose first rows have the header and title of the table."""
    if is_workbook(file):
        return [
            Part(file, sheet) for sheet in sheet_names(file)
            if _find_header(_numbered(sheet_head(file, sheet)), layout) is not None
        ]  # fmt: skip
    if layout.marker not in _lower(file.head) or not_csv(file) is not None:
        return []
    return [Part(file)] if _find_header(_csv_head(file), layout) is not None else []


def find_table(part: Part, layout: Layout) -> Table:
    """The table in a sheet or CSV file. Raises BrokenFile where there is none, or one without rows."""
    place = "line" if part.sheet is None else f"sheet {part.sheet!r}, row"
    head = _csv_head(part.file) if part.sheet is None else _numbered(sheet_head(part.file, part.sheet))
    header = _find_header(head, layout)
    if header is None:
        seen = next((row for row in head if len(list(filter(str.strip, row.cells))) > 1), None)
        raise BrokenFile(
            f"{place} {seen.line if seen else 1}", f"{seen.cells[:8] if seen else 'no header'}",
            f"a header with the columns {', '.join(layout.keys)}",
            "Ask for the right table; if the publisher renamed a column, the source's module has to follow.",
        )  # fmt: skip
    row, title, labels, positions = header
    place = f"{place} {row.line}"
    notices: list[str] = []
    if part.sheet is None:
        body = _csv_body(part.file, row, len(labels), notices)
    else:
        sheet = sheet_rows(part.file, part.sheet)
        body = [Row(n, [cell or "" for cell in cells]) for n, cells in sheet if n > row.line]
    rows = _without_notes(body)
    if not rows:
        raise BrokenFile(place, "a header and no rows", "at least one row",
                         "No rows is not zero crime: ask the publisher whether the table is complete.")  # fmt: skip
    return Table(place, title, labels, positions, rows, notices)


def year_ending(title: str) -> tuple[str, str] | None:
    """(`year ending June 2018`, `2018-06-30`) from a title; None where it names no year.

    Footnote numbers follow the year directly: `year ending June 181,2` is 2018, and so is `June 20181,2`.
    """
    months = "|".join(calendar.month_name[1:])
    found = re.search(rf"year ending ({months}) (20[0-9]{{2}}|[0-9]{{2}})", " ".join(title.split()), re.IGNORECASE)
    if found is None:
        return None
    month = list(calendar.month_name).index(found[1].capitalize())
    year = int(found[2]) if len(found[2]) == 4 else 2000 + int(found[2])
    label = f"year ending {calendar.month_name[month]} {year}"
    return label, f"{year}-{month:02d}-{calendar.monthrange(year, month)[1]:02d}"


def period(table: Table) -> dict[str, str | None]:
    """Columns that say which year a table is of, from its title. Raises BrokenFile when it has no year."""
    found = year_ending(table.title)
    if found is None:
        raise BrokenFile(
            table.place, f"the title {table.title[:200]!r}", "a title with 'year ending', a month and a year",
            "The year of the figures is unknown: ask for the table with its title.",
        )  # fmt: skip
    return {"period_end_label": found[0], "period_end": found[1], "table_title": table.title}


def _text(head: bytes) -> str:
    # Bytes that are not text do not hide which table it is: reading it names them.
    return head.decode(encoding(head), errors="replace")


@lru_cache(maxsize=16)  # each table of the publications is looked for in each file
def _lower(head: bytes) -> str:
    return _text(head).lower()


def _numbered(head: list[list[str | None]]) -> list[Row]:
    return [Row(n, [cell or "" for cell in cells]) for n, cells in enumerate(head, start=1)]


def _csv_head(file: DeliveredFile) -> list[Row]:
    """The first records, as far as they are in the head of the file (64 KiB)."""
    text = io.StringIO(_text(file.head).removeprefix("\ufeff"), newline="\n")
    found: list[Row] = []
    head = islice(records(Line(n, line) for n, line in enumerate(text, start=1)), HEAD_ROWS)
    # a quote open at the end of the head, or never closed, ends it: the reader reports it
    with contextlib.suppress(BrokenFile):
        found.extend(Row(record.line, record.fields, record.fault) for record in head)
    return found


def _find_header(head: list[Row], layout: Layout) -> tuple[Row, str, list[str], dict[str, int]] | None:
    """Row, title, labels and key positions of the header; None where no row has every key column."""
    for n, row in enumerate(head):
        if sum(map(bool, row.cells)) < len(layout.keys) or row.fault:
            continue
        above = head[n - 1].cells if n else []
        # a label that spans rows is in the row above
        labels = [
            label if label.strip() or k >= len(above) else above[k] for k, label in enumerate(row.cells)
        ]  # fmt: skip
        known = [plain(plain_label(label)) for label in labels]
        positions = {
            name: next((k for k, label in enumerate(known) if re.fullmatch(pattern, label)), -1)
            for name, pattern in layout.keys.items()
        }
        if -1 not in positions.values():
            above = [cell for r in head[:n] for cell in r.cells if cell.strip()] if layout.title else [""]
            wanted = re.compile(layout.title, re.IGNORECASE)
            title = next((cell for cell in above if wanted.search(" ".join(cell.split()))), None)
            if title is not None:
                return row, title, [label if label.strip() else "" for label in labels], positions
    return None


def _csv_body(file: DeliveredFile, header: Row, width: int, notices: list[str]) -> list[Row]:
    """Rows below the header, each with a fault where it has another width. Raises BrokenFile when cut."""
    end = header.line + sum(cell.count("\n") for cell in header.cells)
    body = []
    name = encoding(file.head)
    if not name.startswith("utf-8"):
        notices.append(f"first bytes: the file is {name.upper()}, not UTF-8; it was read as that")
    for record in records((line for line in lines(file) if line.number > end), width):
        fields = trimmed(record.fields, width)
        if fields and not record.is_ended and len(fields) < width:
            raise BrokenFile(
                f"line {record.line}", f"{len(fields)} values and the end of the file: {','.join(fields)[-80:]!r}",
                f"{width} values and a line end", "The file was cut on the way: download it again.",
            )  # fmt: skip
        if fields:
            body.append(Row(record.line, fields, record.fault or _fault(fields, width)))
        if not record.is_ended:
            notices.append(f"line {record.line}: no line end after the last row; the file may have been cut")
    return body


def _fault(fields: list[str], width: int) -> str:
    if len(fields) != width:
        return f"expected {width} values as in the header; the row has {len(fields)}; correct the row"
    if any("\0" in value for value in fields):
        return "expected text; the row has a NUL byte; ask for the file again"
    if any(len(value) > CELL_LIMIT for value in fields):
        return f"expected at most {CELL_LIMIT:,} characters in a value; correct the row"
    return ""


def _without_notes(body: list[Row]) -> list[Row]:
    """Rows of the table proper: no blank rows, no row of units right below the header, no footnotes at the end."""
    rows = [row for row in body if row.fault or any(cell.strip() for cell in row.cells)]
    if rows and _only_text(rows[0]) is not None:
        del rows[0]
    while rows and _only_text(rows[-1]) == 0:
        del rows[-1]
    return rows


def _only_text(row: Row) -> int | None:
    """Column of the only cell of a row, where it is words: no number, no code of an area. None for other rows."""
    filled = [(k, cell.strip()) for k, cell in enumerate(row.cells) if cell.strip()]
    if row.fault or len(filled) != 1 or re.fullmatch(f"{NUMBER}|{NO_NUMBER}|{AREA_CODE}", filled[0][1]):
        return None
    return filled[0][0]

