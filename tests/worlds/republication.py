"""One home published again and again with figures that differ, so that a page tells which publication it is of.

A few variants of what a home has published are made once: counts are raised, other numbers scaled, lists without
numbers lose rows, all by the variant's number. They are then published in turn, by the product's own swap.
"""

import hashlib
import json
import re
import shutil
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import polars as pl
from dashboard_session import Drawn, Session

from dashboards.data.published import AUDIENCES
from dashboards.registry import PAGES
from pipelines.publication.publish import UNFINISHED, put_in_use

FIRST_DAY = datetime(2026, 11, 1, 1, 10, tzinfo=UTC)
KEPT = 3  # copies, as publish.copies_kept is delivered
UNMARKED = ("reference.settings",)  # what a force chose does not change with a publication
HASHES = re.compile(rb"[0-9a-f]{12,64}|Published \d+ \w+ \d{4}, \d\d:\d\d(:\d\d)?")
VIEWING = re.compile(rb"access log: no\. [\d,]+, [0-9a-f]{12}")  # every viewing has a number of its own


def pages(*audiences: str) -> list[str]:
    """Addresses of the pages of these audiences, or of all, in order."""
    return [page.address for page in PAGES if not audiences or page.audience in audiences]


def marked(frame: pl.DataFrame, variant: int, variants: int) -> pl.DataFrame:
    """The rows with figures of this variant: counts plus 7 times its number, other numbers scaled by it. Shares stay
    shares, and the order of values is kept. A table without either loses as many of its last rows, if it has more than
    four times as many as there are variants."""
    counts = [c for c, t in frame.schema.items() if t.is_integer() and c.endswith("_count")]
    numbers = [c for c, t in frame.schema.items() if t.is_float()]
    if not counts and not numbers:
        return frame.head(frame.height - variant) if frame.height > 4 * variants else frame
    return frame.with_columns(pl.col(counts) + 7 * variant, pl.col(numbers) * (1 - variant / (4 * variants)))


class Publications:
    """Variants of what a home has published, and the home to publish them to. `number` is that of the last one."""

    def __init__(self, home: Path, work: Path, variants: int = 4) -> None:
        self.home, self.work, self.variants, self.number = home, work, variants, -1
        for variant in range(variants):
            for audience in AUDIENCES:
                self._prepare(audience, variant)

    def _prepare(self, audience: str, variant: int) -> None:
        origin, folder = (self.home / "published" / audience).resolve(), self._folder(audience, variant)
        shutil.copytree(origin, folder)
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        for table, entry in manifest["tables"].items():
            path = folder / entry["file"]
            if table not in UNMARKED:
                rows = marked(pl.read_parquet(path), variant, self.variants)
                rows.write_parquet(path)
                entry |= {"rows": rows.height, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        manifest["published_at"] = (FIRST_DAY + timedelta(days=variant)).isoformat()
        (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")

    def _folder(self, audience: str, variant: int) -> Path:
        return self.work / str(variant) / audience

    def publish(self) -> int:
        """Publish the next variant to every audience, by the product's own swap; the number of the publication."""
        self.number += 1
        for audience in AUDIENCES:
            self._put(audience, self._folder(audience, self.number % self.variants))
        return self.number

    def publish_mixed(self) -> None:
        """A fault, for trying whether it is noticed: every other table is that of another variant, with the hashes of
        what it is in the manifest."""
        for audience in AUDIENCES:
            folder, other = self.work / "mixed" / audience, self._folder(audience, 1)
            shutil.copytree(self._folder(audience, 0), folder)
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            told = json.loads((other / "manifest.json").read_text(encoding="utf-8"))["tables"]
            for table in sorted(told)[::2]:
                shutil.copy(other / told[table]["file"], folder)
                manifest["tables"][table] = told[table]
            (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
            self._put(audience, folder)

    def _put(self, audience: str, folder: Path) -> None:
        copies = self.home / "published" / "copies" / audience
        unfinished = copies / f"{UNFINISHED}{datetime.now(UTC):%Y%m%dT%H%M%S%f}Z"
        shutil.copytree(folder, unfinished)
        put_in_use(self.home, {audience: unfinished}, KEPT)


def lasting(drawn: Drawn) -> tuple[bytes, ...]:
    """What of a page has to be the same whenever it is drawn from one publication."""
    return tuple(_unnumbered(element) if VIEWING.search(element) else element for element in drawn.elements)


def _unnumbered(element: bytes) -> bytes:
    """Its HTML alone: before it the message says how long it is, and that goes by the number."""
    return VIEWING.sub(b"", element[element.index(b"<") :])


def figures(drawn: Drawn) -> tuple[bytes, ...]:
    """The same without hashes and the time of publication: what is left differs by the rows that were read."""
    return tuple(HASHES.sub(b"", element) for element in lasting(drawn))


class Known:
    """Every page as one visitor alone saw it, of each variant; what is seen later is held against it."""

    def __init__(self) -> None:
        self.queries: dict[str, str] = {}
        self._seen: dict[str, dict[int, Drawn]] = {}
        self._variant_of: dict[str, dict[tuple[bytes, ...], int]] = {}

    async def learn(self, address: str, variant: int, names: Iterable[str]) -> list[Drawn]:
        """Draw pages in a session each, by themselves; with the choices of their filters in the address, as those would
        be that a later visitor has made on other pages."""
        drawn = []
        for page in names:
            if page not in self.queries:
                async with Session(address) as session:
                    self.queries[page] = (await session.open(page)).query
            async with Session(address) as session:
                seen = await session.open(page, self.queries[page])
            self._seen.setdefault(page, {})[variant] = seen
            self._variant_of.setdefault(page, {})[lasting(seen)] = variant
            drawn.append(seen)
        return drawn

    def variant_of(self, drawn: Drawn) -> int | None:
        """The variant that the whole page is of; None for a page that is like no publication."""
        return self._variant_of[drawn.page].get(lasting(drawn))

    def telling(self) -> list[str]:
        """The pages whose figures differ in all variants."""
        return [
            page for page, seen in self._seen.items() if len({figures(drawn) for drawn in seen.values()}) == len(seen)
        ]

    def unlike(self, drawn: Drawn) -> str:
        """For a page that is of no variant: how many of its elements are of which, and the first that is of none."""
        seen, mine = {v: lasting(d) for v, d in self._seen[drawn.page].items()}, lasting(drawn)
        same = {v: sum(a == b for a, b in zip(mine, theirs)) for v, theirs in seen.items()}
        lost = next((e for e in mine if not any(e in theirs for theirs in seen.values())), b"")
        where = _excerpt(lost, list(seen.values()))
        return f"{drawn.page}: {len(mine)} elements, as in variant {same}; in none: {where!r}"


def _excerpt(lost: bytes, seen: Sequence[tuple[bytes, ...]]) -> bytes:
    """The part of an element from where it leaves the one most like it."""
    starts = [next((i for i, (a, b) in enumerate(zip(lost, e)) if a != b), 0) for held in seen for e in held]
    at = max(starts, default=0)
    return lost[max(0, at - 80) : at + 120]
