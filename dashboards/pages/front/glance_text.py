"""The lines of the command front page: what changed, the highest risks, what is owed, what waits, what to trust."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import polars as pl

from dashboards.pages.assessment import assessment_text, explorer_text
from dashboards.pages.protection import protection_text
from dashboards.parts.tile import Line
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

MOST = 3  # lines of a block
IS_STANDARD = pl.col("measure_code").str.contains(r"^[A-Z]+-\d+$")  # a rule's code: TIM-01
NOTE = (
    "A change is named where the latest month is a signal of a control chart. A signal says that something is "
    "different, not why; some arise by chance alone. Small numbers are left out."
)
NOT_KNOWN_PARTS = ("not known", "not recorded", "not graded")


def changes(signals: pl.DataFrame, rule: SmallNumbers) -> list[Line]:
    """The measures whose latest month is a signal: the force before districts and units, worse before better.

    `signals` are rows of metrics.measure_verdicts with those of reference.measures and the month's counts.
    """
    leading = in_order(signals, rule)
    lines = [change(row) for row in leading.head(MOST).iter_rows(named=True)]
    rest = leading.height - len(lines)
    if rest:
        lines.append(Line(f"{numbers.plural(rest, 'more signal')} of measures: see Explore.", "explore"))
    return lines or [Line("No measure shows a change beyond chance in its latest month.", "explore")]


def in_order(signals: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The signals that may be named, without those of standards: the force before its parts, worse before better."""
    ordered = named(signals, rule).with_columns(is_part=pl.col("breakdown") != "none", is_better=is_better())
    return ordered.filter(~IS_STANDARD).sort("is_part", "is_better", "measure_name", "breakdown_value")


def named(signals: pl.DataFrame, rule: SmallNumbers) -> pl.DataFrame:
    """The signals that may be named: of the force, a known district or a unit, and of no small number."""
    held = signals.filter(
        ~pl.col("breakdown_value").is_in(NOT_KNOWN_PARTS), pl.col("breakdown").is_in(("none", "district", "unit"))
    )
    return held.filter(pl.Series([may_show(row, rule) for row in held.iter_rows(named=True)], dtype=pl.Boolean))


def answer(signals: pl.DataFrame | None, entries: pl.DataFrame | None, rule: SmallNumbers) -> str:
    """The page in one sentence: how much has changed, and how much waits. None is what could not be read."""
    parts = []
    if signals is not None:
        held = named(signals, rule).filter(pl.col("breakdown") == "none")
        measures, standards = held.filter(~IS_STANDARD).height, held.filter(IS_STANDARD).height
        parts.append(
            f"{numbers.plural(measures, 'measure')} of the force and {numbers.plural(standards, 'recording standard')} "
            "changed by more than chance in the latest month"
        )
    if entries is not None:
        waiting = asked_of(entries).height
        late = current_of(entries).filter(pl.col("is_overdue").fill_null(False)).height
        parts.append(f"{numbers.plural(waiting, 'decision is', 'decisions are')} waiting, and {late} overdue")
    return f"{'; '.join(parts)}." if parts else "Neither changes nor decisions can be shown: the reasons are below."


def may_show(row: Mapping[str, Any], rule: SmallNumbers) -> bool:
    """Whether the latest value reveals no small number."""
    if row["denominator"] is None:
        return not rule.is_small(row["numerator"] or 0)
    return rule.may_show_share(row["numerator"], row["denominator"])


def is_better() -> pl.Expr:
    """Whether a signal is the better way; a measure without a better way counts as worse where it is higher."""
    is_higher = pl.col("verdict") == "higher"
    return pl.when(pl.col("direction") == "higher_is_better").then(is_higher).otherwise(~is_higher)


def change(row: Mapping[str, Any]) -> Line:
    """A signal in words, with its limits, leading to its chart."""
    by, part = row["breakdown"], row["breakdown_value"]
    where = "" if by == "none" else f", {explorer_text.part_name(by, part)}"
    low, high = (_worded(row[name], row["unit"]) for name in ("expected_lower", "expected_upper"))
    said = numbers.signal(row["signal"] or "", row["verdict"])
    words = f"{row['measure_name']}{where}: {_worded(row['latest_value'], row['unit'])}. "
    words += f"{numbers.month(row['latest_period'])} {said} (limits {low} to {high}){_way(row)}."
    chosen = {"measure": row["measure_code"], "period": "month", "by": by}
    chosen |= {} if by == "none" else {f"part_{by}": part}
    return Line(words, f"explore?{urlencode(chosen)}")


def _way(row: Mapping[str, Any]) -> str:
    """, which is worse: where one way is better."""
    if row["direction"] == "neither":
        return ""
    is_good = (row["direction"] == "higher_is_better") == (row["verdict"] == "higher")
    return f", which is {'better' if is_good else 'worse'}"


def _worded(value: float | None, unit: str) -> str:
    return numbers.measured(value, unit)


def risks(scores: pl.DataFrame) -> list[Line]:
    """The themes of highest risk by name, with the probability of being among the first three."""
    if not assessment_text.is_ranked(scores):
        return [Line(assessment_text.no_ranking(scores), "the_assessment")]
    top = assessment_text.ranked(scores).sort("probability_top_3", descending=True).head(MOST)
    return [
        Line(
            f"{row['theme_name']}: {numbers.share(row['probability_top_3'], 0)} probability of being among the first "
            f"three, confidence {row['confidence'].lower()}.",
            f"theme?{urlencode({'theme': row['theme_code']})}",
        )
        for row in top.iter_rows(named=True)
    ]


def duties(rows: pl.DataFrame, orders: str, rule: SmallNumbers) -> list[Line]:
    """The duties that are met least, and the orders in force and ending."""
    held = protection_text.least_kept_first(rows.filter(pl.col("kind") == "duty"), rule)
    worst = [row for row in held.iter_rows(named=True) if protection_text.has_share(row, rule)][: MOST - 1]
    lines = [
        Line(f"{row['measure_name']}: {protection_text.state(row, rule)}.", "are_victims_protected") for row in worst
    ]
    return [*lines, *([Line(orders, "are_victims_protected")] if orders else [])]


def waiting(entries: pl.DataFrame) -> list[Line]:
    """What awaits a decision, the nearest due date first, then what is overdue."""
    late = current_of(entries).filter(pl.col("is_overdue").fill_null(False))
    asked = asked_of(entries)
    rows = [*asked.head(MOST).iter_rows(named=True), *late.head(MOST - 1).iter_rows(named=True)]
    titles = {row["title"]: f"{row['title']}{_due(row['due_date'])}." for row in rows}
    lines = [Line(words, "decisions_and_actions") for words in titles.values()]
    return lines or [Line("Nothing in the registers awaits a decision or is overdue.", "decisions_and_actions")]


def asked_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The entries that await a decision."""
    return assessment_text.asked(entries) if entries.height else entries


def current_of(entries: pl.DataFrame) -> pl.DataFrame:
    """The open entries that somebody has made or confirmed."""
    return entries.filter(~pl.col("is_closed") & ~pl.col("is_starter")) if entries.height else entries


def _due(day: dt.date | None) -> str:
    return "" if day is None else f", due {numbers.day(day)}"


def trust(headline: str, withheld: int) -> list[Line]:
    """Whether the figures can be trusted."""
    lines = [Line(headline, "can_we_trust_our_recording")]
    missing = f"{numbers.plural(withheld, 'table is', 'tables are')} withheld from this copy: see the head of the page."
    return [*lines, Line(missing)] if withheld else lines
