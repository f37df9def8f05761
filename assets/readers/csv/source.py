"""Sources that are one plain table: a CSV with its header in line 1, or GeoJSON with the same properties."""

from __future__ import annotations

import re
from pathlib import Path

from assets.readers import features
from assets.readers.csv import reader
from assets.readers.csv.reader import Check, CsvSpec
from assets.readers.source import Download, Part, Reading, Source


def source(
    table: str,
    columns: dict[str, str | tuple[str, ...]],
    file_name: str,
    checks: tuple[Check, ...] = (),
    period: str = "'all'",
    download: Download | None = None,
) -> Source:
    """The source of a table. `columns` are our names and the publisher's (several where it has renamed them).

    `file_name` is a pattern of its files' names, so that a broken file is refused rather than ignored.
    """
    labels = {name: (label,) if isinstance(label, str) else label for name, label in columns.items()}
    spec = CsvSpec(labels, checks=checks)
    is_ours = re.compile(rf"(?:.*[/!])?{file_name}", re.IGNORECASE)
    return Source(
        table=table,
        columns=tuple(columns),
        parts=lambda file: [Part(file)] if reader.matches(file, spec) or features.matches(file, spec) else [],
        read=lambda part, delivery_ref, out: _read(part, delivery_ref, out, spec),
        looks_like=lambda name: is_ours.fullmatch(name) is not None,
        period=period,
        why_not=lambda file: reader.why_not(file, spec),
        download=download,
    )


def _read(part: Part, delivery_ref: str, out: Path, spec: CsvSpec) -> Reading:
    read = features.read_features if features.is_collection(part.file) else reader.read_csv
    return read(part, delivery_ref, out, spec)


def filled(column: str) -> Check:
    """Check that a column has a value: without it the row is not usable."""
    return Check(column, f"trim({column}) <> ''", "expected a value; correct the row or ask the publisher")


def matching(column: str, pattern: str, expected: str) -> Check:
    """Check that the whole value matches a pattern. `expected` describes the pattern."""
    return Check(
        column, f"regexp_full_match(coalesce({column}, ''), '{pattern}')",
        f"expected {expected}; correct the row or ask the publisher",
    )  # fmt: skip
