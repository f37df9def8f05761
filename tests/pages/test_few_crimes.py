"""Forty crimes: every page says that there is too little for a ranking or a share, and gives neither."""

import asyncio
import html
import re
from pathlib import Path

import pytest
from dashboard_browser import serving
from dashboard_session import Session
from small_home import copy_small_home
from streamlit.proto.Element_pb2 import Element

from dashboards.data.settings import FEWEST_IN_SHARE, SHIPPED
from dashboards.registry import PAGES

# a percentage with its denominator in one clause: 3 of 12 (25.0%), or 25.0% ... 3 of 12
AFTER = re.compile(r"\bof (?P<total>\d[\d,]*)[^.;|\n]{0,60}?\(\d+\.\d%")
BEFORE = re.compile(r"\d+\.\d%[^.;|\n]{0,40}?\bof (?P<total>\d[\d,]*)\b")
SEEN = (  # what such pages said before
    "0 of 8 suspects are repeat suspects (0.0%, 95% interval 0.0% to 32.4%)",
    "Largest share in breach: OUT-07, 1 of 1 (100.0%) records assessed",
    "100.0% of 1 recorded within 24 hours in Feb 2026",
)


def of_too_few(text: str) -> list[str]:
    """The clauses with a share of fewer than a share needs."""
    found = [*AFTER.finditer(text), *BEFORE.finditer(text)]
    return [clause[0] for clause in found if int(clause["total"].replace(",", "")) < SHIPPED[FEWEST_IN_SHARE]]


def words(element: bytes) -> str:
    """The sentences of an element; tables, which have a column for each denominator, are left out."""
    read = Element.FromString(element)
    kind = read.WhichOneof("type")
    if kind == "heading":
        return str(read.heading.body)
    text = re.sub(r"<(table|details|svg|style)\b.*?</\1>", " ", read.html.body if kind == "html" else "", flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " | ", re.sub(r"</span>\s*<small>|<br>", " ", text)))


def test_the_clauses_are_found() -> None:
    assert [len(of_too_few(said)) for said in SEEN] == [1, 1, 1]
    assert of_too_few("310 of 6,000 (5.2%)") == []


@pytest.fixture(scope="module")
def said(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Page -> its sentences."""
    _, home = copy_small_home(tmp_path_factory.mktemp("few"))
    return asyncio.run(_read(home))


async def _read(home: Path) -> dict[str, str]:
    found = {}
    with serving(home) as address:
        async with Session(address) as session:
            for page in (page.address for page in PAGES):
                drawn = await asyncio.wait_for(session.open(page), 120)
                assert drawn.faults == (), page
                found[page] = "\n".join(map(words, drawn.elements))
    return found


@pytest.mark.browser
def test_no_page_gives_a_share_of_too_few(said: dict[str, str]) -> None:
    assert {page: clauses for page, text in said.items() if (clauses := of_too_few(text))} == {}


@pytest.mark.browser
def test_no_page_ranks_themes_whose_order_is_not_known(said: dict[str, str]) -> None:
    pages = ("the_assessment", "theme", "what_we_cannot_see")
    assert [page for page in pages if "Too little is known" not in said[page]] == []
    order = re.compile("has the highest risk score|Rank \\d+ by risk|first three depends on|among the first three in")
    assert [found[0] for page in pages for found in order.finditer(said[page])] == []
