"""Keeping an assessment as issued: the next one is compared with it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import polars as pl
import streamlit as st

from casework.assessment import assessments
from casework.store.database import exists, open_store
from casework.store.words import shown_name
from dashboards.data.published import Copy
from dashboards.parts import forms, page
from dashboards.parts.table import html_table
from dashboards.text import numbers


def draw_issued(home: Path, copy: Copy, scores: pl.DataFrame, who: str) -> None:
    """Draw the issued assessments and the form.

    Raises the store's own error if it is unusable.
    """
    page.heading("Issued assessments")
    held = assessments.issued(open_store(home)) if exists(home) else []
    if held:
        rows = pl.DataFrame(
            [
                {"title": row["title"], "as_of": numbers.day(dt.date.fromisoformat(row["as_of_date"])),
                 "version": str(row["scheme_version"]), "issued": numbers.moment(row["issued_at"]),
                 "who": shown_name(row["issued_by"]), "manifest": row["manifest_hash"][:12]}
                for row in held
            ]
        )  # fmt: skip
        columns = {"title": "Assessment", "as_of": "As of", "version": "Scheme version", "issued": "Issued",
                   "who": "By", "manifest": "Publication"}  # fmt: skip
        st.html(html_table(rows, columns, caption="Assessments issued, the newest first", row_heading="title"))
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
