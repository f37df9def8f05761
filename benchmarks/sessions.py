"""Many sessions at once while the published copy is replaced: errors, mixed pages and the time of a page, beside one
session alone.

    python benchmarks/sessions.py --sessions 25 --minutes 10 --republications 40

An invented force is made and built (or that of --home is copied), and all three audiences are served from one server.
Every session is of one audience, speaks Streamlit's protocol over a websocket of its own, as a browser does, asks for a
random page, waits until it is drawn, and pauses for a random 2 to 5 seconds before the next. One real browser visits
the pages meanwhile. Sessions and browser run on the same machine and take their share of it.

Before, twelve variants of what was published are made, whose figures differ, and every page of each is drawn once for
one visitor alone. They are then published in turn: when one returns, it has long left the server's cache. A page seen
in the run that is not, to the last figure of its charts and tables, the page of one variant, is mixed. Of the browser's
pages the time of publication and the hash of the manifest under every figure are compared.

A page is warm when someone has drawn it since its publication; the time is from asking for it to its last element. The
rival, one session alone, asks for each page again and again without a break and without republications.
"""

from __future__ import annotations

import argparse
import asyncio
import bisect
import contextlib
import random
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Error as BrowserError
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "worlds")]

from dashboard_browser import Visit, launch, started
from dashboard_session import Drawn, Session
from republication import Known, Publications, pages

from dashboards.data.published import AUDIENCES

TARGET_SECONDS, THINK_SECONDS, LONGEST_SECONDS, ALONE_DRAWS = 1.0, (2.0, 5.0), 60.0, 5
MANIFEST = re.compile(r"Manifest of this publication: sha256 <code>(\w+)</code>")
PUBLISHED = re.compile(r"Published (\d+ \w+ \d{4})")
KILOBYTES = re.compile(r"VmHWM:\s+(\d+) kB")


@dataclass
class Seen:
    """Pages seen in the run, each with the number of its publication, and faults."""

    known: Known
    variants: int
    swaps: list[float] = field(default_factory=list)  # when each publication was in place, time.monotonic
    drawn: list[tuple[int, Drawn]] = field(default_factory=list)
    mixed: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    browser_pages: int = 0

    def add(self, drawn: Drawn) -> None:
        """Compare a page with the known ones."""
        self.errors += [f"{drawn.page}: {fault}" for fault in drawn.faults]
        variant = self.known.variant_of(drawn)
        if variant is not None:
            self.drawn.append((self._publication(drawn, variant), drawn))
        elif not drawn.faults:
            self.mixed.append(self.known.unlike(drawn))

    def _publication(self, drawn: Drawn, variant: int) -> int:
        """The last publication of the variant that was in place before the page was whole."""
        last = bisect.bisect_right(self.swaps, drawn.asked_at + drawn.seconds) - 1
        return max(last - (last - variant) % self.variants, variant)

    def warm(self) -> list[Drawn]:
        """The pages that someone had seen of the same publication before they were requested."""
        first: dict[tuple[int, str], float] = {}
        for publication, drawn in self.drawn:
            end = drawn.asked_at + drawn.seconds
            first[publication, drawn.page] = min(end, first.get((publication, drawn.page), end))
        return [d for publication, d in self.drawn if first[publication, d.page] < d.asked_at]


def of_publications(*audiences: str) -> list[str]:
    """The pages that show something published: the others change by users' actions, and show no publication."""
    return [page for page in pages(*audiences) if page not in ("access_log", "accounts")]


async def browse(address: str, number: int, until: float, seen: Seen) -> None:
    """One visitor, until the time is over."""
    chance = random.Random(number)
    names = of_publications(AUDIENCES[number % len(AUDIENCES)])
    await asyncio.sleep(chance.uniform(0, THINK_SECONDS[1]))
    while time.monotonic() < until:
        try:
            async with Session(address) as session:
                while time.monotonic() < until:
                    page = chance.choice(names)
                    seen.add(await asyncio.wait_for(session.open(page, seen.known.queries[page]), LONGEST_SECONDS))
                    await asyncio.sleep(chance.uniform(*THINK_SECONDS))
        except Exception as error:  # any error is one that a visitor would have seen; the next session continues
            seen.errors.append(f"session {number}: {type(error).__name__}: {error}")


async def republish(publications: Publications, times: int, until: float, seen: Seen) -> None:
    """Replace the published copy a number of times, at even intervals."""
    pause = (until - time.monotonic()) / (times + 1)
    for _ in range(times):
        await asyncio.sleep(pause)
        await asyncio.to_thread(publications.publish)
        seen.swaps.append(time.monotonic())


def look(address: str, until: float, seen: Seen) -> None:
    """A real browser: page after page, with the same pauses."""
    chance = random.Random(0)
    with sync_playwright() as playwright:
        browser = launch(playwright)
        visit = Visit(browser)
        while time.monotonic() < until:
            for page, query in seen.known.queries.items():
                if time.monotonic() >= until:
                    break
                try:
                    content = visit.open(f"{address}/{page}?{query}").content()
                except BrowserError as error:
                    seen.errors.append(f"browser, {page}: {error}")
                    continue
                seen.browser_pages += 1
                found = set(MANIFEST.findall(content)), set(PUBLISHED.findall(content))
                if any(len(values) > 1 for values in found):
                    seen.mixed.append(f"browser, {page}: {found}")
                time.sleep(chance.uniform(*THINK_SECONDS))
        seen.errors += [f"browser: {fault}" for fault in visit.faults]
        browser.close()


