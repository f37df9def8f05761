"""Held to account, as a document for the public: each measure with its latest quarter, and the force's own actions."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from dashboards.data.register import Reader, Register
from dashboards.data.support import held_to_account_data, support_data
from dashboards.data.support.held_to_account_data import ATTENTION, RELEASED
from dashboards.documents.pack import reach
from dashboards.documents.svg import NAVY, QUIET, RULE, Drawing
from dashboards.text import numbers
from dashboards.text.content import (
    Block,
    Chart,
    Document,
    Heading,
    Runs,
    Table,
    all_numbers,
    number,
    paragraph,
    text,
)
from dashboards.text.support import held_to_account_text as words
from dashboards.text.support import recommendations_text

TITLE = "Held to account: stalking and harassment"
SUBJECT = "What victims are promised, how often it is kept to, and whether that is changing"
ACTIONS = "core.public_actions"
WIDTH, LABELS, ROW = 680, 270, 30  # points: the drawing, the names left of the scale, and a measure
KEY = "Dots: the share in the latest quarter, with its 95% interval. Diamonds: a year before."
KEY_COLUMNS = ("measure_code", "period_start", "breakdown", "breakdown_value")
Row = dict[str, Any]


def document(
    reader: Reader, register: Register, subtitle: str, marking: str, facts: tuple[tuple[str, Runs], ...]
) -> Document:
    """The action plan. Raises Missing without released measures."""
    _, plan = held_to_account_data.read_figures(reader.copy)
    reader.table(RELEASED)
    found = reader.table(ATTENTION, may_be_empty=True).sort("attention_rank")
    blocks: list[Block] = [
        paragraph(f"{SUBJECT}.", kind="lead"),
        *(paragraph(words.WAYS[better], number(ATTENTION, "sentence", "words", attention_rank=rank))
          for rank, better in found.select("attention_rank", "is_better").iter_rows()),
        *(() if found.height else (paragraph(words.NOTHING_NAMED),)),
    ]
    for section, of_section in groupby(plan, key=lambda row: row["section"]):
        rows = list(of_section)
        lines = tuple(
            (text(f"{row['plain_name']}. {row['plain_words']}"), _figure(row["last_row"], row["late"]),
             _figure(row["row_before"]), text(row["status"]))
            for row in rows
        )  # fmt: skip
        headings = ("Measure", "Latest quarter", "A year before", "Compared with a year before")
        table = Table(section, headings, lines, (0.46, 0.18, 0.14, 0.22))
        blocks += [Heading(1, section), *_chart(section, rows), table]
    blocks += [*_actions(reader, plan), *_recommendations(reader, plan)]
    blocks += [Heading(1, "How these numbers protect people"), paragraph(support_data.key(reader.copy))]
    blocks += [reach.bullets(*reader.copy.caveats(RELEASED))]
    made = Document(TITLE, subtitle, marking, SUBJECT, facts, tuple(blocks))
    register.take(all_numbers(made))
    return made


def _actions(reader: Reader, plan: list[Row]) -> list[Block]:
    names = {row["measure_code"]: row["plain_name"] for row in plan}
    held = reader.copy.select(ACTIONS, order_by="due_date, title", may_be_empty=True)
    rows = recommendations_text.others(held).to_dicts()
    if not rows:
        return []
    lines = tuple(
        (text(row["title"]), text(names.get(row["measure_code"], "")), text(row["owner"] or words.NO_OWNER),
         text(words.state(row)))
        for row in rows
    )  # fmt: skip
    title = "What the force will do"
    return [Heading(1, title), Table(title, ("Action", "To change", "Owner", "State"), lines, (0.4, 0.2, 0.2, 0.2))]


def _recommendations(reader: Reader, plan: list[Row]) -> list[Block]:
    """The recommendations that the force shows, a table for each body, by number."""
    rows = recommendations_text.listed(reader.copy.select(ACTIONS, may_be_empty=True))
    if not rows:
        return []
    said = recommendations_text.COLUMNS
    headings = tuple(said[name] for name in ("number", "asks", "did", "state", "figure"))
    blocks: list[Block] = [Heading(1, recommendations_text.TITLE)]
    for body, of_body in groupby(rows, key=lambda row: row["body"] or recommendations_text.NO_BODY):
        lines = tuple(
            (text(row["number"] or recommendations_text.NO_NUMBER), text(row["title"]),
             text(recommendations_text.did(row)), text(words.state(row)),
             _bound(recommendations_text.measure_of(row, plan)))
            for row in of_body
        )  # fmt: skip
        blocks.append(Table(body, headings, lines, (0.07, 0.28, 0.32, 0.13, 0.2)))
    return blocks


def _bound(measure: Any | None) -> Runs:
    """The released figure of a measure in its latest quarter, with its interval, by reference."""
    row = None if measure is None else measure["last_row"]
    if measure is None or row is None:
        return text(recommendations_text.figure(measure))
    name = f"{measure['plain_name']}, {numbers.quarter(row['period_start'])}: "
    if row["value"] is None or row["lower"] is None:
        return (*text(name), *_figure(row))
    key = {name: row[name] for name in KEY_COLUMNS}
    low, high = (number(RELEASED, column, "whole_share", **key) for column in ("lower", "upper"))
    return (*text(name), *_figure(row), *text(" (95% interval ", low, " to ", high, ")"))


def _figure(row: Row | None, late: str = "") -> Runs:
    """A released figure by reference, as the page shows it."""
    if row is None:
        return text(words.NONE_SHOWN)
    shown = words.figure(row)
    key = {name: row[name] for name in KEY_COLUMNS}
    met, due = (number(RELEASED, name, "words", **key) for name in ("numerator_text", "denominator_text"))
    if row["denominator_text"] is None:
        return text(met, late)
    if row["value"] is not None:
        return text(number(RELEASED, "value", "whole_share", **key), late)
    return text(met, " of ", due, late) if " of " in shown else text(shown + late)


def _chart(section: str, plan: list[Row]) -> list[Block]:
    """The released shares of a section on one scale from 0% to 100%; what is not released is in the table alone."""
    held = [row for row in plan if _share(row["last_row"]) is not None]
    if not held:
        return []
    foot = 26 + ROW * len(held)
    sheet = Drawing(WIDTH, foot + 22)
    for part in range(0, 101, 25):
        sheet.line(_at(part / 100), 20, _at(part / 100), foot, RULE)
        sheet.words(_at(part / 100), foot + 16, f"{part}%", anchor="middle", colour=QUIET)
    alt: list[Any] = [KEY]
    for place, row in enumerate(held):
        _draw(sheet, 20 + ROW * place + ROW / 2, row)
        alt += [f" {row['plain_name']}: ", *_figure(row["last_row"], row["late"])]
        alt += ["; a year before ", *_figure(row["row_before"])] if _share(row["row_before"]) is not None else []
        alt += ["."]
    return [Chart(sheet.svg(), text(*alt), f"{section}: the shares of the latest quarter")]


def _draw(sheet: Drawing, middle: float, row: Row) -> None:
    last = row["last_row"]
    sheet.words(LABELS - 10, middle + 4, row["plain_name"], anchor="end", size=10)
    if last["lower"] is not None:
        sheet.line(_at(last["lower"]), middle, _at(last["upper"]), middle, NAVY, 2)
    before = _share(row["row_before"])
    if before is not None:
        sheet.diamond(_at(before), middle, 7)
    sheet.dot(_at(last["value"]), middle)
    sheet.words(WIDTH - 6, middle + 4, numbers.share(last["value"], 0), anchor="end", is_bold=True)


def _at(share: float) -> float:
    """Where a share is on the scale, in points from the left."""
    return LABELS + share * (WIDTH - LABELS - 60)


def _share(row: Row | None) -> float | None:
    """A released share; None for a count, or what is not released."""
    return None if row is None or row["denominator_text"] is None else row["value"]
