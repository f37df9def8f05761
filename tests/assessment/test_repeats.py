"""Repeats by part: each person in one part, that of the latest event, and the figures of the delivered files."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from conftest import InventedForce
from test_medians import delivered
from worked import made

CLASSES = ("8L", "8M", "8Q", "8R", "8U")  # the principal class of a crime, or one included in a graver one
FLAGS = {"North": "flagged", "South": "not flagged"}
CLOSE = dt.timedelta(days=7)  # reports of one victim so close together are one event


def repeats(*given: tuple[str, str, str, str], months: Sequence[str] = ("2025-12-01",)) -> dict[tuple[str, ...], Any]:
    """(month, breakdown, part) -> repeat victims, victims; given victim, first crime of an event, time and district."""
    rows = made(
        "metrics.measure_cells",
        core_victim_reports=[
            {"victim_ref": who, "crime_ref": ref, "reported_at": at, "begins_event": True} for who, ref, at, _ in given
        ],
        core_crime_breakdowns=[
            {"crime_ref": ref, "district": district, "domestic_abuse": FLAGS[district]}
            for ref, district in {ref: district for _, ref, _, district in given}.items()
        ],
        metrics_counted_month_ends=[{"month": month} for month in months],
    )  # fmt: skip
    return {
        (row["month"].isoformat()[:7], row["breakdown"], row["breakdown_value"]): (row["numerator"], row["denominator"])
        for row in rows if row["measure_code"] == "repeat_victim_12m"
    }  # fmt: skip


def test_a_person_counts_in_the_part_of_the_latest_event() -> None:
    """Given one in two districts, one of a single event, one of two that began at one moment, and one of a year ago."""
    found = repeats(
        ("v", "c1", "2025-03-01 10:00+00", "North"), ("v", "c2", "2025-06-01 10:00+00", "South"),
        ("w", "c3", "2025-07-01 10:00+00", "North"),
        ("x", "c4", "2025-08-01 10:00+00", "North"), ("x", "c5", "2025-08-01 10:00+00", "South"),
        ("y", "c6", "2024-12-31 10:00+00", "North"), ("y", "c7", "2025-01-01 10:00+00", "South"),
        months=("2025-05-01", "2025-12-01"),
    )  # fmt: skip
    by_district = {key[0::2]: counts for key, counts in found.items() if key[1] == "district"}
    assert by_district == {
        ("2025-05", "North"): (0, 1), ("2025-05", "South"): (1, 1),  # v has one event by then, y two
        ("2025-12", "North"): (0, 1), ("2025-12", "South"): (2, 3),  # of y the event of 2024 is too old
    }  # fmt: skip
    assert (found["2025-05", "none", "all"], found["2025-12", "none", "all"]) == ((1, 2), (2, 4))
    assert found["2025-12", "domestic_abuse", "not flagged"] == (2, 3)


def test_reports_of_one_victim_close_together_are_one_event_and_no_repeat() -> None:
    """With no suspect at all: the second report is exactly seven days after the first, the third a second more."""
    at = ("2025-03-01 10:00+00", "2025-03-08 10:00+00", "2025-03-15 10:00:01+00")
    crimes = [{"crime_ref": f"c{n}", "class_code": "8L", "reported_at": time, "recorded_at": time}
              for n, time in enumerate(at)]  # fmt: skip
    now = "2025-12-31 10:00+00"
    reports = made(
        "core.victim_reports", core_crimes=crimes,
        core_parties=[{"crime_ref": c["crime_ref"], "party_role": "victim", "person_key": "v"} for c in crimes],
        core_as_of_moments=[{"as_of_at": now, "known_by_at": now, "is_current": True}],
        core_stalking_harassment_spans=made("core.stalking_harassment_spans", core_crimes=crimes),
    )  # fmt: skip
    assert {r["crime_ref"]: r["begins_event"] for r in reports} == {"c0": True, "c1": False, "c2": True}


# the invented force


def moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def events_of_victims(force: InventedForce) -> dict[str, list[tuple[dt.datetime, str]]]:
    """Victim -> time and first crime of each event, by the delivered files; who is whom is what linkage found."""
    with force.connect() as con:
        known = {ref for (ref,) in con.execute("select crime_ref from core.crimes").fetchall()}
        person = dict(con.execute("select person_key, person_ref from core.people").fetchall())
    included = {row["crime_id"] for row in delivered(force, "included_classification") if row["class_code"] in CLASSES}
    removed = {row["crime_id"] for row in delivered(force, "removal")}
    reported = {
        row["crime_id"]: moment(row["reported_ts"]) for row in delivered(force, "crime")
        if (row["class_code"] in CLASSES or row["crime_id"] in included)
        and row["crime_id"] in known - removed and row["reported_ts"]
    }  # fmt: skip
    reports: dict[str, set[tuple[dt.datetime, str]]] = defaultdict(set)
    for row in delivered(force, "party_role"):
        if row["role"] == "victim" and row["person_key"] and row["crime_id"] in reported:
            who = person.get(row["person_key"], row["person_key"])
            reports[who].add((reported[row["crime_id"]], row["crime_id"]))
    found: dict[str, list[tuple[dt.datetime, str]]] = defaultdict(list)
    for victim, theirs in reports.items():
        before = None
        for at, ref in sorted(theirs):
            if before is None or at - before > CLOSE:
                found[victim].append((at, ref))
            before = at
    return found
