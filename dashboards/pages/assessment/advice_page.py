"""The advice, line by line: each statement of the College with its live figure.

A statement without a figure has the reason.
"""

from __future__ import annotations

import polars as pl
import streamlit as st

from dashboards.data import extract
from dashboards.data.published import optional
from dashboards.data.settings import read_small_numbers
from dashboards.pages.assessment import advice_sections, advice_text, registers_data
from dashboards.parts import extract_banner, filters, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text import numbers

SHOWN = {"all": "Every line"} | advice_text.STATES


@page.whole("the advice, line by line", "Not measured. The lines of the advice are not available.")
def main() -> None:
    """Draw the page."""
    copy = page.opened(
        "The College of Policing's advice for supervisors, managers and senior leaders on stalking and harassment: "
        "what the force's own records show of each line.",
    )
    extract_banner.sign_where_held(copy)
    rows = copy.select(advice_sections.ANSWERS, order_by="place, measure_place")
    rows = advice_text.with_states(rows)
    rule = read_small_numbers(copy)
    page.answer(advice_text.answer(rows))
    page.facts(advice_text.facts(rows))
    page.note(advice_text.READING)
    of = optional(extract.find_extract, copy)
    if of is not None:
        page.note(advice_text.pooled(of.period))
    saved = registers_data.saved_since(page.server().home, copy)
    if saved:
        page.note(
            f"{numbers.plural(saved, 'entry of the registers was', 'entries of the registers were')} saved since the "
            "build. The figures here count what is saved from the next build on."
        )
    state = filters.choose("Show", SHOWN, "state", place=st.columns(2)[0])
    chosen = rows if state == "all" else rows.filter(pl.col("state") == state)
    if chosen.is_empty():
        page.note("No line is in this state.")
    in_sections(
        *advice_sections.parts(chosen, rule),
        Section("What the states mean", lambda: page.meanings(advice_text.MEANINGS.items())),
        Section("Every line in one table", lambda: advice_sections.table(copy, rows, rule)),
    )


main()
