"""Priority suspects: the list, one person, two in time; what each says when a part is not there.

Words and figures are read as the server draws them; keyboard, files and barriers are tried in a browser.
"""

import re
import zipfile
from pathlib import Path
from urllib.parse import parse_qs, quote

import invented_people as invented
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from page_read import PageRead, Reader, reading
from published_home import build_home, publish, tables

from dashboards.pages.people import suspects_text

pytestmark = pytest.mark.browser
PAGE = "people_to_look_at"
COMPONENTS = ["Score, 0 to 100", "Recency", "Frequency", "Gravity", "Victims", "Linkage"]
MARKUP = "b, i, u, s, img"
Tables = dict[str, pl.DataFrame]


def people(page: PageRead) -> list[str]:
    """References in the order of the list."""
    return page.all("tbody th")


def published(home: Path, changed: Tables | None = None, *leave_out: str) -> Path:
    content = {n: rows for n, rows in (tables()["integrity"] | (changed or {})).items() if n not in leave_out}
    publish(build_home(home), "integrity", content, version="20261125T000000000000Z")
    return home


# the list


def test_the_list_answers_first_and_is_advisory(read: Reader) -> None:
    page = read(PAGE)
    assert page.answer.startswith("113 of 114 people")
    assert suspects_text.ADVISORY in page.text
    assert page.facts["Ranked by score"] == "113 of 114 suspects"
    assert page.facts["Serial and unmanaged"].startswith("1 ")
    assert re.match("1 may be .* 1 more", page.facts["Linkage doubtful"])
    assert any("first 100 of 114 suspects, by the score" in heading for heading in page.headings)
    assert page.lacks("metrics.v100 is not published", "ask the force crime registrar") == []
    chosen = parse_qs(page.drawn.query)
    assert [chosen[name] for name in ("window", "order", "who")] == [["730"], ["list"], ["all"]]


def test_a_score_never_stands_without_its_components_and_its_linkage_mark(read: Reader) -> None:
    assert read(PAGE).cells("tbody tr")[0] == [
        "1", invented.WORST, "82.5", "0.93", "0.87", "0.90", "0.60", "sure", "2 orders in force; on bail; matac", "6",
        "8", "3", "1", "210.0", "not measured", "14.0", "11 Oct 2025",
    ]  # fmt: skip
    for window in ("730", "90", "365", "1095"):
        heading, *rows = read(f"{PAGE}?window={window}").rows("people-to-look-at")
        at = heading.index(COMPONENTS[0])
        assert heading[at : at + 6] == COMPONENTS
        assert all(row[at + 5] for row in rows) and (len(rows) == 100 or window != "730")


def test_points_of_the_force_s_own_table_stand_with_their_four_parts_and_order_the_list(
    one_visit: Visit, tmp_path: Path
) -> None:
    points = invented.with_points(invented.repeat_suspects())
    home = published(
        tmp_path, {"metrics.repeat_suspects": points, "core.list_states": invented.points_states()}
    )  # fmt: skip
    with serving(home) as address:
        page = Reader(address)(f"{PAGE}?order=points")
        assert people(page)[0] == invented.HOSTILE
        heading, first, *_ = page.rows("people-to-look-at")
        at = heading.index("Points, total")
        assert heading[at : at + 6] == ["Points, total", "Rank by points", "Recency, points", "Frequency, points",
                                        "Gravity, points", "Victims, points"]  # fmt: skip
        assert first[at : at + 6] == ["30.5", "1", "10.0", "5.0", "8.0", "7.5"]
        assert set(COMPONENTS) <= set(heading), "the score stands beside them"
        assert page.lacks("matac.csv") == []
        person = Reader(address)(f"{PAGE}?person={invented.OPEN}")
        assert all(words in person.all(".facts")[1] for words in ("Points, total", "not known", "no rank"))
        for query in ("order=points", f"person={invented.OPEN}"):
            one_visit.open(f"{address}/{PAGE}?{query}")
            assert one_visit.violations() == []


def test_without_a_points_table_nothing_is_ordered_by_one(read: Reader) -> None:
    assert not [label for label in read(PAGE).rows("people-to-look-at")[0] if "oints" in label and "Harm" not in label]
    assert read(PAGE).lacks("load its own points table") == []
    assert read(f"{PAGE}?order=points").lacks("which this copy does not hold") == []


