"""Open caseload and new demand per investigator in sentences.

Pure: published rows in, plain words out. Nobody can be identified: units with few investigators are joined, and small
counts are in words. `rule` is the small-number rule of crimes. `heads` is that of investigators, whose smallest count
is a setting of its own.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.numbers import local_day
from dashboards.text.small_numbers import SmallNumbers

Row = Mapping[str, Any]

BREAKDOWNS = {"unit": "Unit of the investigator", "level": "Level of the investigator (PIP)",
              "risk": "Risk of the crime"}  # fmt: skip
GRADES = ("high", "medium", "standard", "not assessed")
WHAT_IT_IS = (
    "An open caseload counts open crimes of stalking and harassment per investigator who holds at least one. It does "
    "not measure anyone's work: it leaves out other crimes, and how hard these are."
)

EARLY = (
    "Early month ends are too low. The first counts crimes recorded in about a year before it; the last counts those "
    "of all years in the extract. Part of any rise is due to that alone."
)
NO_RISK = "Risk of the crime: not measured. Risk assessments with grade and completion time were not delivered."
PRINCIPAL = (
    "New demand counts crimes whose principal class is stalking or harassment. Crimes that only include one are left "
    "out, though they are in the open caseload above."
)
GAP = "A gap is a month end that cannot be counted: one of the twelve months before it is incomplete."


def each(value: float | None) -> str:
    """3.4, or no figure."""
    return numbers.decimal(value, 1)


def middle(value: float | None) -> str:
    """3 or 3.5: a median is a count of crimes or between two."""
    return numbers.NO_VALUE if value is None else f"{value:g}"


def caseload_finding(rows: pl.DataFrame, rule: SmallNumbers, heads: SmallNumbers) -> str:
    """The latest moment over the force: open crimes, investigators, caseloads."""
    row = latest(rows)
    words = f"{open_words(row, rule)} open crimes of stalking and harassment on {numbers.day(day_of(row))}"
    if row["investigator_count"] is None:
        return f"{words}, held by {heads.few} investigators: their caseloads are suppressed"
    if not row["investigator_count"]:
        return f"{words}, none held by an investigator on the list"
    words += f": {each(row['crimes_per_investigator'])} for each of {heads.suppress_count(row['investigator_count'])} "
    words += "investigators"
    if row["percentile_90_count"] is None:
        return f"{words} who hold any"
    return (
        f"{words} who hold any; median {row['median_count']:g}, 90th percentile {row['percentile_90_count']}, highest "
        f"{row['highest_count']}"
    )


def caseload_lines(rows: pl.DataFrame, names: Mapping[str, str]) -> str:
    """The chart in words: the moments drawn, up to the one that the finding is of, and each line's last value."""
    row = latest(rows)
    ends = rows.filter(~pl.col("is_as_of"))["month"].sort()
    moments = numbers.plural(ends.len(), "month end") + (" and on the as-of day" if row["is_as_of"] else "")
    values = "; ".join(f"{name}, last {each(row[column])}" for column, name in names.items())
    return (
        f"Lines of open crimes per investigator at {moments}, {numbers.month(ends[0])} to "
        f"{numbers.day(day_of(row))}: {values}."
    )


def latest(rows: pl.DataFrame) -> dict[str, Any]:
    """The row of the as-of moment, or of the last month end."""
    return rows.sort("measured_at", "is_as_of").row(-1, named=True)


def day_of(row: Row) -> dt.date:
    """The day that ends at the moment: a month end is midnight, after its last day."""
    return local_day(row["measured_at"] - dt.timedelta(seconds=1))


def _not_held(row: Row) -> int:
    """Open crimes that no investigator of the list holds."""
    return int(row["unallocated_count"] + row["unknown_holder_count"])


def open_words(row: Row, rule: SmallNumbers) -> str:
    """The number of open crimes in words.

    It is inexact where few crimes have no holder on the list: caseloads reveal the number held.
    """
    held = row["open_count"] - _not_held(row)
    if rule.is_small(_not_held(row)) and held >= rule.smallest_shown:
        return f"{numbers.number(held)} and {rule.few} more"
    return rule.suppress_count(row["open_count"])


def not_held_words(row: Row, rule: SmallNumbers) -> tuple[str, str]:
    """Words for crimes not allocated, and for crimes held by someone not on the list.

    They are given together where a small number could be worked out.
    """
    counts = (row["unallocated_count"], row["unknown_holder_count"])
    if all(counts) and any(map(rule.is_small, (*counts, row["open_count"] - sum(counts)))):
        both = f"{rule.suppress_part(_not_held(row), row['open_count'])} together"
        return both, both
    first, second = (rule.suppress_part(count, row["open_count"]) for count in counts)
    return first, second


def away_words(row: Row, rule: SmallNumbers) -> str:
    """Crimes held by someone absent, of those held by anyone on the list."""
    if row["away_open_count"] is None:
        return "not measured" if row["investigator_count"] is not None else numbers.NO_VALUE
    return rule.suppress_part(row["away_open_count"], row["open_count"] - row["unallocated_count"])


