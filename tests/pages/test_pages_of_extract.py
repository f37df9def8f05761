"""The pages on a force's extract: down to the record, a unit's fix list, the sign of invention.

Words and figures are read as the server draws them; what a supervisor enters is entered in a browser.
"""

import io
from pathlib import Path

import invented_recording as recording
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from invented_recording import PHRASE, TEXTS, TIMES
from page_read import PageRead, Reader, reading
from published_home import build_home, publish, tables

from casework.store.builds import record_end
from dashboards.text.recording import fix_list_text

pytestmark = pytest.mark.browser
STANDARDS = "which_standards_are_breached"
TIM_01, STR_04 = f"{STANDARDS}?rule=TIM-01@{TIMES}", f"{STANDARDS}?rule=STR-04@core.crime_code_facts"
CLS_05 = f"{STANDARDS}?rule=CLS-05@{TEXTS}"


def says(page: PageRead, heading: str) -> bool:
    """Whether a heading of the page has these words."""
    return any(heading in said for said in page.headings)


def published(home: Path, **changed: pl.DataFrame) -> Path:
    """A home with other tables: `quality__runs` is the table quality.runs."""
    content = tables()["integrity"] | {name.replace("__", "."): rows for name, rows in changed.items()}
    publish(build_home(home), "integrity", content, version="20261125T000000000000Z")
    return home


def test_a_real_force_is_named_without_the_sign(tmp_path: Path) -> None:
    """The sign itself, on pages of an invented extract, is looked at in test_pages.py."""
    with reading(published(tmp_path, core__extract_forces=recording.extract_forces("Kent Police"))) as read:
        assert read("fix_list").lacks("Kent Police: 4,000 crimes of every class", "Jun 2023 to Oct 2025") == []
        assert read("fix_list").count(".invented") == 0


# down to the record