@pytest.mark.parametrize(
    ("order", "first"),
    [("score", [invented.WORST, invented.HOSTILE, invented.LONE]), ("severity", [invented.WORST]),
     ("behaviour", [invented.HOSTILE, invented.WORST]), ("events", [invented.OPEN, invented.WORST, invented.HOSTILE])],
)  # fmt: skip
def test_the_order_is_the_one_chosen(read: Reader, order: str, first: list[str]) -> None:
    assert people(read(f"{PAGE}?order={order}"))[: len(first)] == first


@pytest.mark.parametrize(
    ("who", "listed"),
    [("repeat", {invented.WORST, invented.HOSTILE, invented.OPEN}), ("serial", {invented.WORST, invented.OPEN}),
     ("unmanaged", {invented.HOSTILE, invented.OPEN}), ("serial-unmanaged", {invented.OPEN}),
     ("serial-unmanaged&window=365", set())],
)  # fmt: skip
def test_a_filter_leaves_those_it_names(read: Reader, who: str, listed: set[str]) -> None:
    page = read(f"{PAGE}?who={who}")
    assert set(people(page)) == listed
    assert page.lacks("No suspect meets this choice of filters.") == [] or listed
    if invented.OPEN in listed:
        row = page.one(f"tr:-soup-contains('{invented.OPEN}')")
        assert "no score" in row and "an event has no severity weight" in row


# one person


def test_a_person_says_why_this_place(read: Reader) -> None:
    page = read(f"{PAGE}?person={invented.WORST}")
    assert re.match("P-AAA is suspected in 6 events .8 crimes .* 3 victims .* Linkage: sure.", page.answer)
    assert suspects_text.ADVISORY in page.text
    assert page.facts["Score, 0 to 100"] == "82.5 linkage: sure"
    assert [page.facts[name][0] for name in ("Orders in force", "Bail", "Programmes")] == ["2", "1", "m"]
    assert page.alt("person-components").find("Recency 0.93; Frequency 0.87; Gravity 0.90; Victims 0.60.") > 0
    windows = page.cells("table:-soup-contains('Three years') tbody tr")
    assert [row[:2] for row in windows] == [["90 days", "1"], ["A year", "6"], ["Two years", "6"], ["Three years", "9"]]
    rising, few = page.cells("table:-soup-contains('Frequency over time') tbody tr")[:2]
    assert "rising, beyond chance" in rising and "no change beyond chance" in rising
    assert few.count("too few events to test") == 2
    assert page.lacks("mainly because of recency", "in all years: C9.") == []
    assert not page.count("a[href*='links=read']")


def test_a_person_without_a_score_or_not_in_the_window_is_not_zero(read: Reader) -> None:
    page = read(f"{PAGE}?person={invented.OPEN}")
    assert "no score" in page.facts["Score, 0 to 100"] and page.facts["Gravity"].startswith("not known")
    assert any("gravity is not known" in heading for heading in page.headings)
    assert "P-CCC has no event in the 90 days" in read(f"{PAGE}?person={invented.OPEN}&window=90").answer
    assert read(f"{PAGE}?person={invented.LONE}").lacks("Not compared: management") == []


# two people in time


def test_two_people_in_time_with_a_chart_and_a_table(read: Reader) -> None:
    page = read(f"{PAGE}?dyad={invented.DYAD}")
    assert re.match("Suspect P-AAA, victim P-V1: 5 events in 6 reports.* 1 order.* 1 breach and 1 arrest", page.answer)
    assert [page.facts[name].partition(" ")[0] for name in ("Frequency", "Severity")] == ["Rising,", "No"]
    assert "threat 3" in page.alt("timeline-d1") and "records: sure" in page.text
    heading, *rows = page.rows("timeline-d1")
    assert heading[3:] == ["Record", "Event", "Suspect", "Victim"] and len(heading) == 7
    assert [row[3] for row in rows] == [
        "C1", "C2", "R1", "K1", "U1", "O1", "C3", "B1", "C4", "R2", "C5", "C6", "O1"
    ]  # fmt: skip
    assert {(row[5], row[6]) for row in rows} == {("P-AAA", "P-V1")}
    page = read(f"{PAGE}?dyad={invented.VICTIMLESS}")
    assert "no victim on the record: 1 event in 1 report" in page.answer and "Not tested: no victim" in page.text


