"""The advice, line by line: each statement of the College with the figures or texts that answer it, or the reason.

The counts at the head are of the states that the statements show.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from functools import partial

import polars as pl
import streamlit as st

from dashboards.data.published import Copy
from dashboards.data.settings import read_small_numbers
from dashboards.pages.assessment import advice_text, registers_data
from dashboards.parts import extract_banner, figure, filters, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers
from dashboards.text.small_numbers import SmallNumbers

SHOWN = {"all": "Every line"} | advice_text.STATES
ANSWERS = "metrics.advice_answers"


@page.whole("the advice, line by line", "Not measured. The lines of the advice are not available.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "The College of Policing's advice for supervisors, managers and senior leaders on stalking and harassment: "
        "what the force's own records show of each line.",
    )
    extract_banner.sign_where_held(copy)
    rows = copy.select(ANSWERS, order_by="place, measure_place")
    rule = read_small_numbers(copy)
    page.answer(advice_text.answer(rows))
    page.facts(advice_text.facts(rows))
    page.note(advice_text.READING)
    page.note(advice_text.PERIODS)
    saved = registers_data.saved_since(page.server().home, copy)
    if saved:
        page.note(
            f"{numbers.plural(saved, 'entry of the registers was', 'entries of the registers were')} saved since the "
            "build. The figures here count what is saved from the next build on."
        )
    state = filters.choose("Show", SHOWN, "state", place=st.columns(2)[0])
    chosen = rows if state == "all" else rows.filter(pl.col("answer") == state)
    if chosen.is_empty():
        page.note("No line is in this state.")
    in_sections(
        *parts(chosen, rule),
        Section("What the states mean", lambda: page.meanings(advice_text.MEANINGS.items())),
        Section("Every line in one table", lambda: table(copy, rows, rule)),
    )


def parts(rows: pl.DataFrame, rule: SmallNumbers) -> list[Section]:
    """A section for each part of the advice that has one of these lines."""
    held = set(rows["part"])
    return [
        Section(heading, partial(_statements, rows.filter(pl.col("part") == name), rule))
        for name, heading in advice_text.PARTS.items()
        if name in held
    ]


def _statements(rows: pl.DataFrame, rule: SmallNumbers) -> None:
    answers = dict(rows.select("statement_code", "answer").rows())
    lines = "".join(_line(lines, answers, rule) for _, lines in rows.group_by("statement_code", maintain_order=True))
    st.html(f'<dl class="advice">{lines}</dl>')


def _line(rows: pl.DataFrame, answers: Mapping[str, str], rule: SmallNumbers) -> str:
    first = rows.row(0, named=True)
    if advice_text.is_said_above(first, answers):
        rows = rows.clear()
    is_part = ' class="part"' if first["parent_code"] else ""
    code, words = html.escape(first["statement_code"]), html.escape(first["statement"])
    state = html.escape(advice_text.STATES[first["answer"]])
    gap = "" if rows.is_empty() else advice_text.gap_words(first)
    held = rows.filter(pl.col("measure_code") != "")
    figures = "".join(_figure(row, rule) for row in held.filter(pl.col("status") == "measured").iter_rows(named=True))
    without = held.filter(pl.col("status") != "measured")
    figures += "".join(_without(group) for _, group in without.group_by("reason", maintain_order=True))
    return (
        f"<div{is_part}><dt><b>{code}</b> {words}<span>{state}</span></dt><dd>"
        + (f"<ul>{figures}</ul>" if figures else "")
        + (f"<p>{html.escape(gap)}</p>" if gap else "")
        + "</dd></div>"
    )


def _figure(row: advice_text.Row, rule: SmallNumbers) -> str:
    words = html.escape(advice_text.figure_words(row, rule))
    address = html.escape(row["page"], quote=True)
    period = html.escape(advice_text.period_words(row))
    when = f" <small>{period}</small>" if period else ""
    return f'<li><a href="{address}">{html.escape(row["measure_name"])}</a><strong>{words}{when}</strong></li>'


def _without(rows: pl.DataFrame) -> str:
    """Figures that have no value for one reason: it is given once."""
    names = "; ".join(
        f'<a href="{html.escape(row["page"], quote=True)}">{html.escape(row["measure_name"])}</a>'
        for row in rows.iter_rows(named=True)
    )
    return f"<li>{names}<em>{html.escape(advice_text.reason_words(rows.row(0, named=True)))}</em></li>"


def table(copy: Copy, rows: pl.DataFrame, rule: SmallNumbers) -> None:
    """Draw all lines as one table that can be downloaded."""
    figure.Figure(
        key="advice",
        finding="Every line of the advice, with its figures or the reason why there is none",
        data=figure.Data(advice_text.listed(rows, rule), advice_text.COLUMNS),
        tables=(ANSWERS,),
    ).draw(copy)


main()
