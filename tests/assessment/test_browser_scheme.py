"""The scoring scheme in a real browser: a change shows what it would move, is accepted, and is not accepted twice."""

from pathlib import Path

import pytest
from dashboard_browser import WAIT_MS, Visit, serving
from playwright.sync_api import Page
from published_home import build_home

from casework.assessment import scheme
from casework.store.database import open_store

pytestmark = pytest.mark.browser


def type_value(page: Page, visit: Visit, value: str) -> None:
    page.get_by_label("New value", exact=True).fill(value)
    page.keyboard.press("Enter")
    visit.settle()


def test_a_change_is_shown_accepted_and_not_accepted_twice(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/scoring_scheme")
        assert "None: the scheme is as shipped." in page.locator(".stMain").inner_text()
        visit.sign("Invented Analyst")
        visit.choose("Which", "harm/psychological")
        assert "Enter another value to see its effect." in page.locator(".stMain").inner_text()
        type_value(page, visit, "-1")
        assert "Expected a number from 0 up; saw -1." in page.get_by_role("alert").inner_text()
        type_value(page, visit, "4")
        rows = page.locator("table", has_text="would change: harm/psychological from 1.5 to 4").locator("tbody tr")
        assert rows.count() > 0 and " to " in rows.first.inner_text()
        assert visit.violations() == []
        page.get_by_role("button", name="Accept the change").click()
        page.get_by_text("Say why the scheme is changed").wait_for(timeout=WAIT_MS)
        page.get_by_label("Why", exact=True).fill("Fear is the harm of stalking")
        page.get_by_role("button", name="Accept the change").click()
        page.get_by_text("The change was accepted and logged.").wait_for(timeout=WAIT_MS)
        visit.settle()
        assert "1.5 to 4" in page.locator("table", has_text="Themes or tables changed").inner_text()
        type_value(page, visit, "5")
        page.get_by_label("Why", exact=True).fill("Once more")
        page.get_by_role("button", name="Accept the change").click()
        page.get_by_text("The scheme is at version 2 now").wait_for(timeout=WAIT_MS)
    [change] = scheme.changes(open_store(home))
    assert (change["key"], change["old_value"], change["new_value"]) == ("harm/psychological", 1.5, 4.0)
    assert change["effect"]["themes"]
