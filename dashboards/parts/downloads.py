"""Tables as CSV and XLSX files that a spreadsheet can open safely. Pure.

A text cell that starts like a formula is data from a delivered file, not an instruction. It gets a leading apostrophe
in both formats (OWASP, CSV injection). Numbers stay numbers, dates stay dates, missing stays empty.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.format import Format

from casework.store.words import neutralised
from dashboards.text import numbers

XLSX_ROWS = 1_000_000  # a sheet holds 1,048,576 rows
INVENTED = "Invented data: no real police force is described here."
XLSX_TEXT = 32_000  # a cell holds 32,767 characters
LONGEST_MARKING = 60  # characters of it in the name of a file, which holds 255


def csv_bytes(frame: pl.DataFrame, columns: Mapping[str, str]) -> bytes:
    """The table as CSV with headings in words and ISO dates.

    UTF-8 with a byte order mark, which spreadsheets need for names such as Dŵr.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([neutralised(heading) for heading in columns.values()])
    for row in frame.select(list(columns)).iter_rows():
        writer.writerow(["" if value is None else _iso(neutralised(value)) for value in row])
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


def xlsx_bytes(
    frame: pl.DataFrame,
    columns: Mapping[str, str],
    *,
    title: str,
    notes: Sequence[str],
    marking: str,
    is_invented: bool = False,
) -> bytes:
    """A workbook of two sheets: the data, and its title, caveats and source.

    Both headers carry the protective marking. Both sheets say so if the data are invented. Times are London times, with
    GMT or BST.
    """
    out = io.BytesIO()
    book = xlsxwriter.Workbook(
        out,
        {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
            "nan_inf_to_errors": True,
            "remove_timezone": True,
        },
    )
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    wrap = book.add_format({"text_wrap": True, "valign": "top"})
    dated = book.add_format({"num_format": "d mmm yyyy"})
    timed: dict[str, Format] = {}  # by zone: a cell's time has none, so its format says which one it is in
    sheet, about = book.add_worksheet("Invented data" if is_invented else "Data"), book.add_worksheet("About")
    for page in (sheet, about):
        page.set_header(f"&C{marking}{'&RInvented data' if is_invented else ''}")
    for i, heading in enumerate(columns.values()):
        sheet.write_string(0, i, str(neutralised(heading)), bold)
    for line, row in enumerate(frame.select(list(columns)).head(XLSX_ROWS).iter_rows(), start=1):
        for i, value in enumerate(row):
            if isinstance(value, bool):
                sheet.write_boolean(line, i, value)
            elif isinstance(value, int | float):
                sheet.write_number(line, i, value)
            elif isinstance(value, dt.datetime):
                at = numbers.in_london(value)
                if (zone := f"{at:%Z}") not in timed:
                    timed[zone] = book.add_format({"num_format": f'd mmm yyyy, hh:mm "{zone}"'})
                sheet.write_datetime(line, i, at, timed[zone])
            elif isinstance(value, dt.date):
                sheet.write_datetime(line, i, dt.datetime(value.year, value.month, value.day), dated)  # noqa: DTZ001
            elif value is not None:
                sheet.write_string(line, i, str(neutralised(str(value)))[:XLSX_TEXT])
    sheet.freeze_panes(1, 0)
    sheet.autofit(300)
    about.set_column(0, 0, 100)
    for line, text in enumerate([marking, title, *([INVENTED] if is_invented else []), *notes]):
        about.write_string(line, 0, str(neutralised(text)), bold if line < 2 else wrap)
    book.close()
    return out.getvalue()


def file_name(marking: str, title: str, suffix: str) -> str:
    """A file name that starts with the marking: OFFICIAL_is-it-changing.csv.

    The rest has only characters that are safe on every system.
    """
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    marked = re.sub(r"[^A-Z-]+", "-", marking.upper()).strip("-")[:LONGEST_MARKING]
    return f"{marked}_{slug}.{suffix}"


def invented_name(name: str) -> str:
    """A file's name that says, after its marking, that its content is invented: OFFICIAL_invented_brief.pdf."""
    marking, _, rest = name.partition("_")
    return f"{marking}_invented_{rest}"


def _iso(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, dt.datetime) else value
