"""The start of a Word document: a force's own template, or the one built here.

It gives styles, page, header and footer. A force's template keeps its styles, logos and headers; only missing styles
are added. The marking is in every header and footer of any template.
"""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import docx
from docx.document import Document as Word
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import OpcError
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt, RGBColor

from casework.store.refusal import Refused
from dashboards.data.office import clean

LANGUAGE, FONT = "en-GB", "Liberation Sans"
NAVY, QUIET = RGBColor(0x12, 0x43, 0x6D), RGBColor(0x54, 0x5B, 0x64)
# name -> points, bold, colour, points of space before and after
STYLES: dict[str, tuple[float, bool, RGBColor | None, float, float]] = {
    "Normal": (10, False, None, 0, 5),
    "Title": (22, True, NAVY, 0, 2),
    "Subtitle": (12, False, None, 0, 8),
    "Heading 1": (16, True, NAVY, 16, 6),
    "Heading 2": (13, True, NAVY, 12, 4),
    "Heading 3": (11, True, NAVY, 8, 3),
    "Caption": (9, True, None, 6, 3),
    "List Bullet": (10, False, None, 0, 2),
    "Lead": (11.5, False, None, 0, 6),
    "Note": (9, False, QUIET, 0, 4),
    "Statement": (10, True, None, 6, 1),
    "Statement line": (9.5, False, None, 0, 1),
    "Marking": (10, True, NAVY, 0, 0),
    "Table text": (8.5, False, None, 0, 1),
}


def opened(template: Path | None, marking: str, title: str) -> Word:
    """An empty document with all styles, and the marking in headers and footers.

    Raises Refused.
    """
    if template is None:
        word = docx.Document()
        _page(word)
        for name in STYLES:
            _style(word, name, is_ours=True)
    else:
        word = _read_template(template)
        for name in STYLES:
            _style(word, name, is_ours=False)
        for part in list(word.element.body):
            if part.tag != qn("w:sectPr"):
                word.element.body.remove(part)
    _set_language(word)
    _mark(word, clean(marking), clean(title))
    return word


def _read_template(template: Path) -> Word:
    try:
        return docx.Document(str(template))
    except (OSError, KeyError, ValueError, zipfile.BadZipFile, OpcError) as problem:
        raise Refused(
            f"{template}: expected a Word document (.docx) as the template, saw something else "
            f"({type(problem).__name__}). In Word, save the template as a document and use that."
        ) from problem


def _page(word: Word) -> None:
    for section in word.sections:
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.left_margin = section.right_margin = Mm(18)
        section.top_margin = section.bottom_margin = Mm(20)
        section.header_distance = section.footer_distance = Mm(9)


def _style(word: Word, name: str, is_ours: bool) -> None:
    held = {style.name for style in word.styles}
    if name in held and not is_ours:
        return
    style: Any = word.styles[name] if name in held else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    size, is_bold, colour, before, after = STYLES[name]
    if name not in held and name != "Normal":
        style.base_style = word.styles["Normal"]
    style.font.size, style.font.bold = Pt(size), is_bold
    style.font.italic = False
    if is_ours:
        style.font.name = FONT
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for place in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{place}"), None)
        for place in ("ascii", "hAnsi", "cs", "eastAsia"):
            fonts.set(qn(f"w:{place}"), FONT)
    if colour is not None:
        style.font.color.rgb = colour
    elif name == "Caption":
        style.font.color.rgb = RGBColor(0x1F, 0x29, 0x33)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)
    style.paragraph_format.keep_with_next = name.startswith(("Heading", "Caption", "Statement")) and name != (
        "Statement line"
    )
    for border in style.element.findall(f".//{qn('w:pBdr')}"):
        border.getparent().remove(border)
    if name.startswith("Statement"):
        border = f'<w:pBdr {nsdecls("w")}><w:left w:val="single" w:sz="24" w:space="8" w:color="12436D"/></w:pBdr>'
        # Word needs the parts of a style in order: borders before spacing and all that follows it
        style.element.get_or_add_pPr().insert_element_before(parse_xml(border), "w:spacing", "w:ind", "w:jc")


def _set_language(word: Word) -> None:
    """Set the language of the text, for screen readers."""
    defaults = word.styles.element.find(qn("w:docDefaults"))
    places = [] if defaults is None else list(defaults.iter(qn("w:lang")))
    for place in places:
        place.set(qn("w:val"), LANGUAGE)
    if not places:
        normal: Any = word.styles["Normal"]
        normal.element.get_or_add_rPr().append(parse_xml(f'<w:lang {nsdecls("w")} w:val="{LANGUAGE}"/>'))


def _mark(word: Word, marking: str, title: str) -> None:
    is_two_sided = word.settings.odd_and_even_pages_header_footer
    for section in word.sections:
        places: list[tuple[Any, Any]] = [(section.header, section.footer)]
        if section.different_first_page_header_footer:
            places.append((section.first_page_header, section.first_page_footer))
        if is_two_sided:
            places.append((section.even_page_header, section.even_page_footer))
        for header, footer in places:
            _line(header, marking)
            _line(footer, marking, title)


def _line(place: Any, marking: str, title: str = "") -> None:
    """Write the marking as the first line of a header or footer.

    In a footer, the title and the page follow.
    """
    first = place.paragraphs[0]
    line = first if not first.text and len(first._p) <= 1 else first.insert_paragraph_before()
    line.style, line.alignment = "Marking", WD_ALIGN_PARAGRAPH.CENTER
    line.add_run(marking)
    if not title:
        return
    below = place.add_paragraph(style="Note")
    below.alignment = WD_ALIGN_PARAGRAPH.CENTER
    below.add_run(f"{title}, page ")
    for field in ("PAGE", "NUMPAGES"):
        below._p.append(
            parse_xml(f'<w:fldSimple {nsdecls("w")} w:instr=" {field} "><w:r><w:t>1</w:t></w:r></w:fldSimple>')
        )
        if field == "PAGE":
            below.add_run(" of ")
