"""Reports of invented suspects, so many days before the as-of moment."""

from datetime import UTC, datetime, timedelta
from typing import Any

from worked import Row

AS_OF = datetime(2026, 4, 1, tzinfo=UTC)


def ago(days: float) -> datetime:
    return AS_OF - timedelta(days=days)


def report(crime: str, days: float, **changed: Any) -> Row:
    """A report that counts, so many days before the as-of moment."""
    row = {
        "as_of_at": AS_OF, "is_current": True, "suspect_ref": "S", "victim_ref": "V", "crime_ref": crime,
        "reported_at": ago(days), "is_victim_vulnerable": False, "severity_weight": 10.0,
        "is_severity_assumed": False, "behaviour_points": 1.0, "persistence_points": 2.0,
    } | changed  # fmt: skip
    return {"dyad_ref": f"{row['suspect_ref']}|{row['victim_ref'] or row['crime_ref']}"} | row
