"""Makes small workbooks and files as publishers lay them out, and reads them as a build would."""

import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape

import duckdb
import xlsxwriter

from assets.readers.files import inspect
from assets.readers.source import DeliveredFile, Part, QuarantinedRow, Source

Cell = str | int | float | bool | None
Sheets = Mapping[str, Sequence[Sequence[Cell]]]

_ODS_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
    ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
    ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
    ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
)
_ODS_TAIL = "</office:spreadsheet></office:body></office:document-content>"
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"
_MANIFEST = (
    '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">{}</manifest:file-entry>'
    "</manifest:manifest>"
)


@dataclass
class Taken:
    """What a source made of a file: rows of all its parts, and the account of them."""

    parts: list[str | None]
    rows: list[dict[str, object]]
    rows_read: int
    rows_loaded: int
    quarantined: list[QuarantinedRow]
    notices: list[str]

    def column(self, name: str) -> list[object]:
        return [row[name] for row in self.rows]


def xlsx(path: Path, sheets: Sheets) -> Path:
    """An .xlsx workbook; whole and other numbers are stored as numbers."""
    with xlsxwriter.Workbook(path, {"strings_to_formulas": False}) as workbook:
        for name, rows in sheets.items():
            sheet = workbook.add_worksheet(name)
            for number, row in enumerate(rows):
                sheet.write_row(number, 0, ["" if cell is None else cell for cell in row])
    return path


def ods(path: Path, sheets: Sheets) -> Path:
    """An .ods workbook."""
    return ods_of_xml(path, "".join(
        f'<table:table table:name="{escape(name)}">{"".join(map(_ods_row, rows))}</table:table>'
        for name, rows in sheets.items()
    ))  # fmt: skip


def ods_of_xml(path: Path, tables: str, entry: str = "") -> Path:
    """An .ods workbook of tables already written; `entry` goes into the manifest's entry of the content."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("mimetype", _ODS_TYPE, zipfile.ZIP_STORED)
        package.writestr("META-INF/manifest.xml", _MANIFEST.format(entry))
        package.writestr("content.xml", _ODS_HEAD + tables + _ODS_TAIL)
    return path


def _ods_row(row: Sequence[Cell]) -> str:
    return f"<table:table-row>{''.join(map(_ods_cell, row))}</table:table-row>"


def _ods_cell(cell: Cell) -> str:
    if cell is None:
        return "<table:table-cell/>"
    if isinstance(cell, str):
        return f'<table:table-cell office:value-type="string"><text:p>{escape(cell)}</text:p></table:table-cell>'
    value = f'office:value-type="float" office:value="{cell}"'
    return f"<table:table-cell {value}><text:p>{cell}</text:p></table:table-cell>"


def delivered(path: Path, name: str | None = None) -> DeliveredFile:
    """The file as the intake finds it."""
    return inspect(path, name or path.name)


def text(path: Path, content: str, encoding: str = "utf-8") -> Path:
    """A text file with exactly these characters: line ends are not touched."""
    path.write_bytes(content.encode(encoding))
    return path


def take(source: Source, path: Path, name: str | None = None) -> Taken:
    """Recognise and read a file as a build does. Fails when rows are lost on the way."""
    file = delivered(path, name)
    taken = Taken([], [], 0, 0, [], [])
    for part in source.parts(file):
        read_part(source, part, path.parent / "rows.parquet", taken)
    return taken


def cells(rows: Sequence[Mapping[str, object]], *names: str) -> list[tuple[object, ...]]:
    """Some columns of some rows."""
    return [tuple(row[name] for name in names) for row in rows]


def read_part(source: Source, part: Part, out: Path, taken: Taken) -> None:
    """Read one part and add it to what was taken."""
    reading = source.read(part, "delivery", out)
    with duckdb.connect() as connection:
        found = connection.execute("select * from read_parquet(?)", [str(out)])
        names = [column[0] for column in found.description or []]
        rows = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
        connection.execute(f"select {source.period} as period from read_parquet(?)", [str(out)])
        assert all(row[0] for row in connection.fetchall()), "every row belongs to a period"
    assert tuple(names) == ("delivery_ref", "line_number", *source.columns)
    assert {row["delivery_ref"] for row in rows} <= {"delivery"}
    assert reading.rows_read == reading.rows_loaded + len(reading.quarantined)
    assert reading.rows_loaded == len({row["line_number"] for row in rows})
    taken.parts.append(part.sheet)
    taken.rows += rows
    taken.rows_read += reading.rows_read
    taken.rows_loaded += reading.rows_loaded
    taken.quarantined += reading.quarantined
    taken.notices += reading.notices
