"""Download the pack: documents, a public summary, and released figures as data."""

from __future__ import annotations

import io
import zipfile
from functools import partial

import streamlit as st

from dashboards.data import extract
from dashboards.data.office import settled
from dashboards.data.published import Copy
from dashboards.data.support import support_data
from dashboards.pages.support import pack_files, support_head
from dashboards.parts import page
from dashboards.parts.downloads import file_name, invented_name
from dashboards.server import visit

KINDS = {
    "docx": ("Word", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "pdf": ("PDF", "application/pdf"),
    "html": ("HTML", "text/html"),
    "ods": ("ODS", "application/vnd.oasis.opendocument.spreadsheet"),
}
WHAT = {
    "commissioning-evidence": ("The evidence pack, in ten parts", ("docx", "pdf", "html")),
    "public-summary": ("A public summary, in plain language", ("docx", "pdf", "html")),
    "held-to-account": ("Held to account: the measures of the public, in plain language", ("docx", "pdf", "html")),
    "commissioning-data": ("Released figures, with notes, units and key", ("ods",)),
}


@page.whole("download the pack")
def main() -> None:
    """Draw the page."""
    copy, year = support_head.opened("The evidence as documents, a public summary, and every released figure as data.")
    marking = page.server().marking
    page.answer(f"The pack covers {year.words}. Everything in it has passed disclosure control.")
    refusal = pack_files.refusal(copy)
    if refusal:
        page.note(f"The pack cannot be made: {refusal}")
        return
    page.note("The pack is made once per publication, when the first file is requested. This takes some seconds.")
    _offer(copy, marking, extract.is_invented(copy))
    page.note(support_data.key(copy))


def _offer(copy: Copy, marking: str, is_invented: bool) -> None:
    for stem, (words, suffixes) in WHAT.items():
        page.heading(words)
        with st.container(horizontal=True, gap="small", key=f"pack_{stem}"):
            for suffix in suffixes:
                kind, mime = KINDS[suffix]
                name = file_name(marking, stem, suffix)
                visit.hand_out(
                    f"Download {kind}",
                    partial(pack_files.file, copy, marking, name),
                    name,
                    mime,
                    "commissioning",
                    is_invented=is_invented,
                    key=f"pack_{stem}_{suffix}",
                )
    page.heading("Everything in one file")
    page.note("All documents and data, a CSV for each table, and the register of numbers.")
    visit.hand_out(
        "Download ZIP",
        lambda: _zipped(pack_files.files(copy, marking), is_invented),
        file_name(marking, "commissioning-pack", "zip"),
        "application/zip",
        "commissioning",
        is_invented=is_invented,
        key="pack_zip",
    )


def _zipped(files: dict[str, bytes], is_invented: bool) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as target:
        for name, content in files.items():
            target.writestr(invented_name(name) if is_invented else name, content)
    return settled(out.getvalue())


main()
