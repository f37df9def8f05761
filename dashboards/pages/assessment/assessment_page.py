"""The assessment: changes, top risks, how firm their order is, decisions."""

from __future__ import annotations

import polars as pl
import streamlit as st

from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.assessment import outliers
from dashboards.data.published import Copy
from dashboards.pages.assessment import (
    assessment_data,
    assessment_sections,
    export_section,
    issue_section,
    overrides_section,
    registers_data,
)
from dashboards.parts import extract_banner, forms, page
from dashboards.parts.outline import Section, in_sections
from dashboards.text.assessment import assessment_text


@page.whole("the assessment", "Not measured. Themes are scored from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.opened("How the themes of stalking and harassment rank by risk, and how certain the ranking is.")
    scores = assessment_data.scores(copy)
    extract_banner.sign(extract.find_extract(copy, instead=assessment_data.NO_THEMES))
    _in_short(copy, scores)
    in_sections(
        Section("The ranking", lambda: assessment_sections.matrix(copy, scores)),
        Section("How certain is the ranking?", lambda: assessment_sections.places(copy, scores)),
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
        issue_section.draw_issued(home, copy, scores, who)
        export_section.draw_export(home, copy)
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
    pairs, verdicts, gaps = (
        copy.select(table, may_be_empty=True)
        for table in (assessment_data.PAIRS, assessment_data.VERDICTS, assessment_data.GAPS)
    )
    entries = registers_data.entered(page.server().home, copy)  # a decision counts at once, not from the next build
    page.answer(assessment_text.answer(scores, pairs))
    page.facts(assessment_text.five(scores, verdicts, gaps, outliers.words(copy), entries))


main()
