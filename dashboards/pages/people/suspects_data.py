"""The tables that the page reads, and its words where one is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from dashboards.data import points_table
from dashboards.data.points_table import PointsTable
from dashboards.data.published import Copy, Missing, optional
from dashboards.data.settings import read_settings
from dashboards.pages.people import suspects_text
from dashboards.pages.people.suspects_text import Measured
from dashboards.text import numbers
from dashboards.text.people import management_text

SUSPECTS, MANAGEMENT, DYADS = "metrics.repeat_suspects", "metrics.repeat_management", "metrics.repeat_dyads"
ESCALATION, TIMELINE, OVERLAP = "metrics.dyad_escalation", "metrics.dyad_timeline", "metrics.management_overlap"
V100, V100_STATES = "metrics.v100", "metrics.v100_states"
CHANGES = "core.person_changes"
CHOICE = "metrics.ranking_choice"


@dataclass(frozen=True)
class Setting:
    """The settings of the page: ranking, management delivered, as-of day."""

    settings: Mapping[str, float]
    measured: Measured
    as_of: dt.date | None
    points: PointsTable = field(default_factory=PointsTable)

    @property
    def lens(self) -> str | None:
        """Lens of harm used for gravity."""
        return suspects_text.lens_of(self.settings)

    @property
    def as_of_words(self) -> str:
        """31 Mar 2026."""
        return numbers.day(self.as_of) if self.as_of else "the latest record"


def setting_of(copy: Copy) -> Setting:
    """Settings of the ranking, management data delivered, and the as-of day."""
    settings = {key: float(value) for key, value in read_settings(copy).items() if value is not None}
    held = optional(
        copy.select, OVERLAP, columns="is_orders_measured, is_bail_measured, is_programmes_measured", limit=1
    )
    measured = Measured() if held is None else Measured(*held.row(0))
    try:
        as_of = dt.date.fromisoformat(str(copy.manifest.get("as_of"))[:10])
    except ValueError:
        as_of = None
    return Setting(settings, measured, as_of, points_table.find_points_table(copy))


def windows(copy: Copy) -> list[int]:
    """The windows held, shortest first. Raises Missing."""
    return copy.select(SUSPECTS, columns="distinct window_days", order_by="window_days")["window_days"].to_list()


def with_management(copy: Copy, rows: pl.DataFrame, days: int) -> pl.DataFrame:
    """The suspects of a window with their management; nulls where not compared."""
    columns = {"order_count": pl.Int64, "bail_count": pl.Int64, "programme_count": pl.Int64, "programmes": pl.String,
               "is_managed": pl.Boolean}  # fmt: skip
    held = optional(
        copy.select,
        MANAGEMENT, columns=f"person_ref, {', '.join(columns)}", where="window_days = $days", days=days,
        may_be_empty=True,
    )  # fmt: skip
    if held is None:
        return rows.with_columns(pl.lit(None, dtype=kind).alias(name) for name, kind in columns.items())
    return rows.join(held, on="person_ref", how="left", maintain_order="left")


def way_used(copy: Copy) -> tuple[str, str]:
    """The words of the way of ranking that orders the list, and what its lists held; empty if not published."""
    choice = optional(copy.select, CHOICE, order_by="place")
    way = None if choice is None else management_text.used(choice)
    return ("", "") if choice is None or way is None else (
        management_text.WAYS[way["method"]], management_text.verdict(choice)
    )  # fmt: skip


def v100_state(copy: Copy) -> str:
    """Why the V100 list cannot be offered; empty if it can."""
    if copy.count(V100):
        return ""
    states = optional(copy.select, V100_STATES, columns="state")
    if states is not None and states.height and states.item(0, 0) != "loaded":
        return str(states.item(0, 0))
    try:
        copy.select(V100)
    except Missing as why:
        return why.what.reason
    return "no suspect is on it"
