"""Samples for a local scrutiny panel, its finding on each case, and the actions that follow.

A sample is drawn once and stored: seed, frame, settings, questions and the key of its pseudonyms. Only this store leads
from a pseudonym to its record. Answers are never overwritten: a change is the next revision.
"""

from __future__ import annotations

import json
import re
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from casework.access.access_log import log
from casework.audit.cycles import day_of, name_of
from casework.choices.panel_words import ANSWERS, LONGEST_COMMENT, LONGEST_FINDING, OVERALL
from casework.store.database import now, reading, rows_of, writing
from casework.store.refusal import Refused
from casework.store.tables import panel_actions, panel_answers, panel_cases, panel_frames, panel_samples

LONGEST_TITLE = 120


@dataclass(frozen=True)
class Case:
    """A case of the sample: its pseudonym, its record, and the coarse facts as the panel reads them."""

    case_ref: str
    crime_ref: str
    stratum: str
    facts: Mapping[str, Any]


@dataclass(frozen=True)
class Sample:
    """A sample with everything needed to draw it again."""

    title: str
    period: tuple[str, str]
    seed: int
    frame_hash: str
    settings: Mapping[str, Any]
    questions: Mapping[str, str]
    key: str
    frame: Sequence[tuple[str, str]]  # stratum, crime
    cases: Sequence[Case]


def keep_sample(engine: Engine, sample: Sample, actor: str) -> str:
    """Store a sample; return its reference. Raises Refused when it is not valid."""
    who, title = name_of(actor), sample.title.strip()
    if not title or len(title) > LONGEST_TITLE:
        raise Refused(f"A sample needs a title of 1 to {LONGEST_TITLE} characters.")
    if not sample.cases:
        raise Refused("No case is closed in these quarters: there is nothing to draw from.")
    if _names_one_of(title, (crime for _, crime in sample.frame)):
        raise Refused("The title is in the pack: take the reference of the record out.")
    strange = {(c.stratum, c.crime_ref) for c in sample.cases} - set(sample.frame)
    if strange:
        raise Refused(f"{len(strange)} cases drawn are not in the frame: nothing was kept.")
    ref = f"panel-{uuid.uuid4().hex[:8]}"
    with writing(engine) as con:
        con.execute(
            insert(panel_samples).values(
                panel_ref=ref, title=title, period_from=sample.period[0], period_to=sample.period[1], seed=sample.seed,
                frame_hash=sample.frame_hash, settings=json.dumps(sample.settings, sort_keys=True),
                questions=json.dumps(sample.questions), pseudonym_key=sample.key, drawn_at=now(), drawn_by=who,
            )
        )  # fmt: skip
        con.execute(
            insert(panel_frames),
            [{"panel_ref": ref, "crime_ref": crime, "stratum": stratum} for stratum, crime in sample.frame],
        )
        con.execute(
            insert(panel_cases),
            [
                {"panel_ref": ref, "case_ref": c.case_ref, "crime_ref": c.crime_ref, "stratum": c.stratum,
                 "draw_number": number, "facts": json.dumps(c.facts)}
                for number, c in enumerate(sample.cases, start=1)
            ],
        )  # fmt: skip
        log(con, who, "panel drawn", ("panel", ref), {"seed": sample.seed, "cases": len(sample.cases)})
    return ref


def samples(engine: Engine) -> list[dict[str, Any]]:
    """Every sample, the newest first, without the key of its pseudonyms."""
    columns = [c for c in panel_samples.c if c.name != "pseudonym_key"]
    held = rows_of(engine, select(*columns).order_by(panel_samples.c.drawn_at.desc()))
    return [s | {"settings": json.loads(s["settings"]), "questions": json.loads(s["questions"])} for s in held]


def frame(engine: Engine, panel_ref: str) -> list[tuple[str, str]]:
    """(stratum, crime) of the frame that a sample was drawn from."""
    held = rows_of(engine, select(panel_frames).where(panel_frames.c.panel_ref == panel_ref))
    return sorted((row["stratum"], row["crime_ref"]) for row in held)


def kept_draw(engine: Engine, panel_ref: str) -> list[tuple[str, str]]:
    """(stratum, crime) of the cases in order of selection, to compare with a second draw."""
    query = select(panel_cases).where(panel_cases.c.panel_ref == panel_ref).order_by(panel_cases.c.draw_number)
    return [(row["stratum"], row["crime_ref"]) for row in rows_of(engine, query)]


def cases(engine: Engine, panel_ref: str) -> list[dict[str, Any]]:
    """The cases as the panel sees them, by pseudonym: facts, and nothing that leads to the record."""
    query = (
        select(panel_cases.c.case_ref, panel_cases.c.facts)
        .where(panel_cases.c.panel_ref == panel_ref)
        .order_by(panel_cases.c.case_ref)
    )
    return [{"case_ref": row["case_ref"], "facts": json.loads(row["facts"])} for row in rows_of(engine, query)]


def record_of(engine: Engine, panel_ref: str, case_ref: str) -> str:
    """The record behind a pseudonym. The caller must have logged the access before."""
    with reading(engine) as con:
        return _crime_of(con, panel_ref, case_ref)


def _crime_of(con: Connection, panel_ref: str, case_ref: str) -> str:
    query = select(panel_cases.c.crime_ref).where(
        panel_cases.c.panel_ref == panel_ref, panel_cases.c.case_ref == case_ref
    )
    found = con.execute(query).scalar()
    if found is None:
        raise Refused(f"There is no case {case_ref} in this sample.")
    return str(found)


