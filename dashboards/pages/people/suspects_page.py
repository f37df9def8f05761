"""Priority suspects: the ordered list, one person, or two people over time."""

from __future__ import annotations

import streamlit as st

from dashboards.data import extract
from dashboards.data.published import NotAvailable
from dashboards.pages.people import dyad_section, list_section, person_section, suspects_data, suspects_text
from dashboards.parts import extract_banner, page

SUBJECT = "people to look at"


def main() -> None:
    """Draw the list, or the person or the two people in the address."""
    copy = page.begin(
        "Priority suspects",
        "Who is suspected again, with whom, and what manages them already. References only: open the records in their "
        "own system.",
        audience="integrity",
    )
    of = extract.of(copy)
    if isinstance(of, NotAvailable):
        page.answer("No list: there are no records of a force in which anybody could be suspected.")
        page.stop(of, SUBJECT)
    extract_banner.sign(of)
    windows = suspects_data.windows(copy)
    if isinstance(windows, NotAvailable):
        page.answer("No list: nothing was published of who is suspected again.")
        page.note(suspects_text.ADVISORY)
        page.stop(windows, SUBJECT)
    setting = suspects_data.setting_of(copy)
    asked_dyad, asked_person = st.query_params.get("dyad"), st.query_params.get("person")
    if asked_dyad is not None:
        dyad_section.show(copy, setting, asked_dyad)
    elif asked_person is not None:
        person_section.show(copy, setting, windows, asked_person)
    else:
        list_section.show(copy, setting, windows)
    page.end()


main()
