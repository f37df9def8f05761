"""The advice line by line in sentences. Pure: published rows in, plain words out.

A statement has a live figure, or a reason why it has none. `rule` suppresses small counts
(dashboards/text/small_numbers.py). Shares with a small denominator are not given.
"""

from __future__ import annotations

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
    "figure": "With a live figure",
    "not measured": "Not measured",
    "not held": "Not held yet",
    "out of scope": "Out of scope",
}
MEANINGS = {
    "With a live figure": "The extract shows something about it now. A figure shows what the record contains, not "
    "whether the force met the statement.",
    "Not measured": "A table or field is not supplied, or nothing arose that could be assessed. That is neither met "
    "nor missed.",
    "Not held yet": "This product does not hold the records that it needs.",
    "Out of scope": "It should have no figure, and the reason is given.",
}
KINDS = {
    "not supplied": "not measured",
    "no field": "not measured",
    "not held": "not held",
    "out of scope": "out of scope",
}
READING = (
    "Statements are shortened here: the College's text is authoritative. One measure may answer several statements. "
    "What a figure cannot show of a statement is written below it."
)
COLUMNS = ("statement_code", "statement", {"state": "State"}, "measure_name", {"words": "Figure"}, "gap")
SHOWN = ("statement_code", "statement", "state", "measure_name", "words", "gap")


def pooled(period: str) -> str:
    """The period of a figure whose words name none."""
    return f"A figure without a period covers everything in the extract that can be assessed: {period}."


def state_of(rows: pl.DataFrame) -> str:
    """A key of STATES for the rows of one statement."""
    if "measured" in rows["status"].to_list():
        return "figure"
    return KINDS.get(rows["gap_kind"][0] or "", "not measured")


def with_states(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows with their statement's state, in the order of the advice."""
    states = [
        {"statement_code": code, "state": state_of(held)}
        for (code,), held in rows.group_by("statement_code", maintain_order=True)
    ]
    schema = {"statement_code": pl.String, "state": pl.String}
    return rows.join(pl.DataFrame(states, schema=schema), on="statement_code", how="left").sort(
        "place", "measure_place", nulls_last=True
    )


def counts(rows: pl.DataFrame) -> dict[str, int]:
    """State -> number of statements, sub-items included."""
    held = rows.unique("statement_code")["state"].to_list()
    return {state: held.count(state) for state in STATES}


def answer(rows: pl.DataFrame) -> str:
    """For a chief officer: the number of statements with something to show."""
    found, total = counts(rows), rows["statement_code"].n_unique()
    return (
        f"Of {numbers.number(total)} statements and sub-items of the advice, {numbers.number(found['figure'])} have a "
        f"live figure and {numbers.number(found['not measured'])} are not measured from what is supplied. "
        f"{numbers.number(found['not held'])} need records not held yet, and {numbers.number(found['out of scope'])} "
        "are out of scope."
    )


def facts(rows: pl.DataFrame) -> list[tuple[str, str, str]]:
    """The four states, each with its total."""
    found, total = counts(rows), rows["statement_code"].n_unique()
    return [
        (words, numbers.number(found[state]), f"of {numbers.number(total)} statements and sub-items")
        for state, words in STATES.items()
    ]


def figure_words(row: Row, rule: SmallNumbers) -> str:
    """97.1%, 3,880 of 3,996, 95% interval 96.5 to 97.6%; or why there is none."""
    if row["status"] in ("nothing arose", "nothing to judge", "too little known"):
        return str(row["reason"] or row["status"])
    if row["status"] != "measured":
        return f"not measured: {row['reason']}"
    if row["value_type"] == "count":
        return rule.suppress_count(row["numerator"])
    if row["value_type"] == "entries":  # register entries: all are counted, and none is a person
        return f"{numbers.number(row['numerator'])} of {numbers.number(row['denominator'])}"
    if row["value_type"] == "mean":
        return f"{numbers.decimal(row['value'], 1)} for each of {rule.suppress_count(row['denominator'])}"
    if row["value_type"] == "estimate" and row["lower"] is None:  # a median of all: nothing is sampled
        return numbers.decimal(row["value"], 1)
    if row["value_type"] == "estimate":
        limits = f"{numbers.number(round(row['lower']))} to {numbers.number(round(row['upper']))}"
        return f"{numbers.number(round(row['value']))}, 95% interval {limits}"
    return _share_words(row, rule)


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
    limits = interval(row["lower"], row["upper"])
    return f"{numbers.share(row['value'])}, {counted}{numbers.number(total)}, {limits}"


def gap_words(row: Row) -> str:
    """What no figure shows; "" where figures show everything."""
    if not row["gap"]:
        return ""
    return f"{STATES[KINDS[row['gap_kind']]]}: {row['gap']}."


def listed(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows for table and downloads: no number that the page does not show."""
    return pl.DataFrame(
        [
            {
                "statement_code": row["statement_code"],
                "statement": row["statement"],
                "state": STATES[row["state"]],
                "measure_name": row["measure_name"] or numbers.NO_VALUE,
                "words": figure_words(row, rule) if row["measure_code"] else numbers.NO_VALUE,
                "gap": gap_words(row) or numbers.NO_VALUE,
            }
            for row in rows.iter_rows(named=True)
        ],
        schema=dict.fromkeys(SHOWN, pl.String),
    )
