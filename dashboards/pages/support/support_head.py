"""The head of the pages on support: the extract's force and the year covered."""

from __future__ import annotations

from dashboards.data import extract
from dashboards.data.published import Copy
from dashboards.data.support.support_data import Year, current
from dashboards.parts import extract_banner, page


def opened(purpose: str) -> tuple[Copy, Year]:
    """Draw the head of a page; returns the copy and the current year. Raises Missing without one."""
    copy = page.begin(purpose)
    extract_banner.sign(extract.scope(copy))
    return copy, current(copy)
