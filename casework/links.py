"""Decisions on pairs of records: two readers, each without seeing the other's, and the registrar where they differ.

Nothing is overwritten: a change is the next revision. What counts is told by core.link_decisions.
"""

from __future__ import annotations

import uuid

from sqlalchemy import Connection, Engine, insert, select
from sqlalchemy.exc import IntegrityError

from casework.link_reasons import LINK_ROLES, REASONS, VERDICTS
from casework.refusal import Refused
from casework.store import log, now, rows, writing
from casework.tables import link_decisions


def decide(
    engine: Engine, reader: str, role: str, pair: tuple[str, str], verdict: str, reason_code: str, is_blind: bool = True
) -> str:
    """Record what a reader says of two records; the reference of the decision. Raises Refused."""
    one, two = sorted(pair)
    if one == two:
        raise Refused("A pair is two records; both keys are the same.")
    for word, known in ((role, LINK_ROLES), (verdict, VERDICTS), (reason_code, tuple(REASONS))):
        if word not in known:
            raise Refused(f"Expected one of {', '.join(known)}; saw {word!r}.")
    ref = uuid.uuid4().hex
    try:
        with writing(engine) as con:
            revision = _next_revision(con, reader, role, (one, two))
            con.execute(
                insert(link_decisions).values(
                    decision_ref=ref, person_key_l=one, person_key_r=two, reader_ref=reader, reader_role=role,
                    revision=revision, decided_at=now(), verdict=verdict, reason_code=reason_code,
                    is_blind=int(is_blind),
                )
            )  # fmt: skip
            detail = {"pair": [one, two], "role": role, "verdict": verdict, "reason": reason_code, "revision": revision}
            log(con, reader, "link decided", ("pair", ref), detail)
    except IntegrityError:
        raise Refused("Somebody decided on this pair in the same role at the same moment: look again.") from None
    return ref


def _next_revision(con: Connection, reader: str, role: str, pair: tuple[str, str]) -> int:
    """One more than the last in this role. Raises Refused when the pair is another reader's in it, or the reader
    has read it in another role."""
    held = rows(
        con,
        select(link_decisions.c.reader_ref, link_decisions.c.reader_role, link_decisions.c.revision).where(
            link_decisions.c.person_key_l == pair[0], link_decisions.c.person_key_r == pair[1]
        ),
    )
    if any(row["reader_ref"] == reader and row["reader_role"] != role for row in held):
        raise Refused("You have read this pair in another role: a second reader is another person.")
    ours = [row for row in held if row["reader_role"] == role]
    if any(row["reader_ref"] != reader for row in ours):
        raise Refused(f"The {role} reader of this pair is somebody else.")
    return max((int(row["revision"]) for row in ours), default=0) + 1