def test_by_keyboard_from_the_list_to_two_people_and_their_file(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    page.get_by_role("link", name=invented.WORST, exact=True).focus()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**person={invented.WORST}**")
    visit.settle()
    page.get_by_role("link", name="P-V1").click()
    page.wait_for_url("**dyad=d1**")
    visit.settle()
    heading, *rows = visit.rows("timeline-d1")
    with page.expect_download() as download:
        page.locator(".st-key-xlsx_timeline-d1 button").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_timeline-d1.xlsx"
    with zipfile.ZipFile(download.value.path()) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
        assert "OFFICIAL" in re.findall("<oddHeader>(.*?)</oddHeader>", sheet)[0]
    frame = pl.read_excel(download.value.path(), sheet_name="Invented data", read_options={"dtypes": "string"})
    assert (frame.columns, frame.height) == (heading, len(rows))
    page.get_by_role("link", name="The suspect, P-AAA").click()
    page.wait_for_url(f"**person={invented.WORST}**")
    visit.settle()
    page.get_by_role("link", name="The list").click()
    page.get_by_role("heading", name="The list").wait_for()


# what a file or an address says is only ever text


def test_a_hostile_reference_is_text_everywhere(read: Reader, visit: Visit, address: str) -> None:
    for query in ("", f"?person={quote(invented.HOSTILE)}", f"?dyad={quote(invented.HOSTILE_DYAD)}",
                  f"?person={quote('<img src=x onerror=alert(1)>')}", f"?dyad={quote('<b>none</b>')}"):  # fmt: skip
        assert read(f"{PAGE}{query}").count(f":is({MARKUP}):not(.key b)") == 0, query
    page = visit.open(f"{address}/{PAGE}")
    for link, way, answer in ((invented.HOSTILE, "person", "<b>x</b> is suspected in 2 events"),
                              ("<i>v</i>", "dyad", "Suspect <b>x</b>, victim <i>v</i>: 1 event")):  # fmt: skip
        page.get_by_role("link", name=link, exact=True).click()
        page.wait_for_url(f"**{way}=**")
        visit.settle()
        assert page.locator(".answer").inner_text().startswith(answer)
        assert page.locator(f".stMain :is({MARKUP}):not(.key b)").count() == 0


def test_an_unknown_reference_is_said_plainly(read: Reader) -> None:
    page = read(f"{PAGE}?person={quote('<b>nobody</b>')}")
    assert "“<b>nobody</b>”" in page.answer and page.count("table, [role=figure]") == 0
    assert f"“{'x' * 80}”" in read(f"{PAGE}?dyad={'x' * 200}").answer
    assert read(f"{PAGE}?person=person-aa1").lacks("merged into person-bb2.") == []


# barriers


@pytest.mark.parametrize("query", ["who=serial", f"person={invented.WORST}", f"dyad={invented.DYAD}", "person=nobody"])
def test_no_view_has_a_barrier_that_axe_can_find(one_visit: Visit, address: str, query: str) -> None:
    """The list itself is a page, at which test_pages.py looks."""
    one_visit.open(f"{address}/{PAGE}?{query}")
    one_visit.look_at_both(f"people-{re.sub('[^a-zA-Z]+', '-', query)}")


# when a part is not there


def test_the_v100_list_is_an_order_where_it_is_published(one_visit: Visit, tmp_path: Path) -> None:
    with serving(published(tmp_path, {"metrics.v100": invented.v100()})) as address:
        page = Reader(address)(f"{PAGE}?order=v100&window=730")
        heading, *rows = page.rows("people-to-look-at")
        assert people(page) == [row[1] for row in rows] == [invented.LONE, invented.WORST, "P-OLD"]
        assert heading[:3] == ["V100 rank", "Person", "V100 harm, days"] and set(COMPONENTS) <= set(heading)
        assert rows[0][:3] == ["1", invented.LONE, "410.0"]
        old = dict(zip(heading, rows[2]))
        assert old["Linkage"] == "likely" and old["Why there is no score"]
        assert "year to 31 Oct 2025" in page.answer and "V100 list is not available" not in page.text
        one_visit.open(f"{address}/{page.asked}")
        assert one_visit.violations() == []


PERSON, DYAD = f"?person={invented.WORST}", f"?dyad={invented.DYAD}"


def test_what_was_not_delivered_does_not_make_anybody_unmanaged(tmp_path: Path) -> None:
    undelivered = invented.management_overlap(orders=False, bail=False, programmes=False)
    with reading(published(tmp_path, {"metrics.management_overlap": undelivered})) as read:
        page = read(f"{PAGE}?who=serial")
        assert page.facts["Serial and unmanaged"].startswith("not measured")
        [row] = [row for row in page.cells("tr") if invented.OPEN in row]
        assert "not measured" in row[8] and "nothing on record" not in page.source
