"""A slide pack: titled slides, native tables, pictures with alternative text.

The marking is above and below. The notes under a slide give the sources of its numbers.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Emu, Pt

from dashboards.data.office import clean, settled, short
from dashboards.data.register import Register
from dashboards.documents.as_docx import plain_words
from dashboards.documents.as_pdf import picture, published_at
from dashboards.documents.docx_template import LANGUAGE
from dashboards.text.content import (
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    Paragraph,
    Runs,
    Slide,
    Table,
    numbers_in,
)  # fmt: skip


def _inches(value: float) -> Emu:
    return Emu(round(914_400 * value))


WIDTH, HEIGHT, EDGE = _inches(13.333), _inches(7.5), _inches(0.5)
TOP, BOTTOM = _inches(1.45), _inches(6.95)
NAVY, INK, PALE, WHITE = map(RGBColor.from_string, ("12436D", "1F2933", "F3F5F8", "FFFFFF"))
SIZES = (18, 16, 14, 13, 12, 11)  # of words, in points: the largest that fits
FONT, TITLE_ONLY = "Liberation Sans", 5


def render(document: Document, slides: tuple[Slide, ...], register: Register) -> bytes:
    """The PPTX; `document` gives its title, marking and subject."""
    pack = Presentation()
    pack.slide_width, pack.slide_height = WIDTH, HEIGHT
    for count, slide in enumerate(slides, start=1):
        _Slide(pack, register, document.marking, f"{count} of {len(slides)}").draw(slide)
    held, at = pack.core_properties, published_at(register).replace(tzinfo=None)
    held.title, held.subject, held.category = short(document.title), short(document.subject), document.marking
    held.author = held.last_modified_by = "stra"
    held.language, held.revision, held.keywords = LANGUAGE, 1, document.marking
    held.created = held.modified = held.last_printed = at
    held.identifier = register.reader.copy.manifest_sha256()
    out = io.BytesIO()
    pack.save(out)
    return settled(out.getvalue())


class _Slide:
    """One slide during drawing: words and tables in a column, a picture on the left."""

    def __init__(self, pack: Any, register: Register, marking: str, place: str) -> None:
        self.slide = pack.slides.add_slide(pack.slide_layouts[TITLE_ONLY])
        self.register, self.marking, self.place = register, marking, place
        self.left, self.width, self.top = EDGE, Emu(WIDTH - 2 * EDGE), TOP

    def draw(self, slide: Slide) -> None:
        """Draw title, blocks, marking and notes."""
        title = self.slide.shapes.title
        title.left, title.top, title.width, title.height = EDGE, _inches(0.45), Emu(WIDTH - 2 * EDGE), _inches(0.95)
        title.text_frame.word_wrap, title.text_frame.vertical_anchor = True, MSO_ANCHOR.MIDDLE
        self.write(title.text_frame.paragraphs[0], (slide.title,), 26, is_bold=True, colour=NAVY)
        charts = [block for block in slide.blocks if isinstance(block, Chart)]
        others = [block for block in slide.blocks if not isinstance(block, Chart)]
        for chart in charts:
            self.picture(chart, is_alone=not others)
        words = [block for block in others if not isinstance(block, Table)]
        if words:
            self.words(words)
        for block in others:
            if isinstance(block, Table):
                self.table(block)
        self.mark(_inches(0.1), "Marking above")
        self.mark(_inches(7.05), "Marking below")
        self.label(_inches(12.0), _inches(7.05), _inches(0.85), self.place, PP_ALIGN.RIGHT, "Place in the pack", 11)
        self.notes(slide)

    def write(self, line: Any, runs: Runs, size: float, *, is_bold: bool = False, colour: RGBColor = INK) -> None:
        """Write words into a paragraph."""
        run = line.add_run()
        run.text = clean(plain_words(runs, self.register))
        run.font.size, run.font.bold, run.font.name, run.font.color.rgb = Pt(size), is_bold, FONT, colour
        run._r.get_or_add_rPr().set("lang", LANGUAGE)
        line.alignment = PP_ALIGN.LEFT

    def mark(self, top: Emu, name: str) -> None:
        """Write the marking across the slide."""
        self.label(_inches(3), top, _inches(7.333), self.marking, PP_ALIGN.CENTER, name, 14)

    def label(self, left: Emu, top: Emu, width: Emu, text: str, side: Any, name: str, size: float) -> None:
        """Write one short line at a given position."""
        box = self.slide.shapes.add_textbox(left, top, width, _inches(0.35))
        box.name = name
        line = box.text_frame.paragraphs[0]
        self.write(line, (text,), size, is_bold=True, colour=NAVY)
        line.alignment = side

    def words(self, blocks: Sequence[Block]) -> None:
        """Write paragraphs, lists and statements in one box."""
        lines = [line for block in blocks for line in _lines(block)]
        size = next((s for s in SIZES if self.height(lines, s) <= BOTTOM - self.top), SIZES[-1])
        height = Emu(min(BOTTOM - self.top, self.height(lines, size)))
        box = self.slide.shapes.add_textbox(self.left, self.top, self.width, height)
        box.name = "Words"
        box.text_frame.word_wrap = True
        for count, (runs, is_bold) in enumerate(lines):
            line = box.text_frame.paragraphs[0] if count == 0 else box.text_frame.add_paragraph()
            line.space_after = Pt(5)
            self.write(line, runs, size, is_bold=is_bold)
        self.top = Emu(self.top + height)

    def height(self, lines: Sequence[tuple[Runs, bool]], size: float) -> int:
        """The height of lines of this size, from the width of an average letter."""
        letters = self.width / 12700 / (size * 0.52)
        high = sum(-(-len(plain_words(runs, self.register)) // round(letters)) for runs, _ in lines)
        return Pt(size * 1.25 * high + 5 * len(lines) + 8)

    def table(self, table: Table) -> None:
        """Draw a table that can be edited, with its heading row marked as one."""
        rows, columns = len(table.rows) + 1, len(table.headings)
        size = 14 if rows <= 9 else 11
        frame = self.slide.shapes.add_table(rows, columns, self.left, self.top, self.width, _inches(0.3 * rows))
        frame.name = "Table"
        frame._element.nvGraphicFramePr.cNvPr.set("descr", clean(table.caption))
        made = frame.table
        made.first_row, made.first_col, made.horz_banding = True, True, False
        shares = table.widths or tuple(1 / columns for _ in table.headings)
        for i, share in enumerate(shares):
            made.columns[i].width = Emu(round(self.width * share / sum(shares)))
        for r, row in enumerate(((*((words,) for words in table.headings),), *table.rows)):
            for c, runs in enumerate(row):
                self.cell(made.cell(r, c), runs, size, r == 0, c in table.numeric)
        self.top = Emu(self.top + _inches(0.34 * rows))

    def cell(self, cell: Any, runs: Runs, size: float, is_head: bool, is_right: bool) -> None:
        """Write words into a cell."""
        cell.margin_top = cell.margin_bottom = Pt(2)
        cell.fill.solid()
        cell.fill.fore_color.rgb = NAVY if is_head else PALE
        line = cell.text_frame.paragraphs[0]
        colour = WHITE if is_head else INK
        self.write(line, runs, size, is_bold=is_head, colour=colour)
        line.alignment = PP_ALIGN.RIGHT if is_right else PP_ALIGN.LEFT

    def picture(self, chart: Chart, is_alone: bool) -> None:
        """Draw a picture on the left and its words on the right."""
        most, high = Emu(self.width if is_alone else round(self.width * 0.58)), Emu(BOTTOM - TOP)
        shape = self.slide.shapes.add_picture(io.BytesIO(picture(chart.svg)), EDGE, TOP, width=most)
        if shape.height > high:
            shape.width, shape.height = Emu(round(shape.width * high / shape.height)), high
        shape.name = "Chart"
        shape._element.nvPicPr.cNvPr.set("descr", clean(plain_words(chart.alt, self.register)))
        self.left = Emu(EDGE + shape.width + _inches(0.3))
        self.width = Emu(WIDTH - EDGE - self.left)

    def notes(self, slide: Slide) -> None:
        """Write the sources of the slide's numbers into its notes."""
        held = list(dict.fromkeys(self.register.printed(wanted) for wanted in numbers_in(slide.blocks)))
        lines = [f"{one.ref}: {one.text} = {one.number.table}, {one.number.row}, {one.number.column}" for one in held]
        said = "Where the numbers come from (published table, row, column):" if lines else "No number on this slide."
        self.slide.notes_slide.notes_text_frame.text = clean("\n".join([said, *lines]))


def _lines(block: Block) -> list[tuple[Runs, bool]]:
    match block:
        case Heading(text=words):
            return [((words,), True)]
        case Paragraph(runs=runs):
            return [(runs, False)]
        case Bullets(items=items):
            return [(("• ", *item), False) for item in items]
        case Callout(label=label, statement=statement, lines=lines):
            return [((f"{label} ", *statement), True), *((line, False) for line in lines)]
        case _:
            return []
