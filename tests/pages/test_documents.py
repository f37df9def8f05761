"""Content once, numbers by reference: how they are resolved, masked, registered, and drawn in each format."""

import datetime as dt
import io
import json
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import polars as pl
import pptx
import published_home
import pytest
from defusedxml.ElementTree import fromstring
from docx.oxml.ns import qn
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from casework.store.refusal import Refused
from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader, Register, as_json, from_entry
from dashboards.data.scope import WHOLE
from dashboards.documents import as_docx, as_html, as_pdf, as_pptx
from dashboards.documents.svg import Axis, Drawing, ticks
from dashboards.documents.tables import Origin, of_rows
from dashboards.text.content import (
    Blank,
    Bullets,
    Callout,
    Chart,
    Choice,
    Document,
    Heading,
    PageBreak,
    Paragraph,
    Slide,
    Strong,
    Table,
    all_numbers,
    number,
    text,
)
from dashboards.text.forms import FORMS, NOT_MEASURED, TOO_FEW, printed
from dashboards.text.small_numbers import SmallNumbers

RULE = SmallNumbers(5, 30)

MARK = "OFFICIAL-SENSITIVE"
HOSTILE = "=1+1 #panic(\"x\") $a$ *b* _c_ <script>alert('1')</script> & \\ ]]> @x [y] {z} `q` \x0b end"
ROWS = pl.DataFrame({
    "code": ["A", "B", "C", "D", "D"], "day": [dt.date(2025, 1, d) for d in (1, 2, 3, 4, 4)],
    "n": [12_345, 3, None, 7, 8], "share": [0.123, 0.5, None, 0.1, 0.1], "name": ["Ä", HOSTILE, None, "d", "d"],
})  # fmt: skip
A_NUMBER = number("metrics.things", "n", "count", code="A")


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    published_home.publish(tmp_path, "command", {"metrics.things": ROWS})
    return open_copy(tmp_path, "command", WHOLE)


@pytest.fixture
def register(copy: Copy) -> Register:
    return Register(Reader(copy))


def words(register: Register, column: str, form: str, **key: Any) -> str:
    return register.printed(number("metrics.things", column, form, **key)).text


def test_a_number_is_what_its_row_says(register: Register) -> None:
    assert words(register, "n", "count", code="A") == "12,345"
    assert words(register, "n", "count", code="A", day=dt.date(2025, 1, 1)) == "12,345"
    assert words(register, "share", "share", code="A") == "12.3%"
    assert words(register, "day", "day", code="A") == "1 Jan 2025"


def test_a_total_may_be_of_several_values_of_a_column(register: Register) -> None:
    assert words(register, "n", "whole", total="sum", code=("A", "B")) == "12,348"
    assert words(register, "n", "whole", total="count", code=("A", "B", "Z")) == "2"
    assert words(register, "n", "whole", code=("A", "B")) == NOT_MEASURED


def test_a_chance_as_so_many_of_100() -> None:
    assert printed("of_100", {"p": 0.0152}, "p", RULE) == "2 in 100"
    assert printed("of_100", {"p": 0.004}, "p", RULE) == "fewer than 1 in 100"


def test_parts_not_known_are_those_neither_measured_nor_judged() -> None:
    row = {"part_count": 12, "measured_count": 8, "judged_count": 2}
    assert printed("not_known", row, "part_count", RULE) == "2"
    assert printed("not_known", {"part_count": 12, "measured_count": 8}, "part_count", RULE) == NOT_MEASURED


def test_a_number_without_row_table_or_value_is_not_measured(register: Register) -> None:
    assert words(register, "n", "count", code="Z") == NOT_MEASURED
    assert words(register, "n", "count", code="C") == NOT_MEASURED
    assert words(register, "absent", "count", code="A") == NOT_MEASURED
    assert words(register, "n", "count", absent="A") == NOT_MEASURED
    assert register.printed(number("metrics.nowhere", "n", "count")).text == NOT_MEASURED


def test_a_number_of_two_rows_is_refused(register: Register) -> None:
    with pytest.raises(Refused, match="expected one row with code D, saw 2"):
        words(register, "n", "count", code="D")


