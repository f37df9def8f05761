"""The head of the pages on support: whose extract a page rests on, and the year that it covers."""

from __future__ import annotations

from dashboards.data import extract
from dashboards.data.published import Copy, NotAvailable
from dashboards.pages.support.support_data import Year, current
from dashboards.parts import extract_banner, page


def begin(title: str, purpose: str) -> tuple[Copy, Year]:
    """The head of a page, whose extract it speaks of and the current year; without one the page says why and ends."""
    copy = page.begin(title, purpose, audience="commissioning")
    of = extract.scope(copy)
    if isinstance(of, NotAvailable):
        page.stop(of, title.rstrip("?").lower())
    extract_banner.sign(of)
    year = current(copy)
    if isinstance(year, NotAvailable):
        page.stop(year, title.rstrip("?").lower())
    return copy, year
