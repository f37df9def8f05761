"""The inputs of the lists: their states and records, for a period and a unit."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.text import numbers

LISTS, STATES = "metrics.meeting_lists", "metrics.meeting_list_states"
ALL, NO_UNIT = "all", "unit-not-known"
PERIODS = {"daily": "Daily", "weekly": "Weekly"}


@dataclass(frozen=True)
class Sheet:
    """The lists of one period for one unit, or for the whole force."""

    period: str
    unit: str
    states: tuple[dict[str, Any], ...]
    rows: pl.DataFrame

    @property
    def measured(self) -> list[dict[str, Any]]:
        """The lists that the extract can supply."""
        return [state for state in self.states if state["is_measured"]]

    @property
    def unmeasured(self) -> list[dict[str, Any]]:
        """The lists that the extract cannot supply."""
        return [state for state in self.states if not state["is_measured"]]

    def of(self, list_code: str) -> pl.DataFrame:
        """The records of a list, the oldest on top, numbered in this order."""
        rows = self.rows.filter(pl.col("list_code") == list_code).sort("place")
        return rows.with_columns(pl.int_range(1, pl.len() + 1).alias("place"))

    @property
    def as_of(self) -> str:
        """31 Mar 2026, 23:00 BST."""
        return _as_of(self.states)

    @property
    def whose(self) -> str:
        """the whole force; Unit A; records of no known unit."""
        return _whose(self.unit)

    @property
    def subject(self) -> str:
        """The name of the sheet in the access log."""
        return _subject(self.period, self.unit, self.states)


def _as_of(states: Sequence[Mapping[str, Any]]) -> str:
    moment = states[0]["as_of_at"]
    return numbers.moment(moment.isoformat()) if moment else "not known"


def _whose(unit: str) -> str:
    return {ALL: "the whole force", NO_UNIT: "records of no known unit"}.get(unit, unit)


def _subject(period: str, unit: str, states: Sequence[Mapping[str, Any]]) -> str:
    return f"{period} lists, {_whose(unit)}, as of {_as_of(states)}"


def units(copy: Copy) -> dict[str, str]:
    """Units with a record on any list, for the filter.

    It returns no records: those are logged before they are shown.
    """
    found = optional(copy.select, LISTS, columns="distinct unit_name", order_by="unit_name", may_be_empty=True)
    names = [] if found is None else found["unit_name"].to_list()
    options = {ALL: "Whole force"} | {name: name for name in names if name}
    return options | ({NO_UNIT: "Unit not known"} if None in names else {})


def sheet(copy: Copy, period: str, unit: str) -> Sheet:
    """The lists. Raises Missing if there are none, or the viewing cannot be logged."""
    held = tuple(copy.select(STATES, where="period = $period", order_by="place", period=period).to_dicts())
    measured = [state["list_code"] for state in held if state["is_measured"]]
    of_unit = {ALL: "$unit = $unit", NO_UNIT: "$unit = $unit and unit_name is null"}.get(unit, "unit_name = $unit")
    rows = copy.select(
        LISTS, where=f"period = $period and list_contains($measured, list_code) and {of_unit}", order_by="place",
        may_be_empty=True, about=_subject(period, unit, held), period=period, measured=tuple(measured), unit=unit,
    )  # fmt: skip
    return Sheet(period, unit, held, rows)
