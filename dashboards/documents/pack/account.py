"""Held to account, as a document for the public: each measure with its latest quarter, and the force's own actions."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from dashboards.documents.content import (
    Block,
    Document,
    Heading,
    Paragraph,
    Runs,
    Strong,
    Table,
    all_numbers,
    number,
    text,
)
from dashboards.documents.pack import reach
from dashboards.documents.register import Reader, Register
from dashboards.pages.support import held_to_account_data, support_data
from dashboards.pages.support import held_to_account_text as words
from dashboards.pages.support.held_to_account_data import RELEASED

TITLE = "Held to account: stalking and harassment"
SUBJECT = "What victims are promised, how often it is kept to, and whether that is changing"
ACTIONS = "core.public_actions"
Row = dict[str, Any]


def document(
    reader: Reader, register: Register, subtitle: str, marking: str, facts: tuple[tuple[str, Runs], ...]
) -> Document:
    """The action plan. Raises Missing without released measures."""
    _, plan = held_to_account_data.read(reader.copy)
    reader.table(RELEASED)
    moved = words.moved(plan) or [("Since a year ago", "no measure shows a clear change")]
    blocks: list[Block] = [
        Paragraph(text(f"{SUBJECT}."), "lead"),
        *(Paragraph((Strong(f"{name}: "), f"{measures}.")) for name, measures in moved),
    ]
    for section, rows in groupby(plan, key=lambda row: row["section"]):
        lines = tuple(
            (text(f"{row['plain_name']}. {row['plain_words']}"), _figure(row["last_row"], row["late"]),
             _figure(row["row_before"]), text(row["status"]))
            for row in rows
        )  # fmt: skip
        headings = ("Measure", "Latest quarter", "A year before", "Compared with a year before")
        blocks += [Heading(1, section), Table(section, headings, lines, (0.46, 0.18, 0.14, 0.22))]
    blocks += _actions(reader, plan)
    blocks += [Heading(1, "How these numbers protect people"), Paragraph(text(support_data.key(reader.copy)))]
    blocks += [reach.bullets(*reader.copy.caveats(RELEASED))]
    made = Document(TITLE, subtitle, marking, SUBJECT, facts, tuple(blocks))
    register.take(all_numbers(made))
    return made


def _actions(reader: Reader, plan: list[Row]) -> list[Block]:
    names = {row["measure_code"]: row["plain_name"] for row in plan}
    rows = reader.copy.select(ACTIONS, order_by="due_date, title", may_be_empty=True).to_dicts()
    if not rows:
        return []
    lines = tuple(
        (text(row["title"]), text(names.get(row["measure_code"], "")), text(row["owner"] or words.NO_OWNER),
         text(words.state(row)))
        for row in rows
    )  # fmt: skip
    title = "What the force will do"
    return [Heading(1, title), Table(title, ("Action", "To change", "Owner", "State"), lines, (0.4, 0.2, 0.2, 0.2))]


def _figure(row: Row | None, late: str = "") -> Runs:
    """A released figure by reference, as the page shows it."""
    if row is None:
        return text(words.NONE_SHOWN)
    shown = words.figure(row)
    key = {name: row[name] for name in ("measure_code", "period_start", "breakdown", "breakdown_value")}
    met, due = (number(RELEASED, name, "words", **key) for name in ("numerator_text", "denominator_text"))
    if row["denominator_text"] is None:
        return text(met, late)
    if row["value"] is not None:
        return text(number(RELEASED, "value", "whole_share", **key), late)
    return text(met, " of ", due, late) if " of " in shown else text(shown + late)
