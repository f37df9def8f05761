"""Rights by groups of an OpenID Connect provider: HOME/groups.toml says which group gives which role and units.

Where the file is there, roles come from it alone: a group that it does not name gives nothing, and an account's own
roles do not count. An account can still be disabled, or its sign-ins ended. The file is read again for every action.
"""

from __future__ import annotations

import functools
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from casework.access.accounts import LONGEST_UNIT, Account, check
from casework.store.refusal import Refused
from casework.store.words import one_line

FILE = "groups.toml"  # below the home
LARGEST, MOST_RULES, LONGEST_VALUE = 200_000, 500, 200
CLAIM = "groups"  # where a rule names no other
KEYS = {"id", "claim", "role", "units"}
ELSEWHERE, HAS_MORE = "_claim_names", "hasgroups"  # how Microsoft Entra says that a claim was too long to send
GUID = re.compile(r"[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}")

Claim = tuple[str, ...]  # the names that lead to a claim, from the outside in
Membership = tuple[Claim, str]


@dataclass(frozen=True)
class Rule:
    """A group, and the role and units that it gives."""

    group: Membership
    role: str
    units: tuple[str, ...] = ()


@dataclass(frozen=True)
class Groups:
    """The rules of a home."""

    rules: tuple[Rule, ...]

    def memberships(self, claims: Mapping[str, Any]) -> frozenset[Membership] | None:
        """The groups in a provider's claims that the rules name; None where the provider did not list all of them."""
        paths = {rule.group[0] for rule in self.rules}
        elsewhere = claims.get(ELSEWHERE)
        unsent = set(elsewhere) if isinstance(elsewhere, Mapping) else set()
        unsent |= {CLAIM} if claims.get(HAS_MORE) not in (None, False) else set()
        if any(path[0] in unsent for path in paths):
            return None
        held = {(path, _one_spelling(value)) for path in paths for value in _values(claims, path)}
        return frozenset(held & {rule.group for rule in self.rules})

    def account(self, identity: str, memberships: frozenset[Membership], held: Account | None) -> Account:
        """The rights of a person with these memberships; `held` is the account by which they were disabled, if any.

        Raises Refused where nobody may hold the roles together.
        """
        given = [rule for rule in self.rules if rule.group in memberships]
        roles = tuple(sorted({rule.role for rule in given}))
        units = tuple(sorted({unit for rule in given for unit in rule.units}))
        check(roles, units)
        if held is None:
            return Account(identity, roles, is_disabled=False, units=units)
        return Account(identity, roles, held.is_disabled, held.signed_in_after, units)


def kept(memberships: frozenset[Membership] | None) -> dict[str, Any]:
    """Claims with these memberships and no others, from which `memberships` finds the same again."""
    if memberships is None:
        return {HAS_MORE: True}
    claims: dict[str, Any] = {}
    for path, value in sorted(memberships):
        inner = claims
        for name in path[:-1]:
            inner = inner.setdefault(name, {})
        inner.setdefault(path[-1], []).append(value)
    return claims


def read_groups(home: Path) -> Groups | None:
    """The rules of a home; None where it has no such file. Raises Refused where they cannot be used."""
    path = home / FILE
    try:
        found = path.stat()
        return _read_file(path, found.st_mtime_ns, found.st_size, found.st_ino)
    except FileNotFoundError:
        return None
    except OSError as problem:
        raise Refused(f"{FILE} cannot be read ({problem.strerror}).") from problem


@functools.lru_cache(maxsize=8)
def _read_file(path: Path, changed: int, size: int, inode: int) -> Groups:
    if size > LARGEST:
        raise Refused(f"{FILE}: expected at most {LARGEST} bytes.")
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise Refused(f"{FILE} is not TOML: {problem}.") from problem
    entries = content.get("group", [])
    if set(content) - {"group"} or not isinstance(entries, list) or not 0 < len(entries) <= MOST_RULES:
        raise Refused(f"{FILE}: expected 1 to {MOST_RULES} parts [[group]], and nothing else.")
    return Groups(tuple(_rule(number, entry) for number, entry in enumerate(entries, 1)))


def _rule(number: int, entry: Any) -> Rule:
    place = f"{FILE}, group {number}"
    if not isinstance(entry, dict) or set(entry) - KEYS or not {"id", "role"} <= set(entry):
        raise Refused(f"{place}: expected id and role, and at most claim and units.")
    named, value = entry.get("claim", CLAIM), entry["id"]
    path = tuple(named) if isinstance(named, list) else (named,)
    if not path or not all(isinstance(name, str) and 0 < len(name) <= LONGEST_VALUE for name in path):
        raise Refused(f"{place}: expected claim as a name, or as a list of the names that lead to it.")
    if not isinstance(value, str) or not 0 < len(value.strip()) <= LONGEST_VALUE:
        raise Refused(f"{place}: expected id as a text of 1 to {LONGEST_VALUE} characters.")
    units = entry.get("units", [])
    if not isinstance(units, list) or not all(isinstance(u, str) and 0 < len(u) <= LONGEST_UNIT for u in units):
        raise Refused(f"{place}: expected units as a list of names.")
    role = entry["role"] if isinstance(entry["role"], str) else ""
    try:
        rule = Rule((path, _one_spelling(value)), role, tuple(one_line(unit) for unit in units))
        check((rule.role,), rule.units)
    except Refused as words:
        raise Refused(f"{place}: {words}") from words
    return rule


def _values(claims: Mapping[str, Any], path: Claim) -> list[str]:
    """The texts of a claim: a list of them, or a single one. Anything else is no group."""
    found: Any = claims
    for name in path:
        found = found.get(name) if isinstance(found, Mapping) else None
    values = found if isinstance(found, list | tuple) else [found]
    return [value for value in values if isinstance(value, str) and value.strip()]


def _one_spelling(value: str) -> str:
    """A GUID in lower case, whatever case it was copied in; any other name as it is."""
    return value.lower() if GUID.fullmatch(value) else value
