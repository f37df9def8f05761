"""Decisions and actions in a real browser: an entry from its first keeping to its closing, by keyboard."""

import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from audit_hands import store
from dashboard_browser import WAIT_MS, Visit, plain, serving
from published_home import build_home

from casework.assessment import registers
from casework.store.database import open_store
from dashboards.pages.assessment.registers_data import ANSWERS, ENTRIES, THEMES

pytestmark = pytest.mark.browser
PAGE = "decisions_and_actions"


def named(visit: Visit) -> None:
    """Say who is at the browser."""
    visit.sign("Invented Analyst")


def state_of(visit: Visit, title: str) -> str:
    """The cell of the entry's state in the table of its register."""
    cells = visit.page.locator("tr").filter(has_text=title).last.inner_text().split("\t")
    return cells[1]


def test_an_entry_is_carried_from_its_first_keeping_to_its_closing(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}")
        assert page.locator(".answer").inner_text().startswith("No entry")
        assert page.get_by_role("button", name="Save the entry").is_disabled()
        named(visit)
        visit.press("Save the entry", "Action: this is needed.")
        page.get_by_role("textbox", name="Action (required)").fill("Invented action")
        page.get_by_role("textbox", name="Owner (post)").fill("Invented post")
        page.get_by_role("textbox", name=re.compile("^Due, as")).fill("soon")
        visit.choose("Heading (required)", "Protect")
        visit.choose("Theme", "T1 Stalking by a partner or former partner")
        figure = page.get_by_role("combobox", name="Live figure", exact=True)  # a long list: found by typing
        figure.click()
        figure.fill("Victims with two or more")
        option = page.get_by_role("option", name="Victims with two or more events in twelve months")
        option.first.wait_for(timeout=WAIT_MS)
        page.keyboard.press("Enter")
        visit.settle()
        visit.choose("Status (required)", "Needs a decision")
        visit.press("Save the entry", "Due: expected a day such as 31/03/2026 or 31 Mar 2026, saw 'soon'.")
        page.get_by_role("textbox", name=re.compile("^Due, as")).fill("2020-01-31")
        visit.press("Save the entry", "The entry was saved.")
        engine = open_store(home)
        [kept] = registers.entries(engine)
        assert (kept["fields"]["heading"], kept["fields"]["theme_code"]) == ("protect", "T1")
        assert parse_qs(urlsplit(page.url).query)["entry"] == [kept["entry_ref"]]
        assert re.findall(r"\d+", page.locator(".answer").inner_text()) == ["1", "1", "1", "0"]
        assert state_of(visit, "Invented action") == "Overdue; needs a decision"
        visit.look("registers-1-kept")

        visit.press("Save a snapshot of the figure", "The snapshot was saved.")
        assert registers.entries(engine)[0]["fields"]["snapshot"]["numerator"] == 150
        told = plain(page.locator(".meanings").last.inner_text())
        assert told.count("15.0%") == 2 and "manifest" in told

        # somebody else changes it in another window
        registers.save(engine, "recommendations", kept["entry_ref"], kept["fields"], "Another", seen_revision=2)
        page.get_by_role("textbox", name="What was done").fill("Invented deed")
        visit.press("Close the entry", "was changed since you opened it: nothing was overwritten.")
        assert registers.entries(engine)[0]["revision"] == 3
        visit.press("Close the entry", "The entry was closed.")  # they have looked again; what they wrote still stands
        assert registers.entries(engine)[0]["is_closed"] == 1
        assert page.locator(".answer").inner_text().startswith("No entry")
        visit.choose("Show", "Closed")
        assert state_of(visit, "Invented action") == "Done: Invented deed"
        visit.look("registers-2-closed")
        visit.open(f"{address}/{PAGE}?register=pestelo")
        visit.look_at_both("registers")


def test_a_starter_is_kept_under_its_own_reference(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}?register=inspection&entry=super-complaint-2024-15")
        assert state_of(visit, "super-complaint-2024-15") == "Starter, not confirmed; past its date"
        assert "0 overdue" not in page.locator(".answer").inner_text()
        named(visit)
        page.get_by_role("textbox", name="Owner (post)").fill("Invented post")
        visit.press("Save the entry", "The entry was saved.")
        assert [row["entry_ref"] for row in registers.entries(open_store(home))] == ["super-complaint-2024-15"]
        assert state_of(visit, "super-complaint-2024-15") == "Overdue; open"
        visit.look("registers-3-starter")
        visit.choose("Register", "Policies")
        assert "policy-M12i" in page.locator(".stMain").inner_text()
        visit.look("registers-4-policies")


def test_a_published_plan_is_shown_before_it_is_imported(visit: Visit, tmp_path: Path) -> None:
    home, plan = build_home(tmp_path), tmp_path / "plan.csv"
    plan.write_text("No,Recommendation,Action,Status\n7,Seek,<b>Ask</b>,Ongoing\n40,<i>New</i>,Do,Open\nx,y,z,Open\n")
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}?register=inspection")
        named(visit)
        page.locator("input[type=file]").set_input_files(plan)
        summary = "The plan has 1 entry to add, 1 to change, 0 the same and 1 cell or row not understood."
        page.get_by_text(summary).wait_for(timeout=WAIT_MS)
        visit.settle()
        assert "one number of a recommendation" in page.locator("tr", has_text="line 4").inner_text()
        assert registers.entries(open_store(home)) == []  # a look saves nothing
        visit.look("registers-5-plan")
        visit.press("Import the plan", "The plan was imported.")
        kept = {row["fields"]["number"]: row for row in registers.entries(open_store(home))}
        assert kept["7"]["entry_ref"] == "super-complaint-2024-07" and kept["7"]["changed_by"] == "invented analyst"
        assert kept["40"]["fields"]["title"] == "<i>New</i>" in page.locator(".stMain").inner_text()
        page.get_by_text("0 entries to add, 0 to change, 2 the same").wait_for(timeout=WAIT_MS)
        assert page.get_by_role("button", name="Import the plan").count() == 0


def test_hostile_words_of_an_entry_are_text(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    given = {"title": "<img src=x onerror=alert(1)> [a](javascript:1)", "heading": "pursue", "status": "needs_decision",
             "owner": "<b>x</b>"}  # fmt: skip
    ref = registers.save(store(tmp_path), "recommendations", "", given, "Invented Analyst", seen_revision=0)
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}?entry={ref}")
        assert page.locator(".stMain img, .stMain td b").count() == 0
        assert page.locator("th").filter(has_text="<img src=x").count() == 2


def test_without_tables_the_page_still_takes_entries(visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path, leave_out=[ENTRIES, ANSWERS, THEMES])
    with serving(home) as address:
        page = visit.open(f"{address}/{PAGE}?register=guidance")
        named(visit)
        page.get_by_role("textbox", name="Title (required)").fill("Invented guidance")
        visit.press("Save the entry", "The entry was saved.")
        assert visit.violations() == []
