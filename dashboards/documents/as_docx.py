"""A document for Word, with real headings and tables.

Each number is in a content control that names its reference. The register of numbers is in the file too, as a custom
XML part, which Word keeps.
"""

from __future__ import annotations

import io
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from docx.document import Document as Word
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.shared import Emu

from dashboards.data.office import clean, settled, short
from dashboards.data.register import Register, as_json
from dashboards.documents.as_pdf import picture, published_at
from dashboards.documents.docx_template import LANGUAGE, opened
from dashboards.text.content import (
    Blank,
    Block,
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    Number,
    PageBreak,
    Paragraph,
    Runs,
    Strong,
    Table,
    Words,
    printed_words,
)  # fmt: skip

KINDS = {"body": "Normal", "lead": "Lead", "note": "Note"}
REGISTER = "urn:stra:register-of-numbers"
CUSTOM_XML = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/customXml"
LONGEST_NAME = 60  # Word takes 64 characters in a content control's name
PAPER_DXA = 9860  # twentieths of a point between the margins of A4


def render(document: Document, register: Register, template: Path | None = None) -> bytes:
    """The DOCX. Raises Refused for a template that is not a Word document."""
    word = opened(template, document.marking, document.title)
    writer = _Writer(word, register)
    writer.paragraph((document.title,), "Title")
    writer.paragraph((document.subtitle,), "Subtitle")
    for name, runs in document.facts:
        writer.paragraph((Strong(f"{name}: "), *runs), "Statement line")
    for block in document.blocks:
        writer.block(block)
    _properties(word, document, register)
    content = f'<register xmlns="{REGISTER}">{escape(clean(as_json(register).decode()))}</register>'
    part = Part(
        word.part.package.next_partname("/customXml/item%d.xml"), "application/xml", content.encode(), word.part.package
    )
    word.part.relate_to(part, CUSTOM_XML)
    out = io.BytesIO()
    word.save(out)
    return settled(out.getvalue())


def _properties(word: Word, document: Document, register: Register) -> None:
    held, at = word.core_properties, published_at(register).replace(tzinfo=None)
    held.title, held.subject, held.category = short(document.title), short(document.subject), document.marking
    held.author = held.last_modified_by = "stra"
    held.language, held.revision = LANGUAGE, 1
    held.created = held.modified = held.last_printed = at
    held.identifier = register.reader.copy.manifest_sha256()
    held.comments = f"Publication {register.reader.copy.folder.name}"
    held.keywords = document.marking


