"""Daily and weekly lists for the management meeting, by reference only.

Each viewing is logged.
"""

from __future__ import annotations

import html

import streamlit as st

from casework.access.access_log import Entry
from dashboards.data import extract
from dashboards.data.protection import meeting_data
from dashboards.data.protection.meeting_data import LISTS, STATES, Sheet
from dashboards.data.published import Copy, Missing, NotAvailable
from dashboards.documents.reports import meeting_lists
from dashboards.pages.people import suspects_text
from dashboards.parts import extract_banner, figure, filters, page
from dashboards.parts.downloads import file_name
from dashboards.server import visit
from dashboards.text.protection import meeting_text

NOT_LOGGED = "No list is shown: each viewing is logged, and this one could not be logged."


@page.whole("the lists", "Not measured: no force's records have been delivered.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "For the daily management meeting: new high risk, breaches, repeat dyads, overdue reassessments, and orders "
        "about to lapse.",
    )
    extract_banner.sign(extract.find_extract(copy))
    _lists(copy)


@page.section("the lists")
def _lists(copy: Copy) -> None:
    columns = st.columns(2)
    period = filters.choose("Lists", meeting_data.PERIODS, "meeting", place=columns[0])
    unit = filters.choose("Unit", meeting_data.units(copy), "meeting_unit", place=columns[1])
    try:
        sheet = meeting_data.sheet(copy, period, unit)
    except Missing as why:
        page.answer(NOT_LOGGED if why.what.kind == "denied" else "Not measured: the lists were not published.")
        raise
    entry = visit.last_consultation()
    assert entry is not None  # the lists were opened
    page.answer(meeting_text.answer(sheet))
    page.facts(meeting_text.facts(sheet))
    for words in (meeting_text.NO_ADVICE, meeting_text.FRESHNESS):
        page.note(words)
    _take_away(copy, sheet, entry)
    draw_lists(copy, sheet)
    page.note(f"This viewing is in the access log: {entry.mark}.")


def _take_away(copy: Copy, sheet: meeting_data.Sheet, entry: Entry) -> None:
    marking = page.server().marking
    with st.container(key="take_away"):
        visit.hand_out(
            "Download the lists for print",
            lambda: meeting_lists.page(copy, sheet, marking, entry.mark).encode(),
            file_name(marking, f"{sheet.period}-lists", "html"),
            "text/html",
            copy.audience,
            is_invented=extract.is_invented(copy),
            count=sheet.rows.height,
        )


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


main()
