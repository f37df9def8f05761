"""A page as the server draws it, read without a browser: its words, tables, text alternatives and files.

It costs a twentieth of a second of the processor, where a browser takes two or three. What only a browser shows stays
with `Visit`: layout, keyboard, axe, print and what a user presses.
"""

import asyncio
import contextlib
import csv
import html
import io
import re
import urllib.request
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from bs4 import BeautifulSoup, Tag
from dashboard_browser import serving
from dashboard_session import Drawn, Session
from streamlit.proto.Element_pb2 import Element

T = TypeVar("T")
BLOCKS = re.compile("^(p|div|d[td]|li|t[rdh]|small|br|h[1-4]|summary|section|caption|option)$")


def waited(work: Coroutine[Any, Any, T]) -> T:
    """What it comes to: in a thread of its own, for a browser of the tests holds this one's event loop."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


def tidy(text: str) -> str:
    """The text with every space, line break and tab as one plain space."""
    return " ".join(text.split())


def _html_of(element: Element) -> str:
    """About what a browser makes of an element: a widget has its label, its options and the class of its key. A chart
    whose points are chosen has a new key after each choice, and the class of the chart around it."""
    kind = element.WhichOneof("type") or ""
    body: Any = getattr(element, kind, None)
    if kind == "html":
        return str(body.body)
    key = re.sub("^clicked_[0-9]+_", "chart_", getattr(body, "id", "").split("-", 2)[-1])
    label = html.escape(getattr(body, "label", ""))
    if kind == "heading":
        return f"<{body.tag}>{html.escape(body.body)}</{body.tag}>"
    if kind == "plotly_chart":
        return f'<div class="st-key-{key}"><div role="figure" aria-label="{html.escape(body.alt)}"></div></div>'
    if kind in ("button", "download_button"):
        return f'<div class="st-key-{key}"><button>{label}</button></div>'
    if kind in ("selectbox", "radio", "multiselect"):
        options = "".join(f"<option>{html.escape(option)}</option>" for option in body.options)
        return f'<select aria-label="{label}">{options}</select>'
    if kind not in ("alert", "markdown"):
        return ""
    said = re.sub(r"\\([^A-Za-z0-9])", r"\1", body.body)  # markdown: what a backslash keeps as text
    return f'<p class="{kind}">{html.escape(said)}</p>'


class PageRead:
    """A page that was drawn without a fault. `drawn` is what the server sent; selectors are those of CSS."""

    def __init__(self, address: str, asked: str, drawn: Drawn) -> None:
        assert set(drawn.faults) <= {f"no such page: {drawn.page}"}, (asked, drawn.faults)
        self.address, self.asked, self.drawn = address, asked, drawn
        parts = [_html_of(Element.FromString(element)) for element in drawn.elements]
        foot = next((number for number, part in enumerate(parts) if "marking foot" in part), len(parts))
        self.source = "\n".join(parts[: foot + 1])  # the page itself, without the side
        self.soup = BeautifulSoup(self.source, "html.parser")
        for block in self.soup.find_all(BLOCKS):
            block.insert(0, "\n")
            block.append("\n")

    def tags(self, selector: str) -> list[Tag]:
        """Elements by a selector, in the order of the page."""
        return list(self.soup.select(selector))

    def all(self, selector: str) -> list[str]:
        """The words of each element."""
        return [tidy(tag.get_text()) for tag in self.tags(selector)]

    def one(self, selector: str) -> str:
        """The words of the first element; it must be there."""
        return self.all(selector)[0]

    def count(self, selector: str) -> int:
        return len(self.tags(selector))

    @cached_property
    def text(self) -> str:
        """All words of the page, those that are folded away too."""
        return tidy(self.soup.get_text())

    def lacks(self, *words: str) -> list[str]:
        """Those of the words that the page does not say."""
        return [said for said in words if said not in self.text]

    @property
    def answer(self) -> str:
        return self.one(".answer")

    @property
    def missing(self) -> str:
        """What is said not to be there."""
        return " ".join(self.all(".missing"))

    @property
    def headings(self) -> list[str]:
        return self.all("h2, h3")

    @property
    def facts(self) -> dict[str, str]:
        """Label -> value and small print."""
        return dict(zip(self.all(".facts dt"), self.all(".facts dd")))

    def cells(self, selector: str) -> list[list[str]]:
        """The cells of each row."""
        return [[tidy(cell.get_text()) for cell in row.select("th, td")] for row in self.tags(selector)]

    def link(self, words: str) -> str:
        """Where the first link with these words leads."""
        return str(next(tag["href"] for tag in self.tags("a[href]") if words in tidy(tag.get_text())))

    def alt(self, figure: str) -> str:
        """The text in place of a chart; empty where the chart is not drawn."""
        return next((tidy(str(tag["aria-label"])) for tag in self.tags(f".st-key-chart_{figure} [role=figure]")), "")

    def file(self, key: str) -> bytes:
        """The file that a button hands out, asked for as a browser does."""
        return waited(self._file(key))

    async def _file(self, key: str) -> bytes:
        async with Session(self.address) as session:
            drawn = await session.open(*self.asked.partition("?")[::2])
            url = await session.take(next(file for name, file in drawn.files.items() if name.endswith(f" {key}")))
            with urllib.request.urlopen(self.address + url) as answer:
                content: bytes = answer.read()
                return content

    def rows(self, figure: str) -> list[list[str]]:
        """The downloaded rows of a figure, heading first."""
        return list(csv.reader(io.StringIO(self.file(f"csv_{figure}").decode("utf-8-sig"))))

    def listed(self, figure: str) -> list[dict[str, str]]:
        """The downloaded rows of a figure, each by its headings."""
        heading, *rows = self.rows(figure)
        return [dict(zip(heading, row, strict=True)) for row in rows]


class Reader:
    """The pages of a server whose figures stay as they are: each is read once."""

    def __init__(self, address: str) -> None:
        self.address = address
        self._read: dict[str, PageRead] = {}

    def __call__(self, asked: str) -> PageRead:
        """A page by its address and filters: "fix_list?unit=Unit+B"."""
        if asked not in self._read:
            self._read[asked] = PageRead(self.address, asked, waited(self._open(asked)))
        return self._read[asked]

    def after(self, asked: str, *choices: tuple[str, str]) -> PageRead:
        """A page once options of its lists are chosen: each by its label and its words."""
        return PageRead(self.address, asked, waited(self._open(asked, *choices)))

    async def _open(self, asked: str, *choices: tuple[str, str]) -> Drawn:
        async with Session(self.address) as session:
            drawn = await session.open(*asked.partition("?")[::2])
            for label, option in choices:
                drawn = await session.choose(drawn, label, option)
            return drawn


@contextlib.contextmanager
def reading(home: Path, audience: str = "") -> Iterator[Reader]:
    """The pages of this home."""
    with serving(home, audience) as address:
        yield Reader(address)
