"""Decisions on pairs of records: two reviewers, blind to each other, and the registrar where they differ.

Nothing is overwritten: a change is the next revision. core.link_decisions says which decision counts; `state_of` says
the same of decisions newer than the last build. A reviewer's first decision is blind: the weight is shown only after
it.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Engine, delete, insert, select
from sqlalchemy.exc import IntegrityError

from casework.access.access_log import log
from casework.audit.cycles import name_of
from casework.choices.link_reasons import LINK_ROLES, REASONS, REASONS_FOR, VERDICTS
from casework.store.database import now, reading, rows, writing
from casework.store.refusal import Refused
from casework.store.tables import link_assignments, link_decisions

Pair = tuple[str, str]
READERS = ("first", "second")
HOURS_HELD = 24  # a pair taken without a decision is free again after this: its reviewer may have left
DIFFER = "Two readers differ on this pair: a third person decides, and neither view changes to meet the other."
ATTEMPTS = 3  # two people may take the two seats between the reading and the writing


@dataclass
class Held:
    """State of one pair: who has which seat, the last decision in each role, the first of each reviewer."""

    seats: dict[str, dict[str, Any]] = field(default_factory=dict)
    latest: dict[str, dict[str, Any]] = field(default_factory=dict)
    first: dict[str, dict[str, Any]] = field(default_factory=dict)

    def verdict(self, role: str) -> str | None:
        """The last verdict in a role; None where there is none."""
        return self.latest[role]["verdict"] if role in self.latest else None

    def role_of(self, who: str) -> str | None:
        """The role of this person, None where they have none."""
        return next((role for role, seat in self.seats.items() if seat["reader_ref"] == who), None)

    def free_role(self, who: str) -> str | None:
        """The seat that this person may take; None where both are taken or one is theirs."""
        if self.role_of(who) is not None:
            return None
        return next((r for r in READERS if r not in self.seats or self.is_lapsed(r)), None)

    def is_lapsed(self, role: str) -> bool:
        """Whether a seat was taken so long ago, without a decision, that it is free again."""
        if role in self.latest:
            return False
        taken = dt.datetime.fromisoformat(self.seats[role]["taken_at"])
        return dt.datetime.now(dt.UTC) - taken > dt.timedelta(hours=HOURS_HELD)


def state_of(held: Held) -> str:
    """State of a pair: unread, half (one review outstanding), settled, differ (registrar outstanding), or untold.

    `untold` means that nobody could decide.
    """
    registrar, (one, two) = held.verdict("registrar"), (held.verdict(role) for role in READERS)
    if registrar is not None:
        return "untold" if registrar == "unsure" else "settled"
    if one is None and two is None:
        return "unread"
    if one is None or two is None:
        return "half"
    if one != two:
        return "differ"
    return "untold" if one == "unsure" else "settled"


def settled_verdict(held: Held) -> str | None:
    """same or different once settled, else None."""
    if state_of(held) != "settled":
        return None
    return held.verdict("registrar") or held.verdict("first")


def decide(
    engine: Engine,
    reader: str,
    role: str,
    pair: Pair,
    verdict: str,
    reason_code: str,
    is_blind: bool = True,
    *,
    seen_revision: int | None = None,
) -> str:
    """Store a reviewer's decision on two records; return its reference. Raises Refused.

    With `seen_revision` (0: none) a decision that was changed in another window meanwhile is not changed unseen.
    """
    who, keys = name_of(reader), _ordered(pair)
    for word, known in ((role, LINK_ROLES), (verdict, VERDICTS), (reason_code, tuple(REASONS))):
        if word not in known:
            raise Refused(f"Expected one of {', '.join(known)}; saw {word!r}.")
    if reason_code not in REASONS_FOR[verdict]:
        raise Refused(f"“{REASONS[reason_code]}” is no reason for {verdict!r}: choose another reason or verdict.")
    ref = uuid.uuid4().hex
    try:
        with writing(engine) as con:
            held = _find_decisions(con, keys).get(keys, Held())
            if role == "registrar":
                _check_registrar(held, who)
            elif state_of(held) == "differ" and held.role_of(who) == role:
                raise Refused(DIFFER)
            _sit(con, held, keys, who, role)
            last = held.latest[role]["revision"] if role in held.latest else 0
            if seen_revision not in (None, last):
                raise Refused("Your decision on this pair was changed in another window: look at it again.")
            revision = last + 1
            con.execute(
                insert(link_decisions).values(
                    decision_ref=ref, person_key_l=keys[0], person_key_r=keys[1], reader_ref=who, reader_role=role,
                    revision=revision, decided_at=now(), verdict=verdict, reason_code=reason_code,
                    is_blind=int(is_blind and revision == 1),
                )
            )  # fmt: skip
            detail = {"pair": keys, "role": role, "verdict": verdict, "reason": reason_code, "revision": revision}
            log(con, who, "link decided", ("pair", ref), detail)
    except IntegrityError:
        raise Refused("Somebody decided on this pair in the same role at the same moment: look again.") from None
    return ref


def _ordered(pair: Pair) -> Pair:
    one, two = sorted(pair)
    if one == two:
        raise Refused("A pair is two records; both keys are the same.")
    return one, two


def _check_registrar(held: Held, who: str) -> None:
    if any(role not in held.latest for role in READERS):
        raise Refused("Two people must have read this pair before a third decides.")
    if any(held.latest[role]["reader_ref"] == who for role in READERS):
        raise Refused("You have read this pair yourself: another person must decide.")
    if held.verdict("first") == held.verdict("second"):
        raise Refused("Both readers say the same of this pair: there is nothing to decide.")


def _sit(con: Connection, held: Held, keys: Pair, who: str, role: str) -> None:
    """Take the seat, unless it is theirs already. Raises Refused where it is another's, or they have the other one."""
    if held.role_of(who) == role:
        return
    if held.role_of(who) is not None:
        raise Refused("You have read this pair in another role: a second reader is another person.")
    if role in held.seats and not held.is_lapsed(role):
        raise Refused(f"The {role} reader of this pair is somebody else.")
    _leave(con, keys, role)
    con.execute(
        insert(link_assignments).values(
            person_key_l=keys[0], person_key_r=keys[1], reader_role=role, reader_ref=who, taken_at=now()
        )
    )
    log(con, who, "pair taken", ("pair", " ".join(keys)), {"role": role})


