"""Compliance with one standard: the rows of its charts, and its words.

Pure: rows in, frames and text out. A share is of records assessed. A record without the data a rule needs
neither meets nor breaches it.
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
WHOLE = "all"


@dataclass(frozen=True)
class Part:
    """The scope of a view of a standard: the whole force, one unit or one class."""

    breakdown: str  # all, unit, class
    name: str = ""

    @property
    def key(self) -> str:
        """The part's name in the URL."""
        return WHOLE if self.breakdown == WHOLE else f"{self.breakdown}:{self.name}"

    @property
    def months(self) -> str:
        """The breakdown of metrics.rule_compliance that holds its months."""
        return "month" if self.breakdown == WHOLE else f"month and {self.breakdown}"

    def words(self, labels: Mapping[str, str]) -> str:
        """Invented Unit A; class 8Q, Stalking; the whole force."""
        if self.breakdown == "unit":
            return f"Unit {self.name}" if self.name == "not known" else self.name
        if self.breakdown == "class":
            return f"Class {self.name}" + (f", {labels[self.name]}" if self.name in labels else "")
        return "Whole force"

    def series(self, rule: Row) -> str:
        """Its series in metrics.rule_compliance_chart."""
        of = f"{rule['rule_code']}@{rule['table_name']}"
        return of if self.breakdown == WHOLE else f"{of}|{self.breakdown} {self.name}"


def parts_of(counts: pl.DataFrame) -> list[Part]:
    """The whole, then every unit and class with counts in metrics.rule_compliance."""
    found = [Part(WHOLE)]
    for breakdown, column in (("unit", "unit_name"), ("class", "class_code")):
        names = counts.filter(pl.col("breakdown") == breakdown)[column].drop_nulls().unique().sort()
        found += [Part(breakdown, name) for name in names]
    return found


def counts_of(counts: pl.DataFrame, part: Part) -> pl.DataFrame:
    """The one row of metrics.rule_compliance that counts the part as a whole."""
    return _confined(counts.filter(pl.col("breakdown") == part.breakdown), part)


def months_of(counts: pl.DataFrame, part: Part) -> pl.DataFrame:
    """The part's months in order, as lines of `intervals.shares_over_time`.

    A month without a record has no row.
    """
    rows = _confined(counts.filter(pl.col("breakdown") == part.months), part)
    return rows.sort("recorded_month").select(
        pl.lit("kept").alias("line"),
        pl.col("recorded_month").alias("month"),
        pl.col("kept_share").alias("share"),
        pl.col("kept_lower").alias("lower"),
        pl.col("kept_upper").alias("upper"),
        pl.col("kept_count").alias("count"),
        (pl.col("examined_count") - pl.col("not_evaluable_count")).alias("of"),
        "breach_count",
        "not_evaluable_count",
        "examined_count",
    )


def _confined(rows: pl.DataFrame, part: Part) -> pl.DataFrame:
    if part.breakdown == "unit":
        return rows.filter(pl.col("unit_name") == part.name)
    return rows.filter(pl.col("class_code") == part.name) if part.breakdown == "class" else rows


def is_charted(points: pl.DataFrame) -> bool:
    """Whether its latest stretch has limits."""
    return points.height > 0 and points.sort("month")["limits_status"][-1] == "drawn"


def why_no_limits(points: pl.DataFrame) -> str:
    """The reason why no change is called, for the note beside a line without limits."""
    if points.is_empty():
        return "There are too few breaches here for a control chart, so no change is called."
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
    return parts.filter(pl.col("kept_upper") < whole) if whole is not None else parts.clear()


def parts_finding(parts: pl.DataFrame, whole: float | None, one: str, many: str) -> str:
    """The number of units or classes below the whole force, by their intervals."""
    held = parts.filter(pl.col("kept_share").is_not_null())
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
