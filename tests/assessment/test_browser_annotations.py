"""An annotation and a saved view in a real browser: from the form to the chart, the downloads and the document."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import polars as pl
import pytest
from dashboard_browser import Visit, plain, serving
from published_home import build_home, publish, tables
from worked import made

from casework.assessment import notes
from casework.store.database import open_store, reading, rows
from casework.store.tables import annotation_rows

pytestmark = pytest.mark.browser
WORDS = "<b>Invented</b>: a new form"
CHART = "explore-recorded-district-quarter"


def built_again(home: Path) -> None:
    """Publish command's copy with the annotations of the store, as the next build does."""
    with reading(open_store(home)) as con:
        kept = rows(con, annotation_rows.select())
    found = made("core.annotations", raw_casework_annotations=kept)
    content = tables()["command"] | {"core.annotations": pl.DataFrame(found)}
    publish(home, "command", content, version="20261125T000000000000Z")


def test_a_view_is_saved_and_an_annotation_goes_from_chart_to_document(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/explore?by=district&part_district=District+1")
        assert page.get_by_role("button", name="Save the annotation").is_disabled()
        visit.sign("Invented Analyst")
        page.get_by_role("textbox", name=re.compile("^Day that it is about")).fill("4 Mar 2025")
        visit.press("Save the annotation", "1 to 200 characters; this has 0")
        page.get_by_role("textbox", name="Annotation", exact=True).fill(WORDS)
        visit.press("Save the annotation", "The annotation was saved.")
        drawn = page.locator(f".st-key-chart_{CHART}")
        assert drawn.locator(".annotation-text").filter(has_text=re.compile("^1$")).count() == 1
        assert f"1, 4 Mar 2025: {WORDS}" in plain(drawn.locator("[role=figure]").get_attribute("aria-label") or "")
        assert page.locator(".stMain td b").count() == 0
        heading, *lines = visit.rows(CHART)
        at = heading.index("Annotations")
        said = f"1. 4 Mar 2025: {WORDS} (Invented Analyst)"
        assert [plain(line[at]) for line in lines if line[at]] == [said]
        page.get_by_role("textbox", name="Name of this view").fill("District 1 by quarter")
        visit.press("Save this view", "The view was saved.")
        assert visit.violations() == []
        visit.screenshot("explore-annotated")
        page.set_viewport_size({"width": 1440, "height": 900})

        page = visit.open(f"{address}/explore")  # without a name: another's own view is not offered
        assert page.get_by_text("Saved views (1)").count() == 0
        visit.sign("Invented Analyst")
        page.get_by_text("Saved views (1)").click()
        page.get_by_role("link", name="District 1 by quarter").click()
        visit.settle()
        assert parse_qs(urlsplit(page.url).query)["part_district"] == ["District 1"]
        assert WORDS in page.locator("table").filter(has_text="Author").inner_text()

        built_again(home)
        visit.open(f"{address}/the_assessment")
        visit.press("Write the documents", "The documents were written and recorded.")
        with page.expect_download() as download:
            page.get_by_role("button", name="Assessment, HTML").click()
        document = Path(download.value.path()).read_text(encoding="utf-8")
        assert "&lt;b&gt;Invented&lt;/b&gt;: a new form" in document and "<b>Invented" not in document

        page = visit.open(f"{address}/explore?by=district&part_district=District+1")
        visit.sign("Invented Analyst")
        visit.choose("Annotation to add or change", f"1. {WORDS}")
        visit.press("Withdraw the annotation", "The annotation was withdrawn.")
        visit.press("Withdraw this view", "The view was withdrawn.")
        assert notes.shown(open_store(home)) == []
        assert "no annotation" in page.locator(".stMain").inner_text()