def _leave(con: Connection, keys: Pair, role: str) -> None:
    con.execute(
        delete(link_assignments).where(
            link_assignments.c.person_key_l == keys[0],
            link_assignments.c.person_key_r == keys[1],
            link_assignments.c.reader_role == role,
        )
    )


def take_next(engine: Engine, pairs: Sequence[Pair], reader: str) -> Pair | None:
    """Take the first of `pairs` that this person may review and return it; None when none is left.

    Pairs they took without a decision come first. Several may ask at the same moment: each pair has two seats, and
    a third person gets the next pair.
    """
    who = name_of(reader)
    held = everything(engine)
    mine = [p for p in pairs if (role := held.get(p, Held()).role_of(who)) in READERS and role not in held[p].latest]
    for keys in [*mine, *(p for p in pairs if held.get(p, Held()).free_role(who))]:
        if _taken(engine, keys, who):
            return keys
    return None


def _taken(engine: Engine, keys: Pair, who: str) -> bool:
    for _ in range(ATTEMPTS):
        try:
            with writing(engine) as con:
                held = _find_decisions(con, keys).get(keys, Held())
                role = held.role_of(who)
                if role is not None:
                    return role in READERS and role not in held.latest
                free = held.free_role(who)
                if free is None:
                    return False
                _sit(con, held, keys, who, free)
        except IntegrityError:  # a server with several writers: the seat went to somebody else, the other may be free
            continue
        return True
    return False


