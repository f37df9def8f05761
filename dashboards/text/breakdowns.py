"""Names of the parts that figures are broken down by: of codes, what they mean."""

from __future__ import annotations

import re

import polars as pl

from assets.reference import list_rows
from dashboards.text import numbers

_LISTED = list_rows("breakdowns")
FORCE, NOT_KNOWN = "Whole force", "not known"
LARGEST = 3  # parts that are named as those that differ most
BREAKDOWNS = {"none": FORCE} | {row["breakdown"]: row["title"] for row in _LISTED}
FINE = [row["breakdown"] for row in _LISTED if row["is_fine"] == "true"]  # of hundreds of parts: not by month
BY_TIME = [row["breakdown"] for row in _LISTED if row["is_by_time"] == "true"]  # of the start of the offence
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# rows of a part that is not known; of a ward its district may be: Invented District 2: not known
IS_NOT_KNOWN = (pl.col("breakdown_value") == NOT_KNOWN) | (
    (pl.col("breakdown") == "ward") & pl.col("breakdown_value").str.ends_with(f": {NOT_KNOWN}")
)
CLASSES = {
    "8Q": "Stalking (8Q)", "8L": "Harassment (8L)", "8M": "Racially or religiously aggravated harassment (8M)",
    "8R": "Malicious communications (8R)", "8U": "Controlling or coercive behaviour (8U)",
    "S&H": "All stalking and harassment",
}  # fmt: skip
# self-defined ethnicity has codes of a letter and a digit (reference.equality_groups)
ETHNIC_GROUPS = {"A": "Asian or Asian British", "B": "Black or Black British", "M": "Mixed or multiple", "W": "White",
                 "O": "Other ethnic group"}  # fmt: skip
FLAGS = {"domestic_abuse": "as domestic abuse", "online": "as online"}


def in_order(column: str) -> pl.Expr:
    """What to sort parts or their names by: weekdays as they follow each other, and all others by their letters."""
    return pl.col(column).replace({day: str(place) for place, day in enumerate(WEEKDAYS)})


def class_name(code: str) -> str:
    """Stalking (8Q)."""
    return CLASSES.get(code, code)


def part_name(breakdown: str, part: str) -> str:
    """Former partner; Whole force; not known (district); Harassment (8L); White (W1); flagged as online."""
    if breakdown == "none":
        return FORCE
    if breakdown == "class":
        return class_name(part)
    if breakdown.endswith("ethnicity") and re.fullmatch(r"[ABMOW]\d", part):
        return f"{ETHNIC_GROUPS[part[0]]} ({part})"
    if breakdown in FLAGS and part.endswith("flagged"):
        return f"{part} {FLAGS[breakdown]}"
    name = numbers.readable(part)
    return f"{name} ({BREAKDOWNS[breakdown].lower()})" if name == NOT_KNOWN else name
