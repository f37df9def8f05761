"""Sources that are one plain table: a CSV with its header in line 1, or GeoJSON with the same properties."""

from __future__ import annotations

import re
from pathlib import Path

from assets.readers import features
from assets.readers.csv import reader
from assets.readers.csv.reader import Check, CsvSpec
from assets.readers.source import BrokenFile, Download, Part, Reading, Source
from assets.readers.sql import bounded


def source(
    table: str,
    columns: dict[str, str | tuple[str, ...]],
    file_name: str,
    checks: tuple[Check, ...] = (),
    period: str = "'all'",
    unique: str = "",
    download: Download | None = None,
) -> Source:
    """The source of a table. `columns` are our names and the publisher's (several where it has renamed them).

    `file_name` is a pattern of its files' names, so that a broken file is refused rather than ignored. A file with a
    value of the column `unique` in two rows is refused: nobody can say which of them is right.
    """
    labels = {name: (label,) if isinstance(label, str) else label for name, label in columns.items()}
    spec = CsvSpec(labels, checks=checks)
    is_ours = re.compile(rf"(?:.*[/!])?{file_name}", re.IGNORECASE)
    return Source(
        table=table,
        columns=tuple(columns),
        parts=lambda file: [Part(file)] if reader.matches(file, spec) or features.matches(file, spec) else [],
        read=lambda part, delivery_ref, out: _read_rows(part, delivery_ref, out, spec, unique),
        looks_like=lambda name: is_ours.fullmatch(name) is not None,
        period=period,
        why_not=lambda file: reader.why_not(file, spec),
        download=download,
    )


def _read_rows(part: Part, delivery_ref: str, out: Path, spec: CsvSpec, unique: str) -> Reading:
    read = features.read_features if features.is_collection(part.file) else reader.read_csv
    reading = read(part, delivery_ref, out, spec)
    if unique:
        _check_unique(out, unique)
    return reading


def _check_unique(rows: Path, column: str) -> None:
    """Raise BrokenFile with the line of the first value that an earlier row has too."""
    with bounded(rows.parent) as con:
        found = con.execute(
            f"select {column}, min(line_number), min(line_number, 2)[2] as again from read_parquet(?)"
            f" where {column} is not null group by {column} having count(*) > 1 order by again limit 1",
            [str(rows)],
        ).fetchone()
    if found is not None:
        value, first, again = found
        rows.unlink(missing_ok=True)
        raise BrokenFile(
            f"line {again}, {column}", f"{value!r} again, which line {first} has already", "each code once",
            "Fetch the list again, or ask the publisher which of the two is right.",
        )  # fmt: skip


def filled(column: str) -> Check:
    """Check that a column has a value: without it the row is not usable."""
    return Check(column, f"trim({column}) <> ''", "expected a value; correct the row or ask the publisher")


def matching(column: str, pattern: str, expected: str) -> Check:
    """Check that the whole value matches a pattern. `expected` describes the pattern."""
    return Check(
        column, f"regexp_full_match(coalesce({column}, ''), '{pattern}')",
        f"expected {expected}; correct the row or ask the publisher",
    )  # fmt: skip