def release(engine: Engine, pair: Pair, reader: str) -> None:
    """Give back a pair that this person took without a decision. Raises Refused once they have decided."""
    who, keys = name_of(reader), _ordered(pair)
    with writing(engine) as con:
        held = _find_decisions(con, keys).get(keys, Held())
        role = held.role_of(who)
        if role is None:
            raise Refused("You have not taken this pair.")
        if role in held.latest:
            raise Refused("You have decided on this pair: the decision stays, and you may change it.")
        _leave(con, keys, role)
        log(con, who, "pair given back", ("pair", " ".join(keys)), {"role": role})


def everything(engine: Engine) -> dict[Pair, Held]:
    """Every pair taken or decided. Not for a reviewer's eyes: see `readings` and `disputes`."""
    with reading(engine) as con:
        return _find_decisions(con)


def _find_decisions(con: Connection, keys: Pair | None = None) -> dict[Pair, Held]:
    found: dict[Pair, Held] = {}
    for table, order in ((link_assignments, link_assignments.c.taken_at), (link_decisions, link_decisions.c.revision)):
        query = select(table).order_by(order)
        if keys is not None:
            query = query.where(table.c.person_key_l == keys[0], table.c.person_key_r == keys[1])
        for row in rows(con, query):
            held = found.setdefault((row["person_key_l"], row["person_key_r"]), Held())
            held.seats.setdefault(row["reader_role"], row)
            if "verdict" in row:
                held.latest[row["reader_role"]] = row
                held.first.setdefault(row["reader_role"], row)
    return found


def readings(engine: Engine, reader: str) -> list[dict[str, Any]]:
    """This person's own pairs as a reviewer, the latest taken first, without anybody else's decision.

    Each has `pair`, `role`, their last decision or None, and why it cannot change any more ("" where it can).
    """
    who = name_of(reader)
    found = []
    for pair, held in everything(engine).items():
        role = held.role_of(who)
        if role in READERS:
            seat = held.seats[role]
            found.append(
                {
                    "pair": pair,
                    "role": role,
                    "decision": held.latest.get(role),
                    "closed": _why_closed(held),
                    "at": held.latest.get(role, seat).get("decided_at") or seat.get("taken_at"),
                }
            )
    return sorted(found, key=lambda r: str(r["at"]), reverse=True)


def _why_closed(held: Held) -> str:
    if "registrar" in held.latest:
        return "A third person has decided on this pair: a change would not count."
    return DIFFER if state_of(held) == "differ" else ""


def disputes(engine: Engine, person: str) -> tuple[list[dict[str, Any]], int]:
    """Pairs on which two reviewers differ, for a third person, with both views; and the number left out.

    Left out are pairs that this person reviewed, so that reviewers stay blind to each other.
    """
    who = name_of(person)
    differing = {p: h for p, h in everything(engine).items() if state_of(h) == "differ"}
    open_to = [
        {"pair": pair, "first": held.latest["first"], "second": held.latest["second"]}
        for pair, held in sorted(differing.items())
        if held.role_of(who) is None
    ]
    return open_to, len(differing) - len(open_to)


def progress(held: Mapping[Pair, Held], pairs: Sequence[Pair]) -> dict[str, int]:
    """Counts of completed and outstanding reviews of `pairs`; nobody's verdict is in it."""
    states = [state_of(held.get(pair, Held())) for pair in pairs]
    return {"pairs": len(states)} | {s: states.count(s) for s in ("unread", "half", "settled", "differ", "untold")}


def blind_verdicts(held: Mapping[Pair, Held]) -> list[tuple[str, str]]:
    """(first reviewer, second reviewer) of every pair with both decisions, each made before seeing the weight."""
    return [
        (h.first["first"]["verdict"], h.first["second"]["verdict"])
        for h in held.values()
        if all(role in h.first and h.first[role]["is_blind"] for role in READERS)
    ]
