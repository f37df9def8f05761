"""The page of all measures: their definitions from the lists, and worked examples counted from a tiny invented extract.

`python tests/tools/measures_page.py` writes docs/measures.md. A test compares the page with what this makes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

import polars as pl

from assets.raw import extract_tables
from dashboards.text.protection.protection_text import definition, shared_words
from pipelines.builds.in_memory import PEOPLE, InMemory

ROOT = Path(__file__).resolve().parents[2]
PAGE, LISTS = ROOT / "docs" / "measures.md", ROOT / "assets" / "reference"
FORCE, FIRST, MONTHS = "E23000099", 2025, 13
TABLES = ("crime", "party_role", "risk_assessment", "referral", "outcome")
HEAD = """# All measures

Each measure has its name, its definition, its authority and the fields that it rests on. From the definition and
[Data you can deliver](data-you-can-deliver.md) it can be recounted from the delivered files. Fields are named
`table.field`, as in [Fields of the extract](extract-fields.md). Settings have the values as shipped. A list named
`reference.NAME` is the CSV file of that name below `assets/reference/`.

A standard's share is met over met and breached; what cannot be assessed is in neither. Its definition begins with
what it examines, one test each: crimes, outcome rows, removals, assessments. Removed crimes have a removal row of
code C1 to C5; crimes on record have none.
The whole force is the crimes with its code; those of other forces are in no count of it.
Which months an extract covers is said in [Data you can deliver](data-you-can-deliver.md#which-months-count).
Events of months that it does not cover have figures too, and count to date.

A period is judged, compared and named only when the extract covers it and each of its cases had the time of the
measure. Until then its figure is "so far". The days after a period are those of the time limit, at most.
Some standards count by the month of recording what begins later, such as a charge. They are FIL-02, INV-07, NOT-02,
ORD-04, ORD-09, OUT-22, RSK-04 and VIC-03; TIM-07 and VIC-05 look at crimes that are open at the as-of moment. Their
days too are those after the period, so a case that began late may still have time. Duties count by the month in which
they arise, and have no such case.

This page is made from the lists and the rules: `python tests/tools/measures_page.py` writes it.

"""


class Example(NamedTuple):
    """A measure to count in the tiny extract, what it is an example of, and how its counts come about."""

    kind: str
    code: str
    words: str


EXAMPLES = (
    Example("Count", "recorded", "One crime was recorded in each month, and two in February 2025 and in January 2026."),
    Example("Duty with a time limit", "risk_assessed",
            "In January 2025 the assessment took an hour. In March it took 31 hours, and in the other months there was "
            "none. The limit of the last crime, of 31 January 2026, still runs, so it is in neither count."),
    Example("Duty without a time limit", "victim_enhanced",
            "In January the mark is true, and in February once true and once false. From March on it is empty: not "
            "known, so in neither count."),
    Example("Follow-up", "referral_accepted",
            "The referral of January was accepted after three days, that of February after 28 days. In March the "
            "victim declined, so nothing counts."),
    Example("Median", "days_to_charge",
            "The charge of January 2026 counts as an event of that month. With fewer than 30 events no median is "
            "given."),
    Example("Count at the end of a month", "open_caseload",
            "Twelve months are covered for the first time in December 2025: 13 crimes, of which two are closed. In "
            "January 2026 two more were recorded and one was closed."),
    Example("Share at the end of a month", "repeat_suspect_12m",
            "The suspect of January and February 2025 has two events in the year to December. A year after January "
            "one is left."),
    Example("Standard", "VIC-01",
            "The same facts as the duty above, counted by the rule: an empty mark is not evaluable."),
)  # fmt: skip


def extract() -> dict[str, list[dict[str, str | None]]]:
    """The rows of the tiny invented extract, by table."""
    days = [f"{FIRST + place // 12}-{place % 12 + 1:02}-01" for place in range(MONTHS)] + ["2026-01-31"]
    marks = {"c01": "true", "c02": "true", "c02b": "false"}
    names = [(f"c{place + 1:02}", day) for place, day in enumerate(days)]
    names.insert(2, ("c02b", days[1]))
    crimes: list[dict[str, str | None]] = [
        {"crime_id": name, "crime_ref": f"INV-{name}", "force_code": FORCE, "class_code": "8Q", "status": "open",
         "reported_ts": f"{day}T09:00:00Z", "recorded_ts": f"{day}T12:00:00Z", "vcop_enhanced": marks.get(name)}
        for name, day in names
    ]  # fmt: skip
    parties: list[dict[str, str | None]] = [
        {"crime_id": name, "person_key": person, "role": role, "named": "true", "first_added_ts": f"{day}T12:00:00Z"}
        for name, day in names[:4]
        for person, role in ((f"v-{name}", "victim"), ("s-1" if name in ("c01", "c02") else f"s-{name}", "suspect"))
    ]
    assessed = {"c01": f"{days[0]}T10:00:00Z", "c03": "2025-03-02T16:00:00Z"}
    assessments: list[dict[str, str | None]] = [
        {"ra_id": f"ra-{name}", "crime_id": name, "tool": "S-DASH", "completed_ts": at, "grade": "standard",
         "stage": "initial"}
        for name, at in assessed.items()
    ]  # fmt: skip
    referrals: list[dict[str, str | None]] = [
        {"referral_id": "r1", "crime_id": "c01", "offered_ts": f"{days[0]}T15:00:00Z", "consent": "true",
         "accepted_ts": "2025-01-04T15:00:00Z"},
        {"referral_id": "r2", "crime_id": "c02", "offered_ts": f"{days[1]}T15:00:00Z", "consent": "true",
         "accepted_ts": "2025-03-01T15:00:00Z"},
        {"referral_id": "r3", "crime_id": "c03", "offered_ts": f"{days[2]}T15:00:00Z", "consent": "false",
         "accepted_ts": None},
    ]  # fmt: skip
    ended = (("c01", "16", "2025-06-02"), ("c02", "18", "2025-09-01"), ("c05", "1", "2026-01-20"))
    outcomes: list[dict[str, str | None]] = [
        {"outcome_id": f"o-{name}", "crime_id": name, "seq": "1", "code": code, "outcome_ts": f"{day}T12:00:00Z",
         "is_current": "true"}
        for name, code, day in ended
    ]  # fmt: skip
    outcomes.append({"outcome_id": "o-c13", "crime_id": "c13", "seq": "1", "code": "0",
                     "outcome_ts": "2026-01-31T23:59:59Z", "is_current": "true"})  # fmt: skip
    # a closed crime says so
    closed = {name for name, _, _ in ended}
    crimes = [row | {"status": "closed"} if row["crime_id"] in closed else row for row in crimes]
    return dict(zip(TABLES, (crimes, parties, assessments, referrals, outcomes), strict=True))


def counted(memory: InMemory) -> dict[str, list[tuple[str, int, int | None, int]]]:
    """Measure -> month, numerator, denominator and not known of each month of the tiny extract."""
    rows = {table: pl.DataFrame(given, infer_schema_length=None) for table, given in extract().items()}
    empty = {field: pl.lit(None, dtype=pl.String) for field in extract_tables()["outcome"]}
    rows["outcome"] = rows["outcome"].with_columns(
        **{field: value for field, value in empty.items() if field not in rows["outcome"].columns}
    )
    keys = rows["party_role"]["person_key"].unique(maintain_order=True)
    rows[PEOPLE] = pl.DataFrame({"person_key": keys, "true_person": keys})
    series = memory.series(rows).filter(breakdown="none").sort("measure_code", "month")
    found: dict[str, list[tuple[str, int, int | None, int]]] = {}
    for row in series.iter_rows(named=True):
        counts = (f"{row['month']:%B %Y}", row["numerator"], row["denominator"], row["not_known_count"])
        found.setdefault(row["measure_code"], []).append(counts)
    return found


def table(columns: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A table of Markdown; an empty cell for None."""
    names = list(columns)
    lines = [names, ["---"] * len(names), *([("" if v is None else str(v)) for v in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def needs() -> dict[str, str]:
    """Measure -> the fields that it rests on: of measures and duties by their lists, of standards by their rules."""
    from expectations import RULES

    found: dict[str, str] = {}
    for rule in RULES:
        known = found.get(rule.code, "").split()
        found[rule.code] = " ".join(dict.fromkeys([*known, *rule.needs]))
    for name in ("assessment/own_measures", "protection/protection_measures"):
        with (LISTS / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
            found |= {row["measure_code"]: row["needs"] for row in csv.DictReader(stream)}
    return found


def judged(row: Mapping[str, object]) -> str:
    """When a period of the measure can be judged."""
    days = row["follow_days"]
    if row["is_open_ended"]:
        return "Judged: never, because cases can still be met."
    return f"Judged: {days} {'day' if days == 1 else 'days'} after a period." if days else "Judged: at its end."


def listing(measures: Iterable[Mapping[str, object]]) -> str:
    """The measures, one paragraph each, in the order of their subjects."""
    fields, parts, last = needs(), list[str](), None
    measures = list(measures)
    shared = shared_words([str(row["definition"]) for row in measures if row["subject"] == "protection"
                           and row["numerator_words"] == "Duties met"])  # fmt: skip
    for row in measures:
        if row["subject"] != last:
            last = row["subject"]
            parts.append(f"## {str(last).capitalize()}")
            if last == "protection":
                parts.append(f"Each definition of a duty or follow-up goes on like this: {shared}")
        rests = ", ".join(f"`{field}`" for field in fields.get(str(row["measure_code"]), "").split()) or "crimes alone"
        parts.append(
            f"**{row['measure_name']}** (`{row['measure_code']}`, {str(row['kind']).replace('_', ' ')}). "
            f"{definition(row, shared)} {judged(row)} Rests on: {rests}. Authority: {row['authority']}."
        )
    return "\n\n".join(parts)


def examples(found: Mapping[str, list[tuple[str, int, int | None, int]]], names: Mapping[str, object]) -> str:
    """The rows of the tiny extract, and what comes out of them."""
    parts = ["## Worked examples", "All examples are counted from these rows of an invented extract, and no others."]
    for name, rows in extract().items():
        parts.append(f"`{name}`:\n\n{table(rows[0], (row.values() for row in rows))}")
    for example in EXAMPLES:
        months = [(m, n, d, u) for m, n, d, u in found[example.code]]
        parts.append(
            f"### {example.kind}: {names[example.code]}\n\n{example.words}\n\n"
            + table(("Month", "Counted", "Of", "Not known"), months)
        )
    return "\n\n".join(parts)


def page() -> str:
    """The whole page. Takes some seconds: the measures are made in memory by the SELECTs of the product."""
    memory = InMemory()
    rows = memory.con.sql("select * from reference.measures order by subject, measure_name, measure_code").pl()
    measures = rows.to_dicts()
    names = {row["measure_code"]: row["measure_name"] for row in measures}
    return f"{HEAD}{examples(counted(memory), names)}\n\n{listing(measures)}\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
