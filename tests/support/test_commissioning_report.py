"""The pack for those who commission services: ten parts, opened by other readers, and one text for each cell."""

import csv
import datetime as dt
import html
import io
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import docx
import fastexcel
import odfdo
import polars as pl
import pytest
from docx.oxml.ns import qn
from invented_support import built
from published_home import build_home
from pypdf import PdfReader
from rendered_words import faults_of

from casework.store.refusal import Refused
from dashboards.data.published import Copy, open_copy
from dashboards.data.register import Reader, Register
from dashboards.data.scope import WHOLE
from dashboards.data.support import held_to_account_data
from dashboards.documents import data_annex
from dashboards.documents.pack import evidence
from dashboards.documents.pack import files as pack_files
from dashboards.text.content import Chart, Document, Heading, Table

PARTS = [
    "In short", "Need", "Recorded demand", "From need to support", "Waits", "Who is missing out?",
    "Cost and capacity", "Options", "What is not known", "Data and sources",
]  # fmt: skip
TOKENS = ("*", "not measured", "not released")


def opened(home: Path) -> Copy:
    return open_copy(home, "commissioning", WHOLE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def files(home: Path) -> dict[str, bytes]:
    return pack_files.documents(opened(home), "OFFICIAL")[0]


def made(home: Path) -> tuple[Document, Register]:
    register = Register(Reader(opened(home)))
    return pack_files.pack(evidence.gather(register.reader), register, "OFFICIAL"), register


class _Words(HTMLParser):
    """The cells of every table, by its caption."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[list[str]]] = []
        self.cell: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr":
            self.tables[-1].append([])
        elif tag in ("td", "th"):
            self.cell = []

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th") and self.cell is not None:
            self.tables[-1][-1].append(_plain("".join(self.cell)))
            self.cell = None

    def handle_data(self, data: str) -> None:
        if self.cell is not None:
            self.cell.append(data)


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("\u00a0", " ").replace("\u202f", " ")).strip()


def html_tables(content: bytes) -> list[list[list[str]]]:
    reader = _Words()
    reader.feed(content.decode())
    return reader.tables


def docx_tables(content: bytes) -> list[list[list[str]]]:
    """Cells with the words of content controls, which python-docx leaves out of a cell's text."""
    document = docx.Document(io.BytesIO(content))
    return [
        [[_plain("".join(t.text or "" for t in cell._tc.iter(qn("w:t")))) for cell in row.cells] for row in table.rows]
        for table in document.tables
    ]


def test_it_has_its_parts_in_order(home: Path) -> None:
    document, _ = made(home)
    assert [b.text for b in document.blocks if isinstance(b, Heading) and b.level == 1] == PARTS
    assert any(isinstance(b, Chart) for b in document.blocks) and any(isinstance(b, Table) for b in document.blocks)
    assert "nvented" in document.subtitle


def test_every_format_is_there_and_named_by_its_marking(files: dict[str, bytes]) -> None:
    for stem in ("commissioning-evidence", "public-summary", "held-to-account"):
        assert {f"OFFICIAL_{stem}.{kind}" for kind in ("docx", "pdf", "html")} <= set(files)
    assert {"OFFICIAL_commissioning-data.ods", "OFFICIAL_numbers.json"} <= set(files)
    assert sum(name.endswith(".csv") for name in files) == len(data_annex.TABLES)


def test_the_same_copy_gives_the_same_bytes(home: Path, files: dict[str, bytes]) -> None:
    assert pack_files.documents(opened(home), "OFFICIAL")[0] == files


def test_the_tokens_are_the_same_in_every_format(files: dict[str, bytes], home: Path) -> None:
    """Ages hold a group that is not released: whatever the format, it reads alike."""
    rows = [r for r in built()["metrics.support_equity"] if r["breakdown"] == "age" and r["measure_code"] == "accepted"]
    wanted = {r["group_name"]: f"{r['text']} of {r['whole_text']}" for r in rows}
    assert any("*" in text for text in wanted.values()), "the fixture has a protected cell here"
    as_html, as_docx = (files[f"OFFICIAL_commissioning-evidence.{kind}"] for kind in ("html", "docx"))
    for tables in (html_tables(as_html), docx_tables(as_docx)):
        found = {row[0]: row[1] for table in tables for row in table[1:] if len(row) == 4 and row[0] in wanted}
        assert found == wanted
    pdf = "\n".join(p.extract_text() for p in PdfReader(io.BytesIO(files["OFFICIAL_commissioning-evidence.pdf"])).pages)
    for name, text in wanted.items():
        assert re.search(re.escape(name) + r"\s+" + re.escape(text), _plain(pdf)), name
    lines = csv.DictReader(io.StringIO(files["OFFICIAL_metrics-support-equity.csv"].decode("utf-8-sig")))
    told = {r["group_name"]: f"{r['text']} of {r['whole_text']}" for r in lines
            if (r["breakdown"], r["measure_code"]) == ("age", "accepted")}  # fmt: skip
    assert told == wanted


def test_the_workbook_opens_with_another_reader_and_holds_what_the_csv_holds(
    files: dict[str, bytes], tmp_path: Path
) -> None:
    content = files["OFFICIAL_commissioning-data.ods"]
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        first = packed.infolist()[0]
        assert (first.filename, first.compress_type) == ("mimetype", zipfile.ZIP_STORED)
        assert packed.read("mimetype") == b"application/vnd.oasis.opendocument.spreadsheet"
    path = tmp_path / "data.ods"
    path.write_bytes(content)
    book = fastexcel.read_excel(str(path))
    assert book.sheet_names[:2] == ["Notes", "Columns"]
    notes = book.load_sheet("Notes", header_row=None).to_polars()
    words = " ".join(str(v) for row in notes.rows() for v in row if v is not None)
    assert "OFFICIAL" in words and "* means suppressed: a count of 1 to 7" in words
    figures = book.load_sheet("released_figures", dtypes="string").to_polars()
    held = pl.read_csv(files["OFFICIAL_metrics-released-figures.csv"], infer_schema=False)
    assert figures.height == held.height and figures.columns == held.columns
    assert figures["text"].to_list() == held["text"].to_list()
    assert set(figures["token"].unique()) <= {"", *TOKENS}


def test_a_cell_of_the_workbook_is_that_of_the_library_that_writes_it() -> None:
    at = dt.datetime(2025, 1, 2, 3, 4, tzinfo=dt.UTC)
    line = ["a & <b>", "", None, 1, 2.5, 1e-9, True, dt.date(2025, 1, 2), at, "x\ny"]
    row, table = odfdo.Row(), odfdo.Table("x")
    row.set_values(line)
    table.append_row(row)
    # an empty paragraph has two spellings
    assert data_annex._sheet("x", [line]).serialize() == table.serialize().replace("<text:p></text:p>", "<text:p/>")


def test_every_figure_of_the_annex_is_one_that_disclosure_control_released(files: dict[str, bytes]) -> None:
    rows = list(csv.DictReader(io.StringIO(files["OFFICIAL_metrics-released-figures.csv"].decode("utf-8-sig"))))
    assert len(rows) > 200
    for row in rows:
        shown = row["value"] != ""
        assert shown == (row["token"] == ""), row
        assert not shown or int(row["value"]) == 0 or (int(row["value"]) >= 10 and int(row["value"]) % 5 == 0)


def test_the_public_summary_is_plain_and_says_what_is_not_known(files: dict[str, bytes]) -> None:
    text = _plain(re.sub(r"<[^>]+>", " ", files["OFFICIAL_public-summary.html"].decode().split("</style>")[-1]))
    assert "This is from a national survey, not a count" in text
    assert "What we do not know" in text and "call 999" in text
    sentences = [s for s in re.split(r"(?<=[.!?])\s", text) if len(s.split()) > 3]
    assert sum(len(s.split()) for s in sentences) / len(sentences) < 20, "short sentences"


def test_the_action_plan_says_what_the_page_says(home: Path, files: dict[str, bytes]) -> None:
    text = _plain(re.sub(r"<[^>]+>", " ", files["OFFICIAL_held-to-account.html"].decode().split("</style>")[-1]))
    text = html.unescape(text)
    _, plan = held_to_account_data.read_figures(opened(home))
    assert len(plan) > 30 and "Invented action" in text and "Overdue; under way; due 30 Sep 2025" in text
    told = text[text.rindex("Recommendations to the force") : text.rindex("How these numbers protect people")]
    assert re.findall(r"\b(7|7\.2|10) Asks \1 (Invented update \(1 Sep 2025\)|nothing yet|<script>)", told) == [
        ("7", "Invented update (1 Sep 2025)"), ("7.2", "nothing yet"), ("10", "<script>"),
    ]  # fmt: skip
    assert re.search(r"Recorded within a day, Q\d [\d/]+: \d+% \( ?95% interval \d+% to \d+% ?\)", told)
    assert b"<script>Invented" not in files["OFFICIAL_held-to-account.html"]
    for row in plan:
        assert f"{row['plain_name']}. {row['plain_words']} {row['latest']} {row['before']} {row['status']}" in text
        if row["last_row"] is not None and row["last_row"]["denominator_text"] is not None:
            is_drawn = f" {row['plain_name']}: {row['latest']}" in text  # beside the dot that shows it
            assert is_drawn == (row["last_row"]["value"] is not None), row["plain_name"]


def test_nothing_in_it_is_a_bare_percentage_of_change(files: dict[str, bytes]) -> None:
    for name, content in files.items():
        if name.endswith(".html"):
            assert faults_of(_plain(re.sub(r"<[^>]+>", " ", content.decode().split("</style>")[-1]))) == []


def test_without_an_extract_there_is_no_pack_and_it_says_why(tmp_path: Path) -> None:
    home = build_home(tmp_path, leave_out=["metrics.released_figures"])
    with pytest.raises(Refused, match="There is no evidence for a pack"):
        pack_files.documents(opened(home), "OFFICIAL")


@pytest.mark.parametrize("gone", [("need", "capacity", "options"), ("waits", "gaps", "equity")])
def test_a_part_without_its_table_says_that_it_is_not_measured(tmp_path: Path, gone: tuple[str, ...]) -> None:
    home = build_home(tmp_path, leave_out=[f"metrics.support_{part}" for part in gone])
    made_of = pack_files.documents(opened(home), "OFFICIAL")[0]
    text = _plain(re.sub(r"<[^>]+>", " ", made_of["OFFICIAL_commissioning-evidence.html"].decode()))
    for part in ("need", "capacity", "options", "waits", "equity"):
        words = f"Not measured: metrics.support_{part} is not published to this audience"
        assert (words in text) == (part in gone), part
    assert ("The largest known gap" in text) == ("gaps" not in gone) and "Steps of support" in text
    assert ("are expected to be stalked" in text) == ("need" not in gone)
