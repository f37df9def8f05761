"""The banner of a page about a force's extract: its name, or that it is invented."""

from __future__ import annotations

import html

import streamlit as st

from dashboards.data.extract import Extract, find_extract
from dashboards.data.published import Copy, optional
from dashboards.text import numbers

ALONE = "No real police force is described here."
BESIDE_PUBLIC_DATA = "Its records describe no real police force; public data on this page are real."


def sign(extract: Extract, warning: str = ALONE) -> None:
    """Name the force under the page's head, with a warning if it is invented."""
    # not what a page counts: most pages leave other classes and cancelled crimes out
    counted = (
        "crimes recorded" if extract.crime_count is None
        else f"{numbers.plural(extract.crime_count, 'crime')} of every class, cancelled or not"
    )  # fmt: skip
    words = f"{extract.force_name}: {counted}, {extract.period}."
    if extract.is_invented:
        st.html(f'<p class="invented"><strong>Invented data.</strong> {html.escape(f"{words} {warning}")}</p>')
    else:
        st.html(f'<p class="freshness">{html.escape(words)}</p>')


def sign_where_held(copy: Copy, warning: str = BESIDE_PUBLIC_DATA) -> None:
    """Draw the banner where the copy has an extract.

    For pages that also work without an extract and may show public data beside it.
    """
    found = optional(find_extract, copy)
    if found is not None:
        sign(found, warning)
