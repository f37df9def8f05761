"""The assessment: changes, top risks, how firm their order is, decisions."""

from __future__ import annotations

import streamlit as st

from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.data.published import NotAvailable
from dashboards.pages.assessment import (
    assessment_data,
    assessment_sections,
    assessment_text,
    export_section,
    issue_section,
    outliers,
    overrides_section,
)
from dashboards.parts import extract_banner, forms, page


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "The assessment",
        "How the themes of stalking and harassment rank by risk, and how certain the ranking is.",
        audience="command",
    )
    scores, of = assessment_data.scores(copy), extract.of(copy)
    if isinstance(scores, NotAvailable) or isinstance(of, NotAvailable):
        page.answer("Not measured. Themes are scored from a force's own extract.")
        page.stop(scores if isinstance(scores, NotAvailable) else assessment_data.NO_THEMES, "the assessment")
    extract_banner.sign(of)
    claims = (assessment_data.PAIRS, assessment_data.VERDICTS, assessment_data.GAPS, assessment_data.ENTRIES)
    if (why := assessment_data.gone(copy, *claims)) is not None:
        page.answer("Not shown: one of its tables is missing, and without it the page would wrongly read as all clear.")
        page.stop(why, "the assessment")
    pairs, entries = (
        assessment_data.rows(copy, assessment_data.PAIRS),
        assessment_data.rows(copy, assessment_data.ENTRIES, "due_date, entry_ref"),
    )
    page.answer(assessment_text.answer(scores, pairs))
    verdicts, gaps = (
        assessment_data.rows(copy, assessment_data.VERDICTS),
        assessment_data.rows(copy, assessment_data.GAPS),
    )
    page.facts(assessment_text.five(scores, verdicts, gaps, outliers.words(copy), entries))
    assessment_sections.matrix(copy, scores)
    assessment_sections.places(copy, scores, pairs)
    assessment_sections.changes(copy, scores)
    assessment_sections.decisions(copy, entries)
    home = page.server().home
    assert home is not None  # page.begin opened a copy in it
    page.heading("Overrides")
    with st.columns(3)[0]:
        who = forms.ask_who()
    forms.tell_done()
    try:
        overrides_section.show(home, copy, scores, who)
        issue_section.show(home, copy, scores, who)
        export_section.show(home, copy)
    except (Refused, *UNUSABLE) as problem:
        forms.tell(in_words(problem), "missing")
    row = scores.row(0, named=True)
    page.note(
        f"Scheme version {row['scheme_version']}, hash {row['scheme_hash'][:12]}. {forms.NAMES} Every action is logged "
        "with its time."
    )
    page.end()


main()
