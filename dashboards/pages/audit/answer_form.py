"""The questions of one unit, to be filled in by keyboard. Each answer is kept as it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import polars as pl
import streamlit as st

from casework.audit.ratings import LONGEST_NOTE
from casework.choices.questions import ANSWERS, OUTCOME_CODES, QUESTIONS
from dashboards.pages.audit.worksheet import is_asked
from dashboards.parts.table import html_table

WORDS = {"pass": "Yes", "fail": "No", "unsure": "Unsure", "not_evaluable": "Cannot be assessed"}
COUNTED = {
    "crimes_required": "Crimes that should have been recorded from this report",
    "crimes_recorded": "Crimes that were recorded from it",
}
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


def form(
    unit: Mapping[str, Any], before: Mapping[str, Any], key: str, label: str, keep: Callable[[dict[str, Any]], None]
) -> dict[str, Any] | None:
    """The answers once sent, otherwise None. `before` pre-fills them; `keep` is given all after each change."""
    stratum = unit["stratum"]
    codes = [code for code in (*COUNTED, *(q.code for q in QUESTIONS), "outcome_code_due", "evidence_note")
             if is_asked(code, stratum)]  # fmt: skip

    def changed() -> None:
        keep({code: st.session_state.get(f"{code}_{key}") for code in codes})

    given: dict[str, Any] = {}
    with st.container(border=True, key=f"rating_{key}"):
        for code in codes:
            given[code] = _field(code, before.get(code), {"key": f"{code}_{key}", "on_change": changed})
        return given if st.button(label, key=f"send_{key}") else None


def _field(code: str, held: Any, more: dict[str, Any]) -> Any:
    """One question, with the answer held."""
    if code in COUNTED:
        return st.number_input(COUNTED[code], 0, MOST_CRIMES, value=held, step=1, placeholder="0 to 99", **more)
    if code == "outcome_code_due":
        return st.selectbox(
            "Outcome code that the evidence supports",
            OUTCOME_CODES,
            index=OUTCOME_CODES.index(held) if held else None,
            format_func=lambda v: WORDS.get(v, v),
            placeholder="The recorded one is hidden",
            **more,
        )
    if code == "evidence_note":
        return st.text_area("Note on the evidence", held or "", max_chars=LONGEST_NOTE, **more)
    return st.radio(
        next(question.words for question in QUESTIONS if question.code == code),
        ANSWERS,
        index=ANSWERS.index(held) if held else None,
        format_func=lambda v: WORDS[v],
        horizontal=True,
        **more,
    )