def with_words(rows: pl.DataFrame, rule: SmallNumbers, heads: SmallNumbers) -> pl.DataFrame:
    """The force over time, for table and download, with small counts suppressed.

    Other counts that would reveal a small one are suppressed too.
    """
    dicts = list(rows.iter_rows(named=True))
    nobody, unlisted = zip(*(not_held_words(row, rule) for row in dicts), strict=True)
    words = {"open_count": [open_words(row, rule) for row in dicts], "unallocated_count": nobody,
             "unknown_holder_count": unlisted, "away_open_count": [away_words(row, rule) for row in dicts],
             "investigator_count": [investigators(row["investigator_count"], heads) for row in dicts]}  # fmt: skip
    plain = {name: [rule.suppress_count(count) for count in rows[name]] for name in words}
    told = {name: list(held) for name, held in words.items()
            if list(held) != plain[name] or rule.few in held or heads.few in held}  # fmt: skip
    return rows.with_columns(pl.Series(name, held, dtype=pl.String) for name, held in told.items())


def investigators(count: int | None, heads: SmallNumbers) -> str:
    """A count of investigators; the tables leave out small counts."""
    return heads.few if count is None else heads.suppress_count(count)


def apart(row: Row, rule: SmallNumbers) -> list[str]:
    """Crimes outside caseloads: not allocated, not on the list, absent, not known."""
    nobody, unlisted = not_held_words(row, rule)
    told = []
    if nobody.endswith("together"):
        told.append(
            "Open crimes not allocated, or allocated to an investigator who is not on the list: "
            f"{nobody.removesuffix(' together')}."
        )
    else:
        if row["unallocated_count"]:
            told.append(f"Open crimes not allocated: {nobody}.")
        if row["unknown_holder_count"]:
            told.append(f"Open crimes allocated to an investigator who is not on the list: {unlisted}.")
    if row["away_open_count"]:
        away = away_words(row, rule)
        told.append(f"Open crimes held by an investigator who was absent on that day: {away}.")
    elif row["away_open_count"] is None and row["investigator_count"] is not None:
        told.append("Open crimes held by an absent investigator are not measured: absences were not delivered.")
    if row["unclear_count"]:
        unclear = rule.suppress_count(row["unclear_count"])
        told.append(f"Crimes not counted because it is not known whether they are open: {unclear}.")
    return told


def joined_words(heads: SmallNumbers) -> str:
    """How parts too small to show alone are joined, and what they leave out."""
    return (
        f"In order of name, not ranked. Units and levels with {heads.few} investigators, and grades with {heads.few} "
        "crimes, are joined with the next smallest. Rows count crimes held by investigators on the list; other crimes "
        "are counted for the whole force only."
    )


def part_finding(rows: pl.DataFrame, breakdown: str, heads: SmallNumbers) -> str:
    """The breakdown shown and its total; never who is first."""
    held = rows.filter(pl.col("crimes_per_investigator").is_not_null())
    if held.is_empty():
        return f"{BREAKDOWNS[breakdown]}: no part has {heads.smallest_shown} investigators or more"
    loads = held["crimes_per_investigator"].to_list()
    low, high = min(loads), max(loads)
    return f"{BREAKDOWNS[breakdown]}: {each(low)} to {each(high)} open crimes per investigator"


def demand_finding(rows: pl.DataFrame, rule: SmallNumbers, heads: SmallNumbers) -> str:
    """The last month: crimes, investigators, and consultations where measured."""
    row = rows.sort("month").row(-1, named=True)
    words = f"{rule.suppress_count(row['new_crime_count'])} crimes recorded in {numbers.month(row['month'])}"
    if row["new_crimes_per_investigator"] is None:
        return f"{words}; allocated to too few investigators for a figure per investigator"
    return (
        f"{words}: {each(row['new_crimes_per_investigator'])} for each of "
        f"{heads.suppress_count(row['investigator_count'])} investigators who were allocated one in the month"
    )


def consulted_words(rows: pl.DataFrame, rule: SmallNumbers) -> str:
    """Crimes with a consultation of the single point of contact, in twelve months.

    Each crime counts once; the months end with the last one held.
    """
    last = rows.sort("month").row(-1, named=True)
    if last["consulted_count"] is None:
        return (
            "Consultations of the single point of contact: not measured. The extract records none "
            "(field spoc_consult_ts of allocation)."
        )
    words = "Crimes on which the single point of contact for stalking was consulted:"
    if last["consulted_year_count"] is None:
        return (
            f"{words} {rule.suppress_count(last['consulted_count'])} in {numbers.month(last['month'])}. The twelve-"
            "month count is not measured: some months are missing, or consultations were first recorded within them."
        )
    return (
        f"{words} {rule.suppress_count(last['consulted_year_count'])} in the twelve months to "
        f"{numbers.month(last['month'])}, each crime counted once."
    )


def in_order(rows: pl.DataFrame, breakdown: str) -> pl.DataFrame:
    """Parts by name, grades by severity; separate rows come last."""
    place = {name: n for n, name in enumerate(GRADES)} if breakdown == "risk" else {}
    return rows.with_columns(
        is_apart=pl.col("crimes_per_investigator").is_null(),
        place=pl.col("stratum").replace_strict(place, default=len(GRADES), return_dtype=pl.Int64),
    ).sort("is_apart", "place", "stratum")
