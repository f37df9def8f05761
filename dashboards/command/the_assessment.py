"""The assessment: what changed, what the top risks are and whether their order is known, what is to be decided."""

from __future__ import annotations

import streamlit as st

from casework.refusal import Refused
from casework.store import UNUSABLE, in_words
from dashboards import extract, page
from dashboards.assessment import exporting, issuing, outside, overriding, reading, saying, showing
from dashboards.audits import acting
from dashboards.published import NotAvailable


def main() -> None:
    """Draw the page."""
    copy = page.begin(
        "The assessment",
        "Stalking and harassment among the threats, risks and harms of the force: what stands first, and how surely.",
        audience="command",
    )
    scores, of = reading.scores(copy), extract.of(copy)
    if isinstance(scores, NotAvailable) or isinstance(of, NotAvailable):
        page.answer("Not measured. Themes are scored from a force's own extract.")
        page.stop(scores if isinstance(scores, NotAvailable) else reading.NO_THEMES, "the assessment")
    extract.sign(of)
    pairs, entries = reading.rows(copy, reading.PAIRS), reading.rows(copy, reading.ENTRIES, "due_date, entry_ref")
    page.answer(saying.answer(scores, pairs))
    verdicts, gaps = reading.rows(copy, reading.VERDICTS), reading.rows(copy, reading.GAPS)
    page.facts(saying.five(scores, verdicts, gaps, outside.words(copy), entries))
    showing.matrix(copy, scores)
    showing.places(copy, scores, pairs)
    showing.changes(copy, scores)
    showing.decisions(copy, entries)
    home = page.server().home
    assert home is not None  # page.begin opened a copy in it
    page.heading("Overrides")
    with st.columns(3)[0]:
        who = acting.ask_who()
    acting.tell_done()
    try:
        overriding.show(home, copy, scores, who)
        issuing.show(home, copy, scores, who)
        exporting.show(home, copy)
    except (Refused, *UNUSABLE) as problem:
        acting.tell(in_words(problem), "missing")
    row = scores.row(0, named=True)
    page.note(
        f"Scheme version {row['scheme_version']}, hash {row['scheme_hash'][:12]}. {acting.NAMES} Every deed is logged "
        "with its time."
    )
    page.end()


main()
