"""Ratings of a sample: two people, blind to each other and to the outcome, and the registrar where they differ.

Nothing is ever overwritten: a rating is a row, a change is the next revision and names its predecessor. Of two changes
of the same rating at once only one can be the next revision: the later rater gets a message, and nothing is lost
unnoticed.
"""

from __future__ import annotations

import datetime as dt
import json
import uuid
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, insert, select
from sqlalchemy.exc import IntegrityError

from casework.access.access_log import log
from casework.audit.cycles import cycle_of, name_of
from casework.choices.questions import (
    ANSWERS,
    OUTCOME_CODES,
    OUTCOME_STRATA,
    QUESTIONS,
    REPORT_STRATA,
    ROLES,
    questions_of,
    result_of,
)
from casework.store.database import LONDON, now, reading, rows, rows_of, writing
from casework.store.refusal import Refused
from casework.store.tables import audit_assignments, audit_drafts, audit_frames, audit_ratings, audit_samples
from casework.store.words import shown_name

LONGEST_NOTE = 2000
MOST_CRIMES = 99
JUDGED = (*(q.code for q in QUESTIONS), "crimes_required", "crimes_recorded", "outcome_code_due")


def samples(engine: Engine, cycle_ref: str) -> list[dict[str, Any]]:
    """The sampled units with the facts a rater may see: the recorded outcome is not among them."""
    shown = [
        c
        for c in audit_frames.c
        if c.name not in ("cycle_ref", "recorded_outcome_code", "unit_type", "unit_ref", "stratum")
    ]
    return rows_of(
        engine,
        select(audit_samples, *shown)
        .join(
            audit_frames,
            (audit_frames.c.cycle_ref == audit_samples.c.cycle_ref)
            & (audit_frames.c.unit_type == audit_samples.c.unit_type)
            & (audit_frames.c.unit_ref == audit_samples.c.unit_ref),
        )
        .where(audit_samples.c.cycle_ref == cycle_ref)
        .order_by(audit_samples.c.draw_number),
    )


def latest_ratings(con: Connection, cycle_ref: str) -> dict[str, dict[str, dict[str, Any]]]:
    """Sample -> role -> the last revision."""
    found: dict[str, dict[str, dict[str, Any]]] = {}
    query = select(audit_ratings).join(audit_samples).where(audit_samples.c.cycle_ref == cycle_ref)
    for row in rows(con, query.order_by(audit_ratings.c.revision)):
        found.setdefault(row["sample_ref"], {})[row["rater_role"]] = row
    return found


