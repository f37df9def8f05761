"""The head of the pages on support: the extract's force and the year covered."""

from __future__ import annotations

from dashboards.data import extract
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.support.support_data import Year, current
from dashboards.parts import extract_banner, page


def begin(title: str, purpose: str) -> tuple[Copy, Year]:
    """Draw the head of a page; returns the copy and the current year.

    Without one, the page says why and ends.
    """
    copy = page.begin(title, purpose, audience="commissioning")
    of = extract.scope(copy)
    if isinstance(of, NotAvailable):
        page.stop(of, title.rstrip("?").lower())
    extract_banner.sign(of)
    year = current(copy)
    if isinstance(year, NotAvailable):
        page.stop(year, title.rstrip("?").lower())
    return copy, year
