"""Checks of a workbook before any cell is read: a reader out of memory would end the whole build."""

from __future__ import annotations

import html
import posixpath
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from xml.parsers import expat
from zipfile import ZipFile

from defusedxml import ElementTree

from assets.readers.source import BrokenFile, DeliveredFile

# The largest genuine workbook, the Home Office's ODS, has 359 MB in 15 MB: 24 times.
MAX_RATIO = 100
SMALL_BYTES = 200_000_000
MAX_BYTES = 2_000_000_000
# The sheet reader lays out every cell between the first and the last: about 1 GB for this number.
MAX_CELLS = 30_000_000

ZIP = b"PK\x03\x04"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SPREADSHEET = b"application/vnd.oasis.opendocument.spreadsheet"
_BLOCK = 1 << 22

_MACROS = re.compile(r"xl/(vbaProject\.bin$|macrosheets/)|Scripts/.*[^/]$|Basic/(?!.*script-l[bc]\.xml$).*[^/]$")
# what may be between the name of a tag and its end: a sign > in quotes does not end it
_INSIDE = rb"""[^<>"']*+(?:(?:"[^"<]*+"|'[^'<]*+')[^<>"']*+)*+"""
# every cell of a sheet, and its place if it is written as spreadsheets write it
_CELL = re.compile(rb'<(?:\w+:)?c(?=[\s/>])(?:\s++r="([A-Z]{1,3})([0-9]{1,7})")?+(' + _INSIDE + rb")>")
# a cell in error, or one with a formula, whose value may be missing
_IS_UNUSUAL = re.compile(rb"""\st\s*=\s*["']e["']|<(?:\w+:)?f[\s/>]""")
_MERGED = re.compile(rb"""<(?:\w+:)?mergeCell\s[^<>]{0,99}?ref="([A-Z]{1,3})([0-9]{1,7}):([A-Z]{1,3})([0-9]{1,7})\"""")
_HIDDEN_ROW = re.compile(rb"""<(?:\w+:)?row\s[^<>]{0,999}?\shidden="(?:1|true)\"""")
_FROM_1904 = re.compile(rb"""\sdate1904\s*=\s*["'](?:1|true|on)["']""")
UNCALCULATED = "#UNCALCULATED!"  # in place of the value of a formula that no program has worked out
_ODS_TAG = re.compile(rb"<table:(?:table|table-row|(?:covered-)?table-cell)(?=[\s/>])" + _INSIDE + rb">")
_SPANNED = re.compile(rb"""number-(columns|rows)-spanned="([0-9]{1,6})\"""")
_HIDDEN_ODS_ROW = re.compile(rb"""\stable:visibility="(?:collapse|filter)\"""")
_AFTER_NAME = (b" ", b">", b"/", b"\n", b"\r", b"\t")
_IS_ODS_ERROR = re.compile(rb"""value-type\s*=\s*["']error["']""")
_ODS_NAME = re.compile(rb"""\stable:name\s*=\s*(?:"([^"]*)"|'([^']*)')""")
# the parts that the sheet reader parses: on one that is cut or has a broken tag it may run for ever
_PARSED = re.compile(r"(content|META-INF/manifest|xl/.*)\.xml$|xl/_rels/.*\.rels$")
_REPEATED = re.compile(rb"""number-(?:rows|columns)-repeated\s*=\s*["']\+?([0-9]{1,12})["']""")


@dataclass
class Extent:
    """Range of the cells with a value in a sheet, rows and columns counted from 1."""

    first_column: int = 16_385
    last_column: int = 0
    last_row: int = 0
    errors: dict[tuple[int, int], str] = field(default_factory=dict)  # (row, column) -> '#DIV/0!' and the like
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # first row and column, last row and column
    hidden_rows: int = 0

    @property
    def cells(self) -> int:
        return self.last_row * max(self.last_column - self.first_column + 1, 0)


@dataclass(frozen=True)
class Checked:
    """A workbook that passed: `xlsx` or `ods`, and for an ods the extent of every sheet."""

    kind: str
    extents: dict[str, Extent]
    is_from_1904: bool = False  # days are counted from 1904, as old spreadsheets on a Mac do


