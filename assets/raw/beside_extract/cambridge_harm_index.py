# /// card
# description = "One row is a row of the force's own copy of the Cambridge Crime Harm Index, as delivered."
# grain = ["delivery_ref", "line_number"]
# audience = []
# caveats = [
#     "Every delivery is here, superseded ones too, and rows marked EXPIRED: count in core, not here.",
#     """To be delivered by hand: no open licence of the index was found, so that a force takes its own copy from the \
#     Institute of Criminology of the University of Cambridge. None is shipped, none is fetched.""",
#     """A copy in which stalking and harassment, murder, robbery or shoplifting have other days than is known of the \
#     index (reference.harm_index_limits) is refused whole.""",
#     "Sentencing-based harm under-represents stalking.",
# ]
# publisher = "Institute of Criminology, University of Cambridge"
# licence = "None stated: the force's own copy, never shipped"
# published = "as the force's copy says; February 2026 is the last known"
# attribution = "Cambridge Crime Harm Index, Institute of Criminology, University of Cambridge: the force's own copy."
# [columns]
# offence_code = ["varchar", "Home Office code, text as delivered"]
# offence_description = ["varchar", "Offence in words; empty where the copy has none"]
# status = ["varchar", "What the copy says of the row's validity; empty where it has no such column"]
# sentencing_days = ["varchar", "Days of imprisonment at the guideline's starting point, text as delivered", "days"]
# ho_code = ["varchar", "The code in one form, 8/65 say, or a class, 8Q; empty on expired rows that have none"]
# is_expired = ["varchar", "true where code, description or status says EXPIRED"]
# ///

