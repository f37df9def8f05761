"""Open caseload and new demand per investigator in sentences. Pure: published rows in, plain words out.

Nobody can be told: units with fewer than five investigators are joined, and counts of one to four are in words.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards import wording
from dashboards.repeats.saying import local_day, people

Row = Mapping[str, Any]

BREAKDOWNS = {"unit": "Unit of the investigator", "level": "Level of the investigator (PIP)",
              "risk": "Risk of the crime"}  # fmt: skip
GRADES = ("high", "medium", "standard", "not assessed")
WHAT_IT_IS = (
    "An open caseload counts open crimes of stalking and harassment per investigator who holds at least one. It is no "
    "measure of anybody's work: other crimes, and how hard these are, are not in it."
)

GAP = "A gap is a month end that cannot be counted: one of the twelve months up to it is not held whole."


def each(value: float | None) -> str:
    """3.4, or no figure."""
    return wording.decimal(value, 1)


def middle(value: float | None) -> str:
    """3 or 3.5: a median lies on a crime or between two."""
    return wording.NO_VALUE if value is None else f"{value:g}"


def caseload_finding(rows: pl.DataFrame) -> str:
    """The latest moment over the force: open crimes, investigators, and how caseloads spread."""
    row = latest(rows)
    words = f"{people(row['open_count'])} open crimes of stalking and harassment on {wording.day(day_of(row))}"
    if row["investigator_count"] is None:
        return f"{words}, held by fewer than 5 investigators: their caseloads are not shown"
    if not row["investigator_count"]:
        return f"{words}, none held by an investigator of the list"
    words += f": {each(row['crimes_per_investigator'])} for each of {people(row['investigator_count'])} investigators"
    if row["percentile_90_count"] is None:
        return f"{words} who hold any"
    return (
        f"{words} who hold any; median {row['median_count']:g}, 90th percentile {row['percentile_90_count']}, highest "
        f"{row['highest_count']}"
    )


def latest(rows: pl.DataFrame) -> dict[str, Any]:
    """The row of the as-of moment, else of the last month end."""
    return rows.sort("measured_at", "is_as_of").row(-1, named=True)


def day_of(row: Row) -> dt.date:
    """The day that ends at the moment: a month end is midnight, after its last day."""
    return local_day(row["measured_at"] - dt.timedelta(seconds=1))


def apart(row: Row) -> list[str]:
    """What stands beside the caseloads: not allocated, not in the list, absent, not known."""
    told = []
    for column, words in (
        ("unallocated_count", "not allocated to anybody"),
        ("unknown_holder_count", "allocated to an investigator who is not in the list"),
        ("away_open_count", "held by an investigator who was absent on that day"),
    ):
        count = row[column]
        if count is None:
            told.append("Absences were not delivered: how many are held by somebody absent is not measured.")
        elif count:
            told.append(f"Of the open crimes {people(count)} {'is' if count == 1 else 'are'} {words}.")
    if row["unclear_count"]:
        told.append(f"Of {people(row['unclear_count'])} more it cannot be told whether they are open: not counted.")
    return told


def part_finding(rows: pl.DataFrame, breakdown: str) -> str:
    """By what they are shown, and over how many; never who is first."""
    held = rows.filter(pl.col("crimes_per_investigator").is_not_null())
    if held.is_empty():
        return f"{BREAKDOWNS[breakdown]}: no part has five investigators or more"
    loads = held["crimes_per_investigator"].to_list()
    low, high = min(loads), max(loads)
    return f"{BREAKDOWNS[breakdown]}: {each(low)} to {each(high)} open crimes per investigator"


def demand_finding(rows: pl.DataFrame) -> str:
    """The last month: crimes, investigators, and consultations where they are measured."""
    row = rows.sort("month").row(-1, named=True)
    words = f"{people(row['new_crime_count'])} crimes recorded in {wording.month(row['month'])}"
    if row["new_crimes_per_investigator"] is None:
        return f"{words}; allocated to too few investigators for a figure of each"
    return (
        f"{words}: {each(row['new_crimes_per_investigator'])} for each of {people(row['investigator_count'])} "
        "investigators to whom one was allocated in the month"
    )


def consulted_words(rows: pl.DataFrame) -> str:
    """How often the single point of contact was consulted in the last twelve months held."""
    last = rows.sort("month").tail(12)
    if last["consulted_count"].null_count():
        return (
            "Consultations of the single point of contact: not measured. No allocation of the extract records any "
            "(field spoc_consult_ts)."
        )
    total = int(last["consulted_count"].sum())
    months = wording.plural(last.height, "month")
    return (
        f"Crimes on which the single point of contact for stalking was consulted: {people(total)} in {months}, "
        f"{wording.month(last['month'][0])} to {wording.month(last['month'][-1])}."
    )


def in_order(rows: pl.DataFrame, breakdown: str) -> pl.DataFrame:
    """Parts by name, grades by gravity; what stands apart comes last."""
    place = {name: n for n, name in enumerate(GRADES)} if breakdown == "risk" else {}
    return rows.with_columns(
        is_apart=pl.col("crimes_per_investigator").is_null(),
        place=pl.col("stratum").replace_strict(place, default=len(GRADES), return_dtype=pl.Int64),
    ).sort("is_apart", "place", "stratum")
