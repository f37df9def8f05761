"""The registers at this moment: entries of the casework store and the starters.

The published table is as of the last build; the page has to show entries made a minute ago.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from casework.assessment import registers
from casework.store.database import UNUSABLE, exists, in_words, open_store, today
from casework.store.refusal import Refused
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import read_small_numbers
from dashboards.text.small_numbers import SmallNumbers

ENTRIES = "core.register_entries"
ANSWERS = "metrics.advice_answers"
THEMES = "reference.themes"
PUBLIC = "reference.public_measures"
GAPS = "metrics.theme_gaps"
SAVED = {
    **dict.fromkeys(("register", "entry_ref", "title", "theme_code", "owner", "status", "metric_code"), pl.String),
    "due_date": pl.Date, **dict.fromkeys(("is_closed", "is_starter", "is_placeholder"), pl.Boolean),
    "revision": pl.Int64, "fields": pl.String, "as_of_date": pl.Date,
}  # fmt: skip
INCLUDED = "Entries saved since the build are included."
TO_ENTER = "To be entered"
WHY = "The ranking of themes depends on a score with low confidence"


@dataclass(frozen=True)
class Entry:
    """An entry of a register; revision 0 is a starter that nobody has kept yet."""

    register: str
    ref: str
    revision: int
    fields: Mapping[str, Any]
    is_closed: bool
    source: str = ""

    @property
    def is_starter(self) -> bool:
        """Whether the product supplied the entry and nobody has confirmed it."""
        return self.revision == 0

    @property
    def is_placeholder(self) -> bool:
        """Whether a field of it still says "To be entered": it is no entry yet, as in core.register_entries."""
        return any(str(value).startswith(TO_ENTER) for value in self.fields.values())

    @property
    def title(self) -> str:
        """The entry's content, in short."""
        return str(self.fields.get("title") or self.ref)


@dataclass(frozen=True)
class Figures:
    """The live figures that an entry may use, in the order of the published answers.

    Code -> published row.
    """

    rows: Mapping[str, Mapping[str, Any]]
    rule: SmallNumbers

    @property
    def names(self) -> dict[str, str]:
        """Code -> the figure in words."""
        return {code: str(row["measure_name"]) for code, row in self.rows.items()}


def entries(home: Path, copy: Copy) -> list[Entry]:
    """Every entry, and every starter that nobody has kept, by register.

    A theme of low confidence opens a gap by itself; the gap is a starter until a user keeps it. Raises the store's own
    error if it is unusable.
    """
    kept = registers.entries(open_store(home)) if exists(home) else []
    found = [
        Entry(row["register"], row["entry_ref"], row["revision"], row["fields"], bool(row["is_closed"])) for row in kept
    ]
    places = {(entry.register, entry.ref) for entry in found}
    return found + [entry for entry in _starters(copy) + _gaps(copy) if (entry.register, entry.ref) not in places]


def entered(home: Path | None, copy: Copy) -> pl.DataFrame:
    """The published table of entries with what was saved since the build in its place. Raises Missing.

    What is overdue is so today, as on "Decisions and actions"; the published table says what was on the as-of day.
    """
    rows = copy.select(ENTRIES, may_be_empty=True)
    if kept := _kept(home):
        days: list[dt.date] = rows["as_of_date"].drop_nulls().to_list()
        saved = pl.DataFrame([_row(entry, days[0] if days else None) for entry in kept], schema=SAVED)
        rest = rows.join(saved, on=["register", "entry_ref"], how="anti")
        rows = pl.concat([rest, saved], how="diagonal_relaxed").sort("due_date", "entry_ref", nulls_last=True)
    return rows.with_columns(is_overdue=~pl.col("is_closed") & (pl.col("due_date") < today()).fill_null(False))


def saved_since(home: Path | None, copy: Copy) -> int:
    """The number of entries saved since the build."""
    published = optional(copy.select, ENTRIES, columns="register, entry_ref, revision", may_be_empty=True)
    held = set() if published is None else set(published.iter_rows())
    return sum((row["register"], row["entry_ref"], row["revision"]) not in held for row in _kept(home))


def _kept(home: Path | None) -> list[dict[str, Any]]:
    """The entries of the casework store; none without one. Raises Missing."""
    try:
        return registers.entries(open_store(home)) if home is not None and exists(home) else []
    except (Refused, *UNUSABLE) as problem:
        raise Missing("damaged", in_words(problem)) from problem


def _row(entry: Mapping[str, Any], day: dt.date | None) -> dict[str, Any]:
    """An entry as core.register_entries has it."""
    fields, is_closed = entry["fields"], bool(entry["is_closed"])
    return {
        **{name: fields.get(name) or None for name in ("title", "theme_code", "owner", "metric_code")},
        **{name: entry[name] for name in ("register", "entry_ref", "revision")},
        "due_date": dt.date.fromisoformat(fields["due_date"]) if fields.get("due_date") else None,
        "status": fields.get("status") or ("done" if is_closed else "open"),
        "is_closed": is_closed,
        "is_starter": False,
        "is_placeholder": f'"{TO_ENTER}' in json.dumps(fields),
        "fields": json.dumps(fields),
        "as_of_date": day,
    }


def _starters(copy: Copy) -> list[Entry]:
    rows = optional(copy.select, ENTRIES, where="is_starter", may_be_empty=True, order_by="register, entry_ref")
    if rows is None:
        return []
    return [
        Entry(row["register"], row["entry_ref"], 0, json.loads(row["fields"]), False, row["starter_source"])
        for row in rows.iter_rows(named=True)
    ]


def _gaps(copy: Copy) -> list[Entry]:
    rows = optional(copy.select, GAPS, where="kind = 'low confidence'", may_be_empty=True, order_by="theme_code")
    if rows is None:
        return []
    return [
        Entry(
            "intelligence_gaps",
            f"gap-{row['theme_code']}-confidence",
            0,
            {"title": row["gap"], "theme_code": row["theme_code"], "why": WHY, "status": "open"},
            False,
            "Opened automatically, by the low confidence of the theme's score",
        )
        for row in rows.iter_rows(named=True)
    ]


def figures(copy: Copy) -> Figures:
    """The figures that are published with a name, measured or not."""
    rows = optional(copy.select, ANSWERS, where="measure_code <> ''", order_by="measure_place, place")
    by_code: dict[str, Mapping[str, Any]] = {}
    for row in () if rows is None else rows.iter_rows(named=True):
        by_code.setdefault(row["measure_code"], row)
    return Figures(by_code, read_small_numbers(copy))


def themes(copy: Copy) -> dict[str, str]:
    """Code -> name of the assessment's themes; empty if not published."""
    return copy.names(THEMES, "theme_code, theme_name", order_by="place")


def public(copy: Copy) -> dict[str, str]:
    """Code -> plain name of the measures that commissioners have figures of."""
    return copy.names(PUBLIC, "measure_code, plain_name", order_by="place")


def snapshot(copy: Copy, row: Mapping[str, Any]) -> dict[str, Any]:
    """The present value of a live figure, with its publication, as evidence to keep.

    Raises Refused.
    """
    return {
        "metric_code": row["measure_code"],
        **{name: row[name] for name in ("value", "numerator", "denominator", "lower", "upper")},
        "published_at": str(copy.manifest.get("published_at", "")),
        "manifest_hash": copy.manifest_sha256(),
    }
