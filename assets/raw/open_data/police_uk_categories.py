# /// card
# description = "One row is a Home Office code and offence with its category on data.police.uk, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     """Fetched, it is the publisher's CSV. The workbook in circulation was altered by its uploader, who added two \
#     sheets; only the publisher's sheet is read.""",
#     """In that workbook Excel turned codes like 8/55 into dates, shown as serial numbers (20302); in this copy \
#     month and day are in American order (44802 is 8/29). They are kept as delivered.""",
#     "One code covers several offences: a code is no key.",
#     """From before controlling or coercive behaviour moved to stalking and harassment. Category names are in title \
#     case.""",
# ]
# publisher = "data.police.uk"
# licence = "Open Government Licence v3.0"
# published = "about 2022"
# attribution = "Contains public sector information licensed under the Open Government Licence v3.0."
# [columns]
# ho_code = ["varchar", "Home Office code, 195/12 say, a class alone, or the serial number that Excel made of it"]
# subclass = ["varchar", "Subclass, such as Stalking and Harassment"]
# offence = ["varchar", "Offence in words"]
# police_uk_category = ["varchar", "Category on data.police.uk, in title case"]
# ///

"""Home Office code to data.police.uk category: the publisher's mapping, its CSV or a sheet of a workbook."""

from __future__ import annotations

import re
from pathlib import Path

from assets.readers.csv import reader
from assets.readers.csv.reader import Check, CsvSpec
from assets.readers.source import BrokenFile, DeliveredFile, Download, Part, Reading, Source
from assets.readers.workbook.reader import is_workbook, sheet_names
from assets.readers.workbook.sheet import find_header, read_sheet

SPEC = CsvSpec(
    columns={
        "ho_code": ("Home Office Code",),
        "subclass": ("Sub Class",),
        "offence": ("Offence",),
        "police_uk_category": ("Police.uk Category",),
    },
    checks=(
        Check("ho_code", "trim(ho_code) <> ''", "expected a Home Office code; correct the row or ask the publisher"),
        Check("police_uk_category", "trim(police_uk_category) <> ''",
              "expected a category of data.police.uk; correct the row or ask the publisher"),
    ),
)  # fmt: skip


def parts(file: DeliveredFile) -> list[Part]:
    """The CSV, or every sheet with the four columns: the workbook in circulation has two more of its uploader's."""
    if not is_workbook(file):
        return [Part(file)] if reader.matches(file, SPEC) else []
    return [Part(file, sheet) for sheet in sheet_names(file) if find_header(file, sheet, SPEC) is not None]


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """Why a file of that name is not the mapping."""
    if file.name.lower().endswith(".csv"):
        return reader.why_not(file, SPEC)
    try:
        sheets = ", ".join(map(repr, sheet_names(file)))
    except BrokenFile as problem:
        return problem
    return BrokenFile("workbook", f"the sheets {sheets}", "a sheet with the columns Home Office Code, Sub Class, "
                      "Offence, Police.uk Category", "Ask for the right workbook.")  # fmt: skip


_NAMES = re.compile(r"police-uk-category-mapping[^/!]*\.(csv|xlsx|ods)$", re.IGNORECASE)


def read(part: Part, delivery_ref: str, out: Path) -> Reading:
    return (reader.read_csv if part.sheet is None else read_sheet)(part, delivery_ref, out, SPEC)


SOURCE = Source(
    table="police_uk_categories",
    columns=tuple(SPEC.columns),
    parts=parts,
    read=read,
    looks_like=lambda name: _NAMES.search(name) is not None,
    why_not=why_not,
    download=Download("https://data.police.uk", "/static/files/police-uk-category-mappings.csv", "police-uk"),
)
