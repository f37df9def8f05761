"""Overrides of scores of the strategic assessment: proposed, decided on, for a limited time.

Nothing is overwritten: a proposal and every decision on it are rows of a chain. The override in force is worked out for
a day: of a theme and part the latest one that took force, unless it was refused or withdrawn since, or its last day is
over. An override of two scores or more, and one made during an approved one, takes force with the approval of another
person: nobody undoes alone what two have agreed.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.access.access_log import log
from casework.audit.cycles import name_of
from casework.choices.scheme_words import (
    DECISIONS,
    HIGHEST_SCORE,
    LONGEST_EVIDENCE,
    LONGEST_RATIONALE,
    LONGEST_WORDS,
    OVERRIDE_REASONS,
    SECOND_PERSON_FROM,
    SHORTEST_RATIONALE,
)
from casework.store import chain
from casework.store.chain import Chain
from casework.store.database import now, reading, rows, today
from casework.store.refusal import Refused
from casework.store.tables import override_decisions, score_overrides
from casework.store.words import is_same_name, one_line

CHECK = "stra verify"
OVERRIDES = Chain(
    score_overrides, "The log of overrides", "override", CHECK, ("override_ref", "theme_code", "part_code")
)
OVERRIDE_DECISIONS = Chain(
    override_decisions, "The log of decisions on overrides", "decision", CHECK, ("override_ref", "decision")
)
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Proposal:
    """A score to replace the automatic one, which is None where nothing was measured."""

    theme_code: str
    part_code: str
    automatic_score: int | None
    override_score: int
    reason_code: str
    rationale: str
    evidence_ref: str
    valid_to: str


def needs_second_person(automatic_score: int | None, override_score: int) -> bool:
    """Whether another person must approve it: the change is large, or there is no measured score."""
    return automatic_score is None or abs(override_score - automatic_score) >= SECOND_PERSON_FROM


def propose(engine: Engine, proposal: Proposal, analyst: str, day: dt.date | None = None) -> str:
    """Propose an override; return its reference. Raises Refused where it is not valid."""
    who, on = name_of(analyst), day or today()
    _check_scores(proposal)
    fields = {
        "override_ref": f"override-{uuid.uuid4().hex[:8]}",
        "theme_code": _wanted(proposal.theme_code, "theme"),
        "part_code": _wanted(proposal.part_code, "part"),
        "automatic_score": proposal.automatic_score,
        "override_score": proposal.override_score,
        "reason_code": proposal.reason_code,
        "rationale": _rationale(proposal.rationale),
        "evidence_ref": _wanted(proposal.evidence_ref, "reference of the evidence", LONGEST_EVIDENCE),
        "analyst": who,
        "made_at": now(),
        "valid_to": _last_day(proposal.valid_to, on),
    }
    ref = fields["override_ref"]

    def write(con: Connection) -> None:
        chain.append(con, OVERRIDES, fields)
        place = {"theme": proposal.theme_code, "part": proposal.part_code}
        log(con, who, "override proposed", ("override", str(ref)), place)

    chain.append_in_chain(engine, OVERRIDES, write)
    return str(ref)


def _check_scores(proposal: Proposal) -> None:
    scores = range(HIGHEST_SCORE + 1)
    if type(proposal.override_score) is not int or proposal.override_score not in scores:
        raise Refused(f"A score is a whole number from 0 to {HIGHEST_SCORE}; saw {proposal.override_score!r}.")
    automatic = proposal.automatic_score
    if automatic is not None and (type(automatic) is not int or automatic not in scores):
        raise Refused(f"The automatic score is a whole number from 0 to {HIGHEST_SCORE}, or none; saw {automatic!r}.")
    if proposal.override_score == automatic:
        raise Refused(f"The automatic score is {automatic} already: there is nothing to override.")
    if proposal.reason_code not in OVERRIDE_REASONS:
        raise Refused(f"Expected a reason of the list ({', '.join(OVERRIDE_REASONS)}); saw {proposal.reason_code!r}.")


def _wanted(text: str, what: str, longest: int = 80) -> str:
    words = one_line(text)
    if not words or len(words) > longest:
        raise Refused(f"Give the {what}, in 1 to {longest} characters.")
    return words


def _rationale(text: str) -> str:
    words = one_line(text)
    if not SHORTEST_RATIONALE <= len(words) <= LONGEST_RATIONALE:
        raise Refused(
            f"A rationale has {SHORTEST_RATIONALE} to {LONGEST_RATIONALE} characters; this one has {len(words)}. Say "
            "what the automatic score misses and how you know."
        )
    return words


def _last_day(text: str, on: dt.date) -> str:
    try:
        day = dt.date.fromisoformat(str(text))
    except ValueError as problem:
        raise Refused(f"Expected the last day of the override, such as 2026-03-31; saw {text!r}.") from problem
    latest = _a_year_after(on)
    if day < on:
        raise Refused(f"The last day, {day.isoformat()}, is over: give one from {on.isoformat()} on.")
    if day > latest:
        raise Refused(
            f"An override lasts twelve months at most, to {latest.isoformat()}; saw {day.isoformat()}. Propose it "
            "again when it lapses, if it still applies."
        )
    return day.isoformat()


def _a_year_after(day: dt.date) -> dt.date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:  # 29 February
        return dt.date(day.year + 1, 2, 28)


def decide(
    engine: Engine,
    override_ref: str,
    decision: str,
    who: str,
    words: str,
    *,
    seen_decisions: int,
    day: dt.date | None = None,
) -> None:
    """Approve, refuse or withdraw an override. Raises Refused where the person may not, or it has changed meanwhile.

    `seen_decisions` is the number of its decisions when the person looked.
    """
    person, on, said = name_of(who), day or today(), one_line(words)
    if decision not in DECISIONS:
        raise Refused(f"Expected one of {', '.join(DECISIONS)}; saw {decision!r}.")
    if len(said) > LONGEST_WORDS:
        raise Refused(f"The reason for a decision has at most {LONGEST_WORDS} characters; these have {len(said)}.")
    if decision != "approved" and not said:
        raise Refused("Say why it is refused or withdrawn.")

    def write(con: Connection) -> None:
        told = _with_states(rows(con, select(score_overrides)), rows(con, select(override_decisions)), on)
        found = next((row for row in told if row["override_ref"] == override_ref), None)
        if found is None:
            raise Refused(f"There is no override {override_ref}.")
        _check_decision(found, decision, person, seen_decisions)
        chain.append(
            con,
            OVERRIDE_DECISIONS,
            {"override_ref": override_ref, "decision": decision, "decided_by": person, "words": said,
             "decided_at": now()},
        )  # fmt: skip
        log(con, person, f"override {decision}", ("override", override_ref), {"words": len(said)})

    chain.append_in_chain(engine, OVERRIDE_DECISIONS, write)


def _check_decision(override: Row, decision: str, person: str, seen_decisions: int) -> None:
    ref, state = override["override_ref"], override["state"]
    if len(override["decisions"]) != seen_decisions:
        raise Refused(f"{ref} has a new decision since you looked: look at it again. Nothing was written.")
    if state in ("refused", "withdrawn", "lapsed", "replaced"):
        raise Refused(f"{ref} is {state}: there is nothing more to decide. Propose it again if it still applies.")
    if decision != "withdrawn" and is_same_name(person, override["analyst"]):
        raise Refused(f"{ref} is your own proposal: another person approves or refuses it. You may withdraw it.")
    if decision == "approved" and any(d["decision"] == "approved" for d in override["decisions"]):
        raise Refused(f"{ref} is approved already.")


def history(engine: Engine, day: dt.date | None = None) -> list[dict[str, Any]]:
    """Every override, the newest first, each with its `decisions` and its `state` on a day (today)."""
    with reading(engine) as con:
        made, decided = rows(con, select(score_overrides)), rows(con, select(override_decisions))
    return _with_states(made, decided, day or today())[::-1]


def in_force(engine: Engine, day: dt.date | None = None) -> list[dict[str, Any]]:
    """The overrides that count on a day (today)."""
    return [row for row in history(engine, day) if row["state"] == "in_force"]


def with_force(made: Sequence[Row], decided: Sequence[Row], day: dt.date) -> list[dict[str, Any]]:
    """The rows of the table with `is_in_force`, 1 or 0, on a day, as a build loads them."""
    names = {column.name for column in score_overrides.c}
    return [
        {name: value for name, value in row.items() if name in names} | {"is_in_force": int(row["state"] == "in_force")}
        for row in _with_states(made, decided, day)
    ]


def _with_states(made: Sequence[Row], decided: Sequence[Row], day: dt.date) -> list[dict[str, Any]]:
    ordered = sorted(made, key=lambda row: row["sequence"])
    decisions: dict[str, list[Row]] = {row["override_ref"]: [] for row in ordered}
    for row in sorted(decided, key=lambda row: row["sequence"]):
        decisions.setdefault(row["override_ref"], []).append(row)
    latest: dict[tuple[str, str], Row] = {}
    took_force = set()
    for row in ordered:
        place, ref = (row["theme_code"], row["part_code"]), row["override_ref"]
        before = latest.get(place)
        is_guarded = before is not None and _stood(before, decisions[before["override_ref"]], row["made_at"])
        is_great = needs_second_person(row["automatic_score"], row["override_score"])
        if not (is_guarded or is_great) or is_approved(row, decisions[ref]):
            took_force.add(ref)
            latest[place] = row
    newest = {row["override_ref"] for row in latest.values()}
    return [
        {**row, "decisions": decisions[row["override_ref"]]}
        | {"state": _state(row, decisions[row["override_ref"]], took_force, newest, day)}
        for row in ordered
    ]


def is_approved(override: Row, decisions: Sequence[Row]) -> bool:
    """Whether another person than its author has approved it."""
    approvers = [d["decided_by"] for d in decisions if d["decision"] == "approved"]
    return any(not is_same_name(person, override["analyst"]) for person in approvers)


def _stood(override: Row, decisions: Sequence[Row], moment: str) -> bool:
    """Whether two had agreed on it at a moment, nobody had ended it and its last day was not over."""
    before = [d for d in decisions if d["decided_at"] < moment]
    is_ended = any(d["decision"] != "approved" for d in before)
    return is_approved(override, before) and not is_ended and moment[:10] <= override["valid_to"]


def _state(
    override: Row, decisions: Sequence[Row], took_force: Container[str], newest: Container[str], day: dt.date
) -> str:
    """A key of scheme_words.STATES."""
    ended = [d["decision"] for d in decisions if d["decision"] != "approved"]
    if ended:
        return str(ended[-1])
    if day.isoformat() > override["valid_to"]:
        return "lapsed"
    if override["override_ref"] not in took_force:
        return "waiting"
    return "in_force" if override["override_ref"] in newest else "replaced"
