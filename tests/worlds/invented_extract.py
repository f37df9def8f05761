"""A small invented extract, every table of it filled: rows by our names, with the types that a database gives.

Nothing in it is real. It keeps to the layout (recording-standards 7), not to the recording rules.
"""

import csv
import random
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

from assets.raw import extract_tables
from assets.readers.extract.values import code_sets

TABLES = extract_tables()
Row = dict[str, Any]
CODES = (
    ("8/65", "8Q"),
    ("8/66", "8Q"),
    ("8/30", "8L"),
    ("8/55", "8L"),
    ("9/51", "8R"),
    ("28/3", "30C"),
    ("49/10", "49"),
)
WORDS = {
    "location_type": ("dwelling", "street", "shop", "school"),
    "sex": ("F", "M"),
    "ethnicity_self": ("W1", "A2", "B1", "M3"),
    "unit": ("Invented Unit A", "Invented Unit B"),
    "rank": ("PC", "DC", "DS", "PS", "DI"),
    "court": ("Invented Magistrates", "Invented Crown"),
    "graded": ("immediate", "priority", "scheduled"),
    "nsir_open": ("D01", "A05", "B12"),
    "caller_role": ("victim", "witness", "third_party"),
    "name": ("Invented Constabulary",),
    "rms": ("niche",),
    "title": ("Invented audit",),
}
# fields that point at the key of another table
LINKS = {
    "crime_id": "crime", "incident_id": "incident", "person_key": "person", "victim_key": "person",
    "suspect_key": "person", "respondent_key": "person", "to_key": "person", "ra_id": "risk_assessment",
    "order_id": "order_", "custody_id": "custody", "investigator_id": "investigator", "oic_id": "investigator",
    "person_id": "investigator",
}  # fmt: skip


def invented(count: int = 40, seed: int = 1) -> dict[str, list[Row]]:
    """Table -> its rows. Moments are in UTC, of an hour that no clock change touches."""
    chance = random.Random(seed)
    return {table: [_row(table, fields, n, count, chance) for n in range(count)] for table, fields in TABLES.items()}


def _row(table: str, fields: Mapping[str, str], n: int, count: int, chance: random.Random) -> Row:
    ho_code, class_code = chance.choice(CODES)
    begun = datetime(2025, 1, 6, 3, tzinfo=UTC) + timedelta(days=chance.randrange(120), minutes=chance.randrange(900))
    row: Row = {}
    for position, (field, kind) in enumerate(fields.items()):
        plain = kind.removesuffix("?")
        if plain == "key":
            row[field] = _key(LINKS.get(field, table), n)
        elif kind.endswith("?") and chance.random() < 0.3:
            row[field] = None
        elif field in LINKS:
            row[field] = _key(LINKS[field], chance.randrange(count))
        elif field in ("ho_code", "ho_code_raw", "alt_ho_code"):
            row[field] = ho_code
        elif field in ("class_code", "force_code", "code_raw"):
            row[field] = {"class_code": class_code, "force_code": "E23000013", "code_raw": ""}[field]
        elif plain in _MADE:
            row[field] = _MADE[plain](chance, begun, position)
        elif plain.startswith("set:"):
            row[field] = chance.choice(code_sets()[plain.removeprefix("set:")])
        else:
            row[field] = chance.choice(WORDS.get(field, tuple(f"{field[:3].upper()}{i}" for i in range(30))))
    return row


def _key(table: str, n: int) -> str:
    return f"{table[:3].upper()}-{n:05}"


_MADE: dict[str, Callable[[random.Random, datetime, int], Any]] = {
    "ts": lambda chance, begun, position: begun + timedelta(days=position, seconds=chance.randrange(60)),
    "date": lambda chance, begun, position: (begun + timedelta(days=position)).date(),
    "month": lambda chance, begun, position: f"{chance.randrange(1950, 2007)}-{chance.randrange(1, 13):02}",
    "bool": lambda chance, begun, position: chance.random() < 0.5,
    "int": lambda chance, begun, position: chance.randrange(1, 5),
    "num": lambda chance, begun, position: Decimal(chance.randrange(500_000, 529_999)) / 10_000,
    "outcome": lambda chance, begun, position: chance.choice(("1", "1A", "8", "14", "15", "16", "18")),
    "free": lambda chance, begun, position: f"Invented text {chance.randrange(99)}, with a comma.",
}


def text_of(value: Any) -> str:
    """As the layout wants it in a csv file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%dT%H:%M:%SZ}"
    return value.isoformat() if isinstance(value, date) else str(value)


def write_csv(folder: Path, extract: Mapping[str, list[Row]]) -> None:
    """One file per table, named like it; the header is the rows' own names."""
    folder.mkdir(parents=True, exist_ok=True)
    for table, rows in extract.items():
        with open(folder / f"{table}.csv", "w", encoding="utf-8", newline="") as stream:
            writer = csv.writer(stream)
            writer.writerow(rows[0])
            writer.writerows([text_of(value) for value in row.values()] for row in rows)
