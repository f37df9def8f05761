"""The finding of a front page, and before it how old the data are, where that is too old."""

from __future__ import annotations

from casework.store.database import today
from dashboards.data.published import Copy
from dashboards.data.settings import OLDEST, read_settings
from dashboards.parts import page
from dashboards.text import numbers


def answer(copy: Copy, sentence: str) -> None:
    """Draw the finding of a front page. Raises Missing without the settings."""
    oldest = round(read_settings(copy)[OLDEST])
    page.answer(numbers.too_old(page.as_of(copy), today(), oldest) + sentence)
