"""Layout, checks, file names and download that both tables of data.police.uk share.

Headers and quirks: recording standards, section 4.1. Crime types, forces and outcomes in no list are
loaded unchanged; rules report them.
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache, partial
from pathlib import Path

from assets.readers.csv import reader
from assets.readers.csv.reader import Check, CsvSpec
from assets.readers.source import BrokenFile, DeliveredFile, Download, Part, Reading, Source
from assets.readers.sql import literal
from assets.reference import list_rows

# Monthly archives, each with a rolling 36 months of every force. Both tables come in the same archive.
DOWNLOAD = Download("https://data.police.uk", "/data/archive/{month}.zip", "police-uk")

_MONTH = "[12][0-9]{3}-(0[1-9]|1[0-2])"
_ANY_MONTH = f"regexp_matches(month, '^{_MONTH}$')"


def source(table: str, kind: str, columns: dict[str, str], what: str) -> Source:
    """The source of one table. `kind` is the word in its file names, `columns` are our names and the publisher's.

    `what` is the column (ours) without which a row is not usable.
    """
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
        parts=lambda file: [Part(file)] if reader.matches(file, spec) else [],
        read=partial(_read_rows, spec),
        looks_like=lambda name: is_ours.fullmatch(_base(name)) is not None,
        period="reported_by || '|' || month",
        download=DOWNLOAD,
        why_not=lambda file: reader.why_not(file, spec),
    )


def month_in_name(name: str) -> str | None:
    """The month with which a file name begins, as `2025-01-kent-street.csv`; None where there is none."""
    found = re.match(r"(\d{4}-\d{2})-(?!\d\d(?!\d))", _base(name), re.ASCII)
    return found[1] if found else None


def _base(name: str) -> str:
    return re.split(r"[/!]", name)[-1]


def _filled(column: str) -> Check:
    # a value that begins with a character other than a blank needs no trimming, which costs four times as much
    return Check(
        column, f"case when {column} between '!' and '~' then true else trim({column}) <> '' end",
        "expected a value, it is empty; correct it or ask for the file again",
    )  # fmt: skip


def _numeric(column: str) -> Check:
    return Check(
        column, f"{column} is null or isfinite(try_cast({column} as double))",
        "expected degrees as a number, or nothing; correct it or ask for the file again",
    )  # fmt: skip


def _read_rows(spec: CsvSpec, part: Part, delivery_ref: str, out: Path) -> Reading:
    """Read the rows; those of another month than the file's name are quarantined; if all are, the file is refused."""
    month = month_in_name(part.file.name)
    if month is None:
        return reader.read_csv(part, delivery_ref, out, spec)
    is_expected = f"month = '{month}'"
    wrong = Check(
        "month",
        f"case when {is_expected} then true else not {_ANY_MONTH} end",
        f"expected {month} as in the name of the file; rename the file or ask for the right one",
    )
    shape, *others = spec.checks
    if re.fullmatch(_MONTH, month):
        # A month that is the expected one needs no check of its format, which would cost a tenth of the reading.
        shape = replace(shape, usable_sql=f"case when {is_expected} then true else {shape.usable_sql} end")
    named = [shape, wrong]
    force = force_in_name(part.file.name)
    if force is not None:
        named.append(_of_force(part.file, force))
    reading = reader.read_csv(part, delivery_ref, out, replace(spec, checks=(*named, *others)))
    try:
        refuse_if_no_row_agrees(reading, month, wrong.reason)
        if force is not None:
            refuse_if_no_row_agrees(reading, force, named[-1].reason, "force", "reported_by")
    except BrokenFile:
        out.unlink()
        raise
    return reading


def force_in_name(name: str) -> str | None:
    """The force in a file name such as `2025-01-kent-street.csv`; None where it names no known force."""
    found = re.match(r"\d{4}-\d{2}-(.+)-(?:street|outcomes)\b", _base(name), re.IGNORECASE)
    slug = found[1].lower() if found else ""
    return slug if slug in _slugs() else None


@cache
def _slugs() -> frozenset[str]:
    """Names of forces as data.police.uk writes them in file names."""
    return frozenset(row["slug"] for row in list_rows("forces") if row["slug"])


def _of_force(file: DeliveredFile, slug: str) -> Check:
    """A row of another force than the file's would replace that force's own month, so it is quarantined."""
    words = {"btp": "british-transport-police"}.get(slug, slug)
    plain = "regexp_replace(replace(lower(reported_by), '&', 'and'), '[^a-z]+', '-', 'g')"
    # The first row's name spares the others that expression, which costs as much as all other checks together.
    usual = _first_force(file)
    if words not in re.sub("[^a-z]+", "-", usual.lower().replace("&", "and")):
        usual = ""
    return Check(
        "reported_by",
        f"case when reported_by = {literal(usual)} then true else coalesce(contains({plain}, '{words}'), true) end",
        f"expected the force {slug} as in the name of the file; rename the file or ask for the right one",
    )


def _first_force(file: DeliveredFile) -> str:
    """`Reported by` of the first row; empty where there is none."""
    labels = [reader.plain(label) for label in reader.header(file) or []]
    rows = file.head.split(b"\n", 2)
    if "reported by" not in labels or len(rows) < 2:
        return ""
    fields = rows[1].decode("utf-8", errors="replace").split(",")
    place = labels.index("reported by")
    return fields[place] if len(fields) > place else ""


def refuse_if_no_row_agrees(
    reading: Reading, named: str, reason: str, what: str = "month", column: str = "month"
) -> None:
    """Raise BrokenFile when rows are of other months (or forces) and none is of the one in the name."""
    others = [row for row in reading.quarantined if row.reason == reason]
    agreeing = reading.rows_loaded + sum(row.column_name not in ("", column) for row in reading.quarantined)
    if others and not agreeing:
        seen = sorted({row.value for row in others})
        raise BrokenFile(
            f"line {others[0].line_number}", f"wrong {what} in the name: the rows are of {', '.join(seen[:5])}",
            f"rows of {named}, as the file name says",
            f"Rename the file to the {what} that it holds, or ask for the file of that {what}.",
        )  # fmt: skip
