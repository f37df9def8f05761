"""When something is not there: an empty home, a missing source, one force, a new publication, a fault in a page.

Words are read as the server draws them; one browser visit looks at every such page for barriers.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from dashboard_browser import Visit, serving
from page_read import PageRead, Reader, reading
from playwright.sync_api import Browser
from published_home import build_home, publish, tables

from dashboards.data.extract import NO_EXTRACT

pytestmark = pytest.mark.browser
OF_EXTRACT = ("can_we_trust_our_recording", "fix_list", "people_to_look_at", "recording_delay_and_class")


@pytest.mark.parametrize("name", ["at_a_glance", "fix_list", "in_brief"])
def test_an_empty_home_has_no_barrier(one_visit: Visit, tmp_path: Path, name: str) -> None:
    """A page of each audience: of all the others test_absent_tables.py reads what reaches a browser."""
    with serving(tmp_path / "nothing") as address:
        page = one_visit.open(f"{address}/{name}")
        assert "stra build" in page.locator(".missing").inner_text()
        assert one_visit.violations() == []
        one_visit.screenshot(f"empty-home-{name}")


STATES: dict[str, tuple[Mapping[str, Any], Mapping[str, Sequence[str]]]] = {
    "no open data of areas": ({"empty": ["metrics.area_demand"]}, {"recorded_demand": [
        "Counts by area come from open data", "ons_csp_offences", "mps_ward_offences"]}),
    "no extract": (
        {"leave_out": ["core.extract_forces"]},
        {name: ["Not measured: ", NO_EXTRACT.reason] for name in OF_EXTRACT}
        | {"which_standards_are_breached": [], "what_was_delivered": []},
    ),
    "an empty fix list": ({"empty": ["metrics.fix_list"]}, {"fix_list": ["nothing is on the list for this choice"]}),
}  # fmt: skip


@pytest.mark.parametrize("state", STATES)
def test_what_is_not_there_is_said_and_the_rest_stands(one_visit: Visit, tmp_path: Path, state: str) -> None:
    home, expected = STATES[state]
    with serving(build_home(tmp_path, **home)) as address:
        for asked, words in expected.items():
            page = Reader(address)(asked)
            assert page.lacks(*words) == [], asked
            says_nothing_else(state, page)
        one_visit.open(f"{address}/{asked}")
        assert one_visit.violations() == [], asked


def says_nothing_else(state: str, page: PageRead) -> None:
    """What a page may not say in the place of what is not there."""
    name, nothing_listed = page.drawn.page, "nothing is on the list" in page.text
    assert nothing_listed is (state == "an empty fix list")
    if state == "no open data of areas":
        assert "build again" not in page.missing.lower()
    if state == "no extract":
        assert page.count(".invented") == 0 and len(page.answer) > 30
        assert page.count("table, [role=figure]") == 0 or name not in OF_EXTRACT


def test_a_new_publication_is_shown_and_a_fault_never_shows_code(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with reading(home) as read:
        kent = "recorded_demand?force=E23000032"
        assert read(kent).lacks("Kent Police's") == []
        later = tables()["commissioning"]
        areas = later["metrics.area_demand"]
        renamed = {"metrics.area_demand": areas.with_columns(area_name=areas["area_code"])}
        publish(home, "commissioning", later | renamed, version="20261125T000000000000Z")
        visit = Visit(browser)
        page = visit.open(f"{read.address}/{kent}")
        page.locator(".answer", has_text="E23000032-0").wait_for()
        broken = {"metrics.area_demand": areas.drop("force_name")}
        publish(home, "commissioning", later | broken, version="20261126T000000000000Z")
        page.reload()
        page.locator(".missing", has_text="This page could not be shown").wait_for()
        assert "Traceback" not in page.content()
        assert "force_name" not in page.locator(".stMain").inner_text()
        visit.close()
