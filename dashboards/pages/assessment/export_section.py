"""The assessment's documents for download, written and recorded per publication."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from dashboards.data import extract
from dashboards.data.published import ALL, ONE_AT_A_TIME, Copy
from dashboards.documents.assessment import files
from dashboards.parts import forms, page
from dashboards.server import visit

FOLDER = "documents"
OFFICE = "application/vnd.openxmlformats-officedocument"
KINDS = {  # stem and ending -> words, MIME type
    ("assessment", "docx"): ("Assessment, Word", f"{OFFICE}.wordprocessingml.document"),
    ("assessment", "pdf"): ("Assessment, PDF", "application/pdf"),
    ("assessment", "html"): ("Assessment, HTML", "text/html"),
    ("brief", "docx"): ("Brief, Word", f"{OFFICE}.wordprocessingml.document"),
    ("brief", "pdf"): ("Brief, PDF", "application/pdf"),
    ("brief", "html"): ("Brief, HTML", "text/html"),
    ("slides", "pptx"): ("Slides", f"{OFFICE}.presentationml.presentation"),
    ("numbers", "json"): ("Register of numbers", "application/json"),
}


def draw_export(home: Path, copy: Copy) -> None:
    """Draw a button that writes them, then one for each file.

    Raises Refused if they cannot be written.
    """
    page.heading("Documents")
    if copy.force == ALL:
        page.missing(ONE_AT_A_TIME, "documents of the assessment")
        return
    folder = home / FOLDER / copy.folder.name / copy.force
    if not folder.is_dir():
        page.note(
            "The assessment as Word, PDF and HTML, a one-page brief, slides and the register of all their numbers. "
            "They use what is published here. Writing takes some seconds; stra report assessment does the same."
        )
        if st.button("Write the documents"):
            with st.spinner("The documents are being written."):
                forms.attempt(
                    lambda: files.write(home, folder, force=copy.force, is_handed_out=False),
                    "The documents were written and recorded.",
                )
        return
    is_invented = extract.is_invented(copy)
    held = {path.name: path for path in sorted(folder.iterdir())}
    with st.container(horizontal=True, gap="small"):
        for (stem, ending), (words, kind) in KINDS.items():
            for name in (n for n in held if n.endswith(f"_{stem}.{ending}")):
                visit.hand_out(
                    words, held[name].read_bytes, name, kind, copy.audience, is_invented=is_invented,
                    key=f"document_{name}",
                )  # fmt: skip
    page.note("To check that a document is unchanged: stra verify --home HOME --document FILE.")
