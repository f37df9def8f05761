"""Forces beside each other and workload: published outcomes, similar forces, caseloads."""

import re
from collections.abc import Iterator
from pathlib import Path

import invented_demand as demand
import invented_peers as peers
import invented_recording as recording
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from page_read import PageRead, Reader, reading
from published_home import FORCES, build_home, publish, tables

from pipelines.tables.cards import all_cards

KENT, CLEVELAND, MET, DEVON = "E23000032", "E23000013", "E23000001", "E23000035"
VERSION = "20261125T000000000000Z"


def made() -> dict[str, pl.DataFrame]:
    return {
        "metrics.force_outcome_funnel": peers.force_outcome_funnel(FORCES),
        "metrics.force_outcomes": peers.force_outcomes(FORCES),
        "core.similar_forces": peers.similar_forces(), "core.list_states": peers.similar_forces_states(),
    }  # fmt: skip


def home(folder: Path, *leave_out: str, **changed: pl.DataFrame) -> Path:
    built = build_home(folder)
    content = tables()["command"] | made() | {name.replace("__", "."): frame for name, frame in changed.items()}
    publish(built, "command", {k: v for k, v in content.items() if k not in leave_out}, version=VERSION)
    return built


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(home(tmp_path_factory.mktemp("home"))) as address:
        yield address


def test_the_figures_of_the_page_tests_have_the_columns_of_the_cards() -> None:
    workload = {f"metrics.{name}": getattr(demand, name)() for name in ("open_caseload", "investigator_demand")}
    for table, frame in (made() | workload).items():
        card = all_cards()[table]
        assert set(frame.columns) == {c.name for c in card.columns}, table
        assert "command" in card.audience and not [c for c in card.columns if c.name.endswith("_ref")], table


def groups_of(page: PageRead, figure: str) -> dict[str, str]:
    """Force -> whether it is in the group of the force asked for."""
    return {row[0]: row[3] for row in page.rows(figure)}


def has_no_barrier(one_visit: Visit, page: PageRead, name: str = "") -> None:
    """In a browser, on a desk; where it has a `name`, on a phone too."""
    one_visit.open(f"{page.address}/{page.asked}")
    if name:
        one_visit.look_at_both(name)
    else:
        assert one_visit.violations() == []


@pytest.mark.browser
def test_published_outcomes_are_in_period_ratios_in_a_funnel(read: Reader, one_visit: Visit) -> None:
    page = read(f"what_happened_next?force={KENT}")
    assert page.lacks(
        "In-period ratio, Stalking (8Q), year ending Mar 2025", "in-period ratio, not a share of crimes charged",
        "8.2% of outcomes assigned", "(151 of 1,846; 95% interval 7.0% to 9.5%)", "among 7 forces",
        "Devon and Cornwall (at least one quarter", "Kent: no outcome yet",
    ) == []  # fmt: skip
    assert re.search("is (above all|within the range) of its most", page.text)
    assert "charge rate" not in page.text.replace("a charge rate can mean seven things", "")
    groups = groups_of(page, "published-outcomes")
    assert (groups["Kent Police"], groups["Cleveland Police"]) == ("the force itself", "in its group")
    assert groups["Metropolitan Police Service"] == "not in its group"
    assert ["Devon & Cornwall Police", ""] in [row[:2] for row in page.rows("published-outcomes")]
    has_no_barrier(one_visit, page, "published-outcomes")


@pytest.mark.browser
def test_without_an_extract_the_published_outcomes_stand(one_visit: Visit, tmp_path: Path) -> None:
    gone = ("core.extract_forces", "core.similar_forces", "core.list_states")
    with reading(home(tmp_path, *gone)) as read:
        page = read("what_happened_next")
        assert "in-period ratios of all forces" in page.answer and page.count("[role=figure]") == 1
        assert page.lacks("Stalking (8Q), year ending Mar 2025",
                          "Most similar forces: not measured") == []  # fmt: skip
        has_no_barrier(one_visit, page)


@pytest.mark.browser
def test_the_headline_of_charges_stands_beside_other_forces_unless_the_extract_is_invented(
    read: Reader, one_visit: Visit, tmp_path: Path
) -> None:
    words = "by the Home Office's in-period ratio, year ending Mar 2025: within what chance and the usual spread"
    assert words not in read("what_happened_next").text
    own = home(tmp_path, core__extract_forces=recording.extract_forces("Cleveland Police"))
    with reading(own) as real:
        page = real("what_happened_next")
        assert page.text.count(words) == 2  # of stalking and of harassment
        has_no_barrier(one_visit, page)


@pytest.mark.browser
def test_where_do_we_stand_marks_the_force_s_own_group(read: Reader, one_visit: Visit) -> None:
    page, figure = read(f"where_do_we_stand?force={KENT}"), "where-do-we-stand-rate_per_1000"
    assert page.lacks("(list invented 1)", "group average, this force included,", "among 8 forces") == []
    assert [name for name, group in groups_of(page, figure).items() if group == "in its group"] == [
        "Cleveland Police", "Devon & Cornwall Police", "South Wales Police"
    ]  # fmt: skip
    has_no_barrier(one_visit, page, "similar-forces")
    groups = groups_of(read(f"where_do_we_stand?force={CLEVELAND}"), figure)
    assert groups["Kent Police"] == "not in its group"  # Cleveland is in Kent's group
    assert read(f"where_do_we_stand?force={MET}").lacks("has no group") == []


@pytest.mark.browser
def test_what_is_not_supplied_is_not_measured(one_visit: Visit, tmp_path: Path) -> None:
    rows = demand.open_caseload().filter(pl.col("breakdown") != "risk")
    with reading(home(tmp_path / "some", metrics__open_caseload=rows)) as read:
        assert read("what_is_coming").lacks("Risk of the crime: not measured") == []
    none = {"metrics__open_caseload": demand.open_caseload().clear(),
            "metrics__investigator_demand": demand.investigator_demand(has_consultations=False)}  # fmt: skip
    with reading(home(tmp_path / "none", **none)) as read:
        page = read("what_is_coming")
        assert "Not measured: open caseload" in page.missing and "allocations (allocation)" in page.missing
        assert page.lacks("single point of contact: not measured") == []
        has_no_barrier(one_visit, page)
