"""The questions of one unit as a form that a keyboard can fill in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from casework.audit.questions import ANSWERS, OUTCOME_CODES, OUTCOME_STRATA, REPORT_STRATA, questions_of
from casework.audit.ratings import LONGEST_NOTE
from dashboards.parts.table import html_table

WORDS = {"pass": "Yes", "fail": "No", "unsure": "Unsure", "not_evaluable": "Cannot be assessed"}
MOST_CRIMES = 99


def unit_card(unit: Mapping[str, Any]) -> None:
    """Draw a rater's information: references to read, never the outcome."""
    given = [
        ("Reference", f"{unit['unit_type']} {unit['unit_ref']}"),
        ("Report", unit["report_ref"]),
        (
            "Recorded class and code",
            " ".join(v for v in (unit["class_code"], unit["ho_code"]) if v) or "none: a report",
        ),
        ("Same victim and suspect in the 24 months before", (unit["linked_refs"] or "none known").replace("|", ", ")),
        ("Words that gave a signal", unit["phrases"] or "none"),
    ]
    rows = pl.DataFrame(given, schema=["what", "given"], orient="row")
    caption = f"Read the call or log, the text and the linked records of {unit['sample_ref']}"
    st.html(html_table(rows, {"what": "Item", "given": "Value"}, caption=caption, row_heading="what"))


def form(unit: Mapping[str, Any], held: Mapping[str, Any] | None, key: str, label: str) -> dict[str, Any] | None:
    """The answers once sent, otherwise None. `held` pre-fills an earlier rating."""
    stratum, before = unit["stratum"], held or {}
    given: dict[str, Any] = {}
    with st.form(f"form_{key}"):
        if stratum in REPORT_STRATA:
            for code, words in (
                ("crimes_required", "Crimes that should have been recorded from this report"),
                ("crimes_recorded", "Crimes that were recorded from it"),
            ):
                given[code] = st.number_input(
                    words, 0, MOST_CRIMES, value=before.get(code), step=1, key=f"{code}_{key}", placeholder="0 to 99"
                )
        for question in questions_of(stratum):
            answer = before.get(question.code)
            given[question.code] = st.radio(
                question.words,
                ANSWERS,
                index=ANSWERS.index(answer) if answer else None,
                format_func=lambda v: WORDS[v],
                horizontal=True,
                key=f"{question.code}_{key}",
            )
        if stratum in OUTCOME_STRATA:
            due = before.get("outcome_code_due")
            given["outcome_code_due"] = st.selectbox(
                "Outcome code that the evidence supports",
                OUTCOME_CODES,
                index=OUTCOME_CODES.index(due) if due else None,
                format_func=lambda v: WORDS.get(v, v),
                key=f"outcome_{key}",
                placeholder="The recorded one is hidden",
            )
        given["evidence_note"] = st.text_area(
            "Note on the evidence", before.get("evidence_note", ""), max_chars=LONGEST_NOTE, key=f"note_{key}"
        )
        return given if st.form_submit_button(label) else None
