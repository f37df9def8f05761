"""Changes to the scoring scheme of the strategic assessment, each accepted after its effect was shown.

Only this module raises the scheme's version: 1 comes with the product, every change is the next.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, func, select

from casework.access.access_log import log
from casework.audit.cycles import name_of
from casework.choices.scheme_words import LONGEST_WORDS, SHIPPED_VERSION, SUBJECTS
from casework.store import chain
from casework.store.chain import Chain
from casework.store.database import now, reading, rows
from casework.store.refusal import Refused
from casework.store.tables import scheme_changes
from casework.store.words import one_line

DEFINITION = "definition"
VALUES = {code: words for code, words in SUBJECTS.items() if code != DEFINITION}
SCHEME = Chain(scheme_changes, "The log of changes to the scheme", "change", "stra verify", ("subject", "key"))


@dataclass(frozen=True)
class Change:
    """One value of the scheme, old and new; `effect` is the effect that was shown."""

    subject: str
    key: str
    old_value: float
    new_value: float
    reason: str
    effect: Mapping[str, Any]


def accept(engine: Engine, change: Change, who: str, *, seen_version: int) -> int:
    """Accept a change; return its version. Raises Refused where it is not valid, or the scheme changed meanwhile."""
    person, reason = name_of(who), one_line(change.reason)
    if change.subject not in VALUES or not change.key.strip():
        raise Refused(f"Expected a key and a subject of the list ({', '.join(VALUES)}); saw {change.subject!r}.")
    if not reason or len(reason) > LONGEST_WORDS:
        raise Refused(f"Say why the scheme is changed, in 1 to {LONGEST_WORDS} characters.")
    if not math.isfinite(change.new_value) or change.new_value < 0:
        raise Refused(f"Expected a number of 0 or more; saw {change.new_value}.")
    if change.new_value == change.old_value:
        raise Refused(f"{change.key} is {change.old_value:g} already: nothing would change.")
    if not change.effect:
        raise Refused("A change needs its effect first: look at what would move.")

    def write(con: Connection) -> int:
        version = _version(con)
        if version != seen_version:
            raise Refused(
                f"The scheme is at version {version} now, but its effect was shown for version {seen_version}: look "
                "at what would move again. Nothing was written."
            )
        stands = _values(con).get((change.subject, change.key), change.old_value)
        if stands != change.old_value:
            raise Refused(f"{change.key} is {stands:g} now, not {change.old_value:g}: look at it again.")
        chain.append(
            con,
            SCHEME,
            {"scheme_version": version + 1, "subject": change.subject, "key": change.key,
             "old_value": float(change.old_value), "new_value": float(change.new_value), "reason": reason,
             "accepted_by": person, "accepted_at": now(),
             "effect": json.dumps(dict(change.effect), sort_keys=True, default=str)},
        )  # fmt: skip
        detail = {"subject": change.subject, "key": change.key}
        log(con, person, "scheme changed", ("scheme version", str(version + 1)), detail)
        return version + 1

    return chain.append_in_chain(engine, SCHEME, write)


def accept_definitions(engine: Engine, names: Sequence[str], who: str, reason: str, effect: Mapping[str, Any]) -> int:
    """Accept changed definitions (files of the product, rules), one version each; return the last version.

    Raises Refused without a name, a reason, a change or its effect.
    """
    person, why = name_of(who), one_line(reason)
    if not names:
        raise Refused("No definition has changed: there is nothing to accept.")
    if not why or len(why) > LONGEST_WORDS:
        raise Refused(f"Say why the definitions are changed, in 1 to {LONGEST_WORDS} characters.")
    if not effect:
        raise Refused("A change needs its effect first: look at what would move.")

    def write(con: Connection) -> int:
        at = now()
        for name in names:
            chain.append(
                con,
                SCHEME,
                {"scheme_version": _version(con) + 1, "subject": DEFINITION, "key": name, "old_value": None,
                 "new_value": None, "reason": why, "accepted_by": person, "accepted_at": at,
                 "effect": json.dumps(dict(effect), sort_keys=True, default=str)},
            )  # fmt: skip
        made = _version(con)
        log(con, person, "definitions changed", ("scheme version", str(made)), {"names": list(names)})
        return made

    return chain.append_in_chain(engine, SCHEME, write)


def version(engine: Engine) -> int:
    """The version of the scheme that is in force."""
    with reading(engine) as con:
        return _version(con)


def changes(engine: Engine) -> list[dict[str, Any]]:
    """Every change accepted, the newest first, with its effect as it was shown."""
    with reading(engine) as con:
        held = chain.read_rows(con, SCHEME)
    return [row | {"effect": json.loads(row["effect"])} for row in held[::-1]]


def _version(con: Connection) -> int:
    return int(
        con.execute(select(func.coalesce(func.max(scheme_changes.c.scheme_version), SHIPPED_VERSION))).scalar_one()
    )


def _values(con: Connection) -> dict[tuple[str, str], float]:
    query = select(scheme_changes).order_by(scheme_changes.c.scheme_version)
    held = (row for row in rows(con, query) if row["subject"] != DEFINITION)
    return {(row["subject"], row["key"]): float(row["new_value"]) for row in held}
