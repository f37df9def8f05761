"""The assessment: changes, top risks, whether other schemes keep it, decisions."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import streamlit as st

from casework.assessment import assessments
from casework.store.database import UNUSABLE, exists, in_words, open_store
from casework.store.refusal import Refused
from casework.store.words import shown_name
from dashboards.data import extract
from dashboards.data.assessment import outliers
from dashboards.data.published import ALL, ONE_AT_A_TIME, Copy
from dashboards.documents.assessment import files
from dashboards.pages.assessment import assessment_data, assessment_sections, overrides_section, registers_data
from dashboards.parts import extract_banner, forms, page
from dashboards.parts.outline import Section, in_sections
from dashboards.parts.table import listed
from dashboards.server import visit
from dashboards.text import numbers
from dashboards.text.assessment import assessment_text
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ATTENTION

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


@page.whole("the assessment", "Not measured. Themes are scored from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "How the themes of stalking and harassment rank by risk, and whether other reasonable schemes keep the ranking."
    )
    scores = assessment_data.scores(copy)
    extract_banner.sign(extract.find_extract(copy, instead=assessment_data.NO_THEMES))
    _in_short(copy, scores)
    in_sections(
        Section("The ranking", lambda: assessment_sections.matrix(copy, scores)),
        Section("Would other schemes keep the ranking?", lambda: assessment_sections.places(copy, scores)),
        Section("What has changed?", lambda: assessment_sections.changes(copy, scores)),
        Section("Which decisions are needed?", lambda: assessment_sections.decisions(copy)),
        Section("Overrides, issue and documents", lambda: _work(copy, scores)),
    )


def _work(copy: Copy, scores: pl.DataFrame) -> None:
    """Draw the forms of people who work on the assessment, and its documents."""
    home = page.server().home
    assert home is not None  # page.opened read a copy in it
    page.heading("Overrides")
    with st.columns(3)[0]:
        who = forms.ask_who()
    forms.tell_done()
    try:
        overrides_section.draw_overrides(home, copy, scores, who)
        draw_issued(home, copy, scores, who)
        draw_export(home, copy)
    except (Refused, *UNUSABLE) as problem:
        forms.tell(in_words(problem), "missing")
    row = scores.row(0, named=True)
    page.note(
        f"Scheme version {row['scheme_version']}, hash {row['scheme_hash'][:12]}. {forms.NAMES} Every action is logged "
        "with its time."
    )


@page.section(
    "the assessment in short",
    "Not shown: one of its tables is missing, and without it the page would wrongly read as all clear.",
)
def _in_short(copy: Copy, scores: pl.DataFrame) -> None:
    gaps = copy.select(assessment_data.GAPS, may_be_empty=True)
    found = copy.select(ATTENTION, order_by="attention_rank", may_be_empty=True)
    entries = registers_data.entered(page.server().home, copy)  # a decision counts at once, not from the next build
    page.answer(assessment_text.answer(scores))
    page.facts(assessment_text.five(scores, glance_text.in_short(found), gaps, outliers.words(copy), entries))


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


def draw_issued(home: Path, copy: Copy, scores: pl.DataFrame, who: str) -> None:
    """Draw the issued assessments and the form.

    Raises the store's own error if it is unusable.
    """
    page.heading("Issued assessments")
    held = assessments.issued(open_store(home)) if exists(home) else []
    if held:
        columns = {
            "Assessment": lambda row: row["title"],
            "As of": lambda row: numbers.day(dt.date.fromisoformat(row["as_of_date"])),
            "Scheme version": lambda row: str(row["scheme_version"]),
            "Issued": lambda row: numbers.moment(row["issued_at"]),
            "By": lambda row: shown_name(row["issued_by"]),
            "Publication": lambda row: row["manifest_hash"][:12],
        }
        st.html(listed(held, columns, "Assessments issued, the newest first"))
    else:
        page.note("No assessment has been issued, so there is nothing to compare with.")
    day = scores["as_of_date"][0]
    with st.expander("Issue this assessment"), st.form(f"issue_{len(held)}"):
        title = st.text_input("Title of the assessment", max_chars=assessments.LONGEST_TITLE)
        sent = st.form_submit_button("Issue the assessment", disabled=not who)
    if sent:
        forms.attempt(
            lambda: assessments.issue(open_store(home), title, day, copy.manifest_sha256(), scores.to_dicts(), who),
            "The assessment was issued, with ranks and risks as published here.",
        )


main()