def check(file: DeliveredFile) -> Checked:
    """Raise BrokenFile for a file that is no workbook, or one that is encrypted, has macros, is damaged or is a bomb.
    """
    if file.head.startswith(OLE):
        raise _old_or_encrypted(file)
    with _damage_refused(), ZipFile(file.path) as package:
        infos = package.infolist()
        _check_members(package, infos)
        _check_size(infos, file.size)
        _check_content(package, infos)
        if "xl/workbook.xml" in package.NameToInfo:
            return Checked("xlsx", {}, _FROM_1904.search(package.read("xl/workbook.xml")) is not None)
        return Checked("ods", _extents_of_ods(package))


@contextmanager
def _damage_refused() -> Iterator[None]:
    """Refuse the workbook for whatever zip and XML readers raise on damaged bytes."""
    damaged = (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, LookupError, NotImplementedError, SyntaxError, ValueError,
        expat.ExpatError,
    )  # fmt: skip
    try:
        yield
    except damaged as problem:
        fault = str(problem) or type(problem).__name__
        raise BrokenFile(
            "workbook", f"no workbook, or a damaged or cut one ({fault[:200]})", "an .xlsx or .ods workbook",
            "Download it again; if that does not help, open it and save it again as .xlsx.",
        ) from problem  # fmt: skip


def _old_or_encrypted(file: DeliveredFile) -> BrokenFile:
    if "EncryptedPackage".encode("utf-16-le") in file.path.read_bytes():
        return _encrypted()
    return BrokenFile(
        "workbook", "an Office file of the kind in use before 2007", "an .xlsx or .ods workbook",
        "Open it and save it as .xlsx, then deliver that.",
    )  # fmt: skip


def _encrypted() -> BrokenFile:
    return BrokenFile(
        "workbook", "an encrypted workbook", "a workbook without a password",
        "Open it with its password, save it without, and deliver that.",
    )  # fmt: skip


