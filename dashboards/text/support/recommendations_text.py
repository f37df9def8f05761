"""Recommendations of inspections that the force shows to the public, by number. Pure: published rows in, words out."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.support import held_to_account_text as words

INSPECTION = "inspection"  # the register
TITLE = "Recommendations to the force"
COLUMNS = {
    "number": "No.", "body": "Whose", "asks": "What it asks, in short", "did": "What the force says it did",
    "state": "State", "figure": "Figure that it should change",
}  # fmt: skip
NO_NUMBER, NO_BODY, NO_UPDATE, NO_FIGURE = "none", "not given", "nothing yet", "none"
Row = Mapping[str, Any]


def listed(rows: pl.DataFrame) -> list[dict[str, Any]]:
    """The recommendations among the public entries, by body and number: 7, 7.1, 7.2, 10. A copy that an earlier
    version published has none."""
    if "update_words" not in rows.columns:
        return []
    return sorted(rows.filter(pl.col("register") == INSPECTION).to_dicts(), key=_place)


def others(rows: pl.DataFrame) -> pl.DataFrame:
    """The public entries that are actions of the force."""
    return rows.filter(pl.col("register") != INSPECTION)


def did(row: Row) -> str:
    """What the force says it did, with the day of the update."""
    if not row["update_words"]:
        return NO_UPDATE
    day = "" if row["updated_on"] is None else f" ({numbers.day(row['updated_on'])})"
    return f"{row['update_words']}{day}"


def measure_of(row: Row, plan: Sequence[Row]) -> Row | None:
    """The measure of the plan that a recommendation is bound to; None without one."""
    return next((measure for measure in plan if measure["measure_code"] == row["measure_code"]), None)


def figure(measure: Row | None) -> str:
    """The released figure of a measure in its latest quarter, with its interval."""
    if measure is None:
        return NO_FIGURE
    last = measure["last_row"]
    if last is None:
        return f"{measure['plain_name']}: {words.NOT_MEASURED}"
    return f"{measure['plain_name']}, {numbers.quarter(last['period_start'])}: {words.write_figure(last)}"


def table(rows: Sequence[Row], plan: Sequence[Row]) -> pl.DataFrame:
    """The recommendations as a table of words."""
    return pl.DataFrame(
        [
            {
                "number": row["number"] or NO_NUMBER,
                "body": row["body"] or NO_BODY,
                "asks": row["title"],
                "did": did(row),
                "state": words.state(row),
                "figure": figure(measure_of(row, plan)),
            }
            for row in rows
        ],
        schema=dict.fromkeys(COLUMNS, pl.String),
    )


def finding(rows: Sequence[Row]) -> str:
    """How many recommendations are shown, and in how many the force has said what it did."""
    told = sum(bool(row["update_words"]) for row in rows)
    return f"{numbers.plural(len(rows), 'recommendation')} shown, {told or 'none'} with what the force says it did"


def _place(row: Row) -> tuple[str, list[tuple[int, str]], str]:
    parts = re.findall(r"\d+|[A-Za-z]+", str(row["number"] or ""))
    return str(row["body"] or ""), [(int(p), "") if p.isdecimal() else (0, p.lower()) for p in parts], row["entry_ref"]
