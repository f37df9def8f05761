"""What each role may open: audiences, kinds of rows and pages. Whatever is not granted here is denied. Pure.

A table's kind follows from the references in it, so that a new table is as closed as these: a reference that nobody
classed counts as one of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from casework.role_words import ROLES as TITLES

FIGURES, RECORDS, PEOPLE, PAIRS = "figures", "records", "people", "pairs of people"
KINDS = (FIGURES, RECORDS, PEOPLE, PAIRS)
RECORDED = ("integrity",)  # audiences whose copies hold more than figures

RECORD_REFS = frozenset({
    "crime_ref", "force_crime_ref", "incident_ref", "report_group_ref", "order_ref", "record_ref", "unit_ref",
    "report_ref", "target_ref", "sample_ref", "linked_refs", "row_refs", "recording_officer_ref",
    "supervising_officer_ref",
    "investigator_ref",
})  # fmt: skip
NO_REFS = frozenset({  # of runs, series, rules and decisions: they lead to nobody
    "delivery_ref", "setting_key", "total_ref", "regime_ref", "cycle_ref", "assessment_ref", "last_assessment_ref",
    "series_ref", "entry_ref", "override_ref", "evidence_ref", "run_ref", "first_run_ref", "ended_run_ref", "cell_ref",
    "check_ref", "parent_ref",
})  # fmt: skip
PAIR_KEYS = frozenset({"person_key_l", "person_key_r"})


def kind_of(names: Iterable[str]) -> str:
    """What rows with these columns are: the most sensitive of the references in them says it."""
    held = set(names)
    if held & PAIR_KEYS:
        return PAIRS
    refs = {name for name in held if name.endswith(("_ref", "_refs", "_key", "_id"))} - NO_REFS
    if refs - RECORD_REFS:
        return PEOPLE
    return RECORDS if refs else FIGURES


@dataclass(frozen=True)
class Scope:
    """What somebody may open of one copy. `opened` is told of a table and its rows before they are handed over, unless
    they are mere figures, and answers why they must not be; empty where they may."""

    kinds: frozenset[str] = frozenset()
    opened: Callable[[str, int], str] | None = None
    asked_as: str = "somebody without a role"

    def refusal(self, table: str, entry: Mapping[str, Any]) -> str:
        """Why a table is not opened, empty where it is: a table is what its grain refers to."""
        kind = kind_of(entry.get("grain") or entry.get("columns") or ["not_described_ref"])
        return "" if kind in self.kinds else f"{table} holds {kind}: not for {self.asked_as}."

    def hidden(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """Columns of a table that lead to what is not opened."""
        return tuple(name for name in entry.get("columns") or () if kind_of([name]) not in {*self.kinds, FIGURES})


NOTHING = Scope()
WHOLE = Scope(frozenset(KINDS), asked_as="whoever may read the files")  # who runs commands on the server


@dataclass(frozen=True)
class Role:
    """Audience -> kinds of rows; the pages, by address, each of one of these audiences."""

    kinds: Mapping[str, frozenset[str]]
    pages: frozenset[str]


COMMAND = frozenset({
    "the_assessment", "theme", "what_we_cannot_see", "is_it_changing", "what_is_coming", "where_do_we_stand",
    "what_happened_next", "are_victims_protected", "repeat_and_serial_suspects", "can_we_trust_our_recording",
    "decisions_and_actions", "the_advice",
})  # fmt: skip
RECORDING = frozenset(
    {"what_was_delivered", "which_standards_are_breached", "fix_list", "recording_delay_and_class", "methods"}
)
COMMISSIONING = frozenset({
    "need_and_reach", "services_and_waits", "who_is_missing_out", "options_and_value", "download_the_pack",
    "recorded_demand",
})  # fmt: skip

ROLES: Mapping[str, Role] = {
    "analyst": Role(
        {"command": frozenset({FIGURES}), "integrity": frozenset({FIGURES, RECORDS, PEOPLE})},
        COMMAND | RECORDING | {"people_to_look_at", "daily_meeting", "scrutiny_panel", "scoring_scheme"},
    ),
    "auditor": Role(
        {"command": frozenset({FIGURES}), "integrity": frozenset({FIGURES, RECORDS})},
        RECORDING | {"can_we_trust_our_recording", "audit", "scrutiny_panel"},
    ),
    "reviewer": Role({"integrity": frozenset({FIGURES, PAIRS})}, frozenset({"review_links", "methods"})),
    "senior_leader": Role({"command": frozenset({FIGURES})}, COMMAND),
    "commissioner": Role({"commissioning": frozenset({FIGURES})}, COMMISSIONING),
    "data_protection_officer": Role({"integrity": frozenset({FIGURES})}, frozenset({"access_log", "methods"})),
    "administrator": Role({}, frozenset({"accounts"})),
}
assert set(ROLES) == set(TITLES)


def pages_of(roles: Iterable[str]) -> frozenset[str]:
    """Addresses of the pages that any of the roles opens."""
    return frozenset().union(*(ROLES[role].pages for role in roles))


def kinds_of(roles: Iterable[str], audience: str) -> frozenset[str]:
    """Kinds of rows of an audience's copy that any of the roles opens."""
    return frozenset().union(*(ROLES[role].kinds.get(audience, frozenset()) for role in roles))


def words_of(roles: Iterable[str]) -> str:
    """The roles as a person reads them: an analyst and auditor."""
    return " and ".join(TITLES[role].lower() for role in roles) or "somebody without a role"