def test_totals_leave_out_what_is_not_measured(register: Register) -> None:
    total = number("metrics.things", "n", "whole", total="sum")
    assert register.printed(total).text == "12,363"
    assert register.printed(number("metrics.things", "n", "whole", total="count", code="D")).text == "2"
    assert register.printed(number("metrics.things", "n", "whole", total="sum", code="C")).text == NOT_MEASURED
    assert register.printed(number("metrics.things", "n", "whole", total="count", code="Z")).text == "0"
    assert register.printed(number("metrics.nowhere", "n", "whole", total="count")).text == NOT_MEASURED
    assert register.printed(number("metrics.things", "n", "whole", total="count", absent="A")).text == NOT_MEASURED


def test_the_same_number_has_one_reference(register: Register) -> None:
    assert register.printed(A_NUMBER) == register.printed(number("metrics.things", "n", "count", code="A"))
    words(register, "share", "share", code="A")
    assert [held.ref for held in register.all()] == ["N0001", "N0002"]


def test_the_registers_file_leads_from_each_number_to_its_file(register: Register, copy: Copy) -> None:
    register.printed(A_NUMBER)
    held = json.loads(as_json(register))
    assert held["manifest_sha256"] == copy.manifest_sha256()
    assert held["tables"]["metrics.things"]["sha256"] == copy.tables["metrics.things"]["sha256"]
    assert held["tables"]["metrics.things"]["made_by"] == "assets/metrics/things.sql"
    assert from_entry(held["numbers"][0]) == register.printed(A_NUMBER)


@pytest.mark.parametrize("value", [1, 2, 3, 4])
def test_no_count_from_one_to_four_is_printed(value: int) -> None:
    assert printed("count", {"n": value}, "n", RULE) == "fewer than 5"
    assert printed("measured", {"n": value, "unit": "victims"}, "n", RULE) == "fewer than 5 victims"


@given(above=st.integers(0, 60), below=st.integers(1, 60))
def test_no_share_gives_a_small_count_away(above: int, below: int) -> None:
    above = min(above, below)
    row = {"value": above / below, "numerator": above, "denominator": below, "unit": "share", "lower": 0.1}
    small = 0 < above < 5 or 0 < below - above < 5 or below < RULE.fewest_in_share
    assert (printed("measured", row, "value", RULE) == TOO_FEW) is small
    assert (printed("amount", row, "lower", RULE) == TOO_FEW) is small
    assert (printed("guarded_share", row, "value", RULE) == TOO_FEW) is small
    if 0 < above < 5:
        assert printed("above", row, "numerator", RULE) in ("fewer than 5", "all but fewer than 5")


def test_a_rate_of_few_crimes_is_not_shown() -> None:
    row = {"value": 0.04, "numerator": 3, "denominator": 75_000, "unit": "per 1,000"}
    assert printed("measured", row, "value", RULE) == TOO_FEW
    assert printed("measured", row | {"numerator": 30}, "value", RULE) == "0.04 per 1,000"


@pytest.mark.parametrize("form", sorted(FORMS))
def test_no_form_prints_what_is_not_there(form: str) -> None:
    assert printed(form, None, "value", RULE) == NOT_MEASURED
    assert printed(form, {"value": None}, "value", RULE) == NOT_MEASURED
    assert printed(form, {"value": float("nan")}, "value", RULE) == NOT_MEASURED


def test_a_kept_figure_is_printed_with_its_day() -> None:
    figure = {"value": 0.05, "numerator": 8, "denominator": 160, "published_at": "2025-06-30T09:00:00+00:00"}
    kept = {"snapshot": figure}
    assert printed("snapshot", {"fields": json.dumps(kept)}, "fields", RULE) == "5.0% on 30 Jun 2025"
    kept["snapshot"] |= {"numerator": 3, "denominator": 60}
    assert printed("snapshot", {"fields": json.dumps(kept)}, "fields", RULE) == f"{TOO_FEW} on 30 Jun 2025"
    assert printed("snapshot", {"fields": "{}"}, "fields", RULE) == NOT_MEASURED


def test_places_on_a_drawing() -> None:
    assert Axis(100, 0, 0, 50).at(25) == 50
    assert ticks(0.5) == [0.0, 1.0]
    assert ticks(98) == [0.0, 20.0, 40.0, 60.0, 80.0, 100.0]
    sheet = Drawing(10, 10)
    sheet.words(1, 1, HOSTILE)
    assert "".join(fromstring(sheet.svg()).itertext()) == HOSTILE.replace("\x0b", "")


# the formats


