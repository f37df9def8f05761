"""Several people at once while the published copy is replaced: nobody sees an error, nor two publications on one page.

Four of them for some seconds in every run of all tests; twenty-five for ten minutes with TRIALS=all, which also holds
them to a time. benchmarks/sessions.py measures the same on a large home, every page by itself.
"""

import asyncio
import itertools
import random
import statistics
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from dashboard_browser import started
from dashboard_session import Drawn, Session
from processes import resident_bytes
from published_home import build_home
from republication import Known, Publications
from trials import count

pytestmark = [pytest.mark.browser, pytest.mark.trials]

VARIANTS = 2
SESSIONS, REPUBLICATIONS, SECONDS = count(4, 25), count(6, 40), count(7, 600)
THINKS = count(0, 5)  # seconds that a visitor looks at a page, at most
IS_WHOLE = count(0, 1) == 1
PATIENCE = 2.0  # seconds within which 95 of 100 pages are there
MORE_MEMORY = 300_000_000  # bytes that all visitors together may add; a few seconds of four come nowhere near
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
    grown: int = 0  # bytes that the server held more when they left than before they came
    after_a_fault: list[Drawn] = field(default_factory=list)


@pytest.fixture(scope="module")
def evening(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Evening]:
    root = tmp_path_factory.mktemp("sessions")
    publications = Publications(build_home(root / "home"), root / "variants", VARIANTS)
    with started(root / "home") as (address, server):
        yield asyncio.run(_spend(address, server.pid, publications))


async def _spend(address: str, pid: int, publications: Publications) -> Evening:
    """Every variant looked at alone; then several visitors, while the copy is replaced; then a copy that is mixed."""
    evening = Evening(Known())
    for variant in range(VARIANTS):
        publications.publish()
        await evening.known.learn(address, variant, itertools.chain(*PAGES.values()))
    done, before = asyncio.Event(), resident_bytes(pid)

    async def visit(audience: str, number: int) -> None:
        chance = random.Random(number)
        async with Session(address) as session:
            for page in itertools.cycle(PAGES[audience]):
                if done.is_set():
                    break
                evening.seen.append(await session.open(page, evening.known.queries[page]))
                await asyncio.sleep(THINKS * chance.uniform(0.4, 1))

    async def replace() -> None:
        for _ in range(REPUBLICATIONS):
            await asyncio.sleep(SECONDS / (REPUBLICATIONS + 1))
            await asyncio.to_thread(publications.publish)
        await asyncio.sleep(SECONDS / (REPUBLICATIONS + 1))
        done.set()

    visitors = itertools.islice(itertools.cycle(PAGES), SESSIONS)
    await asyncio.gather(replace(), *(visit(audience, number) for number, audience in enumerate(visitors)))
    evening.grown = resident_bytes(pid) - before
    publications.publish_mixed()
    for names in PAGES.values():
        async with Session(address) as session:
            evening.after_a_fault += [await session.open(page, evening.known.queries[page]) for page in names]
    return evening


def test_nobody_sees_an_error(evening: Evening) -> None:
    assert len(evening.seen) >= SESSIONS * REPUBLICATIONS / 2, "so few pages show nothing"
    assert [f"{drawn.page}: {drawn.faults}" for drawn in evening.seen if drawn.faults] == []


def test_the_server_does_not_grow_with_its_visitors(evening: Evening) -> None:
    assert evening.grown <= MORE_MEMORY


@pytest.mark.skipif(not IS_WHOLE, reason="times are compared by make trials alone: this machine has other work")
def test_of_a_hundred_pages_ninety_five_are_there_in_time(evening: Evening) -> None:
    times = [drawn.seconds for drawn in evening.seen]
    worst = statistics.quantiles(times, n=20)[-1]
    print(f"{len(times)} pages, median {statistics.median(times):.2f} s, 95 of 100 in {worst:.2f} s, grown by "
          f"{evening.grown:,} bytes")  # fmt: skip
    assert worst <= PATIENCE


def test_no_page_shows_figures_of_two_publications(evening: Evening) -> None:
    assert [evening.known.unlike(d) for d in evening.seen if evening.known.variant_of(d) is None] == []
    assert {evening.known.variant_of(drawn) for drawn in evening.seen} == set(range(VARIANTS)), "none was replaced"


def test_the_figures_of_a_page_tell_its_publication(evening: Evening) -> None:
    """Without its date and its hashes."""
    assert evening.known.telling() == list(itertools.chain(*PAGES.values()))


def test_a_copy_that_is_mixed_would_be_noticed(evening: Evening) -> None:
    unnoticed = [d.page for d in evening.after_a_fault if evening.known.variant_of(d) is not None]
    assert unnoticed == []
