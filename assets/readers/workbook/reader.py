"""Workbooks (.xlsx and .ods): every cell as text, with the row numbers that the sheet itself shows.

Whole numbers come without a decimal point, other numbers with up to nine decimals, dates as `2018-08-29 00:00:00`.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import fastexcel
import polars as pl

from assets.readers.files import check_unchanged
from assets.readers.source import BrokenFile, DeliveredFile
from assets.readers.workbook.guards import OLE, ZIP, Extent, check, extent_of_xlsx_sheet

# Enough rows to find the header of any published table.
HEAD_ROWS = 60

_thread = threading.local()


class _Open:
    """A workbook that passed the guards, and what was read of it so far."""

    def __init__(self, file: DeliveredFile) -> None:
        checked = check(file)
        self.is_xlsx = checked.kind == "xlsx"
        # The sheet reader goes by the name where there is one: a wrong one must not mislead it.
        is_named_so = file.path.suffix.casefold() == f".{checked.kind}"
        source = str(file.path) if is_named_so else file.path.read_bytes()
        self.reader: Any = _guarded("workbook", lambda: fastexcel.read_excel(source))
        self.names: list[str] = list(self.reader.sheet_names)
        self.is_from_1904 = checked.is_from_1904
        self.extents: dict[str, Extent] = checked.extents
        self.heads: dict[str, list[list[str | None]]] = {}
        self.is_hidden: dict[str, bool] = {}
        self.last_read: tuple[str, pl.DataFrame] | None = None


def is_workbook(file: DeliveredFile) -> bool:
    """Whether the file begins like an .xlsx, .ods or old Excel file. Cheap: reads the first bytes only."""
    return file.head.startswith((ZIP, OLE))


def sheet_names(file: DeliveredFile) -> list[str]:
    """Names of the sheets in order, as published (one may end in a blank). Raises BrokenFile."""
    return _opened(file).names


def sheet_head(file: DeliveredFile, sheet: str) -> list[list[str | None]]:
    """The first sixty rows of a sheet, blank ones included: enough to recognise it. Raises BrokenFile."""
    opened = _opened(file)
    if sheet not in opened.heads:
        opened.heads[sheet] = [list(row) for row in _cells(file, opened, sheet, HEAD_ROWS).rows()]
    return opened.heads[sheet]


def sheet_frame(file: DeliveredFile, sheet: str) -> pl.DataFrame:
    """All rows of a sheet from its row 1 on: `line_number`, then a text column for every column in use.

    Raises BrokenFile when the sheet cannot be read or the file changed meanwhile.
    """
    opened = _opened(file)
    if opened.last_read is None or opened.last_read[0] != sheet:
        opened.last_read = None  # before the next one is read: two large sheets need not be in memory at once
        cells = _cells(file, opened, sheet, None)
        check_unchanged(file)
        cells = cells.rename({name: f"column_{n}" for n, name in enumerate(cells.columns)})
        opened.last_read = (sheet, cells.with_row_index("line_number", 1).cast({"line_number": pl.Int64}))
    return opened.last_read[1]


def sheet_looks(file: DeliveredFile, sheet: str) -> tuple[bool, Extent]:
    """Whether a sheet is hidden, and what else of it a reader of the workbook does not see. Raises BrokenFile."""
    opened = _opened(file)
    sheet_head(file, sheet)
    return opened.is_hidden[sheet], opened.extents[sheet]


def is_from_1904(file: DeliveredFile) -> bool:
    """Whether the day numbers of a workbook are counted from 1904. Raises BrokenFile."""
    return _opened(file).is_from_1904


def sheet_rows(file: DeliveredFile, sheet: str) -> list[tuple[int, list[str | None]]]:
    """All rows of a sheet as (row number in the sheet, cells as text). Raises BrokenFile."""
    return [(row[0], list(row[1:])) for row in sheet_frame(file, sheet).rows()]


def _opened(file: DeliveredFile) -> _Open:
    # One workbook a thread: one source after another reads the same file, and opening an ODS reads all of it.
    key = (file.path, file.sha256)
    if getattr(_thread, "key", None) != key:
        _thread.key = _thread.opened = None
        try:
            _thread.opened = _Open(file)
        except BrokenFile as problem:
            _thread.opened = problem
        _thread.key = key
    if isinstance(_thread.opened, BrokenFile):
        raise _thread.opened.with_traceback(None)
    opened: _Open = _thread.opened
    return opened


def _cells(file: DeliveredFile, opened: _Open, sheet: str, row_count: int | None) -> pl.DataFrame:
    if sheet not in opened.names:
        raise BrokenFile("workbook", f"the sheets {', '.join(map(repr, opened.names))}", f"a sheet {sheet!r}",
                         "Ask for the workbook again.")  # fmt: skip
    if opened.is_xlsx and sheet not in opened.extents:
        opened.extents[sheet] = extent_of_xlsx_sheet(file, sheet)
    loaded: Any = _guarded(
        f"sheet {sheet!r}",
        lambda: opened.reader.load_sheet(sheet, header_row=None, skip_rows=0, n_rows=row_count, dtypes="string"),
    )
    opened.is_hidden[sheet] = loaded.visible != "visible"
    frame: pl.DataFrame = _guarded(f"sheet {sheet!r}", loaded.to_polars)
    return _with_errors(frame, opened.extents.get(sheet), sheet, row_count is None)


def _with_errors(frame: pl.DataFrame, extent: Extent | None, sheet: str, is_whole: bool) -> pl.DataFrame:
    """The frame with `#DIV/0!` and the like in their cells: the sheet reader returns them as empty."""
    if extent is None or not extent.errors:
        return frame
    rows = [list(row) for row in frame.rows()]
    is_placed = frame.width == extent.last_column - extent.first_column + 1
    for (row, column), text in extent.errors.items():
        place = column - extent.first_column
        if row > len(rows) and not is_whole:
            continue
        if not is_placed or row > len(rows) or not 0 <= place < frame.width or rows[row - 1][place]:
            raise BrokenFile(
                f"sheet {sheet!r}, row {row}", f"{text} in a cell that cannot be read separately",
                "values", "Correct the cell, or open the workbook and save it, and deliver it again.",
            )  # fmt: skip
        rows[row - 1][place] = text
    return pl.DataFrame(rows, schema=frame.schema, orient="row")


def _guarded(place: str, read: Callable[[], Any]) -> Any:
    """The answer of the sheet reader. It may panic on damaged content, which is no Exception in Python."""
    try:
        return read()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException as problem:
        fault = next(iter(str(problem).splitlines()), type(problem).__name__)[:200]
        raise BrokenFile(
            place, f"what the sheet reader cannot read ({fault})",
            "a sound .xlsx or .ods workbook", "Open it, save it again as .xlsx and deliver that.",
        ) from problem  # fmt: skip


def plain_label(text: str) -> str:
    """A label or name without footnote marks, line breaks and outer blanks.

    `Stalking\\nand harassment4` and `Humberside [note 4]` lose their ends, `(excluding fraud3)` its digit.
    Only for headers, titles and names of areas in published tables: a name that itself ends in a number after a
    letter or a bracket would lose it.
    """
    text = re.sub(r"\[(?:note\s*\d+|[a-z])\]", " ", text)
    text = " ".join(text.split())
    text = re.sub(r"(?<=[a-z])\d+(?:,\d+)*(?=\))", "", text)
    return re.sub(r"(?<=[^\W\d_]|\))\s*\d{1,2}(?:\s*,\s*\d{1,2})*$", "", text).strip()


def write_rows(
    rows: list[tuple[int, dict[str, str | None]]], columns: tuple[str, ...], delivery_ref: str, out: Path
) -> None:
    """Write rows (line number, values by column) to a parquet file of text columns; empty is null."""
    values = {column: [row.get(column) or None for _, row in rows] for column in columns}
    frame = pl.DataFrame(values, schema=dict.fromkeys(columns, pl.String))
    write_frame(frame.with_columns(pl.Series("line_number", [line for line, _ in rows], pl.Int64)), columns,
                delivery_ref, out)  # fmt: skip


def write_frame(frame: pl.DataFrame, columns: tuple[str, ...], delivery_ref: str, out: Path) -> None:
    """Write `line_number` and the text columns of a frame to parquet, delivery_ref first; empty is null."""
    texts = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in columns]
    frame.select(pl.lit(delivery_ref).alias("delivery_ref"), "line_number", *texts).write_parquet(out)
