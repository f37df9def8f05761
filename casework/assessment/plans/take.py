"""A plan laid over the register: new entries, changed ones, and nothing where it says what is kept already.

A recommendation is found by its body and number. What a cell of the plan does not say stays as it is kept: the summary,
the live figure, and whether the public sees the entry, which no import decides.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.assessment import registers
from casework.assessment.plans.rows import Draft, Problem, Update, read_plan
from casework.assessment.plans.words import Words
from casework.audit.cycles import name_of
from casework.choices.register_kinds import CLOSED_STATES, LONGEST, TEXT
from casework.store.database import exists, open_store
from casework.store.refusal import Refused
from casework.store.words import one_line

REGISTER, BODY = "inspection", "Super-complaint report"
OF_ACTIONS = ("snapshot", "closing_words")  # what other actions than saving have put into an entry


@dataclass(frozen=True)
class Held:
    """An entry as it is now; revision 0 is a starter."""

    ref: str
    revision: int
    fields: Mapping[str, Any]
    is_closed: bool = False

    @property
    def saved(self) -> dict[str, str]:
        """The fields that somebody entered."""
        return {name: value for name, value in self.fields.items() if name not in OF_ACTIONS}


@dataclass
class Outcome:
    """What an import did, or would do, by number of the recommendation."""

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    same: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)

    @property
    def is_a_change(self) -> bool:
        """Whether the register differs from the plan."""
        return bool(self.added or self.changed)


def take_plan(
    home: Path, name: str, content: bytes, known: Words, starters: Iterable[Held], who: str, *,
    body: str = BODY, is_trial: bool = False,
) -> Outcome:  # fmt: skip
    """Import a published plan into the register, or say what that would change.

    `starters` are the product's entries; those that were saved since are read from the store. Raises Refused where
    the file has no plan.
    """
    plan = read_plan(name, content, known)
    if not is_trial:
        name_of(who)
    held = _list_entries(home, starters)
    found = Outcome(problems=list(plan.problems), notices=list(plan.notices))
    engine = None if is_trial else open_store(home)
    owners: dict[str, None] = {}
    for draft in plan.drafts:
        try:
            _take(engine, home, draft, _entry_of(held, body, draft), one_line(body), who, found, held)
            owners |= dict.fromkeys([draft.fields["owner"]] if "owner" in draft.fields else [])
        except Refused as problem:
            found.problems.append(
                Problem(draft.place, f"recommendation {draft.number}", str(problem), "Correct it and import again")
            )
    if owners:
        found.notices.append(f"Owners in the plan: {'; '.join(owners)}. An owner is a post: correct a person's name.")
    return found


def _list_entries(home: Path, starters: Iterable[Held]) -> list[Held]:
    """The entries of the register, and the starters that nobody has saved."""
    rows = registers.entries(open_store(home), REGISTER) if exists(home) else []
    kept = [Held(row["entry_ref"], row["revision"], row["fields"], bool(row["is_closed"])) for row in rows]
    refs = {entry.ref for entry in kept}
    return kept + [starter for starter in starters if starter.ref not in refs]


def _entry_of(held: list[Held], body: str, draft: Draft) -> Held | None:
    """The entry of a recommendation. Raises Refused where there are two."""
    found = [
        entry for entry in held
        if str(entry.fields.get("number", "")) == draft.number
        and str(entry.fields.get("body", "")).casefold() == one_line(body).casefold()
    ]  # fmt: skip
    if len(found) > 1:
        refs = " and ".join(entry.ref for entry in found)
        raise Refused(f"Expected one entry of this number; {refs} have it. Give one of them another number first.")
    return found[0] if found else None


def _take(
    engine: Engine | None, home: Path, draft: Draft, entry: Held | None, body: str, who: str, found: Outcome,
    held: list[Held],
) -> None:  # fmt: skip
    before = entry.saved if entry else {}
    state = draft.status or str(before.get("status", "")) or "open"
    is_closing = state in CLOSED_STATES
    wanted = before | {name: one_line(words) for name, words in draft.fields.items()}
    wanted |= {"body": body} if entry is None else {}
    wanted |= {"number": draft.number, "status": "under_way" if is_closing else state}
    wanted["title"] = wanted.get("title") or _title(draft)
    missing = _missing(draft, before, found)
    steps = [registers.checked(REGISTER, wanted | _fields_of(one)) for one in missing]
    steps = steps or [registers.checked(REGISTER, wanted)]
    _name_earlier(draft, entry, home, found)
    is_same = steps[-1] | {"status": state} == before and (entry is None or entry.is_closed == is_closing)
    if is_same and entry is not None and entry.revision:
        found.same.append(draft.number)
        return
    if engine is not None:
        _save(engine, draft, entry, steps, state, who, {one.ref for one in held})
    (found.changed if entry is not None else found.added).append(draft.number)


def _missing(draft: Draft, before: Mapping[str, str], found: Outcome) -> tuple[Update, ...]:
    """The updates to save, one after the other: all of them the first time, after that the latest, unless it is older
    than the one that is kept."""
    if not before.get("update"):
        return draft.updates
    last = draft.updates[-1:]
    if last and last[0].day and last[0].day < before.get("updated_on", ""):
        found.notices.append(f"{draft.place}: the update of {draft.number} is older than the one kept: left out.")
        return ()
    return last


def _fields_of(update: Update) -> dict[str, str]:
    return {"update": one_line(update.words), "updated_on": update.day}


def _name_earlier(draft: Draft, entry: Held | None, home: Path, found: Outcome) -> None:
    """Name an earlier update that says something else than the one that was kept."""
    if entry is None or not entry.fields.get("update"):
        return
    kept = {row["fields"].get("update") for row in registers.history(open_store(home), REGISTER, entry.ref)}
    for update in draft.updates[:-1]:
        if one_line(update.words) not in kept:
            found.notices.append(
                f"{draft.place}: an earlier update of {draft.number} differs from what is kept, and was left as it is."
            )


def _save(
    engine: Engine, draft: Draft, entry: Held | None, steps: list[dict[str, str]], state: str, who: str, refs: set[str]
) -> None:
    ref, revision = (entry.ref, entry.revision) if entry else (_reference(draft, steps[-1]["body"], refs), 0)
    for step in steps:
        ref = registers.save(engine, REGISTER, ref, step, who, seen_revision=revision)
        revision += 1
    if state in CLOSED_STATES:
        before = str(entry.fields.get("closing_words", "")) if entry and entry.is_closed and not draft.status else ""
        words = before or f"The plan says “{draft.status_words}”: see its action, evidence and latest update."
        registers.close(engine, REGISTER, ref, state, words, who, seen_revision=revision)


def _reference(draft: Draft, body: str, refs: set[str]) -> str:
    """The same for the same recommendation, so that two imports at once cannot make two entries of it."""
    name = re.sub(r"[^a-z0-9]+", "-", body.lower()).strip("-")[:24]
    made = f"{name}-{hashlib.sha256(body.casefold().encode()).hexdigest()[:6]}-{draft.number}"
    return "" if made in refs else made


def _title(draft: Draft) -> str:
    """The title of a new entry: the plan's text, or the beginning that a title can hold."""
    text = one_line(draft.fields.get("asked", "")) or f"Recommendation {draft.number}"
    longest = LONGEST[TEXT]
    if len(text) <= longest:
        return text
    cut = text[: longest - 1]
    return f"{cut[: cut.rfind(' ')] if ' ' in cut else cut}…"