def example() -> Document:
    """One of every block, with hostile words in each."""
    sheet = Drawing(200, 60)
    sheet.words(10, 30, HOSTILE)
    return Document(
        f"Title {HOSTILE}",
        f"Subtitle {HOSTILE}",
        MARK,
        "Subject",
        ((f"Fact {HOSTILE}", text("is ", A_NUMBER)),),
        (
            Heading(1, "Part one"),
            Paragraph(text("A ", A_NUMBER, " of ", Strong(f"all {HOSTILE}"), HOSTILE), "lead"),
            Heading(2, f"Below {HOSTILE}"),
            Bullets((text("first"), text(HOSTILE, A_NUMBER))),
            Callout("Label.", text(HOSTILE, A_NUMBER), (text(HOSTILE),)),
            Table(f"Caption {HOSTILE}", ("Name", "Count"), ((text(HOSTILE), text(A_NUMBER)), (text("b"), text(""))),
                  numeric=frozenset({1})),
            Chart(sheet.svg(), text("Shows ", A_NUMBER, f" {HOSTILE}"), "A drawing", (A_NUMBER,)),
            Table("A form", ("Question", "Answer"), ((text("Is it so?"), (Choice("Yes"), Choice(HOSTILE))),
                  (text("Comment"), (Blank(3),)))),
            PageBreak(),
            Heading(1, "Part two"),
            Paragraph(text(number("metrics.things", "name", "words", code="B")), "note"),
        ),
    )  # fmt: skip


@pytest.fixture
def document(register: Register) -> Document:
    made = example()
    register.take(all_numbers(made))
    return made


class Page(HTMLParser):
    """What a reader of the page finds."""

    def __init__(self, content: bytes) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words, self.is_style = "", False
        self.feed(content.decode())
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.is_style = tag == "style"

    def handle_data(self, data: str) -> None:
        self.words += "" if self.is_style else data

    def handle_endtag(self, tag: str) -> None:
        self.is_style = False

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attrs for name, attrs in self.tags if name == tag]


def test_html_is_one_page_that_can_be_heard(document: Document, register: Register) -> None:
    content = as_html.render(document, register)
    page = Page(content)
    assert page.all("html")[0]["lang"] == "en-GB"
    assert [name for name, _ in page.tags if name in ("h1", "h2", "h3")] == ["h1", "h2", "h3", "h2"]
    assert all(cell.get("scope") in ("col", "row") for cell in page.all("th"))
    drawn = page.all("svg")[0]
    assert drawn["role"] == "img"
    assert [a for a in page.all("span") if a.get("id") == drawn["aria-labelledby"]]
    assert page.words.count(MARK) == 2
    assert page.all("data")[0]["data-row"] == '{"code": "A"}'
    assert page.words.count("12,345") == len(page.all("data")) - 1  # the other is a name


@pytest.mark.parametrize(("count", "is_listed"), [(6, False), (7, True)])
def test_html_of_many_parts_lists_them_after_the_first(register: Register, count: int, is_listed: bool) -> None:
    parts = tuple(Heading(1, f"Part {number}") for number in range(count))
    page = Page(as_html.render(Document("T", "S", MARK, "S", (), parts), register))
    assert bool(page.all("nav")) is is_listed
    assert len([a for a in page.all("a") if str(a["href"]).startswith("#part")]) == (count if is_listed else 0)


def test_boxes_to_tick_and_spaces_to_write_in_are_in_every_format(document: Document, register: Register) -> None:
    html = as_html.render(document, register).decode()
    assert html.count('<span class="choice">☐\xa0') == 2
    assert '<span class="blank">…<br><br><br></span>' in html
    word = docx.Document(io.BytesIO(as_docx.render(document, register))).tables[1]
    assert word.cell(1, 1).text.startswith("☐\xa0Yes\u2003☐\xa0=1+1")
    assert word.cell(2, 1).text == "…\n\n"
    pdf = PdfReader(io.BytesIO(as_pdf.render(document, register))).pages[0].extract_text()
    assert "Yes" in pdf and "☐" not in pdf  # drawn, so that the PDF needs no font of the machine for it


def test_html_without_a_register_names_no_publication_and_takes_no_number(document: Document) -> None:
    page = Page(as_html.render(Document("T", "", MARK, "S", (), (Paragraph(text("words")),))))
    assert not [a for a in page.all("meta") if str(a.get("name")).startswith("stra-")]
    assert not page.all("dl") and not [a for a in page.all("p") if a.get("class") == "subtitle"]
    with pytest.raises(ValueError, match=r"metrics.things, n: a number by reference"):
        as_html.render(document)


