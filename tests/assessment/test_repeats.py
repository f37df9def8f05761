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
CLOSE = dt.timedelta(days=7)  # reports of one pair so close together are one event


def repeats(*given: tuple[str, str, str, str], months: Sequence[str] = ("2025-12-01",)) -> dict[tuple[str, ...], Any]:
    """(month, breakdown, part) -> repeat victims, victims; given victim, event, time and district."""
    rows = made(
        "metrics.measure_cells",
        core_suspect_events=[
            {"victim_ref": who, "suspect_ref": f"S{who}", "event_ref": ref, "event_at": at, "is_current": True}
            for who, ref, at, _ in given
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


def test_one_event_with_two_suspects_is_no_repeat() -> None:
    found = repeats(("v", "c1", "2025-03-01 10:00+00", "North"), ("v", "c1", "2025-03-01 10:00+00", "North"))
    assert found["2025-12", "district", "North"] == (0, 1)


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
    suspects: dict[tuple[str, str], list[bool]] = defaultdict(list)
    victims: dict[str, set[str]] = defaultdict(set)
    for row in delivered(force, "party_role"):
        ref, who = row["crime_id"], person.get(row["person_key"], row["person_key"])
        if row["role"] == "victim" and who:
            victims[ref].add(who)
        if row["role"] in ("suspect", "offender") and who and row["named"] == "true":
            suspects[ref, who].append(not row["eliminated_ts"])
    pairs: dict[tuple[str, str], set[tuple[dt.datetime, str]]] = defaultdict(set)
    for (ref, suspect), stands in suspects.items():
        for victim in victims[ref] if ref in reported and any(stands) else ():
            pairs[suspect, victim].add((reported[ref], ref))
    found: dict[str, list[tuple[dt.datetime, str]]] = defaultdict(list)
    for (_, victim), reports in pairs.items():
        before = None
        for at, ref in sorted(reports):
            if before is None or at - before > CLOSE:
                found[victim].append((at, ref))
            before = at
    return found
