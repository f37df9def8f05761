"""The tables of a plan's file, whatever its format. Nothing is fetched and nothing in a file is run."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass

from casework.assessment.plans import as_docx, as_html
from casework.assessment.plans.grid import MOST_COLUMNS, MOST_LINES, Line, Table
from casework.store.file_kinds import check_kind
from casework.store.refusal import Refused

MOST_BYTES = 5_000_000
FORMATS = ("csv", "docx", "html", "htm")
EXPECTED = "Expected the plan as a CSV file, a Word document (.docx) or an HTML page, with a table"
SEPARATORS = (",", ";", "\t", "|")
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_-]{1,40})""", re.IGNORECASE)
_WESTERN = ("windows-1252", "cp1252", "iso-8859-1", "latin-1", "latin1")


@dataclass(frozen=True)
class Found:
    """The tables of a file; for a CSV one reading for each separator that it may have."""

    tables: tuple[Table, ...]
    notices: tuple[str, ...] = ()
    are_readings: bool = False


def tables_of(name: str, content: bytes) -> Found:
    """The tables of a file. Raises Refused with what was expected, what was seen and what to do."""
    if len(content) > MOST_BYTES:
        raise Refused(f"{name}: expected at most {MOST_BYTES:,} bytes; saw {len(content):,}. Take its pictures out.")
    kind = check_kind(name, content, FORMATS)
    if kind == "docx":
        return Found(as_docx.tables(name, content))
    text, notices = _text(name, content)
    if kind == "html":
        return Found(as_html.tables(text), notices)
    return Found(tuple(_separated(name, text, mark) for mark in SEPARATORS if mark in text), notices, True)


def _text(name: str, content: bytes) -> tuple[str, tuple[str, ...]]:
    """The file as text, with a notice where its encoding is a guess."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(name, content, "utf-16"), ()
    said = _CHARSET.search(content[:4096])
    if said and said[1].decode().lower() in _WESTERN:
        return _western(name, content), ()
    try:
        return content.decode("utf-8-sig"), ()
    except UnicodeDecodeError:
        return _western(name, content), (f"{name} is no UTF-8: it was read as Windows-1252. Look at its £ and dashes.",)


def _western(name: str, content: bytes) -> str:
    return _decoded(name, content, "cp1252")


def _decoded(name: str, content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as problem:
        raise Refused(
            f"{name}: {EXPECTED}; byte {problem.start + 1} is no text in UTF-8 or {encoding}. Save it as UTF-8."
        ) from problem


def _separated(name: str, text: str, separator: str) -> Table:
    """The lines of separated text; each knows the physical line that it begins on."""
    lines: list[Line] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    before = 0
    try:
        for cells in reader:
            if len(lines) >= MOST_LINES:
                raise Refused(f"{name}: expected at most {MOST_LINES} rows; it has more. Import its parts.")
            lines.append(Line(f"line {before + 1}", tuple(cells[:MOST_COLUMNS])))
            before = reader.line_num
    except csv.Error as problem:
        raise Refused(f"{name}, line {before + 1}: {EXPECTED}; {problem}. Correct the line.") from problem
    return Table(tuple(lines))
