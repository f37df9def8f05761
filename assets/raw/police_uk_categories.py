"""Home Office code to data.police.uk category: the publisher's mapping, a sheet of a workbook."""

from __future__ import annotations

import re

from assets.readers.csv import Check, CsvSpec
from assets.readers.sheet import find_header, read_sheet
from assets.readers.source import BrokenFile, DeliveredFile, Part, Source
from assets.readers.workbook import is_workbook, sheet_names

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
    """Every sheet with the four columns: the copy in circulation has two more sheets, of its uploader's making."""
    if not is_workbook(file):
        return []
    return [Part(file, sheet) for sheet in sheet_names(file) if find_header(file, sheet, SPEC) is not None]


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """Why a file of that name is not the mapping."""
    try:
        sheets = ", ".join(map(repr, sheet_names(file)))
    except BrokenFile as problem:
        return problem
    return BrokenFile("workbook", f"the sheets {sheets}", "a sheet with the columns Home Office Code, Sub Class, "
                      "Offence, Police.uk Category", "Ask for the right workbook.")  # fmt: skip


_NAMES = re.compile(r"police-uk-category-mapping[^/!]*\.(xlsx|ods)$", re.IGNORECASE)

SOURCE = Source(
    table="police_uk_categories",
    columns=tuple(SPEC.columns),
    parts=parts,
    read=lambda part, delivery_ref, out: read_sheet(part, delivery_ref, out, SPEC),
    looks_like=lambda name: _NAMES.search(name) is not None,
    why_not=why_not,
)
