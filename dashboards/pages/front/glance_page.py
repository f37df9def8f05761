"""At a glance: what changed, the highest risks, the worst duties, what awaits a decision, and whether to trust it.

The one-page brief of the assessment's documents says the same: both are made from the same blocks.
"""

from __future__ import annotations

import polars as pl

from dashboards.data import extract
from dashboards.data.front import glance_data
from dashboards.data.register import Reader
from dashboards.pages.assessment import registers_data
from dashboards.parts import extract_banner, front, page
from dashboards.text.front import glance_text
from dashboards.text.front.glance_text import ENTRIES, Point
from dashboards.text.tile import Line


@page.whole("the front page", "Not measured. These figures come from a force's own extract.")
def main() -> None:
    """Draw the page."""
    copy = page.begin("What needs a chief officer's eye today. Each line leads to its page.")
    extract_banner.sign(extract.find_extract(copy))
    reader = Reader(copy)
    held = glance_data.read_glance(reader, lambda: _entered(reader))
    front.answer(copy, held.reader.in_words(held.answer))
    page.briefing((question, [_line(held.reader, point) for point in points]) for question, points in held.blocks)
    page.note(glance_text.NOTE)


def _entered(reader: Reader) -> pl.DataFrame:
    """The entries of this moment, which the reader then prints instead of the published ones. Raises Missing."""
    rows = registers_data.entered(page.server().home, reader.copy)
    reader.hold(ENTRIES, rows)
    return rows


def _line(reader: Reader, point: Point) -> Line:
    return Line(reader.in_words(point.runs), point.address)


main()
