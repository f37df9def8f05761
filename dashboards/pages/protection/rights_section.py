"""The twelve rights of the Victims' Code on the page on protection: what each asks for, and what the record shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from dashboards.data.published import Copy
from dashboards.parts import figure, page
from dashboards.text import numbers
from dashboards.text.protection import protection_text
from dashboards.text.small_numbers import SmallNumbers

RIGHTS = "metrics.victim_rights"
COLUMNS = ({"right": "Right"}, "duty", "time_words", {"state": "Record shows"}, {"missing_field": "Not delivered"})


@page.section("the rights of the Victims' Code")
def draw(copy: Copy, rule: SmallNumbers) -> None:
    """Draw a row for each thing that a right asks for."""
    rows = copy.select(RIGHTS, order_by="place")
    figure.Figure(
        key="victim-rights",
        finding=finding(rows),
        data=figure.Data(shown(rows, rule), COLUMNS, row_heading="duty"),
        tables=(RIGHTS,),
        period=protection_text.period(rows),
    ).draw(copy)


def finding(rows: pl.DataFrame) -> str:
    """How many of the twelve rights have a figure for at least one of their parts."""
    of = rows.filter(pl.col("status") != "no field")["right_number"].n_unique()
    return f"{of} of the {rows['right_number'].n_unique()} rights of the Victims' Code have a measure"


def shown(rows: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The rows in words, with small counts left out."""
    return pl.DataFrame(
        [
            {
                "right": f"{row['right_number']}. {row['right_name']}",
                "duty": row["duty"],
                "time_words": numbers.capital(row["time_words"]),
                "state": state(row, rule),
                "missing_field": numbers.capital(row["missing_field"] or ""),
            }
            for row in rows.iter_rows(named=True)
        ],
        schema=dict.fromkeys(("right", "duty", "time_words", "state", "missing_field"), pl.String),
    )


def state(row: Mapping[str, Any], rule: SmallNumbers) -> str:
    """97.1%, 3,880 of 3,996; or why there is no share."""
    if row["status"] == "no field":
        return "Not measured: no field for it"
    if protection_text.has_share(row, rule):
        limits = numbers.interval(row["share_lower"], row["share_upper"])
        return f"{numbers.share(row['met_share'])} ({limits}), {_counted(row, rule)}"
    if row["status"] == "measured":
        return _counted(row, rule)
    return numbers.capital(row["reason"] or row["status"])


def _counted(row: Mapping[str, Any], rule: SmallNumbers) -> str:
    met, due = row["met_count"], row["due_count"]
    return f"{rule.suppress_part(met, due)} of {rule.suppress_count(due)}"
