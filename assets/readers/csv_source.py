"""Sources that are one plain CSV: a header in line 1 and rows as they are."""

from __future__ import annotations

import re

from assets.readers import csv
from assets.readers.csv import Check, CsvSpec
from assets.readers.source import Part, Source


def source(
    table: str, columns: dict[str, str], file_name: str, checks: tuple[Check, ...] = (), period: str = "'all'"
) -> Source:
    """The source of a table. `columns` are our names and the publisher's; `file_name` is a pattern of the names
    that its files have, so that a broken one is refused and not passed over."""
    spec = CsvSpec({name: (label,) for name, label in columns.items()}, checks=checks)
    is_ours = re.compile(rf"(?:.*[/!])?{file_name}", re.IGNORECASE)
    return Source(
        table=table,
        columns=tuple(columns),
        parts=lambda file: [Part(file)] if csv.matches(file, spec) else [],
        read=lambda part, delivery_ref, out: csv.read_csv(part, delivery_ref, out, spec),
        looks_like=lambda name: is_ours.fullmatch(name) is not None,
        period=period,
        why_not=lambda file: csv.why_not(file, spec),
    )


def filled(column: str) -> Check:
    """A row is worth nothing without a value here."""
    return Check(column, f"trim({column}) <> ''", "expected a value; correct the row or ask the publisher")


def matching(column: str, pattern: str, expected: str) -> Check:
    """The whole value has to match a pattern. `expected` describes it."""
    return Check(
        column, f"regexp_full_match(coalesce({column}, ''), '{pattern}')",
        f"expected {expected}; correct the row or ask the publisher",
    )  # fmt: skip
