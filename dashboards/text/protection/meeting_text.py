"""The words of the lists, for the page and for print. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboards.data.protection.meeting_data import Sheet
from dashboards.text import numbers
from dashboards.text.numbers import Format

ENDING = ("orders_ending", "bail_ending")
RECORDS = {  # the name of one record of a list
    "new_high_risk": "Crime", "order_breaches": "Breach", "bail_breaches": "Custody record", "repeat_dyads": "Dyad",
    "overdue_reassessments": "Crime", "orders_ending": "Order", "bail_ending": "Record",
}  # fmt: skip
FORMATS: Mapping[str, Format] = {
    "crime_ref": lambda ref: ref or "none known",
    "unit_name": lambda name: name or "not known",
    "class_code": lambda code: code or "not known",
    "risk_grade": lambda grade: grade or "none known",
    "is_case_open": lambda is_open: "not known" if is_open is None else "open" if is_open else "closed",
    "hours_overdue": lambda hours: overdue(hours),
    "days_to_end": lambda days: "today" if days == 0 else numbers.plural(days, "day"),
}
NO_ADVICE = (
    "References only: open the record in its own system. A list says what to look at, not what to do. A record that is "
    "on no list may still be at risk."
)
FRESHNESS = "The lists are as old as the extract: they show nothing that happened after the as-of moment."


def overdue(hours: float | None) -> str:
    """30 hours; 3 days: whole days from two days up."""
    if hours is None:
        return numbers.NO_VALUE
    return numbers.plural(int(hours), "hour") if hours < 48 else numbers.plural(int(hours // 24), "day")


def answer(sheet: Sheet) -> str:
    """The number of records on the lists, and of lists not available."""
    lists = f"{numbers.plural(len(sheet.measured), f'{sheet.period} list')} of {sheet.whose}"
    if not sheet.measured:
        return f"Not measured: none of the {sheet.period} lists can be made from this extract."
    records = numbers.plural(sheet.rows.height, "entry", "entries")
    if sheet.rows.is_empty():
        words = f"No entries on the {lists} as of {sheet.as_of}"
    else:
        words = f"{records} on the {lists} as of {sheet.as_of}"
    if sheet.unmeasured:
        words += f"; {numbers.plural(len(sheet.unmeasured), 'list')} not measured"
    return f"{words}."


def heading(state: Mapping[str, Any], count: int) -> str:
    """New high risk: 3 records; or that it is not measured."""
    if not state["is_measured"]:
        return f"{state['list_name']}: not measured"
    return f"{state['list_name']}: {numbers.plural(count, 'record') if count else 'none'}"


def notes(state: Mapping[str, Any]) -> list[str]:
    """A list's criterion, what may be missing from it, or why it is not measured."""
    if not state["is_measured"]:
        return [f"Not measured: {state['reason']}. This does not mean that the list is empty."]
    found = [f"On the list: {state['rule_words'][:1].lower() + state['rule_words'][1:]} ({state['authority']})."]
    if state["undated_count"]:
        found.append(
            f"{numbers.plural(state['undated_count'], 'record')} of the whole force without a time may belong "
            "on this list."
        )
    if state["older_count"]:
        cases = numbers.plural(state["older_count"], "case")
        found.append(
            f"Fell due earlier and not reassessed: {cases} of the whole force, closed or of unknown status; see "
            "Records to correct, RSK-04."
        )
    if state["not_seen"]:
        found.append(f"Not in this extract: {state['not_seen']}.")
    return found


def columns(list_code: str) -> list[str | dict[str, str]]:
    """Columns of a list, with words of its own where a column means something else on it."""
    record, is_overdue = RECORDS[list_code], list_code == "overdue_reassessments"
    found: list[str | dict[str, str]] = ["place", {"record_ref": record}]
    if record != "Crime":
        found.append({"crime_ref": "Last crime"} if list_code == "repeat_dyads" else "crime_ref")
    found += ["unit_name", "class_code", "risk_grade", "is_case_open"]
    if list_code in ENDING:
        found += ["ends_date", "days_to_end"]
    else:
        found.append({"arises_at": "Due since"} if is_overdue else "arises_at")
    return [*found, *(["hours_overdue"] if is_overdue else []), "reason"]


def facts(sheet: Sheet) -> list[tuple[str, str, str]]:
    """Each list with its count, or that it is not measured."""
    return [
        (s["list_name"], numbers.number(sheet.of(s["list_code"]).height), "records")
        if s["is_measured"]
        else (s["list_name"], "not measured", str(s["reason"]))
        for s in sheet.states
    ]
