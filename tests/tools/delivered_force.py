"""What an invented force delivered, read from its CSV files in plain Python: the ground of every recount.

Nothing of the product is imported, so that no mistake is in both. Lists of codes and settings are read: they are data.
"""

import csv
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
REFERENCE = ROOT / "assets" / "reference"
LONDON = ZoneInfo("Europe/London")
FORCE = "E23000013"  # the invented force
SUBGROUP = "S&H"
OPEN = "Not yet assigned an outcome"
CHARGED = "Charged/Summonsed"
NO_GROUP = "Code in no published list"
OUTCOME_CODES = {str(number) for number in range(23)} | {"1A", "2A", "3A"}
IN_SCOPE = ("8/30", "8/31", "8/56", "8/65", "8/66", "8/67", "8/71", "8/72", "125/68", "195/12", "195/94")
DAY = timedelta(days=1)
TICK = timedelta(microseconds=1)
END_OF_TIME = datetime.max.replace(tzinfo=UTC)

Row = dict[str, str]


@cache
def rows(path: Path) -> tuple[Row, ...]:
    """All rows of a CSV file."""
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(csv.DictReader(handle))


def listed(name: str) -> tuple[Row, ...]:
    """A list of codes or settings."""
    return rows(REFERENCE / f"{name}.csv")


@cache
def setting(key: str) -> float:
    """The number of a setting."""
    return next(float(row["value"]) for row in listed("settings") if row["key"] == key)


@cache
def classes(group: str) -> frozenset[str]:
    """The offence classes of a group."""
    return frozenset(row["code"] for row in listed("crimes/class_groups") if row["class_group"] == group)


@cache
def outcome_groups() -> dict[str, str]:
    """Outcome code and its published group."""
    return {row["outcome_code"]: row["outcome_group"] for row in listed("outcomes/outcome_groups")}


@cache
def moment(text: str) -> datetime | None:
    """A moment in UTC; None where the field is empty."""
    return datetime.fromisoformat(text).astimezone(UTC) if text else None


def is_by(text: str, at: datetime) -> bool:
    """The field has a moment, and it is not after `at`."""
    found = moment(text)
    return found is not None and found <= at


def london_day(at: datetime) -> date:
    return at.astimezone(LONDON).date()


def next_month(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def months_before(month: date, count: int) -> date:
    """The first day of the month `count` months earlier."""
    place = month.year * 12 + month.month - 1 - count
    return date(place // 12, place % 12 + 1, 1)


@dataclass(frozen=True)
class Moments:
    """The moment that figures are for, and the latest moment that records may have."""

    as_of: datetime
    known_by: datetime

    @property
    def day(self) -> date:
        """The as-of day; the midnight that ends a day belongs to it."""
        return london_day(self.as_of - timedelta(seconds=1))


@dataclass(frozen=True)
class Extract:
    """The tables that a force delivered, by crime."""

    data: Path

    def table(self, name: str) -> tuple[Row, ...]:
        return rows(self.data / "force" / f"{name}.csv")

    def of(self, name: str, crime: Row) -> list[Row]:
        """The rows of a table that belong to a crime."""
        return rows_by_crime(self, name).get(crime["crime_id"], [])

    def crimes(self) -> list[Row]:
        """The crimes of the invented force; a few others name another force."""
        return [crime for crime in self.table("crime") if crime["force_code"] == FORCE]


@cache
def rows_by_crime(extract: Extract, name: str) -> dict[str, list[Row]]:
    """The rows of a table by the crime that they name."""
    found = defaultdict(list)
    for row in extract.table(name):
        found[row["crime_id"]].append(row)
    return dict(found)


# What a crime was at a moment


def class_at(extract: Extract, crime: Row, at: datetime) -> str:
    """The principal class at a moment: a later change has not happened yet."""
    history = [row for row in extract.of("classification_history", crime) if row["changed_ts"]]
    history.sort(key=lambda row: (int(row["seq"]), moment(row["changed_ts"]), row["class_code"]))
    known = [row for place, row in enumerate(history) if place == 0 or is_by(row["changed_ts"], at)]
    return crime["class_code"] if not known or known[-1] is history[-1] else known[-1]["class_code"]


def is_in_scope(extract: Extract, crime: Row, at: datetime) -> bool:
    """Stalking or harassment at a moment, by its principal or an included class."""
    scope = classes("in scope")
    included = extract.of("included_classification", crime)
    return class_at(extract, crime, at) in scope or any(
        row["class_code"] in scope and is_by(row["added_ts"] or crime["recorded_ts"], at) for row in included
    )


def is_removed(extract: Extract, crime: Row, at: datetime) -> bool:
    """Cancelled or transferred at a moment; without a removal the status decides."""
    removals = extract.of("removal", crime)
    if not removals:
        return crime["status"] in ("cancelled", "transferred")
    return any(is_by(row["removal_ts"], at) for row in removals)


def known_outcomes(extract: Extract, crime: Row, at: datetime) -> list[Row]:
    """The outcomes with a code and a moment, up to `at`, in their order."""
    known = [r for r in extract.of("outcome", crime) if r["code"] in OUTCOME_CODES and is_by(r["outcome_ts"], at)]
    if len(known) > 1:
        known.sort(key=lambda row: (int(row["seq"]), moment(row["outcome_ts"]), row["outcome_id"]))
    return known


def is_unread(extract: Extract, crime: Row, at: datetime) -> bool:
    """Whether the last outcome is not known: a code that nobody can read, or no code or date."""
    outcomes = extract.of("outcome", crime)
    last = max((int(row["seq"]) for row in known_outcomes(extract, crime, at)), default=0)
    return any(row["code"] not in {"", *OUTCOME_CODES} for row in outcomes) or any(
        not (row["code"] and row["outcome_ts"]) and int(row["seq"]) >= last for row in outcomes
    )
