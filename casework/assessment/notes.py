"""Annotations: notes of people on a series of a measure, such as what happened in a month.

Nothing is overwritten: a change or a withdrawal is the next revision. An annotation names no person.
"""

from __future__ import annotations

import uuid
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Engine

from casework.access import revisions
from casework.audit.cycles import day_of, name_of
from casework.store.refusal import Refused
from casework.store.tables import annotation_rows as table
from casework.store.words import one_line

LONGEST = 200  # characters of an annotation


@dataclass(frozen=True)
class Series:
    """A measure of a force, whole or in a part of a breakdown; of any length of period."""

    measure_code: str
    force_code: str
    breakdown: str
    breakdown_value: str


def save(
    engine: Engine, annotation_ref: str, series: Series, about_date: str, words: str, who: str, *, seen_revision: int
) -> str:
    """Save an annotation as its next revision; return its reference ("" for a new one). Raises Refused.

    `about_date` is the day that it is about, as 2026-03-31. `seen_revision` is the one that the person saw, 0 for a new
    one.
    """
    person, said = name_of(who), one_line(words)
    if not all(asdict(series).values()):
        raise Refused("An annotation is of one series: choose measure and part first.")
    if not said or len(said) > LONGEST:
        raise Refused(f"Annotation: 1 to {LONGEST} characters; this has {len(said)}.")
    day = day_of(about_date, "Day: expected a day")
    ref = annotation_ref or f"annotation-{uuid.uuid4().hex[:8]}"

    def change(held: dict[str, Any]) -> dict[str, Any]:
        if held and any(held[name] != value for name, value in asdict(series).items()):
            raise Refused(f"{ref} is of another series.")
        return {**asdict(series), "about_date": day, "words": said, "is_withdrawn": 0}

    _revise(engine, ref, person, seen_revision, change, "annotation kept")
    return ref


def withdraw(engine: Engine, annotation_ref: str, who: str, *, seen_revision: int) -> None:
    """Withdraw an annotation: it is no longer shown. Raises Refused where it changed since it was seen."""

    def change(held: dict[str, Any]) -> dict[str, Any]:
        if not held:
            raise Refused(f"There is no annotation {annotation_ref}.")
        return {"is_withdrawn": 1}

    _revise(engine, annotation_ref, name_of(who), seen_revision, change, "annotation withdrawn")


def shown(engine: Engine) -> list[dict[str, Any]]:
    """The latest revision of every annotation that is not withdrawn, by day."""
    held = [row for row in revisions.latest(engine, table, "annotation_ref") if not row["is_withdrawn"]]
    return sorted(held, key=lambda row: (row["about_date"], row["annotation_ref"]))


def _revise(engine: Engine, ref: str, person: str, seen_revision: int, change: Any, action: str) -> None:
    revisions.add_revision(
        engine, table, {"annotation_ref": ref}, person, seen_revision, change,
        action=action, subject=("annotation", ref),
    )  # fmt: skip
