"""Several people at once while the published copy is replaced: nobody sees an error, nor two publications on one page.

benchmarks/sessions.py does the same with twenty-five, for ten minutes, and measures how long they wait.
"""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from published_home import build_home
from republication import Known, Publications

pytestmark = pytest.mark.browser

SESSIONS, REPUBLICATIONS, VARIANTS = 4, 6, 2
PAGES = {  # of each audience, some that read several tables; the benchmark looks at all
    "command": ("the_assessment", "are_victims_protected", "what_is_coming"),
    "integrity": ("fix_list", "recording_delay_and_class", "people_to_look_at"),
    "commissioning": ("need_and_reach", "services_and_waits", "who_is_missing_out"),
}


@dataclass
class Evening:
    """What several visitors saw."""

    known: Known
    seen: list[Drawn] = field(default_factory=list)
    after_a_fault: list[Drawn] = field(default_factory=list)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    root = tmp_path_factory.mktemp("sessions")
    publications = Publications(build_home(root / "home"), root / "variants", VARIANTS)
    with serving(root / "home") as address:
        yield asyncio.run(_spend(address, publications))


async def _spend(address: str, publications: Publications) -> Evening:
    """Every variant looked at alone; then several visitors, while the copy is replaced; then a copy that is mixed."""
    evening = Evening(Known())
    for variant in range(VARIANTS):
        publications.publish()
        await evening.known.learn(address, variant, itertools.chain(*PAGES.values()))
    done = asyncio.Event()

    async def visit(audience: str) -> None:
        async with Session(address) as session:
            for page in itertools.cycle(PAGES[audience]):
                if done.is_set():
                    break
                evening.seen.append(await session.open(page, evening.known.queries[page]))

    async def replace() -> None:
        for _ in range(REPUBLICATIONS):
            await asyncio.sleep(1)
            await asyncio.to_thread(publications.publish)
        done.set()

    visitors = itertools.islice(itertools.cycle(PAGES), SESSIONS)
    await asyncio.gather(replace(), *(visit(audience) for audience in visitors))
    publications.publish_mixed()
    for names in PAGES.values():
        async with Session(address) as session:
            evening.after_a_fault += [await session.open(page, evening.known.queries[page]) for page in names]
    return evening


def test_nobody_sees_an_error(evening: Evening) -> None:
    assert len(evening.seen) >= SESSIONS * REPUBLICATIONS / 2, "so few pages show nothing"
    assert [f"{drawn.page}: {drawn.faults}" for drawn in evening.seen if drawn.faults] == []


def test_no_page_shows_figures_of_two_publications(evening: Evening) -> None:
    assert [evening.known.unlike(d) for d in evening.seen if evening.known.variant_of(d) is None] == []
    assert {evening.known.variant_of(drawn) for drawn in evening.seen} == set(range(VARIANTS)), "none was replaced"


def test_the_figures_of_a_page_tell_its_publication(evening: Evening) -> None:
    """Without its date and its hashes."""
    assert evening.known.telling() == list(itertools.chain(*PAGES.values()))


def test_a_copy_that_is_mixed_would_be_noticed(evening: Evening) -> None:
    unnoticed = [d.page for d in evening.after_a_fault if evening.known.variant_of(d) is not None]
    assert unnoticed == []
