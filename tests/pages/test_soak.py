"""A server that works all day: pages refreshed, sessions left, copies replaced. It holds no more than before.

A few times with `make long`, 500 times with TRIALS=all. Memory and open files are the system's own account.
"""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from dashboard_browser import started
from dashboard_session import Session
from processes import open_files, resident_bytes
from published_home import build_home
from republication import Publications
from trials import count

pytestmark = [pytest.mark.long, pytest.mark.trials]

TIMES = count(20, 500)
WARM = count(10, 100)  # times before the first measurement: caches fill, modules are imported
MORE_MEMORY = 0.05 if TIMES >= 500 else 0.15  # of what was held after that; a few times are mostly the allocator's
MORE_FILES = 6
LEFT = count(20, 40)  # sessions that were left and wait for Python's collector, each with three open files
PAGES = ("fix_list", "which_standards_are_breached", "at_a_glance", "is_it_changing", "in_brief")
SETTINGS = {"STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "1"}


@dataclass(frozen=True)
class Day:
    """A server of its own, and a home whose copies can be replaced."""

    address: str
    pid: int
    publications: Publications


@pytest.fixture(scope="module")
def day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    root: Path = tmp_path_factory.mktemp("soak")
    publications = Publications(build_home(root / "home"), root / "variants", 2)
    publications.publish()
    with started(root / "home", **SETTINGS) as (address, process):
        yield Day(address, process.pid, publications)


async def _refreshed(day: Day, number: int, session: Session, page: str) -> None:
    drawn = await session.open(page)
    assert drawn.faults == ()


async def _visited(day: Day, number: int, session: Session, page: str) -> None:
    await asyncio.sleep(0.25)  # the gate allows five sessions a second
    async with Session(day.address) as another:
        await _refreshed(day, number, another, page)


async def _republished(day: Day, number: int, session: Session, page: str) -> None:
    await asyncio.to_thread(day.publications.publish)
    await _refreshed(day, number, session, page)


@pytest.mark.parametrize("done", [_refreshed, _visited, _republished], ids=["refreshes", "visits", "publications"])
def test_nothing_grows(day: Day, done: Callable[[Day, int, Session, str], Awaitable[None]]) -> None:
    """Neither with the refreshes of one visitor, nor with visitors, nor with publications that are read."""
    before, after = asyncio.run(_spent(day, done))
    print(f"memory {before[0] / 1e6:.1f} -> {after[0] / 1e6:.1f} MB, open files {before[1]} -> {after[1]}")
    assert after[1] <= before[1] + MORE_FILES + (3 * LEFT if done is _visited else 0)
    assert after[0] <= before[0] * (1 + MORE_MEMORY)


async def _spent(
    day: Day, done: Callable[[Day, int, Session, str], Awaitable[None]]
) -> tuple[tuple[int, int], tuple[int, int]]:
    """Memory and open files after the first times, and after all."""
    pages = itertools.cycle(PAGES)
    async with Session(day.address) as session:
        for number in range(WARM):
            await done(day, number, session, next(pages))
        before = resident_bytes(day.pid), open_files(day.pid)
        for number in range(TIMES):
            await done(day, number, session, next(pages))
        return before, (resident_bytes(day.pid), open_files(day.pid))
