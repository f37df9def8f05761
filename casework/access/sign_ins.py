"""Sign-ins: when each began, was last used and ended.

A sign-in ends when it was idle or lasted too long, when its person signed out, here or everywhere, and when the account
was disabled.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, insert, select, update
from sqlalchemy.exc import IntegrityError

from casework.access.accounts import Account
from casework.access.groups import Membership
from casework.store.database import now, reading, rows, rows_of, writing
from casework.store.tables import sign_ins

UNWRITTEN = 0.02  # share of the idle time: a use this soon after the last one is not written again


@dataclass(frozen=True)
class Limits:
    """Limits of a sign-in: time without an action, and total time."""

    idle: dt.timedelta = dt.timedelta(minutes=30)
    whole: dt.timedelta = dt.timedelta(hours=10)


@dataclass(frozen=True)
class SignIn:
    """A sign-in as the server knows it: a hash that names it, its identity, when it began (UTC).

    `memberships` are those of the provider's groups that give rights here (groups.py); None where the provider did not
    list them.
    """

    ref: str
    identity: str
    began_at: str
    memberships: frozenset[Membership] | None = frozenset()


def ref_of(*parts: str) -> str:
    """The reference of a sign-in: a hash of what only its own browser or provider knows."""
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


def why_over(engine: Engine, sign_in: SignIn, account: Account, limits: Limits, *, is_use: bool) -> str:
    """Reason why the sign-in has ended; empty while it is valid. With `is_use` an action starts the idle time again.

    Raises DatabaseError where the store does not answer: nobody is then admitted.
    """
    with reading(engine) as con:
        held = _find_sign_in(con, sign_in)
    reason = _reason(held or _fresh(sign_in), account, limits)
    if held is None and is_use and not reason:
        _begin(engine, sign_in)
    elif held is not None and reason and not held["ended_at"]:
        end(engine, sign_in.ref, reason)
    elif held is not None and is_use and not reason:
        _use(engine, held, limits)
    return reason


def _use(engine: Engine, held: dict[str, Any], limits: Limits) -> None:
    if _moment(now()) - _moment(held["last_used_at"]) < limits.idle * UNWRITTEN:
        return
    with writing(engine) as con:
        con.execute(
            update(sign_ins)
            .where(sign_ins.c.sign_in_ref == held["sign_in_ref"], sign_ins.c.ended_at.is_(None))
            .values(last_used_at=now())
        )


def end(engine: Engine, ref: str, reason: str = "signed out") -> None:
    """End a sign-in; one that has ended stays as it is."""
    with writing(engine) as con:
        con.execute(
            update(sign_ins)
            .where(sign_ins.c.sign_in_ref == ref, sign_ins.c.ended_at.is_(None))
            .values(ended_at=now(), end_reason=reason)
        )


def latest(engine: Engine, most: int = 200) -> list[dict[str, Any]]:
    """The latest sign-ins, the newest first."""
    return rows_of(engine, select(sign_ins).order_by(sign_ins.c.began_at.desc()).limit(most))


def _reason(held: dict[str, Any], account: Account, limits: Limits) -> str:
    at, began = _moment(now()), _moment(held["began_at"])
    if held["ended_at"]:
        return str(held["end_reason"])
    if account.signed_in_after and held["began_at"] <= account.signed_in_after:
        return "signed out everywhere"
    if at - began > limits.whole:
        return f"signed in longer than {_span(limits.whole)}"
    if at - _moment(held["last_used_at"]) > limits.idle:
        return f"no action for {_span(limits.idle)}"
    return ""


def _fresh(sign_in: SignIn) -> dict[str, Any]:
    """A sign-in never used here: idle time begins now, its total time when it began."""
    return {"began_at": sign_in.began_at, "last_used_at": now(), "ended_at": None, "end_reason": None}


def _begin(engine: Engine, sign_in: SignIn) -> None:
    try:
        with writing(engine) as con:
            con.execute(
                insert(sign_ins).values(
                    sign_in_ref=sign_in.ref, identity=sign_in.identity, began_at=sign_in.began_at, last_used_at=now()
                )
            )
    except IntegrityError:  # two tabs of one sign-in at the same moment: one of them was first
        return


def _find_sign_in(con: Connection, sign_in: SignIn) -> dict[str, Any] | None:
    """The row of a sign-in; a row of another identity under the same reference does not count."""
    found = rows(con, select(sign_ins).where(sign_ins.c.sign_in_ref == sign_in.ref))
    return found[0] if found and found[0]["identity"] == sign_in.identity else None


def _moment(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text)


def _span(span: dt.timedelta) -> str:
    minutes = round(span.total_seconds() / 60)
    return f"{minutes // 60} hours" if minutes % 60 == 0 and minutes > 60 else f"{minutes} minutes"
