"""Crimes with what became of them, for worked examples. Plain functions, no fixtures."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from worked import Row

AS_OF = datetime(2026, 3, 31, 22, 0, tzinfo=UTC)
AS_OF_DATE = date(2026, 3, 31)
MOMENTS = [{"as_of_at": AS_OF, "events_limit_at": AS_OF, "first_recorded_at": AS_OF - timedelta(days=1500)}]
CHARGED, NOT_SUPPORTING = "Charged/Summonsed", "Evidential difficulties (victim does not support action)"
SUPPORTING = "Evidential difficulties (suspect identified; victim supports action)"
GROUPS = {"0": "Not yet assigned an outcome", "1": CHARGED, "1A": CHARGED, "14": NOT_SUPPORTING, "15": SUPPORTING,
          "16": NOT_SUPPORTING, "18": "Investigation complete – no suspect identified"}  # fmt: skip


def at(days: float) -> datetime:
    """So many days before the as-of moment; below 0 after it."""
    return AS_OF - timedelta(days=days)


def crime(ref: str = "C", recorded: float = 400, **changed: Any) -> Row:
    """A row of core.crimes."""
    when = at(recorded)
    return {"crime_ref": ref, "class_code": "8Q", "recorded_at": when, "reported_at": when,
            "recorded_date": when.date(), "regime_code": "R24", "unit_name": "Unit A"} | changed  # fmt: skip


def span(ref: str = "C", since: float = 400, until: float | None = None) -> Row:
    """A row of core.stalking_harassment_spans."""
    return {"crime_ref": ref, "counts_from": at(since), "counts_until": None if until is None else at(until)}


def outcome(code: str, days: float, number: int = 2, ref: str = "C", **changed: Any) -> Row:
    """A row of core.outcomes, so many days before the as-of moment."""
    return {"outcome_ref": f"{ref}-{number}", "crime_ref": ref, "sequence_number": number, "outcome_code": code,
            "outcome_group": GROUPS.get(code), "outcome_at": at(days), "outcome_date": at(days).date()
    } | changed  # fmt: skip


def time(day: int, code: str | None = None, followed: int = 400, **changed: Any) -> Row:
    """A row of core.outcome_times: an outcome on this day, or last seen open on it."""
    recorded = AS_OF_DATE - timedelta(days=followed)
    return {"crime_ref": "C", "offence_class": "8Q", "is_principal": True, "recorded_date": recorded,
            "recorded_quarter": f"{recorded.year}-Q{(recorded.month + 2) // 3}", "regime_code": "R24",
            "relationship_group": "former partner", "is_flagged_domestic": True, "unit_name": "Unit A",
            "removal_type": "", "is_outcome_unread": False,
            "outcome_code": code, "outcome_group": GROUPS[code] if code else None,
            "has_earlier_outcome": False, "end_day": day, "followed_days": followed,
            "has_early_advice": False} | changed  # fmt: skip
