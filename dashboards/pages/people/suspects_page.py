"""Priority suspects: the ranked list, one person, or a suspect and a victim over time."""

from __future__ import annotations

import streamlit as st

from dashboards.data import extract
from dashboards.data.published import Copy
from dashboards.pages.people import dyad_section, list_section, person_section, suspects_data
from dashboards.parts import extract_banner, page

SUBJECT = "priority suspects"


@page.whole(SUBJECT, "No list: no force's records have been delivered.")
def main() -> None:
    """Draw the list, or the person or the two people in the address."""
    copy = page.begin(
        "Suspects in rank order: their events, their victims and how they are managed. References only: open the "
        "records in their own system.",
    )
    extract_banner.sign(extract.find_extract(copy))
    _draw(copy)


@page.section(SUBJECT, "No list: there are no suspects to rank.")
def _draw(copy: Copy) -> None:
    windows = suspects_data.windows(copy)
    setting = suspects_data.setting_of(copy)
    asked_dyad, asked_person = st.query_params.get("dyad"), st.query_params.get("person")
    if asked_dyad is not None:
        dyad_section.draw_dyad(copy, setting, asked_dyad)
    elif asked_person is not None:
        person_section.draw_person(copy, setting, windows, asked_person)
    else:
        list_section.draw_list(copy, setting, windows)


main()
