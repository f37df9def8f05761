"""What the two tables of data.police.uk have in common: layout, checks, file names, download.

Headers and quirks: recording standards, section 4.1. Crime types, forces and outcomes that are in no list are
loaded as they are; rules report them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from pathlib import Path

from assets.readers import csv
from assets.readers.csv import Check, CsvSpec
from assets.readers.source import BrokenFile, Download, Part, Reading, Source

# Monthly archives, each with a rolling 36 months of every force. Both tables come in the same archive.
DOWNLOAD = Download("https://data.police.uk", "/data/archive/{month}.zip", "police-uk")

_MONTH = "[12][0-9]{3}-(0[1-9]|1[0-2])"
_ANY_MONTH = f"regexp_matches(month, '^{_MONTH}$')"


def source(table: str, kind: str, columns: dict[str, str], what: str) -> Source:
    """The source of one table. `kind` is the word in its file names, `columns` are our names and the publisher's,
    `what` is the column (ours) that a row is worth nothing without."""
    spec = CsvSpec(
        columns={name: (label,) for name, label in columns.items()},
        optional=frozenset({"context"}),
        checks=(
            Check("month", _ANY_MONTH, "expected a month as YYYY-MM; correct it or ask for the file again"),
            _filled("reported_by"),
            _filled(what),
            _numeric("longitude"),
            _numeric("latitude"),
        ),
    )
    is_ours = re.compile(rf"\d{{4}}-\d{{2}}-[^/!]*-{kind}\b[^/!]*\.csv", re.IGNORECASE)
    return Source(
        table=table,
        columns=tuple(columns),
        parts=lambda file: [Part(file)] if csv.matches(file, spec) else [],
        read=partial(_read, spec),
        looks_like=lambda name: is_ours.fullmatch(_base(name)) is not None,
        period="reported_by || '|' || month",
        download=DOWNLOAD,
        why_not=lambda file: csv.why_not(file, spec),
    )


def month_in_name(name: str) -> str | None:
    """The month with which a file name begins, as `2025-01-kent-street.csv`; None where there is none."""
    found = re.match(r"(\d{4}-\d{2})-(?!\d\d(?!\d))", _base(name), re.ASCII)
    return found[1] if found else None


def _base(name: str) -> str:
    return re.split(r"[/!]", name)[-1]


def _filled(column: str) -> Check:
    return Check(column, f"trim({column}) <> ''", "expected a value, it is empty; correct it or ask for the file again")


def _numeric(column: str) -> Check:
    return Check(
        column, f"{column} is null or isfinite(try_cast({column} as double))",
        "expected degrees as a number, or nothing; correct it or ask for the file again",
    )  # fmt: skip


def _read(spec: CsvSpec, part: Part, delivery_ref: str, out: Path) -> Reading:
    """Rows of another month than the file's name tells are set aside; where all are, the file is refused."""
    month = month_in_name(part.file.name)
    if month is None:
        return csv.read_csv(part, delivery_ref, out, spec)
    is_expected = f"month = '{month}'"
    wrong = Check(
        "month",
        f"case when {is_expected} then true else not {_ANY_MONTH} end",
        f"expected {month} as in the name of the file; rename the file or ask for the right one",
    )
    shape, *others = spec.checks
    if re.fullmatch(_MONTH, month):
        # A month that is the expected one needs no look at its shape, which would cost a tenth of the reading.
        shape = replace(shape, usable_sql=f"case when {is_expected} then true else {shape.usable_sql} end")
    reading = csv.read_csv(part, delivery_ref, out, replace(spec, checks=(shape, wrong, *others)))
    try:
        refuse_if_no_row_agrees(reading, month, wrong.reason)
    except BrokenFile:
        out.unlink()
        raise
    return reading


def refuse_if_no_row_agrees(reading: Reading, month: str, reason: str) -> None:
    """Raises BrokenFile when rows are of other months and none is of the month in the name."""
    others = [row for row in reading.quarantined if row.reason == reason]
    agreeing = reading.rows_loaded + sum(row.column_name not in ("", "month") for row in reading.quarantined)
    if others and not agreeing:
        seen = sorted({row.value for row in others})
        raise BrokenFile(
            f"line {others[0].line_number}", f"wrong month in the name: the rows are of {', '.join(seen[:5])}",
            f"rows of {month}, as the file name says",
            "Rename the file to the month that it holds, or ask for the file of that month.",
        )  # fmt: skip