def _check_members(package: ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    names = {info.filename for info in infos}
    manifest = "META-INF/manifest.xml"
    if any(info.flag_bits & 0x1 for info in infos):
        raise _encrypted()
    if manifest in names and package.getinfo(manifest).file_size < SMALL_BYTES \
            and b"encryption-data" in package.read(manifest):
        raise _encrypted()
    if "xl/workbook.xml" not in names and not ("content.xml" in names and _is_ods(package, names)):
        raise BrokenFile(
            "workbook", f"a zip file without the parts of one ({', '.join(sorted(names)[:3])})",
            "an .xlsx or .ods workbook", "Save the table as .xlsx or .ods and deliver that.",
        )  # fmt: skip
    macros = sorted(name for name in names if _MACROS.match(name))
    if macros:
        raise BrokenFile(
            "workbook", f"macros ({macros[0]})", "a workbook without macros",
            "Save it as .xlsx, which leaves the macros out, and deliver that. Do not open it before you trust it.",
        )  # fmt: skip


def _is_ods(package: ZipFile, names: set[str]) -> bool:
    return "mimetype" in names and package.open("mimetype").read(len(_SPREADSHEET)) == _SPREADSHEET


def _check_size(infos: list[zipfile.ZipInfo], packed: int) -> None:
    total = sum(info.file_size for info in infos)
    if total > MAX_BYTES or (total > SMALL_BYTES and total > packed * MAX_RATIO):
        raise BrokenFile(
            "workbook", f"{packed:,} bytes that unpack to {total:,} (a zip bomb)",
            f"at most {MAX_BYTES:,} bytes and {MAX_RATIO} times the packed size",
            "It was not unpacked. If it is genuine, save its sheets as CSV and deliver those.",
        )  # fmt: skip


def _check_content(package: ZipFile, infos: list[zipfile.ZipInfo]) -> None:
    """Unpack everything once: a wrong size or damage raises BadZipFile, XML that is not well-formed ExpatError."""
    for info in infos:
        parser = _xml_parser() if _PARSED.match(info.filename) else None
        with package.open(info) as stream:
            while block := stream.read(_BLOCK):
                if parser is not None:
                    parser.Parse(block, False)
            if parser is not None:
                parser.Parse(b"", True)


def _xml_parser() -> expat.XMLParserType:
    """A parser that keeps nothing. A document type would let entities grow without limit: no workbook has one."""

    def refuse(name: str, *rest: object) -> None:
        raise ValueError(f"a document type {name!r} in its XML")

    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = refuse
    return parser


def _blocks(package: ZipFile, member: str, end: bytes) -> Iterator[bytes]:
    """The text of a member in blocks that end before `end`, so that none cuts a tag or row in two."""
    rest = b""
    with package.open(member) as stream:
        while block := stream.read(_BLOCK):
            block = rest + block
            cut = block.rfind(end)
            if cut < len(block) - 8 * _BLOCK:  # no row is that long: a single tag is never released
                cut = block.rfind(b"<")
            yield block[:cut]
            rest = block[cut:]
    yield rest


def _extents_of_ods(package: ZipFile) -> dict[str, Extent]:
    """Extent by sheet. Raises BrokenFile where all sheets together have too many cells.

    A few bytes can mean millions of cells, because rows and cells say how often they are repeated.
    """
    found: dict[str, Extent] = {}
    extent, row, column = Extent(), 0, 0
    for block in _blocks(package, "content.xml", b"<"):
        for tag in _ODS_TAG.findall(block):
            times = int(_REPEATED.findall(tag)[0]) if b"-repeated" in tag else 1
            if tag.startswith(b"<table:table-row"):
                row, column = row + times, 0
                extent.hidden_rows += times if _HIDDEN_ODS_ROW.search(tag) else 0
            elif tag[len("<table:table") :][:1] in _AFTER_NAME:
                name = _ODS_NAME.search(tag)
                extent = found.setdefault(html.unescape((name[1] or name[2] or b"").decode()) if name else "", Extent())
                row = 0
            else:
                column += times
                if spanned := _SPANNED.findall(tag):
                    columns, rows = (int(dict(spanned).get(which, 1)) for which in (b"columns", b"rows"))
                    extent.merged.append((row, column, row + rows - 1, column + columns - 1))
                if b"value-type" in tag:
                    extent.last_row = row
                    if column > extent.last_column:
                        extent.last_column = column
                    if column - times < extent.first_column:
                        extent.first_column = column - times + 1
                    if _IS_ODS_ERROR.search(tag):
                        # its words are in the next tag; that it is no value is enough
                        extent.errors[row, column] = "#ERROR!"
                elif b"table:formula" in tag:
                    extent.errors[row, column] = UNCALCULATED
    _check_cells(sum(extent.cells for extent in found.values()), "workbook")
    return found


def _check_cells(cells: int, place: str) -> None:
    if cells > MAX_CELLS:
        raise BrokenFile(
            place, f"{cells:,} cells between the first and the last value", f"at most {MAX_CELLS:,}",
            "Delete the cells far outside the table, or save the table as CSV and deliver that.",
        )  # fmt: skip


def extent_of_xlsx_sheet(file: DeliveredFile, sheet: str) -> Extent:
    """Extent of the values of a sheet. Raises BrokenFile when one is so far out that reading it takes GBs.

    A sheet written as spreadsheets write it is only searched. One with a cell in error, or without its place in the
    usual form, is parsed, which takes longer.
    """
    with _damage_refused(), ZipFile(file.path) as package:
        member = _member_of_sheet(package, sheet)
        extent = _searched_extent(package, member) or _parsed_extent(package, member)
    _check_cells(extent.cells, f"sheet {sheet!r}")
    return extent


def _searched_extent(package: ZipFile, member: str) -> Extent | None:
    """Extent of a sheet by its tags; None where a cell says its place in another way, is in error or has a formula."""
    extent = Extent()
    for block in _blocks(package, member, b"</row>"):
        if _IS_UNUSUAL.search(block):
            return None
        _note_looks(extent, block)
        found = _CELL.findall(block)
        if any(not letters for letters, _, _ in found):
            return None
        found = [(letters, row) for letters, row, rest in found if not rest.endswith(b"/")]
        if not found:
            continue
        columns = {_column_number(letters) for letters in {letters for letters, _ in found}}
        extent.first_column = min(extent.first_column, *columns)
        extent.last_column = max(extent.last_column, *columns)
        extent.last_row = max(extent.last_row, *(int(row) for row in {row for _, row in found}))
    return extent


def _parsed_extent(package: ZipFile, member: str) -> Extent:
    """Extent of a sheet by its XML. A cell or row without a place is behind the one before, as the reader has it."""
    cells = _Cells()
    parser = _xml_parser()
    parser.StartElementHandler, parser.EndElementHandler = cells.begin, cells.end
    parser.CharacterDataHandler = cells.text
    for block in _blocks(package, member, b"</row>"):
        _note_looks(cells.extent, block)
        parser.Parse(block, False)
    parser.Parse(b"", True)
    return cells.extent


def _note_looks(extent: Extent, block: bytes) -> None:
    """Note what a sheet shows otherwise than its cells are: merged cells and hidden rows."""
    extent.hidden_rows += len(_HIDDEN_ROW.findall(block))
    for left, top, right, bottom in _MERGED.findall(block):
        extent.merged.append((int(top), _column_number(left), int(bottom), _column_number(right)))


class _Cells:
    """The cells of a sheet, as a parser goes through them."""

    def __init__(self) -> None:
        self.extent, self.row, self.column = Extent(), 0, 0
        self.kind, self.value = "", ""
        self.in_value = self.has_formula = False

    def begin(self, name: str, given: dict[str, str]) -> None:
        """Begin a row, a cell or a part of a cell."""
        name = name.rpartition(":")[2]
        if name == "row":
            self.row, self.column = int(given.get("r", self.row + 1)), 0
        elif name == "c":
            place = given.get("r", "")
            letters = place.rstrip("0123456789")
            # a place without a row or column is damage: ValueError
            self.row = int(place[len(letters) :]) if place else self.row
            self.column = _column_number(letters.encode("ascii")) if place else self.column + 1
            self.kind, self.value, self.has_formula = given.get("t", ""), "", False
        elif name in ("v", "is"):
            self.in_value = True
        elif name == "f":
            self.has_formula = True

    def text(self, text: str) -> None:
        """Go on with the text of a value."""
        if self.in_value:
            self.value += text[:100]

    def end(self, name: str) -> None:
        """End a cell or a value."""
        name = name.rpartition(":")[2]
        if name in ("v", "is"):
            self.in_value = False
        elif name == "c":
            is_uncalculated = self.has_formula and not self.value and self.kind != "str"
            if self.value:
                self.extent.first_column = min(self.extent.first_column, self.column)
                self.extent.last_column = max(self.extent.last_column, self.column)
                self.extent.last_row = max(self.extent.last_row, self.row)
            if self.kind == "e" or is_uncalculated:
                self.extent.errors[self.row, self.column] = self.value or UNCALCULATED


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    if not 0 < number < 1_000_000:
        raise ValueError(f"a column {letters[:20]!r}")
    return number


def _member_of_sheet(package: ZipFile, sheet: str) -> str:
    """Name of the part of an xlsx workbook that has a sheet."""
    relations = "xl/_rels/workbook.xml.rels"
    targets = {
        item.get("Id"): item.get("Target") for item in ElementTree.fromstring(package.read(relations), True)
    }  # fmt: skip
    for element in ElementTree.fromstring(package.read("xl/workbook.xml"), True).iter():
        if element.tag.endswith("}sheet") and element.get("name") == sheet:
            target = next((targets.get(v) for k, v in element.attrib.items() if k.endswith("}id")), None)
            return posixpath.normpath(posixpath.join("xl", str(target))).lstrip("/")
    raise BrokenFile("workbook", f"no sheet {sheet!r}", "the sheet that its list of sheets names", "Save it again.")
