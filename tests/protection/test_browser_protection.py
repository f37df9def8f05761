"""The page on the protection of victims in a real browser: what it says for given rows, and that nobody is on it."""

from __future__ import annotations

import re
from pathlib import Path

import invented_protection as protection
import pytest
from dashboard_browser import Visit, plain, serving
from published_home import build_home, publish, tables

from dashboards.pages.protection.protection_text import SECTIONS

AUDIENCE = "command"

PAGE = "are_victims_protected"
PARTS = (*SECTIONS.values(), "Later events")


@pytest.mark.browser
def test_the_page_answers_first_and_every_section_states_a_finding(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    answer = plain(page.locator(".answer").inner_text())
    assert answer.startswith('Lowest compliance: "Stalking, no further action: order considered" (60.0%')
    assert "13 of 14 measures can be made from this extract" in answer
    headings = [plain(text) for text in page.locator("h2, h3").all_inner_texts()]
    assert [h for h in headings if h in PARTS] == list(PARTS)
    for words in (
        "Compliance on record with 8 leading duties, lowest first",
        "Of 200 stalking protection orders considered, 80 were applied for, 50 granted and 45 served; 12",
        "Missing most often from the files of 200 charged crimes: timeline of the behaviour in MG5 (30)",
        'Later events: "Second report of the same pair within 30 days" (11.1% of 900)',
    ):
        assert any(words in heading for heading in headings), words
    missing = "Not measured: Victim consulted on the plan (field risk_plan.victim_consulted not supplied)."
    page.get_by_text(missing).wait_for()
    page.get_by_text("They are not duties of the police alone").wait_for()
    text = page.locator(".stMain").inner_text()
    assert not re.search(r"\bRAG\b|per cent (more|less)|[+−-]\d+(\.\d+)? ?%", text)


@pytest.mark.browser
def test_small_counts_are_in_no_table_and_no_file(visit: Visit, address: str) -> None:
    visit.open(f"{address}/{PAGE}")
    rows = {row[0]: row for row in visit.rows("protection-orders")}
    assert rows["Domestic notice: hearing within 48 hours"][4:8] == [
        "fewer than 5", "6", "fewer than 5", "fewer than 5"
    ]  # fmt: skip
    funnel = {row[0]: row for row in visit.rows("order-funnel")}
    assert funnel["Restraining order"][5:7] == ["fewer than 5", "fewer than 5"]
    conditions = {row[1]: row for row in visit.rows("order-conditions")}
    assert conditions["Attend a programme"][3:6] == ["fewer than 5"] * 3
    assert "other order" not in {name.lower() for name, *rest in funnel.items() if "" in rest}


@pytest.mark.browser
def test_tables_that_were_not_supplied_are_said_and_the_rest_stands(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    content = tables()["command"]
    content["metrics.protection_measures"] = protection.protection_measures("breaches", "file")
    content["metrics.order_funnel"] = protection.order_funnel(has_breaches=False)
    content["metrics.case_file_gaps"] = protection.case_file_gaps(30, 3, 0)
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        page = visit.open(f"{address}/{PAGE}")
        assert page.locator(".missing").count() == 2
        page.locator(".missing", has_text="table invented not supplied").first.wait_for()
        page.get_by_role("heading", name="breaches were not supplied").wait_for()
        rows = visit.rows("case-file-gaps")
        assert rows[0] == ["Item", "Files without it", "Files", "Rule"] and rows[2][1] == "fewer than 5"
        assert visit.violations() == []
