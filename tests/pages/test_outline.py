"""A page's contents list, its sections and its foot: nothing is lost, and everything is reached by keyboard."""

import io
import re

import pytest
from dashboard_browser import Visit
from playwright.sync_api import Browser
from pypdf import PdfReader

from dashboards.parts.outline import About, Section, foot

LONGEST = 3_500  # px of what a reader gets first, 1366 px wide
IN_SECTIONS = (
    "the_assessment", "theme", "what_is_coming", "what_happened_next", "are_victims_protected",
    "repeat_and_serial_suspects", "the_advice", "recording_delay_and_class", "fix_list", "which_standards_are_breached",
)  # fmt: skip


def about(name: str, *caveats: str, source: str = "Source: A.") -> About:
    return About(name, f"Finding of {name}", caveats, source, "<p>how it is made</p>")


def test_figures_with_the_same_caveats_and_source_share_an_entry_and_each_keeps_its_address() -> None:
    written = foot([about("a", "Few."), about("b", "Many <b>."), about("c", "Few."), about("d", "Few.", source="B")])
    entries = re.findall(r"<section>(.*?)</section>", written)
    assert [re.findall(r'id="about-(\w)"', entry) for entry in entries] == [["a", "c"], ["b"], ["d"]]
    assert [entry.count("<li>") for entry in entries] == [1, 1, 1]
    assert "Many &lt;b&gt;." in entries[1]
    assert written.count("how it is made") == 4


def test_a_section_is_named_in_the_address_by_its_title() -> None:
    assert Section("Is risk assessed, and reassessed?", lambda: None).code == "is-risk-assessed-and-reassessed"


@pytest.mark.browser
def test_what_a_reader_gets_first_of_a_long_page_is_one_section_and_short(browser: Browser, address: str) -> None:
    visit = Visit(browser, 1366, 768, is_led=True)
    for name in IN_SECTIONS:
        page = visit.open(f"{address}/{name}", section="")
        assert page.locator(".stMain").evaluate("main => main.scrollHeight") <= LONGEST, name
        chosen = page.locator(".contents a[aria-current]").all_inner_texts()
        assert page.locator("h2").all_inner_texts()[:1] == chosen, name
        assert page.locator(".answer").count() == 1, name
    assert visit.faults == []
    visit.close()


@pytest.mark.browser
def test_a_section_has_an_address_that_keeps_the_filters_and_a_step_back(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/repeat_and_serial_suspects?window=730", section="")
    page.get_by_role("link", name="Managed and unmanaged").click()
    page.get_by_role("heading", name="Managed and unmanaged").wait_for()
    visit.settle()
    assert page.url.endswith("?window=730&covering=whole&section=managed-and-unmanaged")
    assert page.get_by_role("heading", level=2).all_inner_texts() == ["Managed and unmanaged"]
    page.go_back()
    page.get_by_role("heading", name="How many suspects are repeat suspects?").wait_for()
    visit.settle()
    page.get_by_role("link", name="All on one page").click()
    page.get_by_role("heading", name="Managed and unmanaged").wait_for()
    assert page.get_by_role("heading", level=2).count() > 6
    page = visit.open(f"{address}/repeat_and_serial_suspects", section="gone")
    page.get_by_text("The link asks for a section that is not on this page. The first is shown.").wait_for()


@pytest.mark.browser
def test_the_contents_list_leads_to_a_heading_and_the_keyboard_goes_on_from_there(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/can_we_trust_our_recording")
    page.get_by_role("link", name="Was every crime recorded?").focus()
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.textContent") == "Was every crime recorded?"
    assert page.get_by_role("heading", name="Was every crime recorded?").evaluate(
        "heading => heading.getBoundingClientRect().top < window.innerHeight"
    )


@pytest.mark.browser
def test_paper_has_the_marking_the_caveats_and_whole_charts_and_tables_but_no_control(
    visit: Visit, address: str
) -> None:
    page = visit.open(f"{address}/repeat_and_serial_suspects", section="managed-and-unmanaged")
    page.emulate_media(media="print")
    assert page.locator(".foot-of-page .source").first.is_visible()
    assert not page.locator(".foot-of-page summary").first.is_visible()
    for control in (".contents", ".to-foot", "[data-testid=stDownloadButton]", "[data-testid=stSidebar]", "select"):
        assert page.locator(control).filter(visible=True).count() == 0, control
    assert page.locator(".only-printed").inner_text().startswith("Printed here: one of 7 sections of the page.")
    page.emulate_media(media="null")  # as a reader prints: "screen" would print what is on the screen
    read = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    for number, sheet in enumerate(read.pages, start=1):
        words = re.sub(r"\s+", " ", sheet.extract_text())
        assert words.count("OFFICIAL") >= 2, number
        assert f"{number} of {len(read.pages)}" in words
