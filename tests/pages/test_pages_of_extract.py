"""The pages on a force's extract in a real browser: down to the record, a unit's fix list, the sign of invention."""

from __future__ import annotations

from pathlib import Path

import invented_recording as recording
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from invented_recording import PHRASE, TEXTS, TIMES
from published_home import build_home, publish, tables

from casework.store.builds import record_end

pytestmark = pytest.mark.browser

TIM_01 = f"which_standards_are_breached?rule=TIM-01@{TIMES}"
CLS_05 = f"which_standards_are_breached?rule=CLS-05@{TEXTS}"


# the sign; that pages of an invented extract carry it is looked at in test_pages


def test_a_real_force_is_named_without_the_sign(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    real = tables()["integrity"] | {"core.extract_forces": recording.extract_forces("Kent Police")}
    publish(home, "integrity", real, version="20261125T000000000000Z")
    with serving(home) as address:
        page = visit.open(f"{address}/fix_list")
        counted = "4,000 crimes of every class, cancelled or not"
        page.get_by_text(f"Kent Police: {counted}, Jun 2023 to Oct 2025.").wait_for()
        assert page.locator(".invented").count() == 0


# down to the record


def test_a_rules_code_leads_to_its_records_and_back(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/which_standards_are_breached")
    page.get_by_role("link", name="TIM-01").first.click()
    page.wait_for_url("**rule=TIM-01**")
    visit.settle()
    page.get_by_role("heading", name="8 records appear to breach TIM-01: refer to the registrar").wait_for()
    row = page.locator("tr", has_text="c003").first
    assert row.locator("th, td").all_inner_texts() == [
        "c003", "crime", "recorded 28 hours after the first report", "Unit B", "8L", "Sep 2025", "24 Nov 2026",
    ]  # fmt: skip
    page.get_by_role("link", name="All standards").click()
    page.get_by_role("link", name="By standard").click()
    page.get_by_role("heading", name="11 standards, by state").wait_for()


def test_a_share_is_of_what_could_be_judged_with_the_rest_beside_it(visit: Visit, address: str) -> None:
    visit.open(f"{address}/which_standards_are_breached")
    heading, *rows = visit.rows("standards")
    str_04 = dict(zip(heading, next(row for row in rows if row[0] == "STR-04")))
    assert (str_04["Breaches"], str_04["Records assessed"], str_04["Share in breach"]) == ("5", "100", "0.05")
    assert (str_04["Not evaluable"], str_04["Examined"]) == ("3900", "4000")
    page = visit.open(f"{address}/which_standards_are_breached?rule=STR-04@core.crime_code_facts")
    facts = page.locator(".facts").inner_text().replace("\xa0", " ")
    assert "of 100 records assessed: 5.0%, 95% interval 2.2% to 11.2%" in facts
    assert "of 4,000 examined" in facts


def test_the_part_and_the_month_confine_the_records(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{TIM_01}&part=unit:Unit+B")
    page.get_by_role("heading", name="4 records appear to breach TIM-01, Unit B: refer to the registrar").wait_for()
    assert page.locator("td", has_text="Unit A").count() == 0
    page = visit.open(f"{address}/{TIM_01}&month=2025-10")
    page.get_by_role("heading", name="4 records appear to breach TIM-01, Oct 2025: refer to the registrar").wait_for()
    page = visit.open(f"{address}/{TIM_01}&part=class:8L")
    page.get_by_role("heading", name="3 records appear to breach TIM-01, class 8L, Harassment: refer").wait_for()


def test_a_change_is_called_only_where_breaches_are_not_rare(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{TIM_01}")
    page.get_by_role("heading", name="TIM-01 compliance, whole force: 1 of 21 months since Feb 2024 signals").wait_for()
    page = visit.open(f"{address}/which_standards_are_breached?rule=STR-04@core.crime_code_facts")
    page.get_by_text("0 breaches and 84 met in the 21 months since Feb 2024").wait_for()
    page.get_by_text("No month has enough records assessed for a share").first.wait_for()
    assert page.locator(".st-key-chart_compliance-str-04 [role=figure]").count() == 0, "a chart of four records a month"


def test_words_matched_are_shown_to_the_integrity_audience_on_this_page_and_as_text(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{CLS_05}")
    shown = page.locator("td", has_text="loitering:").inner_text()
    assert shown == f"loitering: {PHRASE}"
    assert page.locator("table td b").count() == 0
    page.locator("td", has_text="log: following: followed her").wait_for()
    for name in ("fix_list", "recording_delay_and_class", "can_we_trust_our_recording"):
        assert "sits outside" not in visit.open(f"{address}/{name}").content()


# the fix list


def test_a_unit_sees_what_to_do_first(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/fix_list?unit=Unit+B")
    assert page.locator(".answer").inner_text() == (
        "Unit B: 4 records to check, 1 for a supervisor at once and 4 to refer to the registrar."
    )
    first = page.locator(".meanings > div").first.inner_text()
    assert first.startswith("1. Supervisor at once")
    assert "TIM-02" in first
    order = page.locator(".meanings").first
    assert order.locator("dt").all_inner_texts() == ["1. Supervisor at once", "2. Refer to the registrar"]


def test_the_list_of_a_unit_holds_its_references_alone_and_no_words_of_a_record(visit: Visit, address: str) -> None:
    visit.open(f"{address}/fix_list?unit=Unit+A")
    heading, *rows = visit.rows("fix-list-unit-a")
    listed = [dict(zip(heading, row)) for row in rows]
    assert {row["Unit"] for row in listed} == {"Unit A"}
    assert {row["Reference"] for row in listed} == {"c000", "c002", "c004", "c006", "c020", "c021"}
    assert listed[0]["What to do"] == "Correct"
    text = next(row for row in listed if row["Rule"] == "CLS-05")
    assert text["What is wrong"] == "its text points to a breach: read the record"
    with visit.page.expect_download() as download:
        visit.page.locator(".st-key-xlsx_fix-list-unit-a button").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_fix-list-unit-a.xlsx"
    frame = pl.read_excel(download.value.path(), sheet_name="Invented data", read_options={"dtypes": "string"})
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
        page = visit.open(f"{address}/fix_list?role=auditor&state=assigned")
        page.get_by_role("heading", name="All units: of 5 entries, 5 assigned").wait_for()
        record_end(home, "failed", "the disk is full")
        page = visit.open(f"{address}/fix_list")
        page.get_by_text("did not finish: the figures are from before it.").wait_for()
        assert visit.faults == [] and visit.violations() == []


def test_what_ended_is_not_all_called_fixed(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/fix_list?unit=Unit+A")
    page.get_by_role("heading", name="Unit A: 1 corrected and 1 no longer in the extract since the").wait_for()
    page = visit.open(f"{address}/fix_list?unit=Unit+B")
    page.get_by_text("Unit B: nothing on the last list has been corrected since.").wait_for()


def test_where_the_product_changed_too_nothing_is_called_put_right(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    later = tables()["integrity"]
    later["quality.runs"] = later["quality.runs"].with_columns(code_version=pl.Series(["0.1.0", "0.2.0"]))
    publish(home, "integrity", later, version="20261125T000000000000Z")
    with serving(home) as address:
        page = visit.open(f"{address}/fix_list")
        page.get_by_role("heading", name="All units: 1 no longer found and 1 no longer in the extract").wait_for()
        page.get_by_text("The product changed between the two builds").wait_for()
        assert "corrected" not in visit.rows("put-right")[1]
        assert page.get_by_role("cell", name="no longer found", exact=True).count() == 1


def test_the_first_build_compares_with_nothing(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    first = tables()["integrity"]
    first["quality.runs"] = first["quality.runs"].tail(1)
    publish(home, "integrity", first, version="20261125T000000000000Z")
    with serving(home) as address:
        page = visit.open(f"{address}/fix_list")
        page.get_by_text("This is the first build here").wait_for()
        assert page.locator("td", has_text="new").count() == 0


def test_a_standard_on_the_list_leads_to_the_unit_s_own_records(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/fix_list?unit=Unit+B")
    page.get_by_role("link", name="TIM-01").click()
    page.wait_for_url("**/which_standards_are_breached?rule=TIM-01**")
    visit.settle()
    page.get_by_role("heading", name="4 records appear to breach TIM-01, Unit B: refer to the registrar").wait_for()


# delay and class


def test_delays_classes_and_censuses_carry_denominators_and_intervals(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/recording_delay_and_class")
    answer = page.locator(".answer").inner_text().replace("\xa0", " ")
    assert "94.7% of stalking and harassment was recorded within 24 hours (2,840 of 3,000; 95% interval" in answer
    assert "(334 of 376; 95% interval 85.2% to 91.6%)" in answer
    headings = [text.replace("\xa0", " ") for text in page.locator("h3").all_inner_texts()]
    assert (
        "Former partners: 88.8% recorded as stalking by principal class in the 12 months to Oct 2025 (334 of 376), "
        "89.5% with included classes (340 of 380)"
    ) in headings
    assert "11 crimes cancelled and 4 transferred; 4 of 9 do not show what their criterion asks for" in headings
    assert "1 of 10 downgrades of stalking was not checked by a second person" in headings
    heading, *rows = visit.rows("recording-delay")
    assert heading == ["From report to record", "Crimes", "Crimes measured", "Share", "Lower limit", "Upper limit"]
    assert len(rows) == 8
    assert sum(int(row[1]) for row in rows) == int(rows[0][2]) == 3000


def test_a_month_without_a_crime_is_a_gap_in_the_table_too(visit: Visit, address: str) -> None:
    visit.open(f"{address}/recording_delay_and_class")
    heading, *rows = visit.rows("former-partner-classes")
    months = {row[0] for row in rows if row[1] == "principal"}
    assert len(months) == len(recording.MONTHS) - 1
    assert str(recording.MONTHS[7]) not in months
    assert heading[2:5] == ["Stalking", "Lower limit", "Upper limit"]