def test_rows_become_a_table_with_numbers_by_reference_and_one_heading_a_row(register: Register) -> None:
    made = of_rows(
        ROWS.head(3), {"n": "Count", "code": "Code", "share": "Share"}, caption="Things", row_heading="code",
        formats={"share": lambda value: "none" if value is None else f"{value:g}"},
        origin=Origin("metrics.things", ("code",), {"n": "count"}),
    )  # fmt: skip
    assert made.numeric == {0, 2}
    page = Page(as_html.render(Document("T", "", MARK, "S", (), (made,)), register))
    assert [a["data-row"] for a in page.all("data")] == ['{"code": "A"}', '{"code": "B"}', '{"code": "C"}']
    html = as_html.render(Document("T", "", MARK, "S", (), (made,)), register).decode()
    assert html.count('<th scope="row">') == 3 and '<th scope="row">B</th><td class="number">0.5</td>' in html
    assert "fewer than 5" in page.words and "not measured" in page.words and "none" in page.words


def test_html_loads_nothing_and_runs_nothing(document: Document, register: Register) -> None:
    content = as_html.render(document, register)
    page = Page(content)
    assert not {name for name, _ in page.tags} & {"script", "link", "img", "iframe", "object", "base", "form"}
    assert not [v for _, a in page.tags for k, v in a.items() if k in ("src", "srcset", "style") or k.startswith("on")]
    assert all(str(a["href"]).startswith("#") for a in page.all("a"))
    assert b"url(" not in content
    assert b"@import" not in content
    assert HOSTILE.replace("\x0b", "") in page.words.replace("\x0b", "")


def test_pdf_is_tagged_marked_and_whole(document: Document, register: Register) -> None:
    read = PdfReader(io.BytesIO(as_pdf.render(document, register)))
    root: Any = read.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert b"pdfuaid" in root["/Metadata"].get_object().get_data()
    assert read.metadata is not None
    assert str(read.metadata.title).startswith("Title =1+1")
    assert all(page.extract_text().count(MARK) == 2 for page in read.pages)
    assert json.loads(read.attachments["numbers.json"][0]) == json.loads(as_json(register))
    kinds = [str(node["/S"]) for node in structure(root["/StructTreeRoot"])]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L", "/Figure", "/Caption"} <= set(kinds)
    said = [str(node.get("/Alt", "")) for node in structure(root["/StructTreeRoot"]) if node["/S"] == "/Figure"]
    assert any(alt.startswith("Shows 12,345") for alt in said)


def test_pdf_brings_its_fonts(document: Document, register: Register) -> None:
    read = PdfReader(io.BytesIO(as_pdf.render(document, register)))
    fonts = {id(f): f.get_object() for page in read.pages for f in page["/Resources"]["/Font"].values()}  # type: ignore[index]
    inner = [d.get_object() for f in fonts.values() for d in f.get("/DescendantFonts", [f])]
    assert inner
    assert all({"/FontFile", "/FontFile2", "/FontFile3"} & set(f["/FontDescriptor"].get_object()) for f in inner)


def structure(node: Any) -> list[Any]:
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, list):
        return [found for one in node for found in structure(one)]
    if not isinstance(node, dict):
        return []
    own = [node] if "/S" in node else []
    return own + (structure(node["/K"]) if "/K" in node else [])


def test_docx_has_real_headings_tables_and_marking(document: Document, register: Register) -> None:
    word = docx.Document(io.BytesIO(as_docx.render(document, register)))
    styles = [p.style.name for p in word.paragraphs if p.style is not None]
    assert styles.count("Heading 1") == 2
    assert styles.count("Heading 2") == 1
    assert "List Bullet" in styles
    table = word.tables[0]
    assert table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is not None
    assert table.rows[1]._tr.find(f".//{qn('w:tblHeader')}") is None
    assert word.inline_shapes[0]._inline.docPr.get("descr", "").startswith("Shows 12,345")
    order = [part.tag for part in word.styles["Statement"].element.pPr]
    assert order.index(qn("w:pBdr")) < order.index(qn("w:spacing"))
    section = word.sections[0]
    assert section.header.paragraphs[0].text == section.footer.paragraphs[0].text == MARK
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"en-GB"}
    properties = word.core_properties
    assert (properties.language, properties.category) == ("en-GB", MARK)
    assert properties.modified == dt.datetime(2026, 11, 24, 1, 10, tzinfo=dt.UTC)


