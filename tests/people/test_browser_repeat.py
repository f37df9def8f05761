"""The page on repeat and serial suspects in a real browser: what it says for given rows, and that nobody is on it."""

from __future__ import annotations

import re
from pathlib import Path

import invented_people as people
import invented_suspect_figures as suspects
import polars as pl
import pytest
from dashboard_browser import Visit, plain, serving
from published_home import build_home, publish, tables

AUDIENCE = "command"

PAGE = "repeat_and_serial_suspects"
PARTS = ("Are events concentrated on few suspects?", "Where are repeat suspects?",
         "How soon are suspects reported again?", "Is the behaviour getting worse?", "Managed and unmanaged",
         "Would the list help?", "Do the lenses of harm agree?")  # fmt: skip
FIGURES = ("repeat-windows", "concentration", "next-event", "next-event-weeks", "escalation", "managed-suspects",
           "programme-funnel", "list-back-test", "after-listing", "repeat-areas")  # fmt: skip


# nobody


@pytest.mark.browser
def test_no_reference_of_a_person_is_in_page_or_downloads(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    texts = [page.content(), *(",".join(row) for key in FIGURES for row in visit.rows(key))]
    for text in texts:
        assert not re.search(r"(person|suspect|victim|dyad)_ref|P-[0-9a-f]{6,}", text)


@pytest.mark.browser
def test_small_counts_of_people_are_in_no_table_and_no_file(visit: Visit, address: str) -> None:
    visit.open(f"{address}/{PAGE}?window=90")
    _, mappa, drive = visit.rows("programme-funnel")
    assert mappa[6] == "fewer than 5" and drive[6] == "0"
    managed = {row[0]: row for row in visit.rows("managed-suspects")}
    assert managed["On bail"][1] == "fewer than 5"
    assert managed["Serial suspects: any of these"][1:3] == ["fewer than 5", "fewer than 5"]
    assert {row[0] for row in visit.rows("after-listing")[1:]} == {"adopted since", "never managed"}
    dock = next(row for row in visit.rows("repeat-areas") if row[0] == "Dock, Town")
    assert dock[1:] == ["90", "fewer than 5", *[""] * 8, "counts too small to show"], "nothing to work it out from"


# what it says


@pytest.mark.browser
def test_the_page_answers_first_and_every_section_states_a_finding(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    answer = plain(page.locator(".answer").inner_text())
    assert answer.startswith("In the year to 31 Oct 2025, 120 of 800 suspects are repeat suspects")
    facts = plain(page.locator(".facts").first.inner_text())
    assert "120 of 1,200: no suspect is counted" in facts
    assert "not measured for 16 of 800" in facts
    assert page.get_by_text("Advisory only").count() == 1
    assert page.get_by_text("Suspects are not offenders").count() == 1, "once a page, with its sources"
    headings = [plain(text) for text in page.locator("h2, h3").all_inner_texts()]
    assert [h for h in headings if h in PARTS] == list(PARTS)
    for words in (
        "The most active tenth of suspects account for 28.0% of events in a year; chance alone would give 19.0%: 9.0",
        "Within 365 days of a first event, 20.0% of suspects are reported again for the same victim and 4.0%",
        "Of 3 areas with 30 suspects or more, 1 is above the mean of all areas",
        "The next event of a dyad comes sooner than by chance: above the band in weeks 2 to 5",
        "No dyad tested rises or falls beyond chance",
        "60 of 120 repeat suspects (50.0%) have an order, bail or a programme; 16 of 24 serial suspects have none",
        "A list of 100 made on 1 Mar 2024 would have included the suspects of 25.0%",
        "It did not fall further among those adopted than those never managed",
    ):
        assert any(words in heading for heading in headings), words
    page.get_by_text("This is one finding, not two").wait_for()
    page.get_by_text("A fall alone is not a success").wait_for()
    assert "Not measured: agreement of lenses" in page.locator(".missing").inner_text()
    said = [*headings, *page.locator(".note").all_inner_texts(), answer]
    assert not any("escalat" in text.lower() for text in said)


@pytest.mark.browser
def test_another_window_changes_answer_concentration_and_management(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}?window=1095")
    assert "In the three years to 31 Oct 2025, 324 of 1,800" in plain(page.locator(".answer").inner_text())
    facts = page.locator(".facts").first.inner_text()
    assert "the extract covers less than three years: repeats are under-counted" in facts
    page.get_by_text("55 of 80 serial suspects have none on record").first.wait_for()
    page = visit.open(f"{address}/{PAGE}?window=90")
    page.get_by_role("heading", name="no difference beyond chance").wait_for()
    assert page.get_by_text("This is one finding, not two").count() == 0


@pytest.mark.browser
def test_areas_are_told_with_their_denominators_and_both_shares_and_small_ones_have_no_place(
    visit: Visit, address: str
) -> None:
    page = visit.open(f"{address}/{PAGE}")
    heading, *rows = visit.rows("repeat-areas")
    assert heading[:3] == ["Area", "Suspects", "Repeat suspects"]
    listed = {row[0]: dict(zip(heading, row)) for row in rows}
    assert (listed["Abbey, Town"]["Suspects"], listed["Abbey, Town"]["Share counted"]) == ("120", "0.5")
    assert listed["Abbey, Town"]["Rank"] == "1" and listed["Abbey, Town"]["Lower limit"].startswith("0.41")
    field = listed["Field, Town"]
    assert (field["Share counted"], field["Rank"]) == ("", "") and field["Shrunk share"] != ""
    assert field["Why no share or rank"] == "fewer than 30 suspects"
    assert listed["No area on the record"]["Shrunk share"] == ""
    assert any("80 of 800 suspects have an event without an area (10.0%" in plain(text)
               for text in page.locator(".note").all_inner_texts())  # fmt: skip
    alt = plain(page.locator(".st-key-chart_repeat-areas [role=figure]").get_attribute("aria-label") or "")
    assert "Abbey, Town: 60 of 120 suspects, counted 50.0%, shrunk " in alt
    assert "A dashed line shows the mean of all areas" in alt and "Dock" not in alt and "Field" not in alt


@pytest.mark.browser
def test_a_points_table_that_the_force_loaded_is_ranked_by_and_one_that_was_refused_is_named(
    visit: Visit, tmp_path: Path
) -> None:
    home = build_home(tmp_path)
    content = tables()["command"] | {
        "metrics.ranking_backtest": suspects.ranking_with_points(), "core.rfgv_points_states": people.points_states()
    }  # fmt: skip
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        page = visit.open(f"{address}/{PAGE}")
        page.get_by_text("It captured more than a simple count of events at 1 of 6 origins").wait_for()
        page.get_by_text("Points table: the force's own, matac.csv").wait_for()
        assert {row[1] for row in visit.rows("list-back-test")[1:]} == {"score", "event count", "points table"}
        alt = page.locator(".st-key-chart_list-back-test [role=figure]").get_attribute("aria-label") or ""
        assert "points table 27.0% to 29.0%, last 27.0%" in plain(alt)
        content["core.rfgv_points_states"] = people.points_states("not loaded: the points table was refused: m.csv: x")
        publish(home, "command", content, version="20261126T000000000000Z")
        page = visit.open(f"{address}/{PAGE}")
        page.get_by_text("is not used; the score applies. Not loaded: the points table was refused: m.csv").wait_for()
        assert visit.violations() == []


@pytest.mark.browser
def test_no_barrier_in_any_state_of_the_page(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    content = tables()["command"]
    content["metrics.lens_agreement"] = suspects.lens_agreement()
    content["metrics.management_overlap"] = suspects.management_overlap(bail=False)
    content["metrics.escalation_summary"] = suspects.escalation_summary(rising=9, falling=2)
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        page = visit.open(f"{address}/{PAGE}")
        page.get_by_role("heading", name="40 of 101 people on the list by sentencing are also on").wait_for()
        page.get_by_text("Harm by sentences under-represents stalking").wait_for()
        page.get_by_text("Not measured because not delivered: bail").wait_for()
        page.get_by_role("heading", name="of 40 dyads tested 9 become more frequent beyond chance").wait_for()
        for summary in page.locator("details > summary").all():
            summary.click()
        visit.look_at_both("repeat-suspects")


# what is not there


@pytest.mark.browser
def test_without_a_field_of_the_area_it_is_not_measured_and_alike_or_few_areas_are_not_ordered(
    visit: Visit, tmp_path: Path
) -> None:
    home = build_home(tmp_path)
    states = {
        "Not measured: repeat suspects by area": suspects.repeat_by_area().filter(pl.col("area_code") == "none"),
        "Areas do not differ beyond chance: 10.3": suspects.repeat_by_area(A=(10, 100), B=(11, 100),
                                                                                      C=(10, 100)),
        "Areas are not compared: 2 areas with suspects": suspects.repeat_by_area(A=(10, 100), B=(30, 100)),
        "Areas cannot be compared: none has 30 suspects": suspects.repeat_by_area(A=(12, 24), B=(6, 29), C=(0, 25)),
    }  # fmt: skip
    for number, (words, rows) in enumerate(states.items()):
        content = tables()["command"] | {"metrics.repeat_by_area": rows}
        publish(home, "command", content, version=f"2026112{5 + number}T000000000000Z")
        with serving(home, "command") as address:
            page = visit.open(f"{address}/{PAGE}")
            page.get_by_text(words).first.wait_for()
            assert page.locator(".st-key-chart_repeat-areas").count() == (number in (1, 2))
            assert visit.violations() == []


@pytest.mark.browser
def test_where_nothing_that_manages_was_delivered_nobody_is_called_unmanaged(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    content = tables()["command"]
    none = pl.lit(value=False)
    content["metrics.management_overlap"] = suspects.management_overlap().with_columns(
        is_orders_measured=none, is_bail_measured=none, is_programmes_measured=none
    )
    publish(home, "command", content, version="20261125T000000000000Z")
    with serving(home, "command") as address:
        page = visit.open(f"{address}/{PAGE}")
        page.locator(".missing", has_text="Not measured: management of repeat suspects").wait_for()
        assert "have none on record" not in page.content()
