"""A table of 100,000 records on pages: the page holds its first rows and says so, the download holds all.

Whoever opens it costs the server a bounded amount of memory. With TRIALS=all it is also held to a time.
"""

import asyncio
import re
import statistics
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl
import pytest
from dashboard_browser import started
from dashboard_session import Drawn, Session
from processes import resident_bytes
from published_home import build_home, publish, tables
from trials import count

pytestmark = [pytest.mark.browser, pytest.mark.trials]

ROWS, SHOWN = 100_000, 500
LISTED = ("metrics.fix_list", "metrics.breach_records")  # tables of records, lengthened to ROWS
PAGES = {  # page -> its filters; each shows one of the tables
    "fix_list": "", "which_standards_are_breached": "rule=TIM-01@core.recording_time_facts"
}  # fmt: skip
LARGEST_PAGE = 1_500_000  # bytes of all that a browser is sent for a page
MORE_MEMORY = 400_000_000  # bytes that the server holds more after the first visitor of each page
MORE_EACH = 30_000_000  # and after each further one
VISITORS, PATIENCE = count(3, 25), 2.0


def long_lists() -> dict[str, pl.DataFrame]:
    """The integrity audience's tables; those of records have ROWS of TIM-01, each with a reference of its own."""
    content: dict[str, pl.DataFrame] = dict(tables()["integrity"])
    for name in LISTED:
        first = content[name].filter(pl.col("rule_code") == "TIM-01").head(1)
        content[name] = pl.concat([first] * ROWS).with_columns(
            record_ref=pl.format("r{}", pl.int_range(ROWS).cast(pl.String).str.zfill(6)),
            unit_name=pl.format("Invented Unit {}", pl.int_range(ROWS) % 40),
        )
    return content


@dataclass(frozen=True)
class Seen:
    """What visitors were sent, and how much more the server held: after the first of them, and after the last."""

    pages: dict[str, Drawn]
    seconds: list[float]
    downloads: dict[str, bytes]
    first: int
    last: int


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    home: Path = build_home(tmp_path_factory.mktemp("large"))
    with started(home) as (address, server):
        asyncio.run(look(address))  # modules are imported, small tables read
        before = resident_bytes(server.pid)
        publish(home, "integrity", long_lists(), version="20261125T011000000000Z")
        pages = {drawn.page: drawn for drawn in asyncio.run(look(address))}
        first, seconds = resident_bytes(server.pid) - before, list[float]()
        for _ in range(VISITORS):
            seconds += [drawn.seconds for drawn in asyncio.run(look(address))]
        last = resident_bytes(server.pid) - before
        yield Seen(pages, seconds, asyncio.run(taken(address)), first, last)


async def look(address: str) -> list[Drawn]:
    async with Session(address) as session:
        return [await session.open(page, query) for page, query in PAGES.items()]


async def taken(address: str) -> dict[str, bytes]:
    """The CSV of each page's longest table."""
    found: dict[str, bytes] = {}
    async with Session(address) as session:
        for page, query in PAGES.items():
            drawn = await session.open(page, query)
            for label, file in drawn.files.items():
                if label.startswith("Download CSV"):
                    url = await session.take(file)
                    with await asyncio.to_thread(urllib.request.urlopen, address + url) as answer:
                        found[page] = max(found.get(page, b""), answer.read(), key=len)
    return found


@pytest.mark.parametrize("page", PAGES)
def test_a_page_holds_the_first_rows_and_says_how_many_there_are(seen: Seen, page: str) -> None:
    drawn = seen.pages[page]
    assert drawn.faults == ()
    assert drawn.says(f"the first {SHOWN} of {ROWS:,} rows; the downloads hold all")
    assert max(element.count(b"<tr>") for element in drawn.elements) == SHOWN + 1
    assert sum(map(len, drawn.elements)) <= LARGEST_PAGE


@pytest.mark.parametrize("page", PAGES)
def test_the_download_holds_every_row_once(seen: Seen, page: str) -> None:
    refs = re.findall(rb"\br\d{6}\b", seen.downloads[page])
    assert len(refs) == len(set(refs)) == ROWS


def test_the_server_holds_little_more_and_no_more_for_each_visitor(seen: Seen) -> None:
    assert seen.first <= MORE_MEMORY
    assert seen.last - seen.first <= VISITORS * MORE_EACH


@pytest.mark.skipif(count(0, 1) == 0, reason="times are compared by make trials alone: this machine has other work")
def test_of_a_hundred_visitors_ninety_five_see_it_in_time(seen: Seen) -> None:
    assert statistics.quantiles(seen.seconds, n=20)[-1] <= PATIENCE, sorted(seen.seconds)