def test_docx_names_each_number_and_keeps_the_register(document: Document, register: Register) -> None:
    content = as_docx.render(document, register)
    word = docx.Document(io.BytesIO(content))
    controls = list(word.element.body.iter(qn("w:sdt")))
    tags = [c.find(f"{qn('w:sdtPr')}/{qn('w:tag')}").get(qn("w:val")) for c in controls]
    assert tags == ["N0001"] * 5 + ["N0002"]
    assert len({c.find(f"{qn('w:sdtPr')}/{qn('w:id')}").get(qn("w:val")) for c in controls}) == 6
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        parts = [packed.read(name) for name in packed.namelist() if name.startswith("customXml/item")]
    kept = [part for part in parts if b"urn:stra" in part]
    assert json.loads("".join(fromstring(kept[0]).itertext())) == json.loads(as_json(register))


def test_docx_takes_a_forces_own_template(document: Document, register: Register, tmp_path: Path) -> None:
    own = docx.Document()
    own.add_paragraph("Words of the template")
    own.styles["Heading 1"].font.name = "Force Sans"  # type: ignore[attr-defined]
    own.sections[0].header.paragraphs[0].text = "Force header"
    own.sections[0].different_first_page_header_footer = True
    own.save(str(tmp_path / "own.docx"))
    word = docx.Document(io.BytesIO(as_docx.render(document, register, tmp_path / "own.docx")))
    assert word.styles["Heading 1"].font.name == "Force Sans"  # type: ignore[attr-defined]
    assert [p.text for p in word.sections[0].header.paragraphs] == [MARK, "Force header"]
    assert word.sections[0].first_page_header.paragraphs[0].text == MARK
    assert word.sections[0].first_page_footer.paragraphs[0].text == MARK
    assert not any("Words of the template" in p.text for p in word.paragraphs)


def test_what_is_no_template_is_refused_in_words(document: Document, register: Register, tmp_path: Path) -> None:
    path = tmp_path / "own.docx"
    path.write_text("not a document")
    with pytest.raises(Refused, match=r"expected a Word document \(.docx\)"):
        as_docx.render(document, register, path)
    with pytest.raises(Refused, match=r"expected a Word document \(.docx\)"):
        as_docx.render(document, register, tmp_path / "absent.docx")


def slides() -> tuple[Slide, ...]:
    return (Slide(f"One {HOSTILE}", example().blocks[1:6]), Slide("Two", (example().blocks[6], Paragraph(text("x")))))


def test_slides_have_titles_native_tables_and_marking(document: Document, register: Register) -> None:
    pack = pptx.Presentation(io.BytesIO(as_pptx.render(document, slides(), register)))
    found = list(pack.slides)
    assert [s.shapes.title.text_frame.text for s in found] == [f"One {HOSTILE}".replace("\x0b", ""), "Two"]
    for slide in found:
        assert [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame].count(MARK) == 2
    tables = [shape for shape in found[0].shapes if shape.has_table]
    assert tables[0].table.first_row
    assert tables[0].table.cell(1, 1).text == "12,345"
    assert tables[0]._element.nvGraphicFramePr.cNvPr.get("descr", "").startswith("Caption")
    pictures = [shape for shape in found[1].shapes if shape.shape_type == 13]
    assert pictures[0]._element.nvPicPr.cNvPr.get("descr", "").startswith("Shows 12,345")
    assert "metrics.things, code A, n" in found[0].notes_slide.notes_text_frame.text
    for slide in found:
        for shape in slide.shapes:
            assert shape.left >= 0
            assert shape.top >= 0
            assert shape.left + shape.width <= pack.slide_width
            assert shape.top + shape.height <= pack.slide_height


def test_written_twice_every_format_is_the_same(document: Document, copy: Copy) -> None:
    def made() -> list[bytes]:
        register = Register(Reader(copy))
        register.take(all_numbers(document))
        return [
            as_html.render(document, register), as_pdf.render(document, register),
            as_docx.render(document, register), as_pptx.render(document, slides(), register), as_json(register),
        ]  # fmt: skip

    assert made() == made()
