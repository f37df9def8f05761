"""What is done about each record to correct. Pure: entries of the list and what people decided in, a frame out.

Nothing here removes a breach from a figure: a record leaves the list when a build no longer finds the breach.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from casework.recording.corrections import Entry
from casework.store.words import shown_name
from dashboards.text import numbers

KEYS = Entry._fields
TO_DO = "to-do"  # everything but what the registrar accepted
STATES = {  # code in the address -> words; an assigned record past its due date is overdue
    "open": "Open",
    "assigned": "Assigned",
    "overdue": "Overdue",
    "disputed": "Disputed",
    "corrected": "Corrected at source",
    "still-found": "Still found",
    "accepted": "Accepted as it is",
}
HELD = {
    **dict.fromkeys(KEYS, pl.String), "revision": pl.Int64, "status": pl.String, "owner": pl.String,
    "due_date": pl.String, "words": pl.String, "changed_by": pl.String, "changed_at": pl.String,
}  # fmt: skip
MEANINGS = (
    ("Open", "Nobody has taken the record on."),
    ("Assigned", "A person or a team corrects it by the due date. After that day it is overdue."),
    ("Disputed", "The unit says that the record is right. The registrar decides."),
    ("Corrected at source", "The unit says that it changed the record. The next build of a newer extract shows it."),
    ("Still found", "The unit reported it as corrected, and a later build still finds the breach."),
    ("Accepted as it is", "The registrar agrees with the unit. The breach stays in the figures."),
)


def with_states(
    entries: pl.DataFrame, held: Sequence[Mapping[str, Any]], today: dt.date, published_at: str
) -> pl.DataFrame:
    """The entries with `state`, `owner`, `due`, `done_words` and `revision` (0 where nobody has dealt with one).

    `held` are the latest revisions of the store; `published_at` is the moment of the publication that lists the
    entries. Both are times in UTC as ISO 8601 text.
    """
    rows = pl.DataFrame([{name: row[name] for name in HELD} for row in held], schema=HELD)
    due = pl.col("due_date").replace("", None).str.to_date()
    is_late = pl.col("due_date").ne("") & (due < today)
    is_found_since = pl.col("changed_at").str.to_datetime(time_zone="UTC") < _moment(published_at)
    state = (
        pl.when((pl.col("status") == "assigned") & is_late)
        .then(pl.lit("overdue"))
        .when((pl.col("status") == "corrected") & is_found_since)
        .then(pl.lit("still-found"))
        .otherwise("status")
    )
    kept = rows.select(*KEYS, "revision", "owner", due=due, state=state, done_words=_list_reasons(rows))
    return entries.join(kept, on=KEYS, how="left", maintain_order="left").with_columns(
        pl.col("state").fill_null("open"), pl.col("revision").fill_null(0), pl.col("owner", "done_words").fill_null("")
    )


def chosen(rows: pl.DataFrame, state: str) -> pl.DataFrame:
    """The entries of a state, or all that are still to be dealt with."""
    return rows.filter(pl.col("state") != "accepted" if state == TO_DO else pl.col("state") == state)


def options(rows: pl.DataFrame) -> dict[str, str]:
    """The states that can be chosen, with the number of entries in each."""
    counts = dict(rows["state"].value_counts().iter_rows())
    return {TO_DO: "Still to do"} | {
        code: f"{words} ({numbers.number(counts[code])})" for code, words in STATES.items() if counts.get(code)
    }


def finding(rows: pl.DataFrame, where: str) -> str:
    """How far the work is, in one sentence."""
    counts = dict(rows["state"].value_counts().iter_rows())
    parts = [f"{numbers.number(counts[code])} {words.lower()}" for code, words in STATES.items() if counts.get(code)]
    return f"{where}: of {numbers.plural(rows.height, 'entry', 'entries')}, {numbers.listed(parts, 9)}"


def by_unit(rows: pl.DataFrame) -> pl.DataFrame:
    """One row per unit: entries in each state and the next due date, the most overdue first."""
    counts = rows.group_by("unit_name").agg(
        *((pl.col("state") == code).sum().cast(pl.Int64).alias(code) for code in STATES),
        next_due=pl.col("due").filter(pl.col("state").is_in(("assigned", "overdue"))).min(),
    )
    return counts.sort("overdue", "still-found", "open", "unit_name", descending=[True, True, True, False])


def reported(ended: pl.DataFrame, held: Sequence[Mapping[str, Any]]) -> pl.DataFrame:
    """The entries off the list with `reported`: what the unit had said of each."""
    known = {tuple(row[name] for name in KEYS): row["status"] for row in held}
    states = [STATES.get(known.get(key, ""), "not dealt with here") for key in ended.select(KEYS).iter_rows()]
    return ended.with_columns(reported=pl.Series(states, dtype=pl.String))


def _list_reasons(rows: pl.DataFrame) -> pl.Series:
    """Reason and person of the latest change: They differ (Ann Example, 3 Mar 2026)."""
    told = [
        " ".join(part for part in (row["words"], f"({shown_name(row['changed_by'])}, {_day(row)})") if part)
        for row in rows.iter_rows(named=True)
    ]
    return pl.Series(told, dtype=pl.String)


def _day(row: Mapping[str, Any]) -> str:
    return numbers.day(numbers.local_day(_moment(row["changed_at"])))


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)
