"""The lists on the page: each with its count and criterion, the oldest first."""

from __future__ import annotations

import html

import streamlit as st

from dashboards.data.protection.meeting_data import LISTS, STATES, Sheet
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.people import suspects_text
from dashboards.parts import figure, page
from dashboards.text.protection import meeting_text


def draw_lists(copy: Copy, sheet: Sheet) -> None:
    """Draw every list in turn; a list that cannot be made gives the reason."""
    page.heading("The lists")
    for state in sheet.states:
        code = state["list_code"]
        rows = sheet.of(code)
        if not state["is_measured"]:
            st.subheader(meeting_text.heading(state, 0), anchor=False)
            page.missing(NotAvailable("absent", meeting_text.notes(state)[0]), state["list_name"])
            continue
        if rows.is_empty():
            st.subheader(meeting_text.heading(state, 0), anchor=False)
            for words in meeting_text.notes(state):
                page.note(words)
            continue
        links = (
            {"record_ref": lambda row: suspects_text.address(dyad=row["record_ref"])} if code == "repeat_dyads" else {}
        )
        figure.Figure(
            key=f"meeting-{sheet.period}-{code}".replace("_", "-"),
            tables=(LISTS, STATES),
            finding=meeting_text.heading(state, rows.height),
            data=figure.Data(
                rows, meeting_text.columns(code), meeting_text.FORMATS, row_heading="record_ref", links=links
            ),
            period=f"as of {sheet.as_of}",
            caveats=meeting_text.notes(state),
        ).draw(copy)
    page.heading("What to know")
    st.html(
        '<ul class="caveats">'
        + "".join(f"<li>{html.escape(words)}</li>" for words in copy.caveats(LISTS, STATES))
        + "</ul>"
    )
