"""When something is not there: an empty home, a missing source, one force, a new publication, a fault in a page."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from dashboard_browser import Visit, serving
from playwright.sync_api import Browser
from published_home import FORCES, build_home, publish, tables

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def empty_address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(tmp_path_factory.mktemp("empty") / "nothing") as address:
        yield address


@pytest.mark.parametrize("name", ["at_a_glance", "fix_list", "in_brief"])
def test_an_empty_home_shows_how_to_begin(visit: Visit, empty_address: str, name: str) -> None:
    """A page of each audience: of all the others test_absent_tables.py reads what reaches a browser."""
    page = visit.open(f"{empty_address}/{name}")
    text = page.locator(".missing").inner_text()
    assert "Nothing built yet" in text and "stra build" in text
    assert visit.violations() == []
    visit.screenshot(f"empty-home-{name}")


def test_a_missing_source_leaves_the_rest_of_the_page_standing(visit: Visit, tmp_path: Path) -> None:
    reason = "Not published: rule PUB-06 on metrics.area_demand could not be run"
    home = build_home(
        tmp_path,
        leave_out=[
            "core.force_boundaries",
            "metrics.control_chart_series",
            "core.coverage",
            "quality.rule_results",
        ],
        empty=["metrics.outcome_mix", "raw.quarantined_rows", "raw.unrecognised_files"],
        withheld={"metrics.area_demand": reason},
    )
    expected = {
        "is_it_changing": ["Not measured: recorded stalking and harassment", "Nothing delivered yet: outcomes"],
        "where_do_we_stand": ["Not measured: the map of forces"],
        "what_was_delivered": ["Not measured: coverage by force and month"],
        "which_standards_are_breached": ["Not measured: the results of the standards"],
        "recorded_demand": [reason],
    }
    with serving(home) as address:
        for name, sentences in expected.items():
            page = visit.open(f"{address}/{name}")
            for sentence in sentences:
                page.locator(".missing", has_text=sentence).first.wait_for()
            folded = page.locator("details.missing", has_text="Withheld from this copy: 1 table.")
            assert folded.count() == (name == "recorded_demand")
            assert visit.violations() == []
            visit.screenshot(f"missing-source-{name}")
            if name == "what_was_delivered":
                page.get_by_text("No row is in quarantine").wait_for()
                page.get_by_text("Every file in the data folder was recognised").wait_for()


def test_areas_without_open_data_say_what_to_deliver(visit: Visit, tmp_path: Path) -> None:
    with serving(build_home(tmp_path, empty=["metrics.area_demand"])) as address:
        said = visit.open(f"{address}/recorded_demand").locator(".missing").inner_text()
        assert "Counts by area come from open data, and none of them is delivered." in said
        assert "ons_csp_offences" in said and "mps_ward_offences" in said
        assert "build again" not in said.lower()


def test_a_home_without_an_extract_says_so_and_shows_no_sign(visit: Visit, tmp_path: Path) -> None:
    expected = {
        "can_we_trust_our_recording": "Not measured: our recording",
        "fix_list": "Not measured: records to correct",
        "people_to_look_at": "Not measured: priority suspects",
        "recording_delay_and_class": "Not measured: recording delay and class",
        "which_standards_are_breached": None,
        "what_was_delivered": None,
    }
    with serving(build_home(tmp_path, leave_out=["core.extract_forces"])) as address:
        for name, words in expected.items():
            page = visit.open(f"{address}/{name}")
            assert page.locator(".invented").count() == 0
            assert len(page.locator(".answer").first.inner_text()) > 30
            if words:
                assert words in page.locator(".missing").inner_text()
                assert "Open data cannot show how a crime was recorded" in page.locator(".missing").inner_text()
                assert page.locator("table, .stPlotlyChart").count() == 0
            assert visit.violations() == []


def test_each_part_of_an_extract_that_is_not_there_is_said_and_the_rest_stands(visit: Visit, tmp_path: Path) -> None:
    reason = "Not published: rule TIM-01 could not be run"
    home = build_home(
        tmp_path,
        leave_out=[
            "metrics.recording_delay_bins",
            "metrics.rule_compliance",
            "metrics.breach_records",
            "core.text_signals",
            "metrics.recording_trust_series",
            "reference.offence_classes",
        ],
        empty=["metrics.removal_census", "metrics.reclassification_census", "metrics.ended_breaches"],
        withheld={"metrics.recording_delays": reason, "metrics.former_partner_classes": reason},
    )
    expected = {
        "can_we_trust_our_recording": ["Not measured: compliance over time"],
        "recording_delay_and_class": [reason, "No removal was delivered", "No change of class was delivered"],
        "which_standards_are_breached": ["Not measured: shares with their intervals"],
        "which_standards_are_breached?rule=TIM-01@core.recording_time_facts": ["Not measured: unit, class and month"],
        "fix_list": ["nothing on the last list has been corrected since"],
    }
    with serving(home) as address:
        for name, sentences in expected.items():
            page = visit.open(f"{address}/{name}")
            for sentence in sentences:
                page.get_by_text(sentence).locator("visible=true").first.wait_for()
            assert visit.violations() == []


def test_an_empty_fix_list_is_a_result_and_a_missing_one_is_not(visit: Visit, tmp_path: Path) -> None:
    with serving(build_home(tmp_path / "empty", empty=["metrics.fix_list"])) as address:
        page = visit.open(f"{address}/fix_list")
        page.get_by_text("nothing is on the list for this choice").wait_for()
        assert visit.violations() == []
    with serving(build_home(tmp_path / "missing", leave_out=["metrics.fix_list"])) as address:
        page = visit.open(f"{address}/fix_list")
        assert "Not measured: records to correct" in page.locator(".missing").inner_text()
        assert "nothing is on the list" not in page.content()


def test_a_single_force_is_shown_and_not_compared(visit: Visit, tmp_path: Path) -> None:
    kent = [force for force in FORCES if force[1] == "Kent Police"]
    with serving(build_home(tmp_path, forces=kent, empty=["metrics.force_funnel"])) as address:
        page = visit.open(f"{address}/where_do_we_stand")
        assert "Kent Police cannot be compared" in page.locator(".answer").inner_text()
        assert "residents in 2018" in page.locator(".facts").inner_text()
        assert visit.violations() == []
        visit.screenshot("single-force-where_do_we_stand")


def test_a_new_publication_is_shown_and_a_fault_never_shows_code(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home, "commissioning") as address:
        visit = Visit(browser)
        visit.open(f"{address}/recorded_demand?force=E23000032").get_by_text("Kent Police's").first.wait_for()
        later = tables()["commissioning"]
        areas = later["metrics.area_demand"]
        renamed = {"metrics.area_demand": areas.with_columns(area_name=areas["area_code"])}
        publish(home, "commissioning", later | renamed, version="20261125T000000000000Z")
        page = visit.open(f"{address}/recorded_demand?force=E23000032")
        page.locator(".answer", has_text="E23000032-0").wait_for()
        broken = {"metrics.area_demand": areas.drop("force_name")}
        publish(home, "commissioning", later | broken, version="20261126T000000000000Z")
        page.reload()
        page.locator(".missing", has_text="This page could not be shown").wait_for()
        assert "Traceback" not in page.content()
        assert "force_name" not in page.locator(".stMain").inner_text()
        visit.close()
