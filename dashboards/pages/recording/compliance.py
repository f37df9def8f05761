"""Compliance with one standard: the rows of its charts, and its words.

Pure: rows of metrics.measure_values in, frames and text out. A share is of records assessed. A record without the data
a rule needs neither meets nor breaches it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from dashboards.text import numbers
from dashboards.text.recording import trust_text

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """The scope of a view of a standard: the whole force, one unit or one class."""

    breakdown: str = "none"  # none, unit, class: as in metrics.measure_values
    name: str = "all"

    @property
    def key(self) -> str:
        """The part's name in the URL."""
        return self.name if self == WHOLE else f"{self.breakdown}:{self.name}"

    def words(self, labels: Mapping[str, str]) -> str:
        """Invented Unit A; class 8Q, Stalking; the whole force."""
        if self.breakdown == "unit":
            return f"Unit {self.name}" if self.name == "not known" else self.name
        if self.breakdown == "class":
            return f"Class {self.name}" + (f", {labels[self.name]}" if self.name in labels else "")
        return "Whole force"


WHOLE = Part()


def described(values: pl.DataFrame) -> pl.DataFrame:
    """Rows of metrics.measure_values with the counts of a rule: in breach, not evaluable and examined.

    Records of no unit or class at all, as incidents have none, are not split by it.
    """
    is_split = (pl.col("breakdown_value") != "not known").any().over("breakdown")
    return values.filter(is_split).with_columns(
        breach_count=pl.col("denominator") - pl.col("numerator"),
        not_evaluable_count="not_known_count",
        examined_count=pl.col("denominator") + pl.col("not_known_count"),
    )


def parts_of(values: pl.DataFrame) -> list[Part]:
    """The whole, then every unit and class with a figure to date."""
    found = [WHOLE]
    for kind in ("unit", "class"):
        found += [Part(kind, name) for name in by_part(values, kind)["breakdown_value"].sort()]
    return found


def by_part(values: pl.DataFrame, breakdown: str) -> pl.DataFrame:
    """The figures to date of each part of a breakdown."""
    return values.filter(period_type="to_date", breakdown=breakdown)


def to_date(values: pl.DataFrame, part: Part) -> pl.DataFrame:
    """The one row that counts the part as a whole, if there is one."""
    return by_part(values, part.breakdown).filter(breakdown_value=part.name)


def months_of(values: pl.DataFrame, part: Part) -> pl.DataFrame:
    """The part's months in order, as lines of `intervals.shares_over_time`.

    A month without a record has no row; nor has any month of units, or classes, that all have few records.
    """
    rows = values.filter(period_type="month", breakdown=part.breakdown, breakdown_value=part.name)
    return rows.sort("period_start").select(
        "lower",
        "upper",
        "breach_count",
        "not_evaluable_count",
        "examined_count",
        line=pl.lit("kept"),
        month="period_start",
        share="value",
        count="numerator",
        of="denominator",
    )


def is_charted(points: pl.DataFrame) -> bool:
    """Whether its latest stretch has limits."""
    return points.height > 0 and points.sort("month")["limits_status"][-1] == "drawn"


def why_no_limits(points: pl.DataFrame) -> str:
    """The reason why no change is called, for the note beside a line without limits."""
    if points.is_empty():
        return (
            "There is no control chart here, so no change is called. It needs whole months of the extract, and in a "
            "unit or class enough breaches."
        )
    latest = points.sort("month").row(-1, named=True)
    since = points.filter((pl.col("segment") == latest["segment"]) & pl.col("value").is_not_null()).sort("month")
    months, start = numbers.plural(since.height, "month"), numbers.month(since["month"][0])
    if latest["limits_status"] == "not_settled":
        return "The duty has no time limit: recent months are not complete, so no change is called."
    if latest["limits_status"] in ("too_few_breaches", "no_variation"):
        kept = int(since["numerator"].sum())
        breaches = int(since["denominator"].sum()) - kept
        return (
            f"{numbers.plural(breaches, 'breach', 'breaches')} and {numbers.number(kept)} met in the {months} since "
            f"{start}. With fewer than one of either a month, change cannot be separated from chance: none is called."
        )
    verb = "is" if since.height == 1 else "are"
    return (
        f"There {verb} {months} since {start}, when recording changed: twelve are needed before a change can be called."
    )


def below_whole(parts: pl.DataFrame, whole: float | None) -> pl.DataFrame:
    """The units or classes whose interval is wholly below the whole force's share."""
    return parts.filter(pl.col("upper") < whole) if whole is not None else parts.clear()


def parts_finding(parts: pl.DataFrame, whole: float | None, one: str, many: str) -> str:
    """The number of units or classes below the whole force, by their intervals."""
    held = parts.filter(pl.col("value").is_not_null())
    if held.is_empty():
        return f"No {one} has enough records assessed for a share"
    low = below_whole(held, whole).height
    of = f"the whole force's compliance of {numbers.share(whole)}, given the 95% intervals"
    if not low:
        return f"No {one} is below {of}"
    named = one if held.height == 1 else many
    return f"{low} of {held.height} {named} {'is' if low == 1 else 'are'} below {of}"


def months_finding(months: pl.DataFrame) -> str:
    """The latest month with a share, with its counts and its interval."""
    held = months.filter(pl.col("share").is_not_null()).sort("month")
    if held.is_empty() and months["of"].sum():
        return "No month has enough records assessed for a share"
    if held.is_empty():
        return "No month has a record that could be assessed"
    last = held.row(-1, named=True)
    return (
        f"{numbers.share(last['share'])} of {numbers.number(last['of'])} records assessed met it in "
        f"{numbers.month(last['month'])} ({trust_text.interval(last, 'lower', 'upper')})"
    )


def months_words(months: pl.DataFrame) -> str:
    """Text alternative of shares over time."""
    held = months.filter(pl.col("share").is_not_null())
    if held.is_empty():
        return "No month has a share."
    low, high = held.sort("share").row(0, named=True), held.sort("share").row(-1, named=True)
    first, last = held["month"].min(), held["month"].max()
    assert isinstance(first, dt.date) and isinstance(last, dt.date)
    return (
        f"{numbers.plural(held.height, 'month')} from {numbers.month(first)} to {numbers.month(last)}. "
        f"Lowest {numbers.share(low['share'])} of {numbers.number(low['of'])} in {numbers.month(low['month'])}; "
        f"highest {numbers.share(high['share'])} of {numbers.number(high['of'])} in {numbers.month(high['month'])}."
    )
