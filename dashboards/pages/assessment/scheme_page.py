"""Scoring scheme: weights, cut-points and points; changes are previewed first."""

from __future__ import annotations

import streamlit as st

from casework.store.database import UNUSABLE, in_words
from casework.store.refusal import Refused
from dashboards.data import extract
from dashboards.pages.assessment import assessment_data, scheme_section
from dashboards.parts import extract_banner, forms, page


@page.whole("the scoring scheme", "Not measured. Themes are scored from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("How themes are scored, and the effect of a change before it is accepted.")
    scores = assessment_data.scores(copy)
    extract_banner.sign(extract.find_extract(copy, instead=assessment_data.NO_THEMES))
    row, home = scores.row(0, named=True), page.server().home
    assert home is not None  # page.opened read a copy in it
    page.answer(f"Version {row['scheme_version']} of the scheme, hash {row['scheme_hash'][:12]}.")
    with st.columns(3)[0]:
        who = forms.ask_who()
    forms.tell_done()
    try:
        scheme_section.draw_scheme(home, copy, who)
    except (Refused, *UNUSABLE) as problem:
        forms.tell(in_words(problem), "missing")
    page.note(
        "MoRiLE-informed: the scheme is this product's own. To plan a change to a rule, a code list or a table, use "
        "the command stra plan. It builds the change separately and compares every published figure."
    )


main()
