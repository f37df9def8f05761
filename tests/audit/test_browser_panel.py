"""The scrutiny panel's page in a real browser: from the draw to a finding that was acted on, by keyboard."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from audit_hands import store
from dashboard_browser import SCREENSHOTS, Visit, serving
from playwright.sync_api import Browser
from published_home import build_home, publish, tables

from casework.access import access_log
from casework.audit import panels
from casework.store.database import open_store
from dashboards.data.audit import panel_sample
from dashboards.data.audit.panel_sample import FRAME
from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.documents.reports import panel_pack

pytestmark = pytest.mark.browser
PAGE = "scrutiny_panel"


def test_a_sample_is_carried_from_the_draw_to_a_finding_acted_on(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}")
        assert page.locator(".answer").inner_text() == "No sample has been drawn for a scrutiny panel."
        assert page.get_by_role("button", name="Draw the sample").is_disabled()
        visit.sign("Invented Analyst")
        page.get_by_role("textbox", name="Title").fill("Invented panel")
        page.keyboard.press("Tab")
        visit.settle()
        visit.look("panel-1-draw")
        visit.press("Draw the sample", "The sample was drawn and saved.")
        engine = open_store(home)
        [sample] = panels.samples(engine)
        cases = [case["case_ref"] for case in panels.cases(engine, sample["panel_ref"])]
        assert parse_qs(urlsplit(page.url).query)["panel"] == [sample["panel_ref"]]
        assert "the same cases" in page.locator(".facts").inner_text()
        assert [row.inner_text().split("\t")[0] for row in page.locator("tbody tr").all()] == cases
        text = page.locator(".stMain").inner_text()
        assert not [crime for _, crime in panels.kept_draw(engine, sample["panel_ref"]) if crime in text]

        with page.expect_download() as download:
            page.get_by_role("button", name="Download the pack").click()
        assert download.value.suggested_filename == f"OFFICIAL_invented_scrutiny-{sample['panel_ref']}.html"
        assert Path(download.value.path()).read_text("utf-8").count('<h2 id="case-') == len(cases)
        visit.look("panel-2-pack")

        visit.press("Log and show the record", f"Case {cases[0]} is ")  # logged first
        entry = access_log.entries(engine, 1)[0]
        assert entry["subject"] == f"record of case {cases[0]} of {sample['panel_ref']}"
        record = panels.record_of(engine, sample["panel_ref"], cases[0])
        receipt = f"Receipt of the access log: no. {entry['sequence']}, "
        assert page.get_by_text(f"Case {cases[0]} is {record}. {receipt}").count() == 1

        visit.choose("Step", "Panel findings")
        visit.press("Save the finding", "A finding and answers of the lists are needed.")
        for group in page.locator("[data-testid=stForm] [role=radiogroup]").all():
            group.get_by_role("radio").first.check(force=True)
        page.get_by_role("textbox", name=re.compile("Comment")).fill("Invented remark")
        visit.press("Save the finding", f"The finding on case {cases[0]} was saved.")
        assert f"1 of {len(cases)} cases read: appropriate 1" in page.locator(".stMain").inner_text()
        visit.look("panel-3-findings")

        visit.choose("Step", "Tracker")
        page.get_by_role("textbox", name="Action needed").fill("Invented finding")
        page.get_by_role("textbox", name="Owner").fill("Invented owner")
        page.get_by_role("textbox", name="Due date").fill("2020-01-31")
        visit.press("Add to the tracker", "The action is on the tracker.")
        assert page.get_by_role("row", name="Invented finding").inner_text().split("\t")[5] == "overdue"
        assert "1 finding is still to be acted on" in page.locator(".answer").inner_text()
        page.get_by_role("textbox", name="What was done").fill("Invented deed")
        visit.press("Mark as done", "was marked as done.")
        done = page.get_by_role("row", name="Invented finding").inner_text().split("\t")
        assert done[5:] == ["done", "Invented deed"]
        visit.look("panel-4-tracker")
        visit.open(f"{address}/{PAGE}?panel={sample['panel_ref']}&panel_step=findings")
        visit.look_at_both("panel")


def test_the_pack_prints_a_case_a_page(browser: Browser, tmp_path: Path) -> None:
    copy = open_copy(build_home(tmp_path / "home"), "integrity", WHOLE)
    wish = panel_sample.Wish("Invented panel", "2025-Q1", "2025-Q3", 4, with_charged=True)
    panel_sample.draw(store(tmp_path), copy, wish, "Invented Analyst")
    out = panel_pack.write(tmp_path, tmp_path / "pack.html")
    visit = Visit(browser)
    page = visit.page
    page.goto(out.as_uri())
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    paper = page.pdf(path=SCREENSHOTS / "panel-pack.pdf", format="A4", prefer_css_page_size=True)
    assert len(re.findall(rb"/Type /Page\b(?!s)", paper)) == 5  # what it is, and four cases
    assert visit.violations() == []
    visit.close()


def test_without_closed_cases_the_page_says_so(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path, leave_out=[FRAME])
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}")
        assert "metrics.scrutiny_frame is not published to this audience" in page.locator(".missing").inner_text()
        assert page.get_by_role("button", name="Draw the sample").count() == 0
        publish(home, "integrity", tables()["integrity"], version="20261125T000000000000Z")
        visit.open(f"{address}/{PAGE}")
        assert page.get_by_role("button", name="Draw the sample").count() == 1
        assert visit.violations() == []
