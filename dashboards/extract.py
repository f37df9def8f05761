"""Whose extract the pages on recording speak of, and the sign that stands on each of them where it is invented."""

from __future__ import annotations

import datetime as dt
import html
from dataclasses import dataclass

import streamlit as st

from dashboards import wording
from dashboards.published import Copy, NotAvailable

FORCES = "core.extract_forces"
NO_EXTRACT = NotAvailable(
    "absent",
    "No record-level extract of a force is in this home. Open data cannot show how a crime was recorded.",
    "Put the force's extract (crime, incident, outcome and what else there is) into the folder force/ of the data "
    "folder and build again.",
)


@dataclass(frozen=True)
class Extract:
    """The force with most crimes in the extract, and the months of recording held."""

    force_name: str
    crime_count: int
    first_month: dt.date
    last_month: dt.date

    @property
    def is_invented(self) -> bool:
        """A generated force says so in its name."""
        return "invented" in self.force_name.lower()


def of(copy: Copy) -> Extract | NotAvailable:
    """What the copy says of the extract; without a crime in it there is none."""
    rows = copy.select(FORCES, where="crime_count > 0", order_by="crime_count desc, force_code", limit=1)
    if isinstance(rows, NotAvailable):
        return rows if rows.kind not in ("absent", "empty") else NO_EXTRACT
    if rows.is_empty():
        return NO_EXTRACT
    row = rows.row(0, named=True)
    return Extract(row["force_name"], row["crime_count"], row["first_month"], row["last_month"])


def sign(extract: Extract) -> None:
    """Name the force under the head of the page; an invented one cannot be missed."""
    months = f"{wording.month(extract.first_month)} to {wording.month(extract.last_month)}"
    words = f"{extract.force_name}: {wording.number(extract.crime_count)} crimes recorded, {months}."
    if extract.is_invented:
        st.html(
            f'<p class="invented"><strong>Invented data.</strong> {html.escape(words)} Nothing here says anything '
            "about any police force.</p>"
        )
    else:
        st.html(f'<p class="freshness">{html.escape(words)}</p>')




