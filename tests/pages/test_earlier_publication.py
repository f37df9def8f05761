"""While an earlier publication is in use again, every page says so and why; with the next one, none does.

All pages draw one of two heads: those without figures are all opened, and every fourth of the others.
"""

import asyncio
from pathlib import Path

import polars as pl
import pytest
from dashboard_browser import serving
from dashboard_session import Session
from home_by_hand import RUNS, publish
from published_home import build_home, tables
from published_home import publish as put

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


def test_a_copy_that_an_earlier_release_published_is_drawn_until_the_next_build(tmp_path: Path) -> None:
    """Its results of rules name no measure, and its delays had the share in time beside them."""
    held = tables()["integrity"]
    held["quality.rule_results"] = held["quality.rule_results"].drop("measure_code")
    held["metrics.recording_delays"] = held["metrics.recording_delays"].with_columns(crime_count=pl.lit(1))
    put(tmp_path, "integrity", held)

    async def said(address: str) -> tuple[bool, bool]:
        async with Session(address) as session:
            standards = await session.open("which_standards_are_breached")
            delays = await session.open("recording_delay_and_class")
            assert standards.faults == delays.faults == ()
            return standards.says("TIM-01"), delays.says("2,840 of 3,000")

    with serving(tmp_path, "integrity") as address:
        assert asyncio.run(said(address)) == (True, True)
