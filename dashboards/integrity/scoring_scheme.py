"""Scoring scheme: weights, cut-points and points of the assessment; a change is planned before it is accepted."""

from __future__ import annotations

import streamlit as st

from casework.refusal import Refused
from casework.store import UNUSABLE, in_words
from dashboards import extract, page
from dashboards.assessment import reading, scheming
from dashboards.audits import acting
from dashboards.published import NotAvailable


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "Scoring scheme", "What themes are scored by, and what a change would move before it stands.",
        audience="integrity",
    )  # fmt: skip
    scores, of = reading.scores(copy), extract.of(copy)
    if isinstance(scores, NotAvailable) or isinstance(of, NotAvailable):
        page.answer("Not measured. Themes are scored from a force's own extract.")
        page.stop(scores if isinstance(scores, NotAvailable) else reading.NO_THEMES, "the scoring scheme")
    extract.sign(of)
    row, home = scores.row(0, named=True), page.server().home
    assert home is not None  # page.begin opened a copy in it
    page.answer(f"Version {row['scheme_version']} of the scheme, hash {row['scheme_hash'][:12]}.")
    with st.columns(3)[0]:
        who = acting.ask_who()
    acting.tell_done()
    try:
        scheming.show(home, copy, who)
    except (Refused, *UNUSABLE) as problem:
        acting.tell(in_words(problem), "missing")
    page.note(
        "MoRiLE-informed: the scheme is this product's own. A rule, a code list or a table is planned with the command "
        "stra plan, which builds the change beside the home and compares every published figure."
    )
    page.end()


main()
