"""Two breakdowns at once, and a target, in a real browser, over the rows of tests/worlds/invented_measures.py."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_browser import Visit, serving
from published_home import build_home

pytestmark = pytest.mark.browser
PAIRS = "table:has(caption:has-text('by district and offence class'))"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build_home(tmp_path_factory.mktemp("home"))) as address:
        yield address


def test_a_second_breakdown_is_in_the_address_and_one_step_back_undoes_it(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/explore?measure=recorded&period=quarter&by=district")
    assert page.locator(PAIRS).count() == 0
    page = visit.choose("And by", "Offence class")
    assert parse_qs(urlsplit(page.url).query)["and_district"] == ["class"]
    rows = [row.split("\t") for row in page.locator(f"{PAIRS} tbody tr").all_inner_texts()]
    assert len(rows) == 6, "three districts by two classes"
    few = [row for row in rows if "District 3" in row[0]]
    assert few and all("hidden to protect few people" in row[-1] for row in few)
    assert any(row[-1].strip().isdigit() for row in rows)
    assert page.locator(".st-key-chart_explore-recorded-district-and-class [role=figure]").count() == 1
    page.reload()
    visit.settle()
    assert page.locator(PAIRS).count() == 1
    page.go_back()
    visit.settle()
    assert "and_district=class" not in page.url and page.locator(PAIRS).count() == 0
    assert visit.faults == []


def test_a_target_is_beside_the_figures_with_its_assurance(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/explore?measure=charged_365&period=quarter&by=none")
    said = " ".join(page.locator("dl.facts").first.inner_text().split())
    assert "Target at least 12.0% hit or miss: by chance alone a month meets it or misses it" in said
    page = visit.open(f"{address}/explore?measure=recorded&period=quarter&by=none")
    assert "Target" not in page.locator("dl.facts").first.inner_text()
    assert visit.faults == []
