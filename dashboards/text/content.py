"""A document's content: blocks of text, every number a reference. Pure.

A reference names a published row. The same blocks are used in every format and for every audience. Nothing here depends
on a document's subject.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from dashboards.text.numbers import unbroken

T = TypeVar("T")
BOX, WIDE_SPACE = "☐\N{NO-BREAK SPACE}", "\N{EM SPACE}"  # before a choice; between it and the next
OR = " or "  # between the values of a total's key: the rows with any of them


def plain(value: Any) -> str:
    """A key's value as written in a reference.

    Dates are ISO days, null is empty, several values are joined by "or".
    """
    if isinstance(value, tuple):
        return OR.join(plain(one) for one in value)
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dt.datetime | dt.date):
        return value.isoformat()
    return str(value)


@dataclass(frozen=True)
class Number:
    """A figure by reference: the column of the one row with this key.

    With `total`, of all rows with this key.
    """

    table: str
    key: tuple[tuple[str, str], ...]
    column: str
    form: str
    total: str = ""  # "", "sum" or "count"

    @property
    def row(self) -> str:
        """The key in words: theme_code T1, part_code physical."""
        named = ", ".join(f"{column} {value}" for column, value in self.key)
        if not self.total:
            return named or "the only row"
        return f"{self.total} over the rows with {named}" if named else f"{self.total} over all rows"


def number(table: str, column: str, form: str, *, total: str = "", **key: Any) -> Number:
    """A reference, its key written as column=value."""
    return Number(table, tuple((name, plain(value)) for name, value in key.items()), column, form, total)


@dataclass(frozen=True)
class Strong:
    """Emphasised words."""

    text: str


@dataclass(frozen=True)
class Choice:
    """A box to tick by hand, and the answer beside it."""

    text: str


@dataclass(frozen=True)
class Blank:
    """A space to write in by hand, `lines` high."""

    lines: int = 1


Words = str | Strong | Choice | Blank  # text that is printed as written here
Run = Words | Number
Runs = tuple[Run, ...]


@dataclass(frozen=True)
class Heading:
    """A heading of level 1 (a part of the document) to 3."""

    level: int
    text: str


@dataclass(frozen=True)
class Paragraph:
    """Words; `kind` is body, lead (the answer first) or note (small print)."""

    runs: Runs
    kind: str = "body"


@dataclass(frozen=True)
class Bullets:
    """A list, one item a line."""

    items: tuple[Runs, ...]


@dataclass(frozen=True)
class Callout:
    """One separate statement, with a word for its kind and its lines."""

    label: str
    statement: Runs
    lines: tuple[Runs, ...] = ()


@dataclass(frozen=True)
class Table:
    """Rows of cells under headings. `widths` are shares of the page.

    One cell of a row, by default the first, heads it.
    """

    caption: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Runs, ...], ...]
    widths: tuple[float, ...] = ()
    numeric: frozenset[int] = frozenset()  # columns that are aligned right
    heading_column: int = 0


@dataclass(frozen=True)
class Chart:
    """A drawing (SVG) with its text alternative, and the numbers that it shows."""

    svg: str
    alt: Runs
    caption: str
    numbers: tuple[Number, ...] = ()


@dataclass(frozen=True)
class PageBreak:
    """The next block begins a new page."""


Block = Heading | Paragraph | Bullets | Callout | Table | Chart | PageBreak


@dataclass(frozen=True)
class Document:
    """A whole document. `facts` (name, value) appear on its cover."""

    title: str
    subtitle: str
    marking: str
    subject: str
    facts: tuple[tuple[str, Runs], ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Slide:
    """One slide: a title that gives the finding, and its content."""

    title: str
    blocks: tuple[Block, ...]


def text(*words: Run) -> Runs:
    """Words and numbers as one run of text; no-break spaces before per cent signs."""
    return tuple(unbroken(run) if isinstance(run, str) else run for run in words)


def paragraph(*words: Run, kind: str = "body") -> Paragraph:
    """A paragraph of words and numbers, of a `kind` that Paragraph has."""
    return Paragraph(text(*words), kind)


def table(
    caption: str, rows: Iterable[T], columns: Sequence[tuple[str, float, Callable[[T], Run | Runs]]],
    numeric: Iterable[int] = (),
) -> Table:  # fmt: skip
    """A table with a line for each of `rows`.

    Each column is its heading, its share of the width, and what it says of a row. Those numbered in `numeric` are
    aligned right, counted from 0.
    """
    headings, widths, cells = zip(*columns)
    said = ((cell(row) for cell in cells) for row in rows)
    lines = tuple(tuple(text(*words) if isinstance(words, tuple) else text(words) for words in line) for line in said)
    return Table(caption, headings, lines, widths, frozenset(numeric))


def printed_words(run: Words) -> str:
    """A run as characters.

    A choice has its box. A blank is an ellipsis and a line break for each further line.
    """
    match run:
        case Strong(text=words):
            return words
        case Choice(text=words):
            return f"{BOX}{words}{WIDE_SPACE}"
        case Blank(lines=lines):
            return "…" + "\n" * (lines - 1)
        case _:
            return run


def joined(parts: Iterable[Runs], by: str = " ") -> Runs:
    """Several runs as one, with `by` between them."""
    found: list[Run] = []
    for part in parts:
        found += [by, *part] if found and part else part
    return tuple(found)


def runs_of(block: Block) -> Iterator[Runs]:
    """Every text of a block, in the order it is read."""
    match block:
        case Heading(text=words):
            yield (words,)
        case Paragraph(runs=runs):
            yield runs
        case Bullets(items=items):
            yield from items
        case Callout(label=label, statement=statement, lines=lines):
            yield (label,)
            yield statement
            yield from lines
        case Table(caption=caption, headings=headings, rows=rows):
            yield (caption,)
            yield headings
            for row in rows:
                yield from row
        case Chart(alt=alt, caption=caption, numbers=numbers):
            yield alt
            yield (caption,)
            yield numbers
        case PageBreak():
            return


def numbers_in(blocks: Iterable[Block]) -> Iterator[Number]:
    """Every number of the blocks, in the order read; a repeated number comes twice."""
    for block in blocks:
        for runs in runs_of(block):
            yield from (run for run in runs if isinstance(run, Number))


def all_numbers(document: Document) -> Iterator[Number]:
    """Every number of a document, its cover first."""
    for _, runs in document.facts:
        yield from (run for run in runs if isinstance(run, Number))
    yield from numbers_in(document.blocks)
