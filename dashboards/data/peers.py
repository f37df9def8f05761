"""A force's most similar forces, and how it compares with them.

The group is the force's own in the delivered list. Groups are not symmetric: a force is looked up by its own group,
never as a member of another's. Nothing is ranked. Strategic-assessment 5.4: a group's average is the mean of its
forces' values, the force itself included.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.data.published import Copy, optional
from dashboards.text import numbers
from dashboards.text.findings import in_funnel

LISTS, STATES = "core.similar_forces", "core.list_states"
NO_LIST = "not measured: no list of most similar forces is delivered"
NOT_SYMMETRIC = (
    "Groups of most similar forces are not symmetric: A may be in B's group when B is not in A's. "
    "The forces are similar in people and places, not in how they record crimes."
)


@dataclass(frozen=True)
class Group:
    """The forces in a force's own group, by a version of the list.

    `note` says so if that version is later than the period.
    """

    version: str
    members: frozenset[str]
    note: str = ""

    @property
    def name(self) -> str:
        """Most similar forces (list 2021)."""
        return f"most similar forces (list {self.version})"


def find_group(copy: Copy, force_code: str, day: dt.date) -> Group | str:
    """The group of a force by the list in force on a day; in words why there is none."""
    rows = optional(copy.select, LISTS, may_be_empty=True)
    if rows is None or rows.is_empty():
        state = optional(copy.select, STATES, columns="state", where="list_code = 'similar_forces'")
        return NO_LIST if state is None or state.is_empty() else str(state["state"][0])
    return group(rows, force_code, day)


def group(rows: pl.DataFrame, force_code: str, day: dt.date) -> Group | str:
    """The group from the rows of core.similar_forces.

    Uses the latest version by that day, else the first after it.
    """
    versions: list[tuple[dt.date, str]] = sorted(rows.select("valid_from", "list_version").unique().iter_rows())
    held = [version for version in versions if version[0] <= day]
    start, version = held[-1] if held else versions[0]
    own = rows.filter((pl.col("list_version") == version) & (pl.col("force_code") == force_code))
    if own.is_empty():
        return f"the list of most similar forces ({version}) has no group for this force"
    note = "" if held else f"The list ({version}) applies from {numbers.day(start)}, after this period."
    return Group(version, frozenset(own["similar_force_code"].to_list()), note)


def standing(own: Mapping[str, Any], rows: pl.DataFrame, peers: Group, measure: str) -> str:
    """A force compared with its group, without a rank.

    Gives its value and the group's range and average.
    """
    placed = in_funnel(rows)
    others = placed.filter(pl.col("force_code").is_in(peers.members))
    asked = numbers.plural(len(peers.members), "force")
    if others.is_empty() or own["value"] is None:
        return f"No force in the group of {own['short_name']} can be compared (list {peers.version}; {asked})."
    values = others["value"].to_list()
    average = (sum(values) + own["value"]) / (len(values) + 1)
    low, high = min(values), max(values)
    place = "within the range" if low <= own["value"] <= high else "above all" if own["value"] > high else "below all"
    reach = f"{numbers.measured(low, measure)} to {numbers.measured(high, measure)}"
    outside = others.filter(pl.col("outlier").fill_null("").str.ends_with("998"))["short_name"].sort().to_list()
    mine, against = numbers.measured(own["value"], measure), ""
    if own.get("value_lower") is not None:
        ends = [numbers.measured(own[name], measure) for name in ("value_lower", "value_upper")]
        mine += f" (95% interval {ends[0]} to {ends[1]})"
        side = "below" if average < own["value_lower"] else "above" if average > own["value_upper"] else "within"
        against = f" The average is {side} that interval."
    words = (
        f"{own['short_name']}, {mine}, is {place} of its most similar forces "
        f"(list {peers.version}): {reach} in {others.height} of {asked}; group average, this force included, "
        f"{numbers.measured(average, measure)}.{against}"
    )
    if outside:
        words += f" In the group, outside the 99.8% limits: {numbers.listed(outside, 8)}."
    return f"{words} {peers.note}".strip()


def marked(rows: pl.DataFrame, force_code: str, peers: Group | str) -> pl.DataFrame:
    """The rows with a column `in_group` in words; unchanged without a group."""
    if isinstance(peers, str):
        return rows
    return rows.with_columns(
        in_group=pl.when(pl.col("force_code") == force_code).then(pl.lit("the force itself"))
        .when(pl.col("force_code").is_in(peers.members)).then(pl.lit("in its group"))
        .otherwise(pl.lit("not in its group"))
    )  # fmt: skip
