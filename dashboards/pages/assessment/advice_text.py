"""The advice line by line in sentences. Pure: published rows in, plain words out.

metrics.advice_answers decides the one state of each statement. `rule` suppresses small counts
(dashboards/text/small_numbers.py). Shares with a small denominator are not given.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.numbers import interval
from dashboards.text.small_numbers import TOO_FEW, SmallNumbers

Row = Mapping[str, Any]

PARTS = {  # part of the advice -> heading of the page
    "introduction": "What the advice is for",
    "role": "What the role requires",
    "supervisor": "For supervisors",
    "manager": "For managers",
    "senior leader": "For senior leaders",
}
STATES = {
    "figure": "Answered by a figure",
    "text": "Answered by a text",
    "too little known": "Too little known",
    "not entered": "Not entered",
    "not delivered": "Not delivered",
    "not held": "Not held",
    "out of scope": "Out of scope",
}
MEANINGS = {
    "Answered by a figure": "The record shows something about it in its latest twelve months. That does not say "
    "whether the force met it.",
    "Answered by a text": "The force has entered a text about it in a register. A placeholder is no text.",
    "Too little known": "Nothing arose in these months, too few cases have a share, or most are not known.",
    "Not entered": "It needs an entry of a register or a signed-off audit, and there is none.",
    "Not delivered": "It needs a table or field that the extract does not have.",
    "Not held": "This product does not hold the records that it needs.",
    "Out of scope": "It should have no figure, and the reason is given.",
}
READING = (
    "Statements are shortened here: the College's text is authoritative. Each statement is counted once, under the "
    "state that it shows. One measure may answer several statements."
)
PERIODS = (
    "The period of each figure is beside it: the latest twelve months in which each case had its time. Where no limit "
    "says when, the figure is so far: it can still change. Registers, staff and orders are counted on one day."
)
NOT_SHOWN = "No figure shows"
COLUMNS = (
    "statement_code", "statement", {"state": "State"}, "measure_name", {"words": "Figure"}, {"period": "Period"}, "gap",
)  # fmt: skip
SHOWN = ("statement_code", "statement", "state", "measure_name", "words", "period", "gap")


def counts(rows: pl.DataFrame) -> dict[str, int]:
    """State -> number of statements, sub-items included; each statement has one state."""
    held = rows.unique("statement_code")["answer"].to_list()
    return {state: held.count(state) for state in STATES}


def answer(rows: pl.DataFrame) -> str:
    """For a chief officer: the number of statements that something answers, and why the others have nothing."""
    found, total = counts(rows), rows["statement_code"].n_unique()
    rest = numbers.listed(
        f"{numbers.number(found[state])} {STATES[state].lower()}"
        for state in STATES
        if state not in ("figure", "text") and found[state]
    )
    return (
        f"Of {numbers.number(total)} statements and sub-items of the advice, {numbers.number(found['figure'])} are "
        f"answered by a figure and {numbers.number(found['text'])} by a text of the force."
        + (f" The others: {rest}." if rest else "")
    )


def facts(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """The states that some statement has, each with its total: they add up to all statements."""
    found, total = counts(rows), rows["statement_code"].n_unique()
    return [
        (words, numbers.number(found[state]), f"of {numbers.number(total)} statements and sub-items")
        for state, words in STATES.items()
        if found[state]
    ]


def period_words(row: Row) -> str:
    """Apr 2025 to Mar 2026; so far where it can still rise; the day of a state; "" without a value or a period."""
    start, end = row["period_start"], row["period_end"]
    if end is None or row["status"] == "not measured":
        return ""
    if start is None:
        return f"on {numbers.day(end)}"
    if start.day > 1 or (end + dt.timedelta(1)).day > 1:
        return f"{numbers.day(start)} to {numbers.day(end)}"
    first, last = numbers.month(start), numbers.month(end)
    return (first if first == last else f"{first} to {last}") + (", so far" if row["is_so_far"] else "")


def figure_words(row: Row, rule: SmallNumbers) -> str:
    """97.1%, 3,880 of 3,996, 95% interval 96.5 to 97.6%; or why there is none."""
    if row["status"] != "measured":
        return reason_words(row)
    if row["value_type"] == "count":
        return rule.suppress_count(row["numerator"])
    if row["value_type"] in ("entries", "texts"):  # all are counted, and none is a person
        return f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}"
    if row["value_type"] == "mean":
        return f"{numbers.decimal(row['value'], 1)} for each of {rule.suppress_count(row['denominator'])}"
    if row["value_type"] == "estimate" and row["lower"] is None:  # a median of all: nothing is sampled
        return numbers.decimal(row["value"], 1)
    if row["value_type"] == "estimate":
        limits = f"{numbers.number(round(row['lower']))} to {numbers.number(round(row['upper']))}"
        return f"{numbers.number(round(row['value']))}, 95% interval {limits}"
    return _share_words(row, rule)


def reason_words(row: Row) -> str:
    """Why a figure has no value."""
    reason = str(row["reason"] or row["status"])
    return f"not measured: {reason}" if row["status"] == "not measured" else reason


def _share_words(row: Row, rule: SmallNumbers) -> str:
    total = row["denominator"]
    # a share that is not a quotient of counts, as with open crimes, represents about this number
    count = row["numerator"] if row["numerator"] is not None else round(row["value"] * total)
    if total < rule.smallest_shown:
        return f"of {rule.suppress_count(total)}; {TOO_FEW}"
    if rule.reveals_small(count, total):
        return f"{rule.suppress_part(count, total)} of {rule.suppress_count(total)}; share suppressed"
    if not rule.is_enough(total):
        return f"{rule.suppress_part(count, total)} of {rule.suppress_count(total)}; {TOO_FEW}"
    counted = f"{numbers.number(count)} of " if row["numerator"] is not None else "of "
    limits = "" if row["lower"] is None else f", {interval(row['lower'], row['upper'])}"  # none where all are counted
    return f"{numbers.share(row['value'])}, {counted}{numbers.number(total)}{limits}"


def is_said_above(row: Row, answers: Mapping[str, str]) -> bool:
    """Whether a sub-item lacks what its statement lacks, by statement's code -> state: the reason is given there."""
    return row["answer"] not in ("figure", "text") and answers.get(row["parent_code"] or "") == row["answer"]


def gap_words(row: Row) -> str:
    """Why nothing answers it, or what its figures do not show; "" where they show everything."""
    if not row["gap"]:
        return ""
    return f"{row['gap']}." if row["gap_kind"] else f"{NOT_SHOWN}: {row['gap'][0].lower()}{row['gap'][1:]}."


def listed(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows for table and downloads: no number that the page does not show."""
    return pl.DataFrame(
        [
            {
                "statement_code": row["statement_code"],
                "statement": row["statement"],
                "state": STATES[row["answer"]],
                "measure_name": row["measure_name"] or numbers.NO_VALUE,
                "words": figure_words(row, rule) if row["measure_code"] else numbers.NO_VALUE,
                "period": (period_words(row) if row["measure_code"] else "") or numbers.NO_VALUE,
                "gap": gap_words(row) or numbers.NO_VALUE,
            }
            for row in rows.iter_rows(named=True)
        ],
        schema=dict.fromkeys(SHOWN, pl.String),
    )
