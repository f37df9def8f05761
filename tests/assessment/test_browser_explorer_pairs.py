"""Two breakdowns at once, and a target, in a real browser, over the rows of tests/worlds/invented_measures.py."""

from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_browser import Visit

pytestmark = pytest.mark.browser
PAIRS = "table:has(caption:has-text('by district and offence class'))"
HIDDEN = "hidden to protect few people"


def test_a_second_breakdown_is_in_the_address_and_one_step_back_undoes_it(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/explore?measure=recorded&period=quarter&by=district")
    assert page.locator(PAIRS).count() == 0
    page = visit.choose("And by", "Offence class")
    assert parse_qs(urlsplit(page.url).query)["and_district"] == ["class"]
    rows = [row.split("\t") for row in page.locator(f"{PAIRS} tbody tr").all_inner_texts()]
    assert len(rows) == 6, "three districts by two classes"
    few = [row for row in rows if "District 3" in row[0]]
    assert few and all(HIDDEN in row[2] for row in few)
    assert any(row[2].strip().isdigit() and row[3].strip().isdigit() and "times as many" in row[4] for row in rows)
    assert all(HIDDEN in row[-1] for row in few), "no change of what is hidden"
    assert page.locator(".st-key-chart_explore-recorded-district-and-class [role=figure]").count() == 1
    page.reload()
    visit.settle()
    assert page.locator(PAIRS).count() == 1
    page.go_back()
    visit.settle()
    assert "and_district=class" not in page.url and page.locator(PAIRS).count() == 0


def test_the_answer_is_of_both_parts_once_both_are_chosen(visit: Visit, address: str) -> None:
    view = "explore?measure=recorded&period=quarter&by=district&part_district=District+1&and_district=class"
    page = visit.open(f"{address}/{view}")
    answer = page.locator(".answer").first
    assert "(8L)" not in answer.inner_text()
    page = visit.choose("Part: offence class", "Harassment (8L)")
    assert parse_qs(urlsplit(page.url).query)["of_class"] == ["8L"]
    said = answer.inner_text()
    assert "District 1, Harassment (8L), Jul to Sep 2025: 128. A year before it was 128: the same." in said
    page.go_back()
    visit.settle()
    assert "(8L)" not in page.locator(".answer").first.inner_text()
    square = page.locator(".st-key-chart_explore-recorded-district-and-class .scatterlayer .points path").first
    square.scroll_into_view_if_needed()
    square.click(force=True)  # a square of the heat map is both parts at once
    visit.settle()
    chosen = parse_qs(urlsplit(page.url).query)
    assert chosen["part_district"] == ["District 1"] and chosen["of_class"][0] in ("8L", "8Q")
