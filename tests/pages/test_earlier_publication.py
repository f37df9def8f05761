"""While an earlier publication is in use again, every page says so and why; with the next one, none does.

All pages draw one of two heads: those without figures are all opened, and every fourth of the others.
"""

import asyncio
from pathlib import Path

import pytest
from dashboard_browser import serving
from dashboard_session import Session
from home_by_hand import RUNS, publish
from published_home import build_home

from dashboards.registry import PAGES
from pipelines.publication import back

pytestmark = pytest.mark.browser
SAID = "An earlier publication is in use again since "
WITHOUT_FIGURES = ["access_log", "accounts", "map_an_extract"]
WHY = "that of 24 Nov 2026, 01:10 GMT. Reason: A wrong &lt;file&gt;."


async def pages_that_say(address: str, words: str, *pages: str) -> list[str]:
    async with Session(address) as session:
        return [page for page in pages if (await session.open(page)).says(words)]


def test_every_page_says_so_until_the_next_publication(tmp_path: Path) -> None:
    home, pages = build_home(tmp_path / "home"), [page.address for page in PAGES][::4] + WITHOUT_FIGURES
    publish(home, RUNS[1])
    back.go_back(home, back.choose(home), "A Registrar", "A wrong <file>.")
    with serving(home) as address:
        for words in (SAID, WHY):
            assert asyncio.run(pages_that_say(address, words, *pages)) == pages
        assert asyncio.run(pages_that_say(address, "A Registrar", "at_a_glance", "in_brief")) == []
        publish(home, RUNS[2])
        assert asyncio.run(pages_that_say(address, SAID, "at_a_glance", "accounts", "in_brief")) == []
