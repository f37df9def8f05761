"""The kinds of rows that tables hold, and the rights to open them. Pure.

A table's kind follows from its references, so that a new table is as protected as these. A reference without a class
counts as one of a person.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

FIGURES, RECORDS, PEOPLE, PAIRS = "figures", "records", "people", "pairs of people"
KINDS = (FIGURES, RECORDS, PEOPLE, PAIRS)

RECORD_REFS = frozenset({
    "crime_ref", "force_crime_ref", "incident_ref", "report_group_ref", "order_ref", "record_ref", "unit_ref",
    "report_ref", "target_ref", "sample_ref", "linked_refs", "row_refs", "recording_officer_ref",
    "supervising_officer_ref",
    "investigator_ref",
})  # fmt: skip
NO_REFS = frozenset({  # of runs, series, rules and decisions: they identify nobody
    "delivery_ref", "setting_key", "total_ref", "regime_ref", "cycle_ref", "assessment_ref", "last_assessment_ref",
    "series_ref", "entry_ref", "override_ref", "evidence_ref", "run_ref", "first_run_ref", "ended_run_ref", "cell_ref",
    "check_ref", "parent_ref", "before_ref", "annotation_ref",
})  # fmt: skip
# what a user of some units reads beside their rows
OF_NO_UNIT = frozenset({"core.extract_forces", "core.force_scope", "quality.runs"})
PAIR_KEYS = frozenset({"person_key_l", "person_key_r"})


def kind_of(names: Iterable[str]) -> str:
    """The kind of rows with these columns: that of their most sensitive reference."""
    held = set(names)
    if held & PAIR_KEYS:
        return PAIRS
    refs = {name for name in held if name.endswith(("_ref", "_refs", "_key", "_id"))} - NO_REFS
    if refs - RECORD_REFS:
        return PEOPLE
    return RECORDS if refs else FIGURES


@dataclass(frozen=True)
class Scope:
    """The rights of one user in one copy.

    `opened` is called with a table and its rows before they are returned, unless they hold figures only. It returns why
    they must not be shown, or "" if they may. `units` are those whose rows alone are read; None for all.
    """

    kinds: frozenset[str] = frozenset()
    opened: Callable[[str, int], str] | None = None
    asked_as: str = "a user without a role"
    units: tuple[str, ...] | None = None

    def refusal(self, table: str, entry: Mapping[str, Any]) -> str:
        """Why a table is not opened, "" if it is; its grain decides."""
        kind = kind_of(entry.get("grain") or entry.get("columns") or ["not_described_ref"])
        if kind not in self.kinds:
            return f"{table} holds {kind}: not for {self.asked_as}."
        if self.is_of_units(table) and not {"unit_name", "force_code"} <= {*entry["columns"]}:
            return f"{table} is of no single unit: not for {self.asked_as}."
        return ""

    def is_of_units(self, table: str) -> bool:
        """Whether only rows of $units_read are read of a table: see OF_UNITS."""
        return self.units is not None and table not in OF_NO_UNIT

    def hidden(self, entry: Mapping[str, Any]) -> tuple[str, ...]:
        """Columns of a table whose references may not be opened."""
        return tuple(name for name in entry.get("columns") or () if kind_of([name]) not in {*self.kinds, FIGURES})


# whether the extract has several forces -> the rows read; two of them may use a unit's name, so FORCE/NAME names one
OF_UNITS = {
    False: "(unit_name in $units_read or force_code || '/' || unit_name in $units_read)",
    True: "force_code || '/' || unit_name in $units_read",
}
NOTHING = Scope()
WHOLE = Scope(frozenset(KINDS), asked_as="anyone who may read the files")  # for users who run commands on the server