async def alone(address: str, known: Known) -> list[Drawn]:
    """Every page to one session, a number of times after it was drawn."""
    found = []
    for audience in AUDIENCES:
        async with Session(address) as session:
            for page in of_publications(audience):
                drawn = [await session.open(page, known.queries[page]) for _ in range(ALONE_DRAWS + 1)]
                found += drawn[1:]
    return found


async def run(address: str, publications: Publications, sessions: int, minutes: float, times: int) -> tuple[
    Seen, list[Drawn]
]:  # fmt: skip
    """Learn the pages, measure one session alone, then many."""
    known = Known()
    seen = Seen(known, publications.variants)
    for variant in range(publications.variants):
        publications.publish()
        seen.swaps.append(time.monotonic())
        for drawn in await known.learn(address, variant, of_publications()):
            seen.errors += [f"{drawn.page}, alone: {fault}" for fault in drawn.faults]
    shown = known.telling()
    print(f"figures show the publication on {len(shown)} of {len(known.queries)} pages; on the others only its date "
          f"and hashes do: {', '.join(sorted(set(known.queries) - set(shown))) or 'none'}", flush=True)  # fmt: skip
    rival = await alone(address, known)
    until = time.monotonic() + minutes * 60
    browser = threading.Thread(target=look, args=(address, until, seen))
    browser.start()
    visitors = [browse(address, number, until, seen) for number in range(1, sessions + 1)]
    await asyncio.gather(*visitors, republish(publications, times, until, seen))
    await asyncio.to_thread(browser.join)
    return seen, rival


def share(values: Sequence[float], part: float) -> float:
    """The smallest value that a given share of the values does not exceed."""
    return sorted(values)[max(0, -(-len(values) * round(part * 100) // 100) - 1)]


def print_times(seen: Seen, rival: Sequence[Drawn]) -> float:
    """Print times; the 95th percentile of a warm page."""
    warm = seen.warm()
    print(f"\n{'seconds, warm':<30} {'pages':>6} {'median':>7} {'95 %':>7} {'99 %':>7} {'alone':>7} {'ratio':>6}")
    for page in [*seen.known.queries, "all"]:
        times = [d.seconds for d in warm if page in (d.page, "all")]
        single = [d.seconds for d in rival if page in (d.page, "all")]
        if times:
            middle, one = statistics.median(times), statistics.median(single)
            print(f"{page:<30} {len(times):>6} {middle:7.2f} {share(times, 0.95):7.2f} {share(times, 0.99):7.2f} "
                  f"{one:7.2f} {middle / one:6.1f}")  # fmt: skip
    everything, single = [d.seconds for d in warm], [d.seconds for d in rival]
    cold = [drawn.seconds for _, drawn in seen.drawn if drawn not in warm]
    worst = share(everything, 0.95)
    print(f"95th percentile, one session alone: {share(single, 0.95):.2f} s; ratio {worst / share(single, 0.95):.1f}")
    if cold:
        print(f"first of its publication: {len(cold)} pages, median {statistics.median(cold):.2f} s, 95th percentile "
              f"{share(cold, 0.95):.2f} s")  # fmt: skip
    return worst


@contextlib.contextmanager
def prepared(home: Path | None, crimes: int) -> Iterator[Path]:
    """A home to write to: a copy of the publication of `home`, or an invented force, made and built."""
    with tempfile.TemporaryDirectory() as work:
        target = Path(work) / "home"
        if home is not None:
            shutil.copytree(home / "published", target / "published", symlinks=True)
        else:
            stra, data = [sys.executable, "-m", "pipelines.commands.cli"], str(Path(work) / "data")
            for arguments in (
                ["synth", "--out", data, "--crimes", str(crimes)], ["build", "--data", data, "--home", str(target)]
            ):  # fmt: skip
                subprocess.run([*stra, *arguments], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        yield Path(work)


def main() -> int:
    """Print the results; return 1 for an error, a mixed page or too long a wait."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sessions", type=int, default=25)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--republications", type=int, default=40)
    parser.add_argument("--variants", type=int, default=12, help="of the publication, whose figures differ")
    parser.add_argument("--crimes", type=int, default=12_000, help="of the invented force")
    parser.add_argument("--home", type=Path, help="a built home, to be copied")
    asked = parser.parse_args()
    with prepared(asked.home, asked.crimes) as work:
        publications = Publications(work / "home", work / "variants", asked.variants)
        with started(work / "home") as (address, server):
            seen, rival = asyncio.run(run(address, publications, asked.sessions, asked.minutes, asked.republications))
            status = Path(f"/proc/{server.pid}/status").read_text(encoding="ascii")
    worst = print_times(seen, rival)
    peak = KILOBYTES.search(status)
    print(f"sessions {asked.sessions} for {asked.minutes:g} min, republications {asked.republications}, "
          f"pages {len(seen.drawn) + len(seen.mixed):,} and {seen.browser_pages} in a browser, "
          f"errors {len(seen.errors)}, mixed {len(seen.mixed)}, "
          f"peak memory of the server {int(peak.group(1)) / 1e6 if peak else float('nan'):.2f} GB")  # fmt: skip
    print(f"95th percentile of a warm page {worst:.2f} s (target {TARGET_SECONDS:g})")
    for kind, lines in (("ERROR", seen.errors), ("MIXED", seen.mixed)):
        for line in lines[:10]:
            print(f"{kind} {line}", file=sys.stderr)
    return 0 if not seen.errors and not seen.mixed and worst <= TARGET_SECONDS else 1


if __name__ == "__main__":
    sys.exit(main())
