"""Download the pack: the evidence as documents, a public summary, and every released figure as data."""

from __future__ import annotations

import io
import threading
import zipfile
from functools import lru_cache, partial

import streamlit as st

from casework.refusal import Refused
from dashboards import page, visit, wording
from dashboards.documents import writing
from dashboards.documents.office import settled
from dashboards.downloads import file_name
from dashboards.published import Copy
from dashboards.reports import commissioning
from dashboards.support import reading

KINDS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
}
WHAT = {
    "commissioning-evidence": "The evidence pack, in ten parts",
    "public-summary": "A public summary, in plain language",
    "commissioning-data": "Every released figure, with notes, units and the key",
}


_ONE_AT_A_TIME = threading.Lock()  # whoever comes meanwhile gets what is being made


@lru_cache(maxsize=2)
def _files(copy: Copy, marking: str) -> dict[str, bytes]:
    """Made once for a publication: it never changes once named."""
    return commissioning.documents(copy, marking, writing.own_template())[0]


def main() -> None:
    """Draw the page."""
    copy, year = reading.begin(
        "Download the pack", "The evidence as documents, a public summary, and every released figure as data."
    )
    marking = page.server().marking
    page.answer(f"The pack covers {year.words}. Everything in it has passed disclosure control.")
    try:
        with st.spinner("The pack is being made: a few seconds, once for a publication."), _ONE_AT_A_TIME:
            files = _files(copy, marking)
    except Refused as words:
        page.note(f"The pack cannot be made: {words}")
        page.end()
        return
    _offer(files, marking)
    page.note(reading.key(copy))
    page.end()


def _offer(files: dict[str, bytes], marking: str) -> None:
    for stem, words in WHAT.items():
        page.heading(words)
        with st.container(horizontal=True, gap="small", key=f"pack_{stem}"):
            for suffix, (kind, mime) in KINDS.items():
                name = file_name(marking, stem, suffix)
                if name in files:
                    size = wording.number(len(files[name]) / 1000)
                    visit.hand_out(
                        f"Download {kind} ({size} kB)",
                        partial(files.__getitem__, name),
                        name,
                        mime,
                        "commissioning",
                        key=f"pack_{stem}_{suffix}",
                    )
    page.heading("Everything at once, with a CSV for each table and the register of numbers")
    visit.hand_out(
        "Download ZIP",
        lambda: _zipped(files),
        file_name(marking, "commissioning-pack", "zip"),
        "application/zip",
        "commissioning",
        key="pack_zip",
    )


def _zipped(files: dict[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            target.writestr(name, content)
    return settled(out.getvalue())


main()
