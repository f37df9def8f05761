"""The words of a digest: what is new, what is as before, and where to look. Pure. No person is in any line."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import polars as pl

from dashboards.data.home_state import STALE, HomeState
from dashboards.text import numbers
from dashboards.text.tile import Line

LIST = "fix_list"
MOST_UNITS = 5
MARKUP = re.compile(r"([\\`*_{}\[\]<>#|~])")


@dataclass(frozen=True)
class Block:
    """A question of a digest, and its lines."""

    question: str
    lines: Sequence[Line]


def build(state: HomeState) -> list[Line]:
    """What is wrong with the home: a build that failed or is late, tables withheld, no delivery for too long."""
    return [
        Line(trouble.words, "what_was_delivered") if trouble.kind == STALE
        else Line(f"{trouble.words} See stra status.")
        for trouble in state.troubles
    ]  # fmt: skip


def records(entries: pl.DataFrame) -> list[Line]:
    """Records to correct that need somebody, by unit: overdue, still found, disputed, and new on the list.

    `entries` have unit_name, state and is_new.
    """
    told = (
        ("past their due date", pl.col("state") == "overdue", "overdue"),
        ("reported as corrected, and still found", pl.col("state") == "still-found", "still-found"),
        ("disputed, for the registrar to decide", pl.col("state") == "disputed", "disputed"),
        ("new on the list with the latest build", pl.col("is_new") & (pl.col("state") == "open"), ""),
    )
    lines = []
    for words, condition, state in told:
        held = entries.filter(condition.fill_null(False))
        if held.height:
            address = f"{LIST}?state={state}" if state else LIST
            entry = numbers.plural(held.height, "entry", "entries")
            words = words.replace("their", "its") if held.height == 1 else words
            lines.append(Line(f"Records to correct: {entry} {words} ({_units(held)}).", address))
    return lines


def _units(entries: pl.DataFrame) -> str:
    """Invented Unit A 3, Invented Unit B 1: the units with most first."""
    counts = entries["unit_name"].value_counts().sort("count", "unit_name", descending=[True, False])
    named = [f"{name} {numbers.number(count)}" for name, count in counts.head(MOST_UNITS).iter_rows()]
    rest = counts.height - len(named)
    return ", ".join(named) + (f" and {numbers.plural(rest, 'more unit')}" if rest else "")


def new_lines(blocks: Sequence[Block], said: frozenset[str]) -> list[str]:
    """The lines that the last digest did not have."""
    return [line.words for block in blocks for line in block.lines if line.words not in said]


def all_lines(blocks: Iterable[Block]) -> list[str]:
    """Every line, for the next digest to compare with."""
    return [line.words for block in blocks for line in block.lines]


def subject(marking: str, new: int, force: str, today: dt.date) -> str:
    """OFFICIAL: 3 new points, Invented Force, 28 Nov 2026."""
    return f"{marking}: {numbers.plural(new, 'new point')}, {force}, {numbers.day(today)}"


def body(
    blocks: Sequence[Block], said: frozenset[str], *, marking: str, published_at: str, notice: str, site: str
) -> str:
    """The digest as plain text: new lines first in each block, then how many are as in the last one."""
    figures = f"figures published {published_at}" if published_at else "no figures are published"
    parts = [marking, notice, f"Stalking and harassment: {figures}."]
    for block in blocks:
        new = [line for line in block.lines if line.words not in said]
        old = len(block.lines) - len(new)
        lines = [f"- {line.words}{_link(line, site)}" for line in new]
        if old:
            lines.append(f"- As in the last digest: {numbers.plural(old, 'point')}.")
        if lines:
            parts.append("\n".join([block.question, *lines]))
    parts += ["This digest names no person. Open the pages for the figures, with their caveats.", marking]
    return "\n\n".join(part for part in parts if part) + "\n"


def _link(line: Line, site: str) -> str:
    return f" {site.rstrip('/')}/{line.address}" if site and line.address else ""


def as_markdown(text: str, site: str) -> str:
    """The text as Markdown shows it, each address of the site a link: nothing that data brings is markup or a link."""
    own = rf"({re.escape(site.rstrip('/'))}/[^\s()\[\]]+)" if site else "((?!))"
    parts = re.split(own, text)  # every second one is an address
    said = [MARKUP.sub(r"\\\1", part) for part in parts]
    # readers make a link of any other address, unless a sign of it is escaped
    said[::2] = [part.replace("://", ":\\/\\/") for part in said[::2]]
    return "".join(f"[{said[i]}]({part})" if i % 2 else said[i] for i, part in enumerate(parts))
