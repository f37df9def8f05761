"""The tables of a web page that was saved: its text alone; scripts, styles and addresses are not looked at.

The page is cut into tags and text in one pass. The standard library's parser takes minutes over a page that is made to
delay it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass

from casework.assessment.plans.grid import MOST_DEPTH, MOST_LINES, Grid, Table
from casework.store.refusal import Refused

SKIPPED = ("script", "style", "template", "noscript", "svg", "textarea", "select")
INLINE = ("a", "abbr", "b", "em", "i", "mark", "small", "span", "strong", "sub", "sup", "u")
_TAG = re.compile(r"/?[a-zA-Z][a-zA-Z0-9:-]{0,40}")
_END_OR_QUOTE = re.compile("[>\"']")
_SPAN = re.compile(r"""\b(colspan|rowspan)\s{0,9}=\s{0,9}["']?\s{0,9}([0-9]{1,5})(?![0-9])""", re.IGNORECASE)
_NO_SIGN = re.compile(r"&#[xX]?[0-9a-fA-F]{8,}")  # the number of no character
MOST_OF_A_TAG = 2000  # characters in which its spans are looked for


@dataclass
class _Open:
    """A table that is being read, and the cell that is."""

    grid: Grid
    words: list[str] | None = None
    columns: int = 1
    lines: int = 1

    def end_cell(self) -> None:
        if self.words is not None:
            words = html.unescape(_NO_SIGN.sub("\ufffd", "".join(self.words)))
            self.grid.add(" ".join(words.split()), columns=self.columns, lines=self.lines)
            self.words = None


class _Reader:
    def __init__(self) -> None:
        self.found: list[Table] = []
        self.open: list[_Open] = []

    def begin(self, tag: str, rest: str) -> None:
        """A tag begins; `rest` is what it holds beside its name."""
        if tag == "table":
            self._begin_table()
        elif self.open and tag == "tr":
            self.open[-1].end_cell()
            self.open[-1].grid.begin_line()
        elif self.open and tag in ("td", "th"):
            self._begin_cell({name.lower(): int(said) for name, said in _SPAN.findall(rest[:MOST_OF_A_TAG])})
        elif tag not in INLINE:
            self.add(" ")

    def end(self, tag: str) -> None:
        """A tag ends."""
        if tag == "table" and self.open:
            self.end_table()
        elif tag in ("td", "th", "tr") and self.open:
            self.open[-1].end_cell()
        elif tag not in INLINE:
            self.add(" ")

    def add(self, text: str) -> None:
        """Text; the words of an inner table are words of the cell around it too."""
        for place in self.open:
            if place.words is not None:
                place.words.append(text)

    def end_table(self) -> None:
        """Complete the innermost table."""
        ended = self.open.pop()
        ended.end_cell()
        (self.open[-1].grid.inner if self.open else self.found).append(ended.grid.table())

    def _begin_table(self) -> None:
        if len(self.open) >= MOST_DEPTH:
            raise Refused(f"Expected tables within tables {MOST_DEPTH} deep at most. Take the plan's table out.")
        beside = self.open[-1].grid.inner if self.open else self.found
        name = f"table {len(beside) + 1}"
        self.open.append(_Open(Grid(f"{self.open[-1].grid.name}, {name} in it" if self.open else name)))

    def _begin_cell(self, spans: dict[str, int]) -> None:
        at = self.open[-1]
        at.end_cell()
        if not at.grid.is_open:  # a page may leave the row out
            at.grid.begin_line()
        down = spans.get("rowspan", 1)
        at.words, at.columns, at.lines = [], max(1, spans.get("colspan", 1)), down or MOST_LINES


def tables(text: str) -> tuple[Table, ...]:
    """The tables of a page, in order. Raises Refused for a table that is no plan's."""
    reader = _Reader()
    for tag, words in _pieces(text):
        if not tag:
            reader.add(words)
        elif tag.startswith("/"):
            reader.end(tag[1:])
        else:
            reader.begin(tag, words)
    while reader.open:
        reader.end_table()
    return tuple(reader.found)


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Each tag in lower case with what it holds, and ("", text) between tags; skipped elements are not there."""
    lower, at = text.lower() if len(text.lower()) == len(text) else text, 0
    while at < len(text):
        start = text.find("<", at)
        if start < 0:
            yield "", text[at:]
            return
        if start > at:
            yield "", text[at:start]
        if text.startswith("<!--", start):
            at = _after(text, "-->", start + 4)
            continue
        if text[start + 1 : start + 2] in ("!", "?"):
            at = _after(text, ">", start)
            continue
        name = _TAG.match(text, start + 1)
        if name is None:
            yield "", "<"
            at = start + 1
            continue
        end = _end_of_tag(text, name.end())
        tag, at = name[0].lower(), end + 1
        if tag in SKIPPED:
            at = lower.find(f"</{tag}", at)
            if at < 0:
                return
            at = _after(text, ">", at)
        else:
            yield tag, text[name.end() : end]


def _after(text: str, mark: str, start: int) -> int:
    """The place after a mark; the end of the text without one."""
    found = text.find(mark, start)
    return len(text) if found < 0 else found + len(mark)


def _end_of_tag(text: str, start: int) -> int:
    """The place of the > that ends a tag, which is not one between quotes."""
    at = start
    while (found := _END_OR_QUOTE.search(text, at)) and found[0] != ">":
        closing = text.find(found[0], found.end())
        if closing < 0:  # a quote that nothing closes: the tag ends at its first >
            closing = text.find(">", start)
            return len(text) if closing < 0 else closing
        at = closing + 1
    return len(text) if found is None else found.start()
