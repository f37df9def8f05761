"""The pages on a force's extract: down to the record, a unit's fix list, the sign of invention.

Words and figures are read as the server draws them; what a supervisor enters is entered in a browser.
"""

from __future__ import annotations

import io
import re
from pathlib import Path

import invented_recording as recording
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from invented_recording import PHRASE, TEXTS, TIMES
from page_read import PageRead, Reader, reading, tidy
from published_home import build_home, publish, tables

from casework.store.builds import record_end
from dashboards.pages.recording import fix_list_text

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


def test_a_share_is_of_what_could_be_judged_with_the_rest_beside_it(read: Reader) -> None:
    [row] = [row for row in read(STANDARDS).listed("standards") if "STR-04" in row.values()]
    counts = ("Breaches", "Records assessed", "Share in breach", "Not evaluable", "Examined")
    assert [row[name] for name in counts] == ["5", "100", "0.05", "3900", "4000"]
    facts = read(STR_04).one(".facts")
    assert "of 100 records assessed: 5.0%, 95% interval 2.2% to 11.2%" in facts and "of 4,000 examined" in facts


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
    assert says(read(TIM_01), "1 of 21 months since Feb 2024 signals")
    assert read(STR_04).lacks("0 breaches and 84 met in the 21 months", "no month has enough records") == []
    assert read(STR_04).alt("compliance-str-04") == "", "a chart of four records a month"


def test_words_matched_are_shown_to_the_integrity_audience_on_this_page_and_as_text(read: Reader) -> None:
    page = read(CLS_05)
    assert f"loitering: {PHRASE}" in page.all("td") and page.count("table td b") == 0
    assert any("log: following: followed her" in cell for cell in page.all("td"))
    for name in ("fix_list", "recording_delay_and_class", "can_we_trust_our_recording"):
        assert "sits outside" not in read(name).source


# the fix list


def test_a_unit_sees_what_to_do_first(read: Reader) -> None:
    page = read("fix_list?unit=Unit+B")
    assert re.findall(r"\d+", page.answer) == ["4", "1", "4"] and page.answer.startswith("Unit B:")
    steps = {step.key: step.name for step in fix_list_text.STEPS}
    [order, *_] = page.tags(".meanings")
    assert [tidy(step.get_text()) for step in order.select("dt")] == [f"1. {steps['at-once']}", f"2. {steps['refer']}"]
    assert "TIM-02" in page.one(".meanings > div")


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


def test_what_ended_is_not_all_called_fixed(read: Reader) -> None:
    assert says(read("fix_list?unit=Unit+A"), "Unit A: 1 corrected and 1 no longer in the extract")
    assert read("fix_list?unit=Unit+B").lacks("nothing on the last list has been corrected") == []


def test_where_the_product_changed_too_nothing_is_called_put_right(tmp_path: Path) -> None:
    runs = tables()["integrity"]["quality.runs"].with_columns(code_version=pl.Series(["0.1.0", "0.2.0"]))
    with reading(published(tmp_path, quality__runs=runs)) as read:
        page = read("fix_list")
        assert says(page, "1 no longer found and 1 no longer in the extract")
        assert page.lacks("The product changed between the two builds") == []
        assert "corrected" not in page.rows("put-right")[1] and page.all("td").count("no longer found") == 1


def test_the_first_build_compares_with_nothing(tmp_path: Path) -> None:
    with reading(published(tmp_path, quality__runs=tables()["integrity"]["quality.runs"].tail(1))) as read:
        assert read("fix_list").lacks("This is the first build here") == []
        assert "new" not in read("fix_list").all("td")


def test_a_standard_on_the_list_leads_to_the_unit_s_own_records(read: Reader) -> None:
    link = read("fix_list?unit=Unit+B").link("TIM-01")
    assert link.startswith(f"{STANDARDS}?rule=TIM-01")
    assert says(read(link), "4 records appear to breach TIM-01, Unit B")


# delay and class


def test_delays_classes_and_censuses_carry_denominators_and_intervals(read: Reader) -> None:
    page = read("recording_delay_and_class")
    for words in ("94.7%", "(2,840 of 3,000; 95% interval", "(334 of 376; 95% interval 85.2% to 91.6%)"):
        assert words in page.answer
    for words in (
        "Former partners: 88.8%", "12 months to Oct 2025 (334 of 376), 89.5% with included classes (340 of 380)",
        "11 crimes cancelled and 4 transferred; 4 of 9 do not", "1 of 10 downgrades of stalking",
    ):
        assert says(page, words), words
    heading, *rows = page.rows("recording-delay")
    assert heading == ["From report to record", "Crimes", "Crimes measured", "Share", "Lower limit", "Upper limit"]
    assert len(rows) == 8
    assert sum(int(row[1]) for row in rows) == int(rows[0][2]) == 3000


def test_a_month_without_a_crime_is_a_gap_in_the_table_too(read: Reader) -> None:
    heading, *rows = read("recording_delay_and_class").rows("former-partner-classes")
    months = {row[0] for row in rows if row[1] == "principal"}
    assert len(months) == len(recording.MONTHS) - 1
    assert str(recording.MONTHS[7]) not in months
    assert heading[2:5] == ["Stalking", "Lower limit", "Upper limit"]
