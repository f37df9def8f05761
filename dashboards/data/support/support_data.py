"""The tables that the pages on support read, each once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.data.published import Copy, Missing
from dashboards.data.settings import read_settings
from dashboards.text import numbers

FIGURES, MEASURES, PERIODS = "metrics.released_figures", "reference.support_measures", "core.support_periods"
NEED, GAPS, CAPACITY = "metrics.support_need", "metrics.support_gaps", "metrics.support_capacity"
AREA_STEPS = "metrics.support_area_steps"
WAITS, WAIT_POINTS = "metrics.support_waits", "metrics.support_wait_points"
EQUITY, OPTIONS, QUEUE = "metrics.support_equity", "metrics.support_options", "metrics.support_queue"
NOT_MEASURED = "not measured"
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Year:
    """A year that the evidence covers."""

    code: str
    period_type: str
    start: dt.date
    end: dt.date  # first day after it

    @property
    def words(self) -> str:
        """The year to 31 Mar 2026."""
        return f"the year to {numbers.day(self.end - dt.timedelta(days=1))}"


def current(copy: Copy) -> Year:
    """The current year. Raises Missing if the extract does not hold it from its first month."""
    row = copy.select(PERIODS, where="period_type = 'current'").row(0, named=True)
    if not row["is_held"]:
        raise Missing(
            "absent",
            f"The extract does not cover the last whole year, {numbers.day(row['period_start'])} to "
            f"{numbers.day(row['period_end'] - dt.timedelta(days=1))}, from its first month to its last. "
            "A part-year is not shown as a year.",
            "Deliver an extract that covers fifteen months or more, and build again.",
        )
    return Year(row["period_code"], row["period_type"], row["period_start"], row["period_end"])


def figures(copy: Copy, year: Year, *breakdowns: str) -> pl.DataFrame:
    """The released figures of a year for some breakdowns, in order. Raises Missing."""
    return copy.select(
        FIGURES,
        where="period_code = $code and list_contains($wanted, breakdown)",
        order_by="breakdown, place, group_name, measure_code",
        code=year.code,
        wanted=tuple(breakdowns),
    )


def of_all(rows: pl.DataFrame) -> dict[str, Row]:
    """Measure -> its figure for everybody."""
    return {r["measure_code"]: r for r in rows.filter(pl.col("breakdown") == "all").iter_rows(named=True)}


def key(copy: Copy) -> str:
    """The key to symbols, by the rule in force at release."""
    held = read_settings(copy)
    few = f"a count of 1 to {held.get('disclosure.suppress_to', 7):.0f}"
    few = f"zero, or {few}" if held.get("disclosure.hides_zero") else few
    to = int(held.get("disclosure.round_to", 5))
    rounded = f"Numbers are rounded to {to}" if to > 1 else "Numbers are exact"
    is_exact = bool(held.get("disclosure.exact_totals"))
    totals = " Counts of everyone are exact, except where they would reveal a few people." if is_exact else ""
    return (
        f"* means suppressed: {few}, a count that would reveal something about everyone in a small group, or one from "
        f"which another could be worked out. {rounded}. A published number changes only when its count changes by "
        f"three or more.{totals} Groups may not add up to their total. Percentages are of the exact counts, to within "
        "one point; where they would reveal few people, none is shown."
    )


def text(row: Row | None) -> str:
    """The figure as released, or that it is not measured."""
    return NOT_MEASURED if row is None else str(row["text"])


def part(row: Row | None) -> str:
    """73.9% (72.0 to 76.0%) of the step before; or why there is none."""
    if row is None or row["token"] == NOT_MEASURED:
        return NOT_MEASURED
    if row["share"] is None:
        return "no share: too few, or suppressed"
    low, high = (numbers.share(row[name]) for name in ("share_lower", "share_upper"))
    return f"{numbers.share(row['share'])} ({low.removesuffix('%').rstrip()} to {high})"
