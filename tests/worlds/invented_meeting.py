"""Invented lists of the management meeting in the shape of the published ones. Plain functions, no fixtures."""

import datetime as dt

import polars as pl

AS_OF = dt.datetime(2025, 10, 31, 8, tzinfo=dt.UTC)
LISTS = {  # code -> name, what puts a record there, records on the daily list; None: not measured
    "new_high_risk": ("New high risk", "Graded high in the last {window}", 2),
    "order_breaches": ("Orders breached", "A protective order breached in the last {window}", None),
    "bail_breaches": ("Bail breached", "Bail breached in the last {window}", 0),
    "repeat_dyads": ("Repeat dyads", "Suspect and victim reported again in the last {window}", 1),
    "overdue_reassessments": ("Overdue reassessments", "Reassessment overdue after an event that changes risk", 1),
    "orders_ending": ("Orders about to lapse", "A protective order that ends within {window}", 2),
    "bail_ending": ("Bail with conditions about to end", "Bail that ends within {window}", 0),
}
WINDOWS = {"daily": "24 hours", "weekly": "7 days"}
UNITS = ("Invented Unit A", None)


def states() -> pl.DataFrame:
    """Each list, daily and weekly; one is not measured, one says what may be missing from it."""
    rows = [
        {
            "list_code": code, "period": period, "place": place, "list_name": name,
            "rule_words": words.replace("{window}", window), "authority": "invented", "as_of_at": AS_OF,
            "is_measured": count is not None, "reason": None if count is not None else "table invented not supplied",
            "record_count": count, "undated_count": 3 if code == "new_high_risk" else None,
            "older_count": 4 if code == "overdue_reassessments" else None,
            "not_seen": "Reassessed after arrest (table custody not supplied)"
            if code == "overdue_reassessments" else None,
        }
        for period, window in WINDOWS.items()
        for place, (code, (name, words, count)) in enumerate(LISTS.items(), start=1)
    ]  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def lists() -> pl.DataFrame:
    """Their records: the second of a list is of no known unit; the weekly lists hold one more each."""
    rows = []
    for period in WINDOWS:
        for code, (_, _, count) in LISTS.items():
            for place in range(1, (count or 0) + (period == "weekly" and bool(count)) + 1):
                is_ending, ref = code.endswith("ending"), f"INV-{code[:3].upper()}{place}"
                rows.append({
                    "list_code": code, "period": period, "place": place, "record_type": "crime", "record_ref": ref,
                    "crime_ref": None if place == 2 else f"INV-C{place}", "unit_name": UNITS[place % 2 == 0],
                    "class_code": "8Q", "risk_grade": "high", "is_case_open": place == 1,
                    "arises_at": None if is_ending else AS_OF - dt.timedelta(hours=20 - place),
                    "hours_overdue": 53.5 if code == "overdue_reassessments" else None,
                    "ends_date": AS_OF.date() + dt.timedelta(days=place) if is_ending else None,
                    "days_to_end": place if is_ending else None, "reason": "invented reason",
                })  # fmt: skip
    return pl.DataFrame(rows, infer_schema_length=None)


def integrity_tables() -> dict[str, pl.DataFrame]:
    """What the page reads."""
    return {"metrics.meeting_lists": lists(), "metrics.meeting_list_states": states()}
