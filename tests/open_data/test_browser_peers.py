"""Forces beside each other and workload in a real browser: published outcomes, similar forces, caseloads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import invented_demand as demand
import invented_peers as peers
import invented_recording as recording
import polars as pl
import pytest
from dashboard_browser import Visit, plain, serving
from published_home import FORCES, build_home, publish, tables

from pipelines.cards import all_cards

KENT, CLEVELAND, MET, DEVON = "E23000032", "E23000013", "E23000001", "E23000035"
VERSION = "20261125T000000000000Z"


def made() -> dict[str, pl.DataFrame]:
    return {
        "metrics.force_outcome_funnel": peers.force_outcome_funnel(FORCES),
        "metrics.force_outcomes": peers.force_outcomes(FORCES),
        "core.similar_forces": peers.similar_forces(), "core.similar_forces_states": peers.similar_forces_states(),
    }  # fmt: skip


def home(folder: Path, *leave_out: str, **changed: pl.DataFrame) -> Path:
    built = build_home(folder)
    content = tables()["command"] | made() | {name.replace("__", "."): frame for name, frame in changed.items()}
    publish(built, "command", {k: v for k, v in content.items() if k not in leave_out}, version=VERSION)
    return built


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(home(tmp_path_factory.mktemp("home")), "command") as address:
        yield address


def test_the_figures_of_the_page_tests_have_the_columns_of_the_cards() -> None:
    workload = {f"metrics.{name}": getattr(demand, name)() for name in ("open_caseload", "investigator_demand")}
    for table, frame in (made() | workload).items():
        card = all_cards()[table]
        assert set(frame.columns) == {c.name for c in card.columns}, table
        assert "command" in card.audience and not [c for c in card.columns if c.name.endswith("_ref")], table


@pytest.mark.browser
def test_published_outcomes_are_in_period_ratios_in_a_funnel(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/what_happened_next?force={KENT}")
    text = plain(page.locator(".stMain").inner_text())
    assert "This is an in-period ratio, not a share of crimes charged" in text
    assert "In-period ratio, Stalking (8Q), year ending Mar 2025: charged or summonsed per outcome assigned" in text
    assert "Kent, charged or summonsed: 8.2% of outcomes assigned in the year ending Mar 2025" in text
    assert "(151 of 1,846; 95% interval 7.0% to 9.5%)" in text
    assert "within what chance and the usual spread between forces allow among 7 forces" in text
    assert "is above all of its most similar forces" in text or "is within the range of its most" in text
    assert "charge rate" not in text.replace("a charge rate can mean seven things", "")
    assert "Not in the funnel: Devon and Cornwall (at least one quarter is missing)." in text
    assert "Kent: no outcome yet" in text
    rows = {row[0]: row for row in visit.rows("published-outcomes")}
    assert rows["Kent Police"][3] == "the force itself" and rows["Cleveland Police"][3] == "in its group"
    assert rows["Devon & Cornwall Police"][1] == "" and rows["Metropolitan Police Service"][3] == "not in its group"
    visit.look_at_both("published-outcomes")


@pytest.mark.browser
def test_a_force_without_a_figure_and_another_outcome_and_year(visit: Visit, address: str) -> None:
    transferred = "Responsibility%20for%20further%20investigation%20transferred%20to%20another%20body"
    page = visit.open(
        f"{address}/what_happened_next?force={DEVON}&published_outcome={transferred}&published_year=2024-03-31&class=8L"
    )
    text = plain(page.locator(".stMain").inner_text())
    assert "Devon and Cornwall is not compared (at least one quarter is missing)." in text
    assert "In-period ratio, Harassment (8L), year ending Mar 2024: transferred to another body" in text
    assert "The year contains a recording change, 31 Jan 2024" not in text  # it moves 8R and the subgroup's count
    assert visit.violations() == []


@pytest.mark.browser
def test_without_an_extract_the_published_outcomes_stand(visit: Visit, tmp_path: Path) -> None:
    with serving(home(tmp_path, "core.extract_forces", "core.similar_forces", "core.similar_forces_states"),
                 "command") as address:  # fmt: skip
        page = visit.open(f"{address}/what_happened_next")
        assert "in-period ratios of all forces are at the end of this page" in page.locator(".answer").inner_text()
        text = plain(page.locator(".stMain").inner_text())
        assert "In-period ratio, Stalking (8Q), year ending Mar 2025" in text
        assert "Most similar forces: not measured: no list of most similar forces is delivered." in text
        assert page.locator("[data-testid=stPlotlyChart]").count() == 1
        assert visit.violations() == []


@pytest.mark.browser
def test_the_headline_of_charges_stands_beside_other_forces_unless_the_extract_is_invented(
    visit: Visit, address: str, tmp_path: Path
) -> None:
    words = "by the Home Office's in-period ratio, year ending Mar 2025: within what chance and the usual spread"
    assert words not in plain(visit.open(f"{address}/what_happened_next").locator(".stMain").inner_text())
    with serving(home(tmp_path, core__extract_forces=recording.extract_forces("Cleveland Police")), "command") as own:
        text = plain(visit.open(f"{own}/what_happened_next").locator(".stMain").inner_text())
        assert text.count(words) == 2  # of stalking and of harassment
        assert visit.violations() == []


@pytest.mark.browser
def test_where_do_we_stand_marks_the_force_s_own_group(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/where_do_we_stand?force={KENT}")
    text = plain(page.locator(".stMain").inner_text())
    assert "most similar forces (list invented 1)" in text
    assert "group average, this force included," in text and "among 8 forces" in text
    groups = {row[0]: row[3] for row in visit.rows("where-do-we-stand-rate_per_1000")}
    assert [name for name, group in groups.items() if group == "in its group"] == [
        "Cleveland Police", "Devon & Cornwall Police", "South Wales Police"
    ]  # fmt: skip
    visit.look_at_both("similar-forces")
    page = visit.open(f"{address}/where_do_we_stand?force={CLEVELAND}")
    groups = {row[0]: row[3] for row in visit.rows("where-do-we-stand-rate_per_1000")}
    assert groups["Kent Police"] == "not in its group"  # Cleveland is in Kent's group
    page = visit.open(f"{address}/where_do_we_stand?force={MET}")
    assert "has no group for this force" in plain(page.locator(".stMain").inner_text())


@pytest.mark.browser
def test_caseloads_and_demand_stand_with_what_is_apart(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/what_is_coming")
    text = plain(page.locator(".stMain").inner_text())
    for words in (
        "480 open crimes of stalking and harassment on 19 Nov 2025: 3.7 for each of 126 investigators who hold any",
        "Early month ends are too low.",
        "median 3.5, 90th percentile 7, highest 13",
        "Open crimes not allocated, or allocated to an investigator who is not on the list: 15.",
        "Crimes not counted because it is not known whether they are open: 6.",
        "Unit of the investigator: 3.6 to 4.2 open crimes per investigator, 19 Nov 2025",
        "126 crimes recorded in Oct 2025: 2.1 for each of 60 investigators who were allocated one in the month",
        "point of contact for stalking was consulted: 57 in the twelve months to Oct 2025, each crime counted once",
        "New demand counts crimes whose principal class is stalking or harassment",
    ):
        assert words in text, words
    months = [row[0] for row in visit.rows("open-caseload")]
    assert f"{demand.month(21):%Y-%m}" not in {day[:7] for day in months}
    parts = {row[0]: row for row in visit.rows("open-caseload-by-part")}
    assert set(parts) - {"Unit of the investigator"} == {"Unit A", "Unit B", "Units with few investigators, together"}
    assert parts["Units with few investigators, together"][1] == "6"
    assert visit.rows("open-caseload")[1][-3:-1] == ["15 together", "15 together"]
    assert {row[4] for row in visit.rows("investigator-demand")[1:]} == {"fewer than 5", "9"}
    visit.look_at_both("caseload")
    page = visit.open(f"{address}/what_is_coming?caseload=risk")
    assert [row[0] for row in visit.rows("open-caseload-by-part")[1:]] == [
        "High", "Medium", "Grades with few crimes, together"
    ]  # fmt: skip


@pytest.mark.browser
def test_without_assessments_risk_is_not_measured_in_words(visit: Visit, tmp_path: Path) -> None:
    rows = demand.open_caseload().filter(pl.col("breakdown") != "risk")
    with serving(home(tmp_path, metrics__open_caseload=rows), "command") as address:
        text = plain(visit.open(f"{address}/what_is_coming").locator(".stMain").inner_text())
        assert "Risk of the crime: not measured. Risk assessments with grade" in text


@pytest.mark.browser
def test_what_is_not_supplied_is_not_measured(visit: Visit, tmp_path: Path) -> None:
    none = {"metrics__open_caseload": demand.open_caseload().clear(),
            "metrics__investigator_demand": demand.investigator_demand(has_consultations=False)}  # fmt: skip
    with serving(home(tmp_path, **none), "command") as address:
        page = visit.open(f"{address}/what_is_coming")
        box = page.locator(".missing").inner_text()
        assert "Not measured: open caseload" in box and "allocations (allocation)" in box
        assert "single point of contact: not measured" in page.locator(".stMain").inner_text()
        assert visit.violations() == []