"""Cambridge Crime Harm Index: a force's own copy, csv or workbook. None is shipped: no open licence of it was found.

Recognised by its header, whatever the copy calls its columns; compared with the known values of the index
(reference.harm_index_limits) and refused whole where it differs. Strategic-assessment 4.1.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets.readers.codes import ho_code_from_excel
from assets.readers.csv import reader
from assets.readers.csv.reader import CsvSpec
from assets.readers.files import not_csv
from assets.readers.source import BrokenFile, DeliveredFile, Part, QuarantinedRow, Reading, Source
from assets.readers.workbook.reader import is_workbook, sheet_head, sheet_names, write_frame
from assets.readers.workbook.sheet import read_sheet
from assets.reference import list_rows

_DELIVERED = ("offence_code", "offence_description", "status", "sentencing_days")
COLUMNS = (*_DELIVERED, "ho_code", "is_expired")

_INDEX = r"(cambridge )?(c?chi|crime harm index)( (score|value|days|weight|harm|harm score|days of imprisonment))?"
# Names that a column may have, in words without a year; the first pattern that any label meets decides.
_LABELS: Mapping[str, tuple[str, ...]] = {
    "offence_code": (
        r"(ho|home office)( offence)? (code|classification|class code|class)",
        r"offence (code|classification)",
    ),
    "sentencing_days": (
        _INDEX,
        r"(crime )?harm (score|days|value)",
        r"days( of imprisonment| in prison)?|(sentence|sentencing|starting point)( in)? days",
    ),
    "offence_description": (r"(ho |home office )?offence( (description|title|name))?|description|title",),
    "status": (r"(is )?expired|status",),
}
_OPTIONAL = frozenset({"offence_description", "status"})
_YEAR = re.compile(r"20[0-9]{2}")
_EXPIRED = re.compile(r"(?<!\bnot )(?<!\bnon.)\bexpired\b", re.IGNORECASE)
_NOT_EXPIRED = ("", "no", "n", "false", "f", "0", "live", "current")
_CLASS = re.compile(r"[0-9]{1,3}[A-Z]")
_DAYS = re.compile(r"[0-9]+(\.[0-9]+)?|[0-9]{1,3}(,[0-9]{3})+(\.[0-9]+)?")
_FILE_NAME = re.compile(r"(?:^|[/!])[^/!]*(?:cambridge|cchi|crime[ _-]?harm)[^/!]*\.(?:csv|xlsx?|ods)$", re.IGNORECASE)
_COLUMNS_EXPECTED = "a column of Home Office codes ('HO code', say) and one of days ('CCHI score', say)"


class Entry(NamedTuple):
    """A row that counts: its place, its code, and its days as delivered and as a number."""

    line_number: int
    ho_code: str
    given: str
    days: float


@dataclass(frozen=True)
class Limit:
    """A known property of the index: the days of some offences are between two numbers."""

    offence: str
    class_numbers: frozenset[str]
    class_codes: frozenset[str]  # empty: every class with such a number
    least_days: float
    greatest_days: float

    @property
    def expected(self) -> str:
        """The limit in words."""
        if self.least_days == self.greatest_days:
            return f"{self.least_days:,g} days"
        return f"{self.least_days:,g} to {self.greatest_days:,g} days"

    def binds(self, ho_code: str, classes: Mapping[str, str]) -> bool:
        """Whether a code is of these offences."""
        is_numbered = re.sub("[^0-9].*", "", ho_code) in self.class_numbers
        return is_numbered and (not self.class_codes or classes.get(ho_code, ho_code) in self.class_codes)


def parts(file: DeliveredFile) -> list[Part]:
    """The CSV, or every sheet, whose header has a column of codes and one of days."""
    if not is_workbook(file):
        labels = None if not_csv(file) else reader.header(file)
        return [Part(file)] if labels is not None and _is_header(labels) else []
    return [Part(file, sheet) for sheet in sheet_names(file) if _sheet_labels(file, sheet)]


def why_not(file: DeliveredFile) -> BrokenFile | None:
    """The reason why a file of such a name is not the index."""
    try:
        if is_workbook(file):
            seen = f"the sheets {', '.join(map(repr, sheet_names(file)))}, none with such a header"
        elif (unreadable := not_csv(file)) is not None:
            return unreadable
        else:
            seen = ", ".join(repr(label[:60]) for label in (reader.header(file) or [])[:40]) or "no header"
    except BrokenFile as problem:
        return problem
    return BrokenFile(
        "header", seen, _COLUMNS_EXPECTED,
        "Deliver the sheet of values with its header in the first line; rename the two columns if need be.",
    )  # fmt: skip


def read_rows(part: Part, delivery_ref: str, out: Path) -> Reading:
    """Write the rows with their code in one form and whether they are expired. Raises BrokenFile where the copy as a
    whole cannot be used, or is not what is known of the index."""
    _one_sheet(part)
    labels = (reader.header(part.file) or []) if part.sheet is None else _sheet_labels(part.file, part.sheet)
    place = "line 1" if part.sheet is None else f"sheet {part.sheet!r}"
    columns = {name: _label(name, labels, place) for name in _DELIVERED}
    spec = CsvSpec({name: (label or name,) for name, label in columns.items()}, _OPTIONAL)
    reading = (reader.read_csv if part.sheet is None else read_sheet)(part, delivery_ref, out, spec)
    delivered = pl.read_parquet(out).drop("delivery_ref")
    is_of_expiry = "expired" in _words(columns["status"] or "")
    rows = [row | _derived(row, is_of_expiry) for row in delivered.iter_rows(named=True)]
    reading.quarantined += [fault for row in rows if (fault := _fault(row)) is not None]
    kept = [row for row in rows if _fault(row) is None]
    counted = [
        Entry(row["line_number"], row["ho_code"], row["sentencing_days"], _number(row["sentencing_days"]))
        for row in kept if row["is_expired"] == "false"
    ]  # fmt: skip
    broken = next(_broken_limits(counted, part, columns["sentencing_days"] or "", reading.quarantined), None)
    if broken is not None:
        out.unlink(missing_ok=True)
        raise broken
    schema = {"line_number": pl.Int64, **dict.fromkeys(COLUMNS, pl.String)}
    write_frame(pl.DataFrame(kept, schema=schema, orient="row"), COLUMNS, delivery_ref, out)
    return replace(reading, rows_loaded=len(kept))


def _words(label: str) -> str:
    """A label for comparison: its words in small letters, without a year."""
    return " ".join(re.findall(r"[a-z]+", _YEAR.sub(" ", label).casefold()))


def _candidates(name: str, labels: Sequence[str]) -> list[str]:
    """The labels that may be of our column, by the first pattern that any meets."""
    for pattern in _LABELS[name]:
        found = [label for label in labels if re.fullmatch(pattern, _words(label))]
        if found:
            return found
    return []


def _is_header(labels: Sequence[str]) -> bool:
    return all(_candidates(name, labels) for name in _DELIVERED if name not in _OPTIONAL)


def _label(name: str, labels: Sequence[str], place: str) -> str | None:
    """The label of our column: the only one, or that of the latest year. Raises BrokenFile where several might be."""
    found = _candidates(name, labels)
    if len(found) < 2:
        return found[0] if found else None
    years = {label: year[0] for label in found if (year := _YEAR.search(label))}
    if len(years) == len(found) == len(set(years.values())):
        return max(found, key=lambda label: years[label])
    if name in _OPTIONAL:
        return found[0]
    raise BrokenFile(
        place, f"the columns {', '.join(map(repr, found))}",
        f"one column of {name.replace('_', ' ')}, or a year in each",
        "Take out those that are not meant.",
    )  # fmt: skip


def _sheet_labels(file: DeliveredFile, sheet: str) -> list[str]:
    """The first row of a sheet that may be the header of the index; empty where there is none."""
    rows = ([cell or "" for cell in cells] for cells in sheet_head(file, sheet))
    return next((labels for labels in rows if _is_header(labels)), [])


def _one_sheet(part: Part) -> None:
    """Raises BrokenFile where a workbook has several sheets of the kind: it is unclear which is meant."""
    if part.sheet is None:
        return
    found = [other.sheet for other in parts(part.file)]
    if len(found) > 1:
        raise BrokenFile(
            "workbook", f"the sheets {', '.join(map(repr, found))}", "one sheet with a harm index",
            "Deliver the sheet that is meant alone.",
        )  # fmt: skip


def _derived(row: Mapping[str, str | None], is_of_expiry: bool) -> dict[str, str | None]:
    """The code in one form, and whether the row is marked EXPIRED."""
    marks = [row[name] or "" for name in ("offence_code", "offence_description", "status")]
    is_expired = any(map(_EXPIRED.search, marks)) or (
        is_of_expiry and marks[-1].strip().casefold() not in _NOT_EXPIRED and "not" not in _words(marks[-1]).split()
    )
    code = _EXPIRED.sub("", row["offence_code"] or "").strip(" -:()[]*")
    return {"ho_code": _ho_code(code), "is_expired": str(is_expired).lower()}


def _ho_code(text: str) -> str | None:
    """`8/65`, or a class, `8Q`; None for other text, and for a date that more than one code may have become."""
    if _CLASS.fullmatch(text.upper()):
        return text.upper().lstrip("0")
    # it is unknown how the copy was keyed: a date counts only where both ways of reading it give one code
    readings = {ho_code_from_excel(text, day_first=is_day_first) for is_day_first in (False, True)}
    return readings.pop() if len(readings) == 1 else None


def _number(days: str) -> float:
    return float(days.replace(",", ""))


def _fault(row: Mapping[str, object]) -> QuarantinedRow | None:
    """Why a row cannot be used; an expired one needs neither code nor days."""
    if row["is_expired"] == "true":
        return None
    line_number, code, days = int(str(row["line_number"])), row["offence_code"] or "", row["sentencing_days"] or ""
    if row["ho_code"] is None:
        return QuarantinedRow(
            line_number, "offence_code", str(code)[:500],
            "expected a Home Office code such as 8/65 or a class such as 8Q; a date that a spreadsheet made of it may"
            " be several: format the column as text, key the code again and deliver the copy again",
        )  # fmt: skip
    if not _DAYS.fullmatch(str(days).strip()):
        return QuarantinedRow(
            line_number, "sentencing_days", str(days)[:500],
            "expected a number of days; correct the row, or mark it EXPIRED where it is no longer of the index",
        )  # fmt: skip
    return None


def _broken_limits(
    counted: Sequence[Entry], part: Part, label: str, set_aside: Sequence[QuarantinedRow]
) -> Iterator[BrokenFile]:
    """Differences of the copy from the known values, one for each limit that is broken."""
    classes = {row["ho_code"]: row["class_code"] for row in list_rows("ho_codes") if row["class_code"]}
    line = "line" if part.sheet is None else f"sheet {part.sheet!r}, row"
    for limit in map(_limit, list_rows("harm_index_limits")):
        bound = [entry for entry in counted if limit.binds(entry.ho_code, classes)]
        wrong = [entry for entry in bound if not limit.least_days <= entry.days <= limit.greatest_days]
        do = "This is no copy of the index as published: take a fresh one, and deliver it as it is."
        if wrong:
            others = f", and {len(wrong) - 1} more such rows" if len(wrong) > 1 else ""
            yield BrokenFile(
                f"{line} {wrong[0].line_number}, column {label!r}",
                f"{wrong[0].given} for the code {wrong[0].ho_code}{others}",
                f"{limit.expected} for {limit.offence}", do,
            )  # fmt: skip
        elif not bound:
            numbers = " or ".join(sorted(limit.class_numbers))
            aside = f", {len(set_aside)} set aside ({line} {set_aside[0].line_number} first)" if set_aside else ""
            yield BrokenFile(
                f"{line}s below the header", f"no such row among {len(counted)} that count{aside}",
                f"a row of {limit.offence} (class {numbers}) with {limit.expected}", do,
            )  # fmt: skip


def _limit(row: Mapping[str, str]) -> Limit:
    return Limit(
        row["offence"],
        frozenset(row["class_numbers"].split()),
        frozenset(row["class_codes"].split()),
        float(row["least_days"]),
        float(row["greatest_days"]),
    )


SOURCE = Source(
    table="cambridge_harm_index",
    columns=COLUMNS,
    parts=parts,
    read=read_rows,
    looks_like=lambda name: _FILE_NAME.search(name) is not None,
    why_not=why_not,
)
