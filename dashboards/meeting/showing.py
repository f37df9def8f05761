"""The lists on the page: each with its count, what puts a record there, the oldest first."""

from __future__ import annotations

import html

import streamlit as st

from dashboards import figure, page
from dashboards.meeting import saying
from dashboards.meeting.reading import LISTS, STATES, Sheet
from dashboards.published import Copy, NotAvailable
from dashboards.suspects import telling


def show(copy: Copy, sheet: Sheet) -> None:
    """Every list in turn; one that cannot be made says why in its own place."""
    page.heading("The lists")
    for state in sheet.states:
        code = state["list_code"]
        rows = sheet.of(code)
        if not state["is_measured"]:
            st.subheader(saying.heading(state, 0), anchor=False)
            page.missing(NotAvailable("absent", saying.notes(state)[0]), state["list_name"])
            continue
        if rows.is_empty():
            st.subheader(saying.heading(state, 0), anchor=False)
            for words in saying.notes(state):
                page.note(words)
            continue
        links = {"record_ref": lambda row: telling.address(dyad=row["record_ref"])} if code == "repeat_dyads" else {}
        figure.show(
            copy,
            figure.Figure(
                key=f"meeting-{sheet.period}-{code}".replace("_", "-"),
                tables=(LISTS, STATES),
                finding=saying.heading(state, rows.height),
                data=figure.Data(rows, saying.columns(code), saying.FORMATS, row_heading="record_ref", links=links),
                period=f"as of {sheet.as_of}",
                caveats=saying.notes(state),
                has_card_caveats=False,
            ),
        )
    page.heading("What to know")
    st.html(
        '<ul class="caveats">'
        + "".join(f"<li>{html.escape(words)}</li>" for words in figure.table_caveats(copy, (LISTS, STATES)))
        + "</ul>"
    )
