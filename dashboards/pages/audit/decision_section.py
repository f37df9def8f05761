"""The third part: progress, where raters differ, and the registrar's decision."""

from __future__ import annotations

from typing import Any

import polars as pl
import streamlit as st

from assets.methods.agreement import Agreement
from casework.audit import ratings, results
from casework.choices.questions import QUESTIONS
from casework.store.refusal import Refused
from dashboards.data.audit import estimates
from dashboards.pages.audit import answer_form, rating_section
from dashboards.parts import forms, page
from dashboards.parts.forms import Desk
from dashboards.parts.table import html_table
from dashboards.text import numbers

TARGET = 0.8  # recording-standards 5.3, step 5: our choice
WORDS = {q.code: q.words for q in QUESTIONS} | {
    "crimes_required": "Crimes that should have been recorded",
    "crimes_recorded": "Crimes that were recorded",
    "outcome_code_due": "Outcome code that the evidence supports",
}


def show_progress(desk: Desk) -> None:
    """Draw the cycle's progress, without anyone's result."""
    done = results.progress(desk.engine, desk.ref)
    if not done["drawn"]:
        return
    page.facts(
        [
            ("Drawn", numbers.number(done["drawn"]), "reports and crimes"),
            ("First rating", numbers.number(done["first"]), f"of {done['drawn']:,}"),
            ("Second rating", numbers.number(done["second"]), f"{done['second_owed']:,} still to do"),
            ("Disagreements", numbers.number(done["disputed"]), "for the registrar to decide"),
            ("Settled", numbers.number(done["settled"]), f"of {done['drawn']:,}"),
        ]
    )


def draw_decisions(desk: Desk) -> None:
    """Draw disagreements and agreement, for the registrar only until all is settled."""
    page.heading("Disagreements between raters")
    try:
        found = ratings.disagreements(desk.engine, desk.ref, desk.who or "nobody")
    except Refused as words:
        page.note(str(words))
    else:
        forms.look(f"units of {desk.ref} on which raters differ", len(found))
        open_ones = [u for u in found if "fcr" not in u["ratings"]]
        page.note(f"{numbers.plural(len(open_ones), 'unit')} to decide, {len(found) - len(open_ones)} decided.")
        if open_ones and not desk.is_closed:
            _decide(desk, open_ones)
    page.heading("Agreement")
    both, random_part = estimates.agreement(desk.engine, desk.ref)
    st.html(html_table(agreement_rows(both, random_part), AGREEMENT, caption="Cohen's kappa", row_heading="what"))
    page.note(
        f"Target: at least {TARGET}, our choice. Units rated twice include every fail and every unsure, on which "
        "agreement is harder. The random fifth represents the whole sample."
    )


AGREEMENT = {"what": "Rated twice", "same": "Same result", "kappa": "Kappa", "limits": "95% interval"}


def agreement_rows(both: Agreement, random_part: Agreement) -> pl.DataFrame:
    """Two lines: all units rated twice, and the random fifth."""
    return pl.DataFrame(
        [
            {"what": name} | estimates.agreement_in_words(found)
            for name, found in (("All", both), ("Random fifth", random_part))
        ]
    )


def _decide(desk: Desk, units: list[dict[str, Any]]) -> None:
    by_ref = {u["sample_ref"]: u for u in units}
    ref = st.selectbox("Unit to decide", list(by_ref), key=f"decide_{desk.ref}_{len(units)}")
    unit = by_ref[ref]
    first, second = unit["ratings"]["first"], unit["ratings"]["second"]
    rows = pl.DataFrame(
        [
            {"question": WORDS[code], "first": _write_answer(first[code]), "second": _write_answer(second[code])}
            for code in unit["differing"]
        ]
        + [{"question": "Note", "first": first["evidence_note"] or "none", "second": second["evidence_note"] or "none"}]
    )
    answer_form.unit_card(unit)
    headings = {"question": "Question", "first": "First rater", "second": "Second rater"}
    st.html(html_table(rows, headings, caption="Both views", row_heading="question"))
    agreed = {k: v for k, v in first.items() if k not in unit["differing"] and k != "evidence_note"}
    before = {**agreed, **ratings.draft(desk.engine, ref, desk.who, "fcr")}

    def fill_in() -> None:
        keep = rating_section.keep_draft(desk, ref, "fcr")
        given = answer_form.form(unit, before, f"{ref}_fcr", "Save the decision", keep)
        if given is not None:
            forms.attempt(lambda: ratings.adjudicate(desk.engine, ref, desk.who, given), f"{ref} was decided.")

    st.fragment(fill_in)()


def _write_answer(value: object) -> str:
    return "none" if value is None else answer_form.WORDS.get(str(value), str(value))
