"""People to look at: who is suspected again, in an order that says what it is made of; one person; two in time."""

from __future__ import annotations

import streamlit as st

from dashboards import extract, page
from dashboards.published import NotAvailable
from dashboards.suspects import dyad, listing, person, reading, telling

SUBJECT = "people to look at"


def main() -> None:
    """Draw the list, or the person or the two people that the address asks for."""
    copy = page.begin(
        "People to look at",
        "Who is suspected again, with whom, and what manages them already. References only: open the records in their "
        "own system.",
        audience="integrity",
    )
    of = extract.of(copy)
    if isinstance(of, NotAvailable):
        page.answer("No list: there are no records of a force in which anybody could be suspected.")
        page.stop(of, SUBJECT)
    extract.sign(of)
    windows = reading.windows(copy)
    if isinstance(windows, NotAvailable):
        page.answer("No list: nothing was published of who is suspected again.")
        page.note(telling.ADVISORY)
        page.stop(windows, SUBJECT)
    setting = reading.setting_of(copy)
    asked_dyad, asked_person = st.query_params.get("dyad"), st.query_params.get("person")
    if asked_dyad is not None:
        dyad.show(copy, setting, asked_dyad)
    elif asked_person is not None:
        person.show(copy, setting, windows, asked_person)
    else:
        listing.show(copy, setting, windows)
    page.end()


main()
