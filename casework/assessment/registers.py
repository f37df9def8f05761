"""Entries of the registers: recommendations, gaps, inspections, guidance and so on, with every revision.

Nothing is overwritten: a change is the next revision of an entry, and a user who saw an earlier one gets a message. An
entry that comes with the product ("starter, not confirmed") is here only once somebody keeps it, under its own
reference. The registers and their fields are in register_kinds.py.
"""

from __future__ import annotations

import datetime as dt
import json
import math
import re
import uuid
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine

from casework.access import revisions
from casework.audit.cycles import day_of, name_of
from casework.choices.register_kinds import CHOICE, CLOSED_STATES, DAY, KINDS, LONGEST, WORDS, Field, Kind
from casework.store.database import now
from casework.store.refusal import Refused
from casework.store.tables import register_rows
from casework.store.words import one_line

LONGEST_CLOSING = 500
SNAPSHOT = ("metric_code", "value", "numerator", "denominator", "lower", "upper", "published_at", "manifest_hash")


def save(
    engine: Engine, register: str, entry_ref: str, given: Mapping[str, str], who: str, *, seen_revision: int
) -> str:
    """Save an entry as its next revision; return its reference ("" for a new one). Raises Refused where it is
    incomplete.

    `seen_revision` is the one that the person saw, 0 for a new entry or a starter. The snapshot of its live figure
    stays while the figure is the same; an entry that was closed is open again.
    """
    person, fields = name_of(who), checked(register, given)
    ref = _reference(entry_ref) if entry_ref else f"{register}-{uuid.uuid4().hex[:8]}"

    def change(held: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        snapshot = held.get("snapshot")
        is_of_it = snapshot is not None and snapshot["metric_code"] == fields.get("metric_code")
        kept = {"snapshot": snapshot} if is_of_it else {}
        return kept | fields, False

    _revise(engine, (register, ref), person, seen_revision, change, "register entry kept")
    return ref


def checked(register: str, given: Mapping[str, str]) -> dict[str, str]:
    """The fields of an entry as they are stored, none of them empty. Raises Refused where one is missing or wrong."""
    fields = {field.name: _value(field, given.get(field.name)) for field in kind_of(register).fields}
    return {name: value for name, value in fields.items() if value != ""}


def close(
    engine: Engine, register: str, entry_ref: str, state: str, words: str, who: str, *, seen_revision: int
) -> None:
    """Close an entry as done or not taken up, with a reason. Raises Refused where it changed since it was seen."""
    said = " ".join(words.split())
    kind_of(register)
    if state not in CLOSED_STATES:
        raise Refused(f"Expected one of {', '.join(CLOSED_STATES)}; saw {state!r}.")
    if not said or len(said) > LONGEST_CLOSING:
        raise Refused(f"Say in 1 to {LONGEST_CLOSING} characters what was done, or why it is not taken up.")

    def change(held: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        if not held:
            raise Refused(f"{entry_ref} is not kept yet: keep it first, then close it.")
        return held | {"status": state, "closing_words": said}, True

    _revise(engine, (register, entry_ref), name_of(who), seen_revision, change, "register entry closed")


def take_snapshot(
    engine: Engine, register: str, entry_ref: str, snapshot: Mapping[str, Any], who: str, *, seen_revision: int
) -> None:
    """Keep the value of an entry's live figure on this day, and its publication, as evidence."""
    if set(snapshot) != set(SNAPSHOT):
        raise Refused(f"A snapshot holds {', '.join(SNAPSHOT)}.")
    value = snapshot["value"]
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise Refused("The live figure has no value now: there is nothing to keep.")
    if not str(snapshot["published_at"]) or not re.fullmatch("[0-9a-f]{64}", str(snapshot["manifest_hash"])):
        raise Refused("A snapshot needs the publication that it was taken from.")

    def change(held: dict[str, Any]) -> tuple[dict[str, Any], bool]:
        if held.get("metric_code") != snapshot["metric_code"]:
            raise Refused(f"{entry_ref} has no such live figure: choose it and keep the entry first.")
        return held | {"snapshot": dict(snapshot) | {"taken_at": now()}}, False

    _revise(engine, (register, entry_ref), name_of(who), seen_revision, change, "evidence snapshot kept")


def entries(engine: Engine, register: str | None = None) -> list[dict[str, Any]]:
    """The latest revision of every entry, of one register or of all, with its fields."""
    held = revisions.latest(engine, register_rows, "register", "entry_ref")
    return [_read_row(row) for row in held if register in (None, row["register"])]


def history(engine: Engine, register: str, entry_ref: str) -> list[dict[str, Any]]:
    """Every revision of an entry, the first one first."""
    found = revisions.history(engine, register_rows, {"register": register, "entry_ref": entry_ref})
    return [_read_row(row) for row in found]


def _read_row(row: dict[str, Any]) -> dict[str, Any]:
    return row | {"fields": json.loads(row["fields"])}


def is_overdue(fields: Mapping[str, Any], is_closed: bool, day: dt.date) -> bool:
    """Whether an open entry's due date is before a day."""
    return not is_closed and bool(fields.get("due_date")) and str(fields["due_date"]) < day.isoformat()


def kind_of(register: str) -> Kind:
    """The register of that code. Raises Refused where there is none."""
    if register not in KINDS:
        raise Refused(f"Expected one of the registers {', '.join(KINDS)}; saw {register!r}.")
    return KINDS[register]


def _value(field: Field, given: Any) -> str:
    """A field as it is stored, "" where nothing is given. Raises Refused with the field's name."""
    words = one_line(str(given or ""))
    if not words:
        if field.is_needed:
            raise Refused(f"{field.label}: this is needed.")
        return ""
    if field.kind == DAY:
        return day_of(words, f"{field.label}: expected a day")
    if field.kind == CHOICE and words not in field.choices:
        raise Refused(f"{field.label}: expected one of {', '.join(field.choices)}; saw {words!r}.")
    longest = LONGEST.get(field.kind, LONGEST[WORDS])
    if len(words) > longest:
        raise Refused(f"{field.label}: at most {longest} characters; this has {len(words)}.")
    return words


def _reference(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,60}", text):
        raise Refused(f"Expected the reference of an entry, saw {text!r}.")
    return text


def _revise(
    engine: Engine,
    place: tuple[str, str],
    person: str,
    seen_revision: int,
    change: Callable[[dict[str, Any]], tuple[dict[str, Any], bool]],
    event: str,
) -> None:
    """Add the next revision of an entry; `change` makes its fields, and whether it is closed, from the last ones."""

    def columns(held: dict[str, Any]) -> dict[str, Any]:
        fields, is_closed = change(json.loads(held["fields"]) if held else {})
        return {"fields": json.dumps(fields, sort_keys=True), "is_closed": int(is_closed)}

    revisions.add_revision(
        engine, register_rows, {"register": place[0], "entry_ref": place[1]}, person, seen_revision, columns,
        action=event, subject=("register entry", place[1]),
    )  # fmt: skip
