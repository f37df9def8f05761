"""Priority suspects in the browser: the list, one person, two in time; what each says when a part is not there."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, quote, urlsplit

import invented_people as invented
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from published_home import build_home, publish, tables

pytestmark = pytest.mark.browser
PAGE = "people_to_look_at"
ADVISORY = (
    "Advisory only: this list says which records to read first. It decides nothing about anybody. Suspects are not "
    "offenders"
)
COMPONENTS = ["Score, 0 to 100", "Recency", "Frequency", "Gravity", "Victims", "Linkage"]


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with serving(build_home(tmp_path_factory.mktemp("home"))) as address:
        yield f"{address}/{PAGE}"


def people(visit: Visit) -> list[str]:
    """References in the order of the list."""
    return visit.page.locator("tbody th").all_inner_texts()


def facts(visit: Visit) -> dict[str, str]:
    """Label -> value and small print."""
    parts = visit.page.locator(".facts > div").all()
    return {p.locator("dt").inner_text(): p.locator("dd").inner_text().replace("\n", " ") for p in parts}


# the list


def test_the_list_answers_first_and_is_advisory(visit: Visit, address: str) -> None:
    page = visit.open(address)
    assert page.locator(".answer").inner_text().startswith(
        "113 of 114 people suspected in the two years to 31 Oct 2025 can be ranked by score."
    )  # fmt: skip
    assert ADVISORY in page.locator(".note").first.inner_text()
    found = facts(visit)
    assert found["Ranked by score"] == "113 of 114 suspects"
    assert found["Serial and unmanaged"].startswith("1 ")
    assert found["Linkage doubtful"].startswith("1 may be records of two people; linkage not measured for 1 more")
    page.get_by_role("heading", name="The first 100 of 114 suspects, by score, highest first").wait_for()
    assert page.get_by_text("The V100 list is not available as an order: metrics.v100 is not published").count() == 1
    assert page.get_by_text("To challenge a rank, ask the force crime registrar").count() == 1
    chosen = parse_qs(urlsplit(page.url).query)
    assert {name: chosen[name] for name in ("window", "order", "who")} == {
        "window": ["730"], "order": ["score"], "who": ["all"],
    }  # fmt: skip


def test_a_score_never_stands_without_its_components_and_its_linkage_mark(visit: Visit, address: str) -> None:
    page = visit.open(address)
    first = page.locator("tbody tr").first.locator("th, td").all_inner_texts()
    assert first == ["1", invented.WORST, "82.5", "0.93", "0.87", "0.90", "0.60", "sure",
                     "2 orders in force; on bail; matac", "6", "8", "3", "1", "210.0", "not measured", "14.0",
                     "11 Oct 2025"]  # fmt: skip
    heading, *rows = visit.rows("people-to-look-at")
    assert len(rows) == 100
    at = heading.index(COMPONENTS[0])
    assert heading[at : at + 6] == COMPONENTS
    for window in ("90", "365", "1095"):
        visit.open(f"{address}?window={window}")
        heading, *rows = visit.rows("people-to-look-at")
        assert set(COMPONENTS) <= set(heading)
        assert all(row[heading.index("Linkage")] for row in rows)


def test_points_of_the_force_s_own_table_stand_with_their_four_parts_and_order_the_list(
    visit: Visit, tmp_path: Path
) -> None:
    home = build_home(tmp_path)
    content = tables()["integrity"]
    content["metrics.repeat_suspects"] = invented.with_points(invented.repeat_suspects())
    content["core.rfgv_points_states"] = invented.points_states()
    publish(home, "integrity", content, version="20261125T000000000000Z")
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}?order=points")
        page.get_by_role("heading", name="by the force's own points table, highest first").wait_for()
        assert people(visit)[0] == invented.HOSTILE
        heading, first, *_ = visit.rows("people-to-look-at")
        at = heading.index("Points, total")
        assert heading[at : at + 6] == ["Points, total", "Rank by points", "Recency, points", "Frequency, points",
                                        "Gravity, points", "Victims, points"]  # fmt: skip
        assert first[at : at + 6] == ["30.5", "1", "10.0", "5.0", "8.0", "7.5"]
        assert set(COMPONENTS) <= set(heading), "the score stands beside them"
        page.get_by_text("Points table: the force's own, matac.csv").wait_for()
        assert visit.violations() == []
        page = visit.open(f"{address}/{PAGE}?person={invented.OPEN}")
        found = page.locator(".facts").nth(1).inner_text()
        assert "Points, total" in found and "not known" in found and "no rank" in found
        page.get_by_text("share a rank. Linkage: not measured.").wait_for()
        assert visit.violations() == []


def test_without_a_points_table_nothing_is_ordered_by_one(visit: Visit, address: str) -> None:
    page = visit.open(address)
    assert not [label for label in visit.rows("people-to-look-at")[0] if "oints" in label and "Harm" not in label]
    page.get_by_text("A force may load its own points table").wait_for()
    page = visit.open(f"{address}?order=points")
    page.get_by_text("which this copy does not hold").wait_for()


@pytest.mark.parametrize(
    ("order", "first"),
    [("score", [invented.WORST, invented.HOSTILE, invented.LONE]), ("severity", [invented.WORST]),
     ("behaviour", [invented.HOSTILE, invented.WORST]), ("events", [invented.OPEN, invented.WORST, invented.HOSTILE])],
)  # fmt: skip
def test_the_order_is_the_one_chosen(visit: Visit, address: str, order: str, first: list[str]) -> None:
    visit.open(f"{address}?order={order}")
    assert people(visit)[: len(first)] == first


@pytest.mark.parametrize(
    ("who", "listed"),
    [("repeat", {invented.WORST, invented.HOSTILE, invented.OPEN}), ("serial", {invented.WORST, invented.OPEN}),
     ("unmanaged", {invented.HOSTILE, invented.OPEN}), ("serial-unmanaged", {invented.OPEN})],
)  # fmt: skip
def test_a_filter_leaves_those_it_names(visit: Visit, address: str, who: str, listed: set[str]) -> None:
    visit.open(f"{address}?who={who}")
    assert set(people(visit)) == listed
    if invented.OPEN in listed:
        row = visit.page.locator("tr", has_text=invented.OPEN).inner_text()
        assert "no score" in row
        assert "gravity is not known (an event has no severity weight" in row


def test_a_choice_that_leaves_nobody_says_so(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}?window=365&who=serial-unmanaged")
    page.get_by_text("No suspect meets this choice of filters.").wait_for()


# one person


def test_a_person_is_reached_by_keyboard_and_says_why_this_place(visit: Visit, address: str) -> None:
    page = visit.open(address)
    page.get_by_role("link", name=invented.WORST, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**person={invented.WORST}**")
    visit.settle()
    assert page.locator(".answer").inner_text() == (
        "P-AAA is suspected in 6 events (8 crimes as recorded) with 3 victims in the two years to 31 Oct 2025. "
        "Linkage: sure."
    )
    assert ADVISORY in page.locator(".note").first.inner_text()
    page.get_by_role("heading", name="Score 82.5 of 100, mainly because of recency").wait_for()
    alt = page.locator(".st-key-chart_person-components [role=figure]").get_attribute("aria-label") or ""
    assert "Recency 0.93; Frequency 0.87; Gravity 0.90; Victims 0.60. Linkage: sure." in alt
    found = facts(visit)
    assert found["Score, 0 to 100"] == "82.5 linkage: sure"
    assert (found["Orders in force"][0], found["Bail"][0], found["Programmes"][:5]) == ("2", "1", "matac")
    windows = page.locator("table", has_text="Three years").locator("tbody tr").all_inner_texts()
    assert [w.split("\t")[:2] for w in windows] == [
        ["90 days", "1"], ["A year", "6"], ["Two years", "6"], ["Three years", "9"]
    ]  # fmt: skip
    dyads = page.locator("table", has_text="Frequency over time").locator("tbody tr").all_inner_texts()
    assert "rising, beyond chance\tno change beyond chance" in dyads[0]
    assert "too few events to test\ttoo few events to test" in dyads[1]
    assert page.get_by_text("1 report without a victim on the record, in all years: C9.").count() == 1
    assert page.get_by_role("link", name="Review links: read").count() == 0
    page.get_by_role("link", name="The list").click()
    page.get_by_role("heading", name="The list").wait_for()


def test_a_doubtful_person_leads_to_the_review_of_links(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}?person={quote(invented.HOSTILE)}")
    assert "Linkage: doubtful" in page.locator(".answer").inner_text()
    page.get_by_text("these may be records of two people. Read the records before anything else").wait_for()
    page.get_by_role("link", name="Review links: read the uncertain pairs").click()
    page.wait_for_url("**/review_links?links=read**")
    visit.settle()


def test_a_person_without_a_score_or_not_in_the_window_is_not_zero(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}?person={invented.OPEN}")
    assert "no score" in facts(visit)["Score, 0 to 100"]
    assert facts(visit)["Gravity"].startswith("not known")
    page.get_by_role("heading", name="No score: gravity is not known").wait_for()
    page = visit.open(f"{address}?person={invented.OPEN}&window=90")
    assert "P-CCC has no event in the 90 days to 31 Oct 2025" in page.locator(".answer").inner_text()
    page = visit.open(f"{address}?person={invented.LONE}")
    page.get_by_text("Not compared: management is checked for repeat and serial suspects").wait_for()


# two people in time


def test_two_people_in_time_with_a_chart_a_table_and_a_file(visit: Visit, address: str, tmp_path: Path) -> None:
    page = visit.open(f"{address}?person={invented.WORST}")
    page.get_by_role("link", name="P-V1").click()
    page.wait_for_url("**dyad=d1**")
    visit.settle()
    assert page.locator(".answer").inner_text() == (
        "Suspect P-AAA, victim P-V1: 5 events in 6 reports, 26 Sep 2024 to 11 Oct 2025; 1 order granted, 1 breach and "
        "1 arrest."
    )
    assert facts(visit)["Frequency"].startswith("Rising, beyond chance")
    assert facts(visit)["Severity"].startswith("No change beyond chance")
    assert page.get_by_text("Linkage of the suspect's records: sure.").count() == 1
    alt = page.locator(".st-key-chart_timeline-d1 [role=figure]").get_attribute("aria-label") or ""
    assert "Behaviours in reports: threat 3" in alt
    heading, *rows = visit.rows("timeline-d1")
    words = "Class and behaviours, kind, grade or code"
    assert heading == ["When", "What", words, "Record", "Event", "Suspect", "Victim"]
    assert [row[3] for row in rows] == [
        "C1", "C2", "R1", "K1", "U1", "O1", "C3", "B1", "C4", "R2", "C5", "C6", "O1"
    ]  # fmt: skip
    assert {(row[5], row[6]) for row in rows} == {("P-AAA", "P-V1")}
    with page.expect_download() as download:
        page.locator(".st-key-xlsx_timeline-d1 button").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_timeline-d1.xlsx"
    with zipfile.ZipFile(download.value.path()) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "OFFICIAL" in re.findall("<oddHeader>(.*?)</oddHeader>", sheet)[0]
    frame = pl.read_excel(download.value.path(), sheet_name="Invented data", read_options={"dtypes": "string"})
    assert frame.columns == heading
    assert frame.height == len(rows)
    page.get_by_role("link", name="The suspect, P-AAA").click()
    page.wait_for_url(f"**person={invented.WORST}**")


def test_a_crime_without_a_victim_is_shown_and_not_tested(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}?dyad={invented.VICTIMLESS}")
    assert "Suspect P-AAA, no victim on the record: 1 event in 1 report" in page.locator(".answer").inner_text()
    page.get_by_text("Not tested: no victim is on the record").wait_for()


# what a file or an address says is only ever text


def test_a_hostile_reference_is_text_everywhere(visit: Visit, address: str) -> None:
    for query in ("", f"?person={quote(invented.HOSTILE)}", f"?dyad={quote(invented.HOSTILE_DYAD)}",
                  f"?person={quote('<img src=x onerror=alert(1)>')}", f"?dyad={quote('<b>none</b>')}"):  # fmt: skip
        page = visit.open(f"{address}{query}")
        assert page.locator(".stMain :is(b, i, u, s, img):not(.key b)").count() == 0, query
    page = visit.open(address)
    page.get_by_role("link", name=invented.HOSTILE, exact=True).click()
    page.wait_for_url("**person=**")
    visit.settle()
    assert page.locator(".answer").inner_text().startswith("<b>x</b> is suspected in 2 events")
    page.get_by_role("link", name="<i>v</i>").click()
    page.wait_for_url("**dyad=**")
    visit.settle()
    assert page.locator(".answer").inner_text().startswith("Suspect <b>x</b>, victim <i>v</i>: 1 event")


def test_an_unknown_reference_is_said_plainly(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}?person={quote('<b>nobody</b>')}")
    assert page.locator(".answer").inner_text() == (
        "No suspect with the reference “<b>nobody</b>” is named in an event that counts now."
    )
    assert page.locator("table, .stPlotlyChart").count() == 0
    page = visit.open(f"{address}?dyad={'x' * 200}")
    assert f"No suspect and victim have the reference “{'x' * 80}”" in page.locator(".answer").inner_text()
    page = visit.open(f"{address}?person=person-aa1")
    page.get_by_text("It was merged into person-bb2.").wait_for()


# barriers


@pytest.mark.parametrize(
    "query", ["?who=serial", f"?person={invented.WORST}", f"?dyad={invented.DYAD}", "?person=nobody"]
)
def test_no_view_has_a_barrier_that_axe_can_find(visit: Visit, address: str, query: str) -> None:
    """The list itself is a page, at which test_pages.py looks."""
    page = visit.open(f"{address}{query}")
    for summary in page.locator("details > summary").all():
        summary.click()
    visit.look_at_both(f"people-{re.sub('[^a-zA-Z]+', '-', query)}")


# when a part is not there


def published(home: Path, changed: dict[str, pl.DataFrame], leave_out: tuple[str, ...] = ()) -> Path:
    content = {name: rows for name, rows in (tables()["integrity"] | changed).items() if name not in leave_out}
    publish(build_home(home), "integrity", content, version="20261125T000000000000Z")
    return home


def test_the_v100_list_is_an_order_where_it_is_published(visit: Visit, tmp_path: Path) -> None:
    with serving(published(tmp_path, {"metrics.v100": invented.v100()})) as address:
        page = visit.open(f"{address}/{PAGE}?order=v100&window=730")
        assert people(visit) == [invented.LONE, invented.WORST, "P-OLD"]
        heading, *rows = visit.rows("people-to-look-at")
        assert heading[:3] == ["V100 rank", "Person", "V100 harm, days"]
        assert set(COMPONENTS) <= set(heading)
        assert rows[0][:3] == ["1", invented.LONE, "410.0"]
        assert [row[1] for row in rows] == [invented.LONE, invented.WORST, "P-OLD"]
        old = dict(zip(heading, rows[2]))
        assert (old["Linkage"], old["Why there is no score"]) == ("likely", "none of their events began in the window")
        page.get_by_text("The V100 list always covers a year").wait_for()
        assert "the year to 31 Oct 2025" in page.locator(".answer").inner_text()
        assert page.get_by_text("The V100 list is not available").count() == 0
        assert visit.violations() == []


def test_an_unavailable_v100_list_says_why(visit: Visit, tmp_path: Path) -> None:
    why = "unavailable: no copy of the index was delivered"
    changed = {"metrics.v100": invented.v100().clear(), "metrics.v100_states": pl.DataFrame({"state": [why]})}
    with serving(published(tmp_path, changed)) as address:
        visit.open(f"{address}/{PAGE}").get_by_text(f"The V100 list is not available as an order: {why}.").wait_for()


def test_each_part_that_is_not_there_is_said_and_the_rest_stands(visit: Visit, tmp_path: Path) -> None:
    gone = ("metrics.repeat_management", "metrics.dyad_escalation", "metrics.management_overlap", "reference.settings")
    expected = {
        "": ["Not measured: management of repeat and serial suspects", "the harm that gravity uses is not published"],
        f"?person={invented.WORST}": ["Not measured: tests of escalation", "Not compared: management is checked"],
        f"?dyad={invented.DYAD}": ["Not measured: the tests of escalation"],
    }
    with serving(published(tmp_path / "some", {}, gone)) as address:
        for query, sentences in expected.items():
            page = visit.open(f"{address}/{PAGE}{query}")
            for sentence in sentences:
                page.get_by_text(sentence).first.wait_for()
            assert visit.violations() == []
    gone = ("metrics.repeat_dyads", "metrics.dyad_timeline", "core.person_changes")
    expected = {
        f"?person={invented.WORST}": ["Not measured: the victims of these events"],
        f"?dyad={invented.DYAD}": ["Not measured: the timeline of suspect and victim"],
        "?person=nobody": ["No suspect with the reference “nobody”"],
    }
    with serving(published(tmp_path / "others", {}, gone)) as address:
        for query, sentences in expected.items():
            page = visit.open(f"{address}/{PAGE}{query}")
            for sentence in sentences:
                page.get_by_text(sentence).first.wait_for()


def test_what_was_not_delivered_does_not_make_anybody_unmanaged(visit: Visit, tmp_path: Path) -> None:
    undelivered = invented.management_overlap(orders=False, bail=False, programmes=False)
    with serving(published(tmp_path, {"metrics.management_overlap": undelivered})) as address:
        page = visit.open(f"{address}/{PAGE}?who=serial")
        assert facts(visit)["Serial and unmanaged"].startswith("not measured")
        assert "not measured" in page.locator("tr", has_text=invented.OPEN).locator("td").nth(7).inner_text()
        assert "nothing on record" not in page.content()


def test_without_suspects_the_page_says_not_measured(visit: Visit, tmp_path: Path) -> None:
    with serving(build_home(tmp_path, leave_out=["metrics.repeat_suspects"])) as address:
        for query in ("", f"?person={invented.WORST}", f"?dyad={invented.DYAD}"):
            page = visit.open(f"{address}/{PAGE}{query}")
            assert "Not measured: priority suspects" in page.locator(".missing").inner_text()
            assert page.locator("table, .stPlotlyChart").count() == 0
        assert visit.violations() == []