def needs_second(sample: Mapping[str, Any], ratings: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether a unit is rated twice: a random fifth, every fail and every unsure (recording-standards 5.3, step 5)."""
    first = ratings.get("first")
    return bool(sample["is_second_random"]) or (first is not None and first["result"] in ("fail", "unsure"))


def work_list(engine: Engine, cycle_ref: str, rater: str, role: str) -> list[dict[str, Any]]:
    """Units that this person may rate in this role: not taken by another, with their own last rating if any.

    It contains no rating of another person, nor why a unit is to be rated a second time.
    """
    who = name_of(rater)
    every = samples(engine, cycle_ref)
    with reading(engine) as con:
        ratings = latest_ratings(con, cycle_ref)
        taken = _assigned(con, cycle_ref)
    listed = []
    for sample in every:
        ref = sample["sample_ref"]
        held = ratings.get(ref, {})
        if taken.get((ref, role), who) != who or (role == "second" and not needs_second(sample, held)):
            continue
        if taken.get((ref, "second" if role == "first" else "first")) == who:
            continue
        mine = held.get(role)
        listed.append({k: v for k, v in sample.items() if k != "is_second_random"} | {"rating": mine})
    return listed


def _assigned(con: Connection, cycle_ref: str) -> dict[tuple[str, str], str]:
    query = select(audit_assignments).join(audit_samples).where(audit_samples.c.cycle_ref == cycle_ref)
    return {(r["sample_ref"], r["rater_role"]): r["rater_ref"] for r in rows(con, query)}


def assign(engine: Engine, sample_ref: str, rater: str, role: str) -> None:
    """Assign a unit to a rater. Raises Refused when another person has it in that role, or this one in the other."""
    try:
        with writing(engine) as con:
            _assign(con, _sample(con, sample_ref), name_of(rater), role)
    except IntegrityError as problem:
        raise Refused(f"{sample_ref} was taken by someone else at this moment: choose another unit.") from problem


def take_next(engine: Engine, cycle_ref: str, rater: str, role: str) -> str | None:
    """Take the first unit open to this person and return its reference; None when none is left.

    Several raters may ask at the same moment: the second one gets the next unit.
    """
    for unit in work_list(engine, cycle_ref, rater, role):
        if unit["rating"] is None:
            try:
                assign(engine, unit["sample_ref"], rater, role)
            except Refused:
                continue  # taken since the list was read
            return str(unit["sample_ref"])
    return None


def release(engine: Engine, sample_ref: str, role: str, actor: str) -> None:
    """Give back a unit that its rater has not rated. Raises Refused once it has a rating."""
    with writing(engine) as con:
        if con.execute(
            select(audit_ratings.c.rating_ref).where(
                audit_ratings.c.sample_ref == sample_ref, audit_ratings.c.rater_role == role
            )
        ).first():
            raise Refused(f"{sample_ref} is rated already: the rating stays with its rater.")
        con.execute(
            delete(audit_assignments).where(
                audit_assignments.c.sample_ref == sample_ref, audit_assignments.c.rater_role == role
            )
        )
        con.execute(
            delete(audit_drafts).where(audit_drafts.c.sample_ref == sample_ref, audit_drafts.c.rater_role == role)
        )
        log(con, name_of(actor), "unit given back", ("sample", sample_ref), {"role": role})


def _sample(con: Connection, sample_ref: str) -> dict[str, Any]:
    found = rows(con, select(audit_samples).where(audit_samples.c.sample_ref == sample_ref))
    if not found:
        raise Refused(f"There is no sampled unit {sample_ref}.")
    cycle_of(con, found[0]["cycle_ref"])
    return found[0]


def _assign(con: Connection, sample: Mapping[str, Any], who: str, role: str) -> None:
    if role not in ("first", "second"):
        raise Refused(f"{role} is no role of a rater: first or second.")
    held = rows(con, select(audit_assignments).where(audit_assignments.c.sample_ref == sample["sample_ref"]))
    by_role = {row["rater_role"]: row["rater_ref"] for row in held}
    if by_role.get(role) == who:
        return
    if role in by_role:
        raise Refused(f"{sample['sample_ref']} is already with another {role} rater: choose another unit.")
    if who in by_role.values():
        raise Refused(f"You rate {sample['sample_ref']} in the other role: the second rater must be someone else.")
    con.execute(
        insert(audit_assignments).values(
            sample_ref=sample["sample_ref"], rater_role=role, rater_ref=who, assigned_at=now()
        )
    )
    log(con, who, "unit taken", ("sample", sample["sample_ref"]), {"role": role})


def rate(
    engine: Engine, sample_ref: str, rater: str, role: str, answers: Mapping[str, Any], *, seen_revision: int = 0
) -> int:
    """Add a rating and return its revision; `seen_revision` is the last one the rater saw (0: none).

    Raises Refused for incomplete answers, a unit that is another's, or a revision that is no longer the last.
    """
    who = name_of(rater)
    if role not in ROLES:
        raise Refused(f"{role} is no role of a rater.")
    try:
        with writing(engine) as con:
            sample = _sample(con, sample_ref)
            held = latest_ratings(con, sample["cycle_ref"]).get(sample_ref, {})
            if role == "fcr":
                _check_registrar(con, sample, held, who)
            else:
                _check_rater(sample, held, role)
                _assign(con, sample, who, role)
            last = held.get(role)
            if seen_revision != (last["revision"] if last else 0):
                raise Refused(_stale(sample_ref, last))
            given = checked(sample["stratum"], answers)
            given["outcome_correct"] = _outcome_correct(con, sample, given["outcome_code_due"])
            con.execute(
                insert(audit_ratings).values(
                    rating_ref=uuid.uuid4().hex,
                    sample_ref=sample_ref,
                    rater_ref=who,
                    rater_role=role,
                    revision=seen_revision + 1,
                    rated_at=now(),
                    result=result_of(given),
                    **given,
                )
            )
            con.execute(delete(audit_drafts).where(_is_draft(sample_ref, who, role)))
            log(con, who, "rated", ("sample", sample_ref), {"role": role, "revision": seen_revision + 1})
    except IntegrityError as problem:
        raise Refused(_stale(sample_ref, None)) from problem
    return seen_revision + 1


def keep_draft(engine: Engine, sample_ref: str, rater: str, role: str, answers: Mapping[str, Any]) -> None:
    """Keep the answers given so far, so that a reload loses none; nobody but their rater sees them."""
    who = name_of(rater)
    given = {code: answers[code] for code in (*JUDGED, "evidence_note") if answers.get(code) not in (None, "")}
    given |= {"evidence_note": str(given["evidence_note"])[:LONGEST_NOTE]} if "evidence_note" in given else {}
    key = {"sample_ref": sample_ref, "rater_role": role, "rater_ref": who}
    with writing(engine) as con:
        _sample(con, sample_ref)
        con.execute(delete(audit_drafts).where(_is_draft(sample_ref, who, role)))
        con.execute(insert(audit_drafts).values(**key, answers=json.dumps(given)))


def draft(engine: Engine, sample_ref: str, rater: str, role: str) -> dict[str, Any]:
    """The answers that this person gave and has not saved; empty without any."""
    found = rows_of(engine, select(audit_drafts.c.answers).where(_is_draft(sample_ref, name_of(rater), role)))
    return json.loads(found[0]["answers"]) if found else {}


def _is_draft(sample_ref: str, who: str, role: str) -> ColumnElement[bool]:
    kept = audit_drafts.c
    return and_(kept.sample_ref == sample_ref, kept.rater_ref == who, kept.rater_role == role)


def _stale(sample_ref: str, last: Mapping[str, Any] | None) -> str:
    at = dt.datetime.fromisoformat(last["rated_at"]).astimezone(LONDON) if last else None
    words = f" by {shown_name(last['rater_ref'])} at {at:%H:%M %Z on %d %b %Y}" if last else ""
    return (
        f"The rating of {sample_ref} was changed{words} since you opened it. Nothing was overwritten and yours was not "
        "kept: open the unit again, look at its rating, and rate it again if you still differ."
    )


def _check_rater(sample: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]], role: str) -> None:
    if "fcr" in held:
        raise Refused(f"{sample['sample_ref']} has been adjudicated: its ratings can no longer change.")
    if role == "second" and not needs_second(sample, held):
        raise Refused(f"{sample['sample_ref']} is not to be rated a second time.")


def _check_registrar(
    con: Connection, sample: Mapping[str, Any], held: Mapping[str, Mapping[str, Any]], who: str
) -> None:
    registrar = cycle_of(con, sample["cycle_ref"])["registrar"]
    if who != registrar:
        raise Refused(f"Only the registrar of this cycle ({shown_name(registrar)}) adjudicates.")
    if "first" not in held or "second" not in held:
        raise Refused(f"{sample['sample_ref']} has not been rated by two people yet.")
    if who in (held["first"]["rater_ref"], held["second"]["rater_ref"]):
        raise Refused(f"You rated {sample['sample_ref']} yourself: someone else must adjudicate.")


def checked(stratum: str, answers: Mapping[str, Any]) -> dict[str, Any]:
    """The answers of a rating, all present and valid. Raises Refused naming the first that is not."""
    found: dict[str, Any] = dict.fromkeys(JUDGED)
    for question in questions_of(stratum):
        found[question.code] = answers.get(question.code)
        if found[question.code] not in ANSWERS:
            raise Refused(f"“{question.words}” needs an answer: {', '.join(ANSWERS)}.")
    if stratum in REPORT_STRATA:
        for code, words in (("crimes_required", "should have been"), ("crimes_recorded", "were")):
            number = answers.get(code)
            if not isinstance(number, int) or not 0 <= number <= MOST_CRIMES:
                raise Refused(f"How many crimes {words} recorded from this report: a whole number, 0 to {MOST_CRIMES}.")
            found[code] = number
    if stratum in OUTCOME_STRATA:
        found["outcome_code_due"] = answers.get("outcome_code_due")
        if found["outcome_code_due"] not in OUTCOME_CODES:
            raise Refused("Outcome code that the evidence supports: 0 to 22, unsure or not_evaluable.")
    note = str(answers.get("evidence_note") or "").strip()
    if len(note) > LONGEST_NOTE:
        raise Refused(f"The note has {len(note):,} characters: at most {LONGEST_NOTE:,}.")
    return found | {"evidence_note": note}


def _outcome_correct(con: Connection, sample: Mapping[str, Any], due: str | None) -> str | None:
    if due is None:
        return None
    recorded = con.execute(
        select(audit_frames.c.recorded_outcome_code).where(
            audit_frames.c.cycle_ref == sample["cycle_ref"],
            audit_frames.c.unit_type == sample["unit_type"],
            audit_frames.c.unit_ref == sample["unit_ref"],
        )
    ).scalar_one()
    if recorded is None or due == "not_evaluable":
        return "not_evaluable"
    return "unsure" if due == "unsure" else "pass" if due == recorded else "fail"


def differing(first: Mapping[str, Any], second: Mapping[str, Any]) -> list[str]:
    """The questions on which two ratings of one unit differ."""
    return [code for code in JUDGED if first[code] != second[code]]


def disagreements(engine: Engine, cycle_ref: str, person: str) -> list[dict[str, Any]]:
    """Units on which two raters differ, both views side by side, for the registrar alone: raters stay blind."""
    with reading(engine) as con:
        registrar = cycle_of(con, cycle_ref, is_open=False)["registrar"]
        if name_of(person) != registrar:
            raise Refused(
                f"Both views are shown to the registrar of this cycle ({shown_name(registrar)}) alone: raters stay "
                "blind."
            )
        held = latest_ratings(con, cycle_ref)
    found = []
    for sample in samples(engine, cycle_ref):
        ratings = held.get(sample["sample_ref"], {})
        if "first" in ratings and "second" in ratings:
            where = differing(ratings["first"], ratings["second"])
            if where:
                found.append(sample | {"ratings": ratings, "differing": where})
    return found


def adjudicate(
    engine: Engine, sample_ref: str, registrar: str, answers: Mapping[str, Any], *, seen_revision: int = 0
) -> int:
    """Store the registrar's own rating, which decides."""
    return rate(engine, sample_ref, registrar, "fcr", answers, seen_revision=seen_revision)
