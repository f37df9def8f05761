"""What each role may open of each audience's copy: kinds of rows. Pure.

Anything not granted here is denied. The pages that a role may open are in `dashboards/registry.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from casework.choices.role_words import ROLES as TITLES
from casework.choices.role_words import SUPERVISOR
from dashboards.data.scope import FIGURES, PAIRS, PEOPLE, RECORDS

RECORDED = ("integrity",)  # audiences whose copies hold more than figures

# role -> audience -> kinds of rows
ROLES: Mapping[str, Mapping[str, frozenset[str]]] = {
    "analyst": {"command": frozenset({FIGURES}), "integrity": frozenset({FIGURES, RECORDS, PEOPLE})},
    "auditor": {"command": frozenset({FIGURES}), "integrity": frozenset({FIGURES, RECORDS})},
    "supervisor": {"integrity": frozenset({FIGURES, RECORDS})},  # of its units alone: see Scope.units
    "reviewer": {"integrity": frozenset({FIGURES, PAIRS})},
    "senior_leader": {"command": frozenset({FIGURES})},
    "commissioner": {"commissioning": frozenset({FIGURES})},
    "data_protection_officer": {"integrity": frozenset({FIGURES})},
    "administrator": {},
}
assert set(ROLES) == set(TITLES)


def kinds_of(roles: Iterable[str], audience: str) -> frozenset[str]:
    """Kinds of rows of an audience's copy that any of the roles may open."""
    return frozenset().union(*(ROLES[role].get(audience, frozenset()) for role in roles))


def is_of_units(roles: Iterable[str]) -> bool:
    """Whether a person with these roles reads the rows of some units only. A supervisor has no other role."""
    return set(roles) == {SUPERVISOR}


def words_of(roles: Iterable[str]) -> str:
    """The roles in words: an analyst and auditor."""
    return " and ".join(TITLES[role].lower() for role in roles) or "a user without a role"
