"""The public's measures in sentences. Pure: published rows in, words out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import polars as pl

from casework.choices.register_kinds import STATES
from dashboards.text import numbers
from dashboards.text.breakdowns import part_name

Row = Mapping[str, Any]
WHOLE_FORCE, NOT_KNOWN = "Whole force", "Not known"
SCALES = "The parts have one scale. The force and “Not known” each have their own."
NO_OWNER, NO_DATE, NONE_DUE = "nobody yet", "no date", "none due"
NOT_MEASURED, NONE_SHOWN = "not measured", "–"
BETTER, WORSE, SAME = "Better", "Worse", "No clear change"
MORE, FEWER = "More", "Fewer"
FEW, NOTHING_DUE, FIRST = "Fewer than can be shown", "Nothing was due", "No figure a year ago"
WAYS = {True: "Better: ", False: "Worse: ", None: "Changed: "}  # by is_better
NOTHING_NAMED = "No measure differs from a year ago by more than chance."
NO_SHARE, NO_VERDICT = "Too few for a share, or all but a few", "Not compared, as it could reveal few people"
BROKEN = "Not comparable: recording changed since"
UNSETTLED = "Not compared: no time limit, so more may still be met"
VERDICTS = ("higher", "lower", "no clear change")
UNMOVED = {"not comparable": BROKEN, "not settled": UNSETTLED, "no clear change": SAME}


def figure(row: Row) -> str:
    """A figure of a quarter as released: 95%, 10 of 15, 1,230, or the token that is in its place."""
    if row["denominator_text"] in (None, "0"):
        return str(row["numerator_text"]) if row["denominator_text"] is None else NONE_DUE
    if row["value"] is not None:
        return numbers.share(row["value"], 0)  # released to a whole point
    tokens = [text for text in (row["denominator_text"], row["numerator_text"]) if not text[:1].isdigit()]
    return tokens[0] if tokens else f"{row['numerator_text']} of {row['denominator_text']}"


def part(breakdown: str, value: str) -> str:
    """A part as it is named on the page; the force as a whole."""
    if value == "all":
        return WHOLE_FORCE
    return value if value == NOT_KNOWN else numbers.capital(part_name(breakdown, value))


def place(named: tuple[str, str]) -> tuple[bool, bool, str]:
    """The order of parts, as (name, value): the force, the parts by name, and last those not known."""
    return named[0] != WHOLE_FORCE, named[0] == NOT_KNOWN, named[0]


def write_figure(row: Row) -> str:
    """A figure with what it is of and its interval, or why there is none: 95% (95 of 100; 95% interval 89% to 98%)."""
    of = row["denominator_text"]
    if row["numerator_text"] is None:
        return "nothing is released for this quarter"
    if row["value"] is None:
        said = figure(row)
        return {NONE_DUE: "nothing was due", "*": "withheld: too few", NOT_MEASURED: NOT_MEASURED}.get(
            said, f"{said}: no share is shown" if of is not None else said
        )
    if of is None:
        return str(row["numerator_text"])
    low, high = numbers.share(row["lower"], 0), numbers.share(row["upper"], 0)
    return f"{figure(row)} ({row['numerator_text']} of {of}; 95% interval {low} to {high})"


def status(row: Row | None, measure: Row, unnamed_among: int = 0) -> str:
    """What happened since the same quarter a year before, in words.

    `unnamed_among`: with how many others it was compared, where it is none of the findings among them; else 0.
    """
    if row is None or NOT_MEASURED in (row["numerator_text"], row["denominator_text"]):
        return numbers.capital(NOT_MEASURED)
    if row["value"] is None:
        is_number = str(row["numerator_text"])[:1].isdigit()
        return NOTHING_DUE if row["denominator_text"] == "0" else NO_SHARE if is_number else FEW
    if row["change"] is None:
        return FIRST if row["value_before"] is None else NO_VERDICT
    if row["change"] in UNMOVED:
        return UNMOVED[row["change"]]
    if unnamed_among:
        return f"{SAME} among {numbers.number(unnamed_among)} compared"
    is_higher = row["change"] == "higher"
    if row["denominator_text"] is None:
        return MORE if is_higher else FEWER
    words = f"{'met ' if measure['subject'] == 'protection' else ''}{'more' if is_higher else 'less'} often"
    if measure["direction"] == "neither":
        return numbers.capital(words)
    return f"{BETTER if is_higher == (measure['direction'] == 'higher_is_better') else WORSE}: {words}"


def findings(rows: pl.DataFrame) -> list[str]:
    """The findings of commissioners' metrics.attention in words, the weightiest first; what is better is marked."""
    return [WAYS[row["is_better"]] + row["sentence"] for row in rows.iter_rows(named=True)] or [NOTHING_NAMED]


def definition(measure: Row) -> str:
    """What a measure says, the right or commitment behind it, and its name among the force's own measures."""
    return f"{measure['plain_words']} {measure['commitment']}. The force's own measure: {measure['measure_name']}."


def actions(overdue: Sequence[bool | None]) -> str:
    """How many actions the force shows, and how many of them are late."""
    count, late = numbers.plural(len(overdue), "action"), sum(map(bool, overdue))
    return f"What the force will do: {count}, {late or 'none'} of them overdue when this was published"


def state(action: Row) -> str:
    """The state of an action and its day: Overdue; under way; due 28 Feb 2026."""
    words = STATES.get(action["status"], STATES["open"])
    due = NO_DATE if action["due_date"] is None else f"due {numbers.day(action['due_date'])}"
    return f"Overdue; {words.lower()}; {due}" if action["is_overdue"] else f"{words}; {due}"


def trend(rows: Iterable[Row], quarters: Sequence[dt.date]) -> str:
    """The values of some quarters, the earliest first: 95, 97, –, 98."""
    held = {row["period_start"]: row for row in rows}
    return ", ".join(_short(held.get(quarter)) for quarter in quarters)


def _short(row: Row | None) -> str:
    if row is None or row["value"] is None:
        return NONE_SHOWN
    return f"{row['value']:,.0f}" if row["denominator_text"] is None else f"{100 * row['value']:.0f}"


def answer(rows: pl.DataFrame, measures: int) -> str:
    """How many of the measures differ from a year ago by more than chance, in one sentence.

    `rows` are of commissioners' metrics.attention.
    """
    of_force = rows.filter(pl.col("breakdown") == "none")["is_better"].to_list()
    told = [f"{count} {_are(count)} {words}" for way, words in ((False, "worse"), (True, "better"), (None, "otherwise"))
            if (count := of_force.count(way))]  # fmt: skip
    said = f"{numbers.listed(told)} than a year ago" if told else "none differs from a year ago"
    parts = rows.height - len(of_force)
    more = f" Districts have {numbers.plural(parts, 'finding')}." if parts else ""
    return f"Of {numbers.plural(measures, 'measure')}, {said} by more than chance.{more}"


def _are(count: int) -> str:
    return "is" if count == 1 else "are"