def test_a_rules_code_leads_to_its_records_and_back(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{STANDARDS}")
    page.get_by_role("link", name="TIM-01").first.click()
    page.wait_for_url("**rule=TIM-01**")
    visit.settle()
    page.get_by_role("heading", name="8 records appear to breach TIM-01").wait_for()
    row = page.locator("tr", has_text="c003").first
    assert row.locator("th, td").all_inner_texts() == [
        "c003", "crime", "recorded 28 hours after the first report", "Unit B", "8L", "Sep 2025", "24 Nov 2026",
    ]  # fmt: skip
    page.get_by_role("link", name="All standards").click()
    page.get_by_role("link", name="By standard").click()
    page.get_by_role("heading", name="11 standards, by state").wait_for()


@pytest.mark.parametrize(
    ("part", "heading"),
    [("part=unit:Unit+B", "4 records appear to breach TIM-01, Unit B"),
     ("month=2025-10", "4 records appear to breach TIM-01, Oct 2025"),
     ("part=class:8L", "3 records appear to breach TIM-01, class 8L")],
)  # fmt: skip
def test_the_part_and_the_month_confine_the_records(read: Reader, part: str, heading: str) -> None:
    page = read(f"{TIM_01}&{part}")
    assert says(page, heading)
    assert ["Unit A" in page.all("td"), "Unit+B" in part] != [True, True]


def test_a_change_is_called_only_where_breaches_are_not_rare(read: Reader) -> None:
    assert says(read(TIM_01), "1 of 21 months since Feb 2024 gives a signal")
    assert read(STR_04).lacks("0 breaches and 84 met", "no month has enough records") == []
    assert read(STR_04).alt("compliance-str-04") == "", "a chart of four records a month"


def test_words_matched_are_shown_to_the_integrity_audience_on_this_page_and_as_text(read: Reader) -> None:
    page = read(CLS_05)
    assert f"loitering: {PHRASE}" in page.all("td") and page.count("table td b") == 0
    assert any("log: following: followed her" in cell for cell in page.all("td"))
    for name in ("fix_list", "recording_delay_and_class", "can_we_trust_our_recording"):
        assert "sits outside" not in read(name).source


# the fix list


def test_the_list_of_a_unit_holds_its_references_alone_and_no_words_of_a_record(visit: Visit, address: str) -> None:
    visit.open(f"{address}/fix_list?unit=Unit+A")
    heading, *rows = visit.rows("fix-list-unit-a")
    listed = [dict(zip(heading, row)) for row in rows]
    assert {row["Unit"] for row in listed} == {"Unit A"}
    assert {row["Reference"] for row in listed} == {"c000", "c002", "c004", "c006", "c020", "c021"}
    assert listed[0]["What to do"] == "Correct"
    [said] = [row["What is wrong"] for row in listed if row["Rule"] == "CLS-05"]
    assert said == fix_list_text.READ_THE_RECORD
    with visit.page.expect_download() as download:
        visit.page.locator(".st-key-xlsx_fix-list-unit-a button").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_fix-list-unit-a.xlsx"
    content = io.BytesIO(Path(download.value.path()).read_bytes())
    frame = pl.read_excel(content, sheet_name="Invented data", read_options={"dtypes": "string"})
    assert frame.height == len(listed)


def test_a_supervisor_assigns_a_record_of_their_own_unit_and_sees_no_other(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/fix_list?role=supervisor")
        visit.choose("Unit of the supervisor", "Unit B")
        assert "Unit A" not in page.locator("[data-testid=stMain]").inner_text()
        page.get_by_role("link", name="Explore").wait_for(state="detached")
        page.get_by_text("Assign, dispute, report as corrected, or accept").click()
        page.get_by_label("Your name").fill("Invented Sergeant")
        page.get_by_label("Your name").press("Enter")
        visit.settle()
        page.get_by_text("All 5 entries shown").click()
        page.get_by_label("Person or team who corrects it").fill("Invented Team")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("An assigned record needs the person or team who corrects it, and a due date.").wait_for()
        page.get_by_label("Due date").fill("31/03/2199")
        page.get_by_role("button", name="Save").click()
        page.get_by_text("Saved: 5 entries are now assigned.").wait_for()
        visit.settle()
        heading, *rows = visit.rows("fix-list")
        listed = [dict(zip(heading, row)) for row in rows]
        assert {(row["Unit"], row["What is done"], row["By"], row["Due"]) for row in listed} == {
            ("Unit B", "Assigned", "Invented Team", "2199-03-31")
        }
        assert "Accepted as it is" not in page.get_by_label("New state").inner_text()
        assert visit.violations() == []
        assert says(Reader(address)("fix_list?role=auditor&state=assigned"), "of 5 entries, 5 assigned")
        record_end(home, "failed", "the disk is full")
        assert Reader(address)("fix_list").lacks("did not finish") == []


def test_a_standard_on_the_list_leads_to_the_unit_s_own_records(read: Reader) -> None:
    link = read("fix_list?unit=Unit+B").link("TIM-01")
    assert link.startswith(f"{STANDARDS}?rule=TIM-01")
    assert says(read(link), "4 records appear to breach TIM-01, Unit B")


# delay and class


def test_a_month_without_a_crime_is_a_gap_in_the_table_too(read: Reader) -> None:
    heading, *rows = read("recording_delay_and_class").rows("former-partner-classes")
    months = {row[0] for row in rows if row[1] == "principal"}
    assert len(months) == len(recording.MONTHS) - 1
    assert str(recording.MONTHS[7]) not in months
    assert heading[2:5] == ["Stalking", "Lower limit", "Upper limit"]


# small counts


def test_small_counts_are_in_no_table_and_no_file(read: Reader) -> None:
    def rows(asked: str, figure: str, at: int = 0) -> dict[str, list[str]]:
        return {row[at]: row for row in read(asked).rows(figure)}

    few, outcomes, protection = "fewer than 5", "what_happened_next", "are_victims_protected"
    units = rows(f"{outcomes}?by=unit", "charged-by-part")
    assert units["Unit C"][1:4] == ["", "", ""] and units["Unit A"][1] == "0.12"
    removed, alternates = rows(outcomes, "removed-crimes"), rows(outcomes, "alternate-charges")
    assert removed["Stalking (8Q)"][1:] == ["2040", "37", few, "0"] and alternates["Harassment (8L)"][2] == few
    assert not {"All stalking and harassment"} & (set(removed) | set(alternates)), "a total would tell the small count"
    orders = rows(protection, "protection-orders")["Domestic notice: hearing within 48 hours"]
    funnel = rows(protection, "order-funnel")
    assert orders[4:8] == [few, "6", few, few] and funnel["Restraining order"][5:7] == [few, few]
    assert rows(protection, "order-conditions", 1)["Attend a programme"][3:6] == [few] * 3
    assert "other order" not in {name.lower() for name, row in funnel.items() if "" in row[1:]}
