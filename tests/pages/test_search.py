"""The search in the sidebar: pages, measures, standards and terms by their words, for those who may open them."""

import re

import pytest
from conftest import InventedForce
from dashboard_browser import ROOT, Visit
from playwright.sync_api import Locator, Page

from dashboards.data.published import open_copy
from dashboards.data.scope import WHOLE
from dashboards.parts.search import entries, results
from dashboards.registry import PAGES, offered
from dashboards.text.search import Entry, find, standards, terms

GLOSSARY = '<a id="spo"></a>**SPO.** A [stalking protection order](x.md#1): `orders`.\n'
STANDARDS = '<a id="TIM-01"></a>\n#### TIM-01 Recorded within 24 hours\n\ntext\n'
HELD = [
    Entry("Page", "What is coming?", "Recorded stalking expected", "what_is_coming"),
    Entry("Measure", "Recorded stalking", "Crimes of class 8Q", "explore?measure=recorded_stalking"),
    *standards(STANDARDS),
    *terms(GLOSSARY),
]


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("stalk", ["Recorded stalking", "SPO", "What is coming?"]),
        ("RECORDED  stalking", ["Recorded stalking", "What is coming?"]),
        ("tim-01", ["TIM-01 Recorded within 24 hours"]),
        ("24 recorded", ["TIM-01 Recorded within 24 hours"]),
        ("talking", []),
        ("recorded stalking unit", ["Recorded stalking", "What is coming?"]),  # two of three words
        ("stalking in districts by unit", []),
        ("  ?", []),
    ],
)
def test_every_word_asked_for_or_most_of_them_begins_a_word_and_names_come_first(asked: str, names: list[str]) -> None:
    assert [entry.name for entry in find(HELD, asked)] == names


def test_terms_and_standards_are_those_of_the_documentation() -> None:
    assert HELD[-1] == Entry("Term", "SPO", "A stalking protection order: orders.", "docs/glossary.html#spo")
    assert HELD[-2].address == "docs/standards.html#TIM-01"
    glossary, page = ((ROOT / "docs" / name).read_text(encoding="utf-8") for name in ("glossary.md", "standards.md"))
    assert len(terms(glossary)) == glossary.count("<a id=")
    assert len(standards(page)) == len(re.findall(r"^#### [A-Z]{3}-\d\d", page, re.MULTILINE))


def test_a_page_is_found_by_those_alone_who_may_open_it() -> None:
    def addresses(role: str) -> set[str]:
        pages = offered(("command", "integrity", "commissioning"), (role,))
        return {entry.address for entry in find(entries(pages, lambda audience: None), "suspects")}

    assert "people_to_look_at" in addresses("analyst")
    assert "people_to_look_at" not in addresses("senior_leader")
    assert not addresses("commissioner") & {page.address for page in PAGES}


@pytest.mark.parametrize(
    ("asked", "code"), [("8l recorded", "8L"), ("recorded malicious communications", "8R")]
)
def test_crimes_of_a_class_are_found_where_explore_shows_that_class(
    invented_force: InventedForce, asked: str, code: str
) -> None:
    pages = offered(("command",), ("senior_leader",))
    held = entries(pages, lambda audience: open_copy(invented_force.home, audience, WHOLE))
    assert find(held, asked)[0].address == f"explore?measure=recorded&by=class&part_class={code}"
    assert find(held, "stalking recorded")[0].address == "explore?measure=recorded_stalking"
    assert find(held, "harassment recorded")[0].address == "explore?measure=recorded_harassment"
    by_time = {"weekday": "weekday", "day of the week": "weekday", "hour": "hour", "time of day": "hour",
               "harassment weekday": "weekday"}  # fmt: skip
    for words, by in by_time.items():
        assert find(held, words)[0].address == f"explore?measure=recorded_harassment&by={by}", words
    assert [find(held, words)[0].address for words in ("orders applied for", "orders granted")] == [
        "explore?measure=spo_applications", "explore?measure=spo_grants"
    ]  # fmt: skip


def test_what_is_found_is_text_and_says_how_much_is_left_out() -> None:
    entry = Entry("Term", "<b>x", "y", "docs/glossary.html#x")
    written = results([entry] * 13, "x")
    assert "13 found: the first 12 are shown." in written and "Nothing has all" not in written
    assert "Nothing has all of these words. With most of them: 1 found." in results([entry], "x z")
    assert written.count("&lt;b&gt;x") == 12


@pytest.mark.browser
def test_a_measure_and_a_standard_are_found_and_opened_from_any_page(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/theme")
    first = searched(visit, page, "TIM-01")
    assert visit.violations() == []
    first.click()
    page.wait_for_url("**/which_standards_are_breached?rule=TIM-01**")
    visit.settle()
    page.get_by_role("heading", name="TIM-01").first.wait_for()
    searched(visit, page, "recorded stalking").click()
    page.wait_for_url("**/explore?measure=**")
    visit.settle()
    page.get_by_role("heading", name="Explore").first.wait_for()


def searched(visit: Visit, page: Page, words: str) -> Locator:
    """The first link that is found."""
    page.get_by_role("textbox", name="Search").fill(words)
    page.get_by_role("textbox", name="Search").press("Enter")
    page.get_by_role("status").filter(has_text="found").wait_for()
    visit.settle()
    return page.locator(".found a").first