class _Writer:
    """Adds blocks at the end of a Word document."""

    def __init__(self, word: Word, register: Register) -> None:
        self.word, self.register, self.controls = word, register, 0
        self.styles = {style.name: style.style_id for style in word.styles}
        section = word.sections[-1]
        self.width = Emu(int(section.page_width or 0) - int(section.left_margin or 0) - int(section.right_margin or 0))

    def block(self, block: Block) -> None:
        """Add a block of any kind."""
        match block:
            case Heading(level=level, text=words):
                self.paragraph((words,), f"Heading {level}")
            case Paragraph(runs=runs, kind=kind):
                self.paragraph(runs, KINDS[kind])
            case Bullets(items=items):
                for item in items:
                    self.paragraph(item, "List Bullet")
            case Callout(label=label, statement=statement, lines=lines):
                self.paragraph((f"{label} ", *statement), "Statement")
                for line in lines:
                    self.paragraph(line, "Statement line")
            case Table():
                self.table(block)
            case Chart():
                self.chart(block)
            case PageBreak():
                self.append(f'<w:p {nsdecls("w")}><w:r><w:br w:type="page"/></w:r></w:p>')

    def append(self, xml: str) -> None:
        """Add an element before the section's own."""
        body = self.word.element.body
        body.insert(len(body) - 1, parse_xml(xml))

    def paragraph(self, runs: Runs, style: str) -> None:
        """Add one paragraph in a style."""
        self.append(self.lines(runs, style, nsdecls("w")))

    def lines(self, runs: Runs, style: str, names: str = "", places: str = "") -> str:
        """A paragraph as XML."""
        of = f'<w:pPr><w:pStyle w:val="{self.styles[style]}"/>{places}</w:pPr>'
        return f"<w:p {names}>{of}{''.join(self.run(run) for run in runs)}</w:p>"

    def run(self, run: Words | Number) -> str:
        """Words, or a number in its content control, as XML."""
        if isinstance(run, Number):
            held = self.register.printed(run)
            self.controls += 1
            name = quoteattr(clean(f"{run.table} {run.column}")[:LONGEST_NAME])
            return (
                f'<w:sdt><w:sdtPr><w:alias w:val={name}/><w:tag w:val="{held.ref}"/><w:id w:val="{self.controls}"/>'
                f'<w:lock w:val="sdtContentLocked"/><w:text/></w:sdtPr><w:sdtContent>{_words(held.text)}'
                "</w:sdtContent></w:sdt>"
            )
        if isinstance(run, Blank):
            return _words(printed_words(Blank())) + "<w:r><w:br/></w:r>" * (run.lines - 1)
        return _words(printed_words(run), "<w:rPr><w:b/></w:rPr>" if isinstance(run, Strong) else "")

    def table(self, table: Table) -> None:
        """Add a caption and a table whose heading row is repeated on each page."""
        self.paragraph((table.caption,), "Caption")
        shares = table.widths or tuple(1 / len(table.headings) for _ in table.headings)
        widths = [round(PAPER_DXA * share / sum(shares)) for share in shares]
        grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
        edges = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="B6C0CC"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        head = "".join(
            self.cell((Strong(words),), width, i in table.numeric, "F3F5F8")
            for i, (words, width) in enumerate(zip(table.headings, widths))
        )
        body = "".join(
            "<w:tr><w:trPr><w:cantSplit/></w:trPr>"
            + "".join(self.cell(cell, width, i in table.numeric) for i, (cell, width) in enumerate(zip(row, widths)))
            + "</w:tr>"
            for row in table.rows
        )
        self.append(
            f'<w:tbl {nsdecls("w")}><w:tblPr><w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblBorders>{edges}'
            '</w:tblBorders><w:tblLayout w:type="fixed"/><w:tblLook w:val="00A0" w:firstRow="1" w:lastRow="0" '
            'w:firstColumn="1" w:lastColumn="0" w:noHBand="1" w:noVBand="1"/>'
            f"<w:tblCaption w:val={quoteattr(clean(table.caption))}/></w:tblPr>"
            f"<w:tblGrid>{grid}</w:tblGrid>"
            f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>{body}</w:tbl>"
        )
        self.paragraph((), "Note")

    def cell(self, runs: Runs, width: int, is_right: bool, fill: str = "") -> str:
        """A cell as XML."""
        shade = f'<w:shd w:val="clear" w:color="auto" w:fill="{fill}"/>' if fill else ""
        side = '<w:spacing w:after="20"/>' + ('<w:jc w:val="right"/>' if is_right else "")
        words = self.lines(runs, "Table text", places=side)
        return f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{shade}</w:tcPr>{words}</w:tc>'

    def chart(self, chart: Chart) -> None:
        """Add a picture with its text alternative."""
        self.paragraph((chart.caption,), "Caption")
        self.word.add_picture(io.BytesIO(picture(chart.svg)), width=self.width)
        shape = self.word.inline_shapes[-1]._inline.docPr
        shape.set("descr", clean(plain_words(chart.alt, self.register)))
        shape.set("title", clean(chart.caption))


def plain_words(runs: Runs, register: Register) -> str:
    """Runs as a string."""
    return "".join(register.printed(run).text if isinstance(run, Number) else printed_words(run) for run in runs)


def _words(text: str, style: str = "") -> str:
    return f'<w:r>{style}<w:t xml:space="preserve">{escape(clean(text))}</w:t></w:r>'
