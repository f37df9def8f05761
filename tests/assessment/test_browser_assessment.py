"""The assessment in a real browser, on a real build: an override from its proposal to its effect, and the documents.

Everything is the product's own: an invented extract is built, decided upon on the page, built again, exported and
opened by readers that are not ours. Then one row, one number and one override are tampered with.
"""

import datetime as dt
import re
import sqlite3
from pathlib import Path

import docx
import polars as pl
import pptx
import pytest
from built_home import build_home
from commands import stra as run
from dashboard_browser import WAIT_MS, Visit, serving
from playwright.sync_api import Browser, Page
from pypdf import PdfReader
from small_home import copy_small_home

from casework.assessment import overrides
from casework.store.database import FILE, open_store
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from pipelines.fetching.folder import read_folder

pytestmark = pytest.mark.browser
PAGE, RATIONALE = "the_assessment", "Partners report that threats by message are seldom graded here at all."


@pytest.fixture(scope="module")
def force(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(data, home) of an invented force."""
    return copy_small_home(tmp_path_factory.mktemp("force"))


def scores(home: Path) -> dict[str, dict[str, object]]:
    copy = open_copy(home, "command", WHOLE)
    rows = copy.select("metrics.theme_scores")
    assert isinstance(rows, pl.DataFrame)
    return {row["theme_code"]: row for row in rows.iter_rows(named=True)}


def as_person(page: Page, visit: Visit, name: str) -> None:
    visit.sign(name)


def press(page: Page, visit: Visit, name: str, then: str) -> None:
    page.get_by_role("button", name=name, exact=True).click()
    page.get_by_text(then).first.wait_for(timeout=WAIT_MS)
    visit.settle()


def unfold(page: Page, visit: Visit, name: str) -> None:
    page.get_by_text(name, exact=True).first.click()
    visit.settle()


def test_an_override_from_its_proposal_to_its_effect_and_the_documents(
    browser: Browser, force: tuple[Path, Path], tmp_path: Path
) -> None:
    data, home = force
    before, last_day = scores(home), overrides.today() + dt.timedelta(days=30)
    with serving(home) as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}")
        assert page.get_by_role("button", name="Propose the override").count() == 0
        as_person(page, visit, "Invented Analyst")
        unfold(page, visit, "Propose an override")
        visit.choose("Theme to override", re.compile("^T3 "))
        visit.choose("Part to override", "Environmental harm")
        visit.choose("New score", "4 (critical)")
        assert "With the new score: " in page.locator(".stMain").inner_text()
        page.get_by_label("Rationale: what the score misses, and how you know").fill("Too short.")
        page.get_by_label("Reference of the evidence").fill("Invented evidence 1")
        page.get_by_label("Last day, as 31/03/2026; twelve months ahead at most").fill(f"{last_day:%d/%m/%Y}")
        press(page, visit, "Propose the override", "A rationale has 40 to")
        page.get_by_label("Rationale: what the score misses, and how you know").fill(RATIONALE)
        press(page, visit, "Propose the override", "The override was proposed.")
        assert "Awaiting another person's approval" in page.locator(".stMain").inner_text()
        unfold(page, visit, "Approve, refuse or withdraw")
        page.get_by_text("Approved", exact=True).last.click()
        press(page, visit, "Decide", "is your own proposal")
        as_person(page, visit, "Invented Head")
        page.get_by_text("Approved", exact=True).last.click()
        press(page, visit, "Decide", "was approved.")
        assert "came into force" in page.locator(".stMain").inner_text()
        assert visit.violations() == []
        assert build_home(read_folder(data), home) == []
        after = scores(home)
        page = visit.open(f"{address}/{PAGE}")
        words = f"rank {after['T3']['automatic_rank']} without"
        assert words in page.locator(".stMain").text_content()  # type: ignore[operator]
        visit.screenshot("assessment-overridden")
        press(page, visit, "Write the documents", "The documents were written and recorded.")
        for name, ending in (("Assessment, Word", "docx"), ("Assessment, PDF", "pdf"), ("Slides", "pptx")):
            with page.expect_download() as download:
                page.get_by_role("button", name=name, exact=True).click()
            download.value.save_as(tmp_path / download.value.suggested_filename)
            assert download.value.suggested_filename.endswith(ending)
        assert visit.faults == []
    assert after["T3"]["automatic_risk"] == pytest.approx(before["T3"]["risk"])
    assert after["T3"]["automatic_rank"] == before["T3"]["rank"]
    assert float(str(after["T3"]["risk"])) > float(str(before["T3"]["risk"]))
    _documents(tmp_path)
    _tampering(home, tmp_path)


def _documents(out: Path) -> None:
    """Word, PDF and slides as downloaded, opened by readers that are not ours."""
    word = docx.Document(str(out / "OFFICIAL_assessment.docx"))
    headings = [p.text for p in word.paragraphs if p.style is not None and p.style.name.startswith("Heading")]
    assert "Key judgements" in headings and len(word.tables) > 10
    pictures = word.element.findall(".//{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr")
    assert pictures and all(picture.get("descr") for picture in pictures)
    assert all("OFFICIAL" in p.text for s in word.sections for p in s.header.paragraphs if p.text)
    pdf = PdfReader(str(out / "OFFICIAL_assessment.pdf"))
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"] and pdf.trailer["/Root"]["/Lang"] == "en-GB"
    assert all("OFFICIAL" in leaf.extract_text() for leaf in pdf.pages)
    assert "Scores set by hand (overrides): 1" in re.sub(r"\s+", " ", pdf.pages[0].extract_text())
    fonts = [font.get_object() for leaf in pdf.pages for font in leaf["/Resources"]["/Font"].values()]
    assert fonts and all(_is_embedded(font) for font in fonts)
    slides = pptx.Presentation(str(out / "OFFICIAL_slides.pptx"))
    assert any(shape.has_table for slide in slides.slides for shape in slide.shapes)
    for slide in slides.slides:
        assert slide.shapes.title is not None and slide.shapes.title.text
        assert any("OFFICIAL" in s.text_frame.text for s in slide.shapes if s.has_text_frame)


def _is_embedded(font: object) -> bool:
    held = font["/DescendantFonts"][0].get_object() if "/DescendantFonts" in font else font  # type: ignore[index,operator]
    return any(name.startswith("/FontFile") for name in held["/FontDescriptor"].get_object())


def _tampering(home: Path, out: Path) -> None:
    """One published row, one number of a document, one override: each is found and named, and mended again."""
    assert "still where it was written is unchanged" in run("verify", "--home", str(home))
    copy = open_copy(home, "command", WHOLE)
    table = copy.folder / "metrics.theme_scores.parquet"
    held = table.read_bytes()
    pl.read_parquet(table).with_columns(risk=pl.col("risk") + 1).write_parquet(table)
    assert "metrics.theme_scores" in run("verify", "--home", str(home), code=1)
    table.write_bytes(held)
    run("report", "assessment", "--home", str(home), "--out", str(out / "written"))
    page = out / "written" / "OFFICIAL_assessment.html"
    words = page.read_text(encoding="utf-8")
    number = re.search(r"(<data [^>]*>)([^<]+)(</data>)", words)
    assert number is not None
    page.write_text(words.replace(number.group(0), f"{number.group(1)}99{number.group(3)}", 1), encoding="utf-8")
    told = run("verify", "--home", str(home), code=1)
    assert "OFFICIAL_assessment.html" in told and "99" in told
    page.write_text(words, encoding="utf-8")
    [made] = overrides.history(open_store(home))
    with sqlite3.connect(home / FILE) as con:
        con.execute("drop trigger score_overrides_update")
        con.execute("update score_overrides set override_score = 3")
    found = run("verify", "--home", str(home), code=1)
    assert made["override_ref"] in found and "was changed" in found
    with sqlite3.connect(home / FILE) as con:
        con.execute("update score_overrides set override_score = 4")
    run("verify", "--home", str(home))