def answer(
    engine: Engine,
    panel_ref: str,
    case_ref: str,
    actor: str,
    *,
    answers: Mapping[str, str],
    overall: str,
    comment: str,
    seen_revision: int,
) -> None:
    """Store the panel's finding on a case. Raises Refused where it is incomplete, or changed since it was seen."""
    who, words = name_of(actor), comment.strip()
    if overall not in OVERALL or set(answers.values()) - set(ANSWERS):
        raise Refused("A finding and answers of the lists are needed.")
    if len(words) > LONGEST_COMMENT:
        raise Refused(f"A comment has at most {LONGEST_COMMENT} characters; this one has {len(words)}.")
    if overall == "observations" and not words:
        raise Refused("Say in the comment what the panel observed.")
    try:
        with writing(engine) as con:
            _crime_of(con, panel_ref, case_ref)
            _check_no_record(con, panel_ref, words)
            asked = json.loads(
                con.execute(
                    select(panel_samples.c.questions).where(panel_samples.c.panel_ref == panel_ref)
                ).scalar_one()
            )
            if set(answers) != set(asked):
                raise Refused("Every question of the form needs an answer.")
            last = con.execute(
                select(func.coalesce(func.max(panel_answers.c.revision), 0)).where(
                    panel_answers.c.panel_ref == panel_ref, panel_answers.c.case_ref == case_ref
                )
            ).scalar_one()
            if last != seen_revision:
                raise Refused("The finding on this case was changed in another window: look at it again.")
            con.execute(
                insert(panel_answers).values(
                    panel_ref=panel_ref, case_ref=case_ref, revision=last + 1, overall=overall, comment=words,
                    answers=json.dumps(answers, sort_keys=True), recorded_at=now(), recorded_by=who,
                )
            )  # fmt: skip
            log(con, who, "panel answered", ("case", case_ref), {"panel": panel_ref, "overall": overall})
    except IntegrityError:
        raise Refused("Somebody kept a finding on this case at the same moment: look at it again.") from None


def _check_no_record(con: Connection, panel_ref: str, words: str) -> None:
    """Raise Refused where the panel's words have a reference of a record."""
    held = con.execute(select(panel_cases.c.crime_ref).where(panel_cases.c.panel_ref == panel_ref)).scalars()
    if _names_one_of(words, held):
        raise Refused("A finding names cases by their pseudonyms: take the reference of the record out.")


def _names_one_of(words: str, refs: Iterable[str]) -> bool:
    """Whether a reference is a whole word of the text: C12 does not name C1."""
    said = words.casefold()
    return any(ref.casefold() in said and re.search(rf"(?<!\w){re.escape(ref.casefold())}(?!\w)", said) for ref in refs)


def latest_answers(engine: Engine, panel_ref: str) -> dict[str, dict[str, Any]]:
    """Case -> its last stored finding."""
    query = select(panel_answers).where(panel_answers.c.panel_ref == panel_ref).order_by(panel_answers.c.revision)
    return {row["case_ref"]: row | {"answers": json.loads(row["answers"])} for row in rows_of(engine, query)}


def add_action(engine: Engine, panel_ref: str, case_ref: str, actor: str, given: Mapping[str, str]) -> str:
    """Add a finding to the tracker with its owner and due date; `case_ref` "" is the sample as a whole."""
    finding, owner = str(given.get("finding") or "").strip(), str(given.get("owner") or "").strip()
    if not finding or len(finding) > LONGEST_FINDING or not owner:
        raise Refused(f"A finding of 1 to {LONGEST_FINDING} characters and an owner are needed.")
    who, ref = name_of(actor), f"action-{uuid.uuid4().hex[:8]}"
    with writing(engine) as con:
        if case_ref:
            _crime_of(con, panel_ref, case_ref)
        _check_no_record(con, panel_ref, f"{finding} {owner}")
        con.execute(
            insert(panel_actions).values(
                action_ref=ref, panel_ref=panel_ref, case_ref=case_ref, finding=finding, owner=owner,
                due_date=day_of(given.get("due_date")), recorded_at=now(), recorded_by=who, revision=1,
            )
        )  # fmt: skip
        log(con, who, "panel action added", ("action", ref), {"panel": panel_ref})
    return ref


def finish_action(engine: Engine, action_ref: str, actor: str, words: str, *, seen_revision: int) -> None:
    """Mark an action as done. Raises Refused when it changed since it was seen."""
    if not words.strip() or len(words) > LONGEST_FINDING:
        raise Refused(f"Say in 1 to {LONGEST_FINDING} characters what was done.")
    with writing(engine) as con:
        panel_ref = con.execute(
            select(panel_actions.c.panel_ref).where(panel_actions.c.action_ref == action_ref)
        ).scalar()
        if panel_ref is not None:
            _check_no_record(con, panel_ref, words)
        done = con.execute(
            update(panel_actions)
            .where(
                panel_actions.c.action_ref == action_ref,
                panel_actions.c.revision == seen_revision,
                panel_actions.c.done_at.is_(None),
            )
            .values(done_at=now(), done_words=words.strip(), revision=seen_revision + 1)
        )
        if done.rowcount != 1:
            raise Refused(f"{action_ref} was changed since you opened it: nothing was overwritten. Look at it again.")
        log(con, name_of(actor), "panel action done", ("action", action_ref), {})


def actions(engine: Engine, panel_ref: str | None = None) -> list[dict[str, Any]]:
    """The tracker: of one sample or of all, open actions first, by due date."""
    query = select(panel_actions).order_by(panel_actions.c.done_at.is_not(None), panel_actions.c.due_date)
    if panel_ref is not None:
        query = query.where(panel_actions.c.panel_ref == panel_ref)
    return rows_of(engine, query)
