"""A table that is withheld alone: each page that names it opens, says so once, and claims nothing in its place.

`make test` tries sixty pairs of a page and a table. WITHHELD=all tries every pair.
"""

import asyncio
import json
import os
import random
import shutil
from pathlib import Path

import pytest
from dashboard_browser import serving
from dashboard_session import Session
from published_home import build_home

from dashboards.page_tables import tables_by_page
from pipelines.tables.cards import AUDIENCES

WHY = "Not published: an invented reason"
CHOICE = "core.force_scope"  # named by the choice of a force, which pages without a figure do not draw
# what an empty table would read as: none of it is known when the table is withheld
CLAIMS = {
    "metrics.theme_gaps": ("No gap is open", "No gap is listed", "0 gaps"),
    "metrics.theme_facts": ("Every fact of every theme is measured",),
    "metrics.theme_verdicts": ("A signal asks for a look",),
    "metrics.attention": ("nothing beyond chance", "Nothing differs beyond chance"),
    "metrics.theme_changes": ("No earlier assessment has been issued",),
    "core.register_entries": ("No decision is waiting", "0 decisions", "has no gap yet", "have no open entry"),
    "metrics.fix_list": ("nothing is on the list",),
    "metrics.measure_verdicts": (),  # a page that draws a value without its verdict would have two answers
}

WHOLE: dict[str, Path] = {}  # audience -> its copy with every table


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_home(tmp_path_factory.mktemp("withheld"))


def pairs(home: Path) -> list[tuple[str, str, str]]:
    """(audience, page, table) for every published table that a page names."""
    found = []
    for page, named in tables_by_page().items():
        held = json.loads((home / "published" / page.audience / "manifest.json").read_text(encoding="utf-8"))["tables"]
        found += [(page.audience, page.address, table) for table in sorted(named - {CHOICE}) if table in held]
    if os.environ.get("WITHHELD") == "all":
        return found
    claimed = [pair for pair in found if pair[2] in CLAIMS]
    return claimed + random.Random(3).sample([pair for pair in found if pair not in claimed], 60 - len(claimed))


def withhold(home: Path, audience: str, table: str, number: int) -> None:
    """Publish the copy again without the table: a folder of its own, because servers read a manifest once."""
    link = home / "published" / audience
    fresh = link.resolve().with_name(f"20261125T{number:06d}")
    shutil.copytree(WHOLE[audience], fresh, copy_function=os.link)
    told = json.loads((fresh / "manifest.json").read_text(encoding="utf-8"))
    del told["tables"][table]
    (fresh / "manifest.json").unlink()
    (fresh / "manifest.json").write_text(json.dumps(told | {"withheld": {table: WHY}}), encoding="utf-8")
    link.unlink()
    link.symlink_to(fresh)


async def opened(address: str, home: Path, wanted: list[tuple[str, str, str]]) -> list[str]:
    """What is wrong with each page while the table is withheld from the copy of its audience."""
    wrong = []
    async with Session(address) as session:
        for number, (audience, page, table) in enumerate(wanted):
            withhold(home, audience, table, number)
            drawn = await session.open(page)
            faults = [*drawn.faults]
            faults += ["not drawn to its end"] if not drawn.says("marking foot") else []
            faults += ["does not say so"] if not drawn.says(f"{table}: {WHY}") else []
            faults += ["has two answers"] if sum(b'class="answer"' in one for one in drawn.elements) > 1 else []
            faults += [f"says {claim!r}" for claim in CLAIMS.get(table, ()) if drawn.says(claim)]
            wrong += [f"{page} without {table}: {fault}" for fault in faults]
    return wrong


def test_a_page_without_one_of_its_tables_opens_says_so_and_claims_nothing(home: Path) -> None:
    wanted = pairs(home)
    WHOLE.update({audience: (home / "published" / audience).resolve() for audience in AUDIENCES})
    assert {table for _, _, table in wanted} >= CLAIMS.keys()
    with serving(home) as address:
        assert asyncio.run(opened(address, home, wanted)) == []
