"""Saved views: the address of a page with its choices, under a name that its owner gives.

A view is its owner's alone or shared with everyone who may open the page. Only its owner withdraws it.
"""

from __future__ import annotations

import re
import uuid
from typing import Any

from sqlalchemy import Engine

from casework.access import revisions
from casework.audit.cycles import name_of
from casework.store.refusal import Refused
from casework.store.tables import saved_views as table
from casework.store.words import one_line

LONGEST_NAME, LONGEST_ADDRESS = 80, 1000
# a page of this server and its choices: never another server, a script or a folder
ADDRESS = re.compile(r"[a-z][a-z_]*(\?[A-Za-z0-9_.~%+=&*|-]*)?")


def save(engine: Engine, name: str, address: str, who: str, *, is_shared: bool) -> str:
    """Save a view; return its reference. Raises Refused where name or address is none, or the owner has the name."""
    owner, said = name_of(who), one_line(name)
    if not said or len(said) > LONGEST_NAME:
        raise Refused(f"Name of the view: 1 to {LONGEST_NAME} characters; this has {len(said)}.")
    if len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address):
        raise Refused("Expected the address of a page of this server with its choices.")
    if any(view["name"].casefold() == said.casefold() for view in offered(engine, who) if view["owner"] == owner):
        raise Refused(f"You have a view named {said}. Give another name, or withdraw that view first.")
    ref = f"view-{uuid.uuid4().hex[:8]}"
    fields = {"name": said, "address": address, "owner": owner, "is_shared": int(is_shared), "is_withdrawn": 0}
    _revise(engine, ref, owner, 0, lambda held: fields, "view saved")
    return ref


def withdraw(engine: Engine, view_ref: str, who: str, *, seen_revision: int) -> None:
    """Withdraw one's own view. Raises Refused where it is another's, or changed since it was seen."""
    person = name_of(who)

    def change(held: dict[str, Any]) -> dict[str, Any]:
        if held.get("owner") != person:
            raise Refused("Only the owner of a view withdraws it.")
        return {"is_withdrawn": 1}

    _revise(engine, view_ref, person, seen_revision, change, "view withdrawn")


def offered(engine: Engine, who: str) -> list[dict[str, Any]]:
    """The views that a person may open, by name: their own and those shared; shared ones alone without a name."""
    person = name_of(who) if who else ""
    held = [row for row in revisions.latest(engine, table, "view_ref") if not row["is_withdrawn"]]
    mine = [row for row in held if row["is_shared"] or (person and row["owner"] == person)]
    return sorted(mine, key=lambda row: (row["name"].casefold(), row["view_ref"]))


def _revise(engine: Engine, ref: str, person: str, seen_revision: int, change: Any, action: str) -> None:
    revisions.add_revision(
        engine, table, {"view_ref": ref}, person, seen_revision, change, action=action, subject=("saved view", ref)
    )
