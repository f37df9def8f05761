"""Accounts: the roles of each identity. The table is append-only and chained: the last row of an identity applies.

Nobody has a role unless somebody else gave it. Nobody changes an account of their own. An administrator of accounts
sees no data. The first administrator is named on the server (`stra account set`). A supervisor's account names units,
which are kept beside its roles as "unit NAME", so that the chain protects both.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.choices.role_words import ADMINISTRATOR, ROLES, SUPERVISOR
from casework.store import chain
from casework.store.chain import Chain
from casework.store.database import now, reading, rows, rows_of
from casework.store.refusal import Refused
from casework.store.tables import account_changes
from casework.store.words import one_line, plain_name

CHAIN = Chain(account_changes, "The record of accounts", "change", "stra verify", ("identity",))
LONGEST_IDENTITY, LONGEST_REASON = 80, 300  # as long as the name of the person who decides
LONGEST_UNIT, MOST_UNITS = 120, 20
UNIT = "unit "  # before the name of a unit, among the roles


@dataclass(frozen=True)
class Account:
    """Roles, units and state of an identity.

    `signed_in_after` is the moment before which no sign-in counts, empty where there is none.
    """

    identity: str
    roles: tuple[str, ...]
    is_disabled: bool
    signed_in_after: str = ""
    units: tuple[str, ...] = ()


def identity_of(text: str) -> str:
    """An identity in one spelling (see words.plain_name). Raises Refused where it is empty, too long or not plain."""
    words = plain_name(text)
    if not words or len(words) > LONGEST_IDENTITY:
        raise Refused(f"Expected an identity of 1 to {LONGEST_IDENTITY} characters, such as a work address.")
    return words


def account_of(engine: Engine, identity: str) -> Account | None:
    """The current account of an identity; None where there is none."""
    with reading(engine) as con:
        return _account(con, identity_of(identity))


def accounts(engine: Engine) -> list[Account]:
    """Every current account, in alphabetical order."""
    with reading(engine) as con:
        names = con.execute(select(account_changes.c.identity).distinct().order_by(account_changes.c.identity))
        held = [_account(con, name) for name in names.scalars().all()]
    return [account for account in held if account is not None]


def history(engine: Engine) -> list[dict[str, Any]]:
    """Every change, the newest first."""
    return rows_of(engine, select(account_changes).order_by(account_changes.c.sequence.desc()))


def change(
    engine: Engine,
    identity: str,
    actor: str,
    reason: str,
    *,
    roles: Collection[str] | None = None,
    units: Collection[str] | None = None,
    is_disabled: bool | None = None,
    ends_sign_ins: bool = False,
) -> Account:
    """Change or create an account; arguments that are None stay as they are. Raises Refused where that is not allowed.

    `ends_sign_ins` ends every sign-in begun before now, on every machine; disabling an account ends them as well.
    """
    name, who = identity_of(identity), one_line(actor)
    words = one_line(reason)
    if not who or not words or len(words) > LONGEST_REASON:
        raise Refused(f"Give a reason for the change of the account, in 1 to {LONGEST_REASON} characters.")
    is_sign_out = ends_sign_ins and roles is None and units is None and is_disabled is None
    if plain_name(who) == name and not is_sign_out:
        raise Refused("Nobody changes an account of their own: ask another administrator.")

    def write(con: Connection) -> Account:
        held = _account(con, name)
        wanted = tuple(sorted(set(roles if roles is not None else held.roles if held else ())))
        named = units if units is not None else held.units if held and SUPERVISOR in wanted else ()
        chosen = tuple(sorted({one_line(unit) for unit in named}))
        check(wanted, chosen)
        disabled = is_disabled if is_disabled is not None else held is not None and held.is_disabled
        chain.append(
            con,
            CHAIN,
            {
                "identity": name,
                "roles": json.dumps([*wanted, *(UNIT + unit for unit in chosen)]),
                "is_disabled": int(disabled),
                "ends_sign_ins": int(ends_sign_ins or disabled),
                "changed_by": who,
                "changed_at": now(),
                "reason": words,
            },
        )
        made = _account(con, name)
        assert made is not None
        return made

    return chain.append_in_chain(engine, CHAIN, write)


def check(roles: tuple[str, ...], units: tuple[str, ...]) -> None:
    """Raise Refused where nobody may hold these roles and units together."""
    unknown = [role for role in roles if role not in ROLES]
    if unknown:
        raise Refused(f"Expected roles out of {', '.join(ROLES)}; saw {', '.join(unknown)}.")
    if ADMINISTRATOR in roles and len(roles) > 1:
        raise Refused("An administrator sees no data: it has no other role. Use two accounts of two people.")
    if SUPERVISOR in roles and len(roles) > 1:
        raise Refused("A supervisor sees its units alone: it has no other role.")
    if SUPERVISOR in roles and not units:
        raise Refused("A supervisor needs at least one unit, as the extract names it.")
    if units and SUPERVISOR not in roles:
        raise Refused("Only a supervisor's account names units.")
    if len(units) > MOST_UNITS or not all(0 < len(unit) <= LONGEST_UNIT for unit in units):
        raise Refused(f"Expected at most {MOST_UNITS} units, each of 1 to {LONGEST_UNIT} characters.")


def _account(con: Connection, identity: str) -> Account | None:
    held = rows(
        con,
        select(account_changes)
        .where(account_changes.c.identity == identity)
        .order_by(account_changes.c.sequence.desc()),
    )
    if not held:
        return None
    ended = next((str(row["changed_at"]) for row in held if row["ends_sign_ins"]), "")
    kept = json.loads(held[0]["roles"])
    roles = tuple(name for name in kept if not name.startswith(UNIT))
    units = tuple(name.removeprefix(UNIT) for name in kept if name.startswith(UNIT))
    return Account(identity, roles, bool(held[0]["is_disabled"]), ended, units)
