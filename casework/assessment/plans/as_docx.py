"""The tables of a Word document: only its main text is opened, without entities, and no more of it than a plan has."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from casework.assessment.plans.grid import MOST_DEPTH, Grid, Table
from casework.store.refusal import Refused

MAIN, MOST_XML, MOST_PARTS = "word/document.xml", 20_000_000, 2000
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"  # repeats what was there already
GAPS = (f"{W}tab", f"{W}br", f"{W}cr")
DEEPEST = 300  # elements within elements; a table within a table takes about six
OFF = ("0", "false", "off")


def tables(name: str, content: bytes) -> tuple[Table, ...]:
    """The tables of the document, in order. Raises Refused for what is no Word document, damaged or too large."""
    try:
        root = fromstring(_main_text(name, content), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as problem:
        raise Refused(
            f"{name}: expected a Word document; its text is damaged or declares entities. Save it again."
        ) from problem
    _check_depth(name, root)
    return tuple(_table(element, f"table {count}", 1) for count, element in enumerate(_below(root, f"{W}tbl"), 1))


def _main_text(name: str, content: bytes) -> bytes:
    what = f"{name}: expected a Word document"
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if len(package.infolist()) > MOST_PARTS:
                raise Refused(f"{what}; it has more than {MOST_PARTS} parts. Copy its table into a new document.")
            if MAIN not in package.NameToInfo:
                raise Refused(f"{what}; it has no {MAIN}. Save a workbook as CSV, any other file as .docx.")
            with package.open(MAIN) as stream:
                text = stream.read(MOST_XML + 1)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError) as problem:
        raise Refused(f"{what}; it is damaged or has a password ({problem}). Save it again.") from problem
    if len(text) > MOST_XML:
        raise Refused(f"{what} whose text has at most {MOST_XML:,} bytes; it has more. Copy its table into a new one.")
    return text


def _check_depth(name: str, root: Element) -> None:
    level, depth = [root], 0
    while level:
        level, depth = [child for element in level for child in element], depth + 1
        if depth > DEEPEST:
            raise Refused(f"{name}: expected a Word document; its parts are nested too deep. Save it again.")


def _below(element: Element, tag: str, stop: str = f"{W}tbl") -> Iterator[Element]:
    """The elements of a tag below an element, not inside one of them nor inside another table."""
    for child in element:
        if child.tag == tag:
            yield child
        elif child.tag not in (stop, FALLBACK):
            yield from _below(child, tag, stop)


def _table(element: Element, name: str, depth: int) -> Table:
    if depth > MOST_DEPTH:
        raise Refused(f"{name}: expected tables within tables {MOST_DEPTH} deep at most. Take the plan's table out.")
    grid = Grid(name)
    for row in _below(element, f"{W}tr"):
        grid.begin_line()
        grid.skip(_number(row.find(f"{W}trPr/{W}gridBefore"), 0))
        for cell in _below(row, f"{W}tc"):
            merged = cell.find(f"{W}tcPr/{W}vMerge")
            grid.add(
                " ".join("".join(_words(cell)).split()),
                columns=_number(cell.find(f"{W}tcPr/{W}gridSpan"), 1),
                continues=merged is not None and merged.get(f"{W}val", "continue") == "continue",
            )
            inner = enumerate(_below(cell, f"{W}tbl"), len(grid.inner) + 1)
            grid.inner += [_table(found, f"{name}, table {count} in it", depth + 1) for count, found in inner]
    return grid.table()


def _number(element: Element | None, default: int) -> int:
    said = "" if element is None else str(element.get(f"{W}val", ""))
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 6 else default


def _words(element: Element) -> Iterator[str]:
    """What a reader sees: text that was taken out or is hidden is left out."""
    if element.tag == FALLBACK or (element.tag == f"{W}r" and _is_hidden(element)):
        return
    if element.tag == f"{W}t":
        yield element.text or ""
    elif element.tag in GAPS:
        yield " "
    for child in element:
        yield from _words(child)
    if element.tag == f"{W}p":
        yield " "


def _is_hidden(run: Element) -> bool:
    mark = run.find(f"{W}rPr/{W}vanish")
    return mark is not None and str(mark.get(f"{W}val", "1")).lower() not in OFF
