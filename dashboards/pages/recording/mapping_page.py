"""Map an extract: what `stra map` does, for those who use no terminal."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from casework.store.refusal import Refused
from dashboards.data.published import NotAvailable
from dashboards.pages.recording import mapping_sections, mapping_text
from dashboards.parts import forms, page
from dashboards.server.command_line import delivered_folder


def main() -> None:
    """Draw the page."""
    here = page.head(
        "Map an extract",
        "Which of your files and columns is which table and field of the extract? Nothing is written until you say so.",
    )
    data = delivered_folder(here.home, here.data)
    if here.home is None or not here.home.is_dir() or data is None:
        page.answer("This page reads the folder with your delivered files, and does not know which it is.")
        page.stop(
            NotAvailable(
                "no_home",
                "No build has named the folder, and the server was started without it.",
                "Start the server with: stra serve --home HOME --data FOLDER. After a stra build it knows the folder.",
            )
        )
    _draw(here.home, data)
    page.end()


def _draw(home: Path, data: Path) -> None:
    forms.tell_done()
    try:
        reply = mapping_sections.look(data)
    except Refused as words:
        page.answer("The folder cannot be mapped yet.")
        page.note(f"Folder: {data}")
        forms.tell(str(words), "missing")
        mapping_sections.look_again()
        return
    page.answer(mapping_text.finding(reply))
    page.note(f"Folder: {data}. A sample shows only values that can hardly be of one person.")
    who = forms.ask_who()
    mapping_sections.look_again()
    mapping_sections.show_unused(reply["notes"])
    for file in reply["files"]:
        mapping_sections.show_file(file, mapping_text.of_file(reply["questions"], file["name"]))
    measured = st.container()  # filled last: it takes some seconds, and nobody has to wait for it
    mapping_sections.show_mapping(data, reply, who)
    mapping_sections.show_build(data, home, who)
    with measured:
        mapping_sections.show_measured(data)


main()
