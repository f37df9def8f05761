"""Every page in a real browser: it says what it should, asks nothing of the network, and bars nobody."""

from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from dashboard_browser import Visit, serving
from invented_figures import PAYLOAD
from page_read import Reader
from playwright.sync_api import Browser
from published_home import FIGURES, build_home
from rendered_words import faults_of

from dashboards.registry import PAGES, Page

pytestmark = pytest.mark.browser

LONG = 3_000  # px: a longer page has a contents list, or sections
WITHOUT_COPY = ("access_log", "accounts", "map_an_extract")  # pages that show nothing of what is published
OF_EXTRACT = (  # they carry the sign of an invented extract
    "can_we_trust_our_recording",
    "repeat_and_serial_suspects",
    "what_happened_next",
    "are_victims_protected",
    "at_a_glance",
    "explore",
    "the_advice",
    "what_was_delivered",
    "which_standards_are_breached",
    "fix_list",
    "recording_delay_and_class",
    "audit",
    "review_links",
    "people_to_look_at",
    "daily_meeting",
    "scrutiny_panel",
)
OF_PUBLIC_DATA = ("is_it_changing", "where_do_we_stand", "methods")  # they carry none


# every page


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_a_page_states_its_question_data_caveats_source_and_files(read: Reader, entry: Page) -> None:
    name, figures, page = entry.address, FIGURES.get(entry.address, []), read(entry.address)
    assert page.all("h1") == [entry.question]
    assert "Published 24 Nov 2026" in page.text or name in WITHOUT_COPY
    assert len(page.answer) > 30
    assert [key for key in figures if len(page.alt(key)) <= 60] == []
    shown = page.tags("table")
    assert len(shown) >= len(figures)
    assert all(table.select_one("caption") and not table.select("thead th:not([scope=col])") for table in shown)
    about = [tag["href"] for tag in page.tags(".to-foot")]
    assert len(about) >= len(figures)
    for entry_at_foot in about:  # each figure has an entry at the foot, with its source and where it comes from
        assert page.count(f".foot-of-page section:has({entry_at_foot}) .source") == 1
        assert page.count(f"{entry_at_foot} > details.provenance:not([open])") == 1
    for kind in ("csv", "xlsx"):
        assert page.count(f"[class^=st-key-{kind}_] button") >= len(figures)
    if name in OF_EXTRACT:
        assert "Invented Force: 4,000 crimes of every class" in page.one(".invented")
    assert page.count(".invented") == 0 or name not in OF_PUBLIC_DATA


@pytest.mark.parametrize("entry", PAGES, ids=lambda entry: entry.address)
def test_a_page_bars_nobody_on_a_desk_or_a_phone(one_visit: Visit, address: str, entry: Page) -> None:
    page = one_visit.open(f"{address}/{entry.address}")
    assert page.title() == entry.question
    assert page.locator(".marking").first.inner_text() == "OFFICIAL"
    assert page.locator('[data-testid="stSkipToContent"]').count() >= 1
    assert page.locator("[role=figure][aria-label]").count() >= len(FIGURES.get(entry.address, []))
    height = page.locator(".stMain").evaluate("main => main.scrollHeight")
    assert height <= LONG or page.locator(".contents a").count() > 1
    assert faults_of(one_visit.every_text()) == []
    stands_open_to_all(one_visit, entry.address, 1440)
    page.set_viewport_size({"width": 390, "height": 900})
    one_visit.settle()
    stands_open_to_all(one_visit, entry.address, 390)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_page_opened_on_a_phone_is_like_one_made_narrow(browser: Browser, address: str) -> None:
    """Every page is looked at made narrow, in the visit above; one opened so."""
    visit = Visit(browser, width=390)
    visit.open(f"{address}/where_do_we_stand")
    stands_open_to_all(visit, "where_do_we_stand", 390)
    opened = navigation(visit)
    visit.page.set_viewport_size({"width": 1440, "height": 900})
    visit.settle()
    assert navigation(visit) != opened
    visit.page.set_viewport_size({"width": 390, "height": 900})
    visit.settle()
    assert navigation(visit) == opened
    visit.close()


def navigation(visit: Visit) -> bool:
    """Whether the list of pages is open: on a phone it would lie over the page."""
    right: float = visit.page.get_by_test_id("stSidebar").evaluate("e => e.getBoundingClientRect().right")
    return right > 1


def stands_open_to_all(visit: Visit, name: str, width: int) -> None:
    """No barrier that axe can find, with every table unfolded too; nothing wider than the screen; no fault."""
    visit.unfold()
    assert visit.violations() == []
    assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width
    visit.unfold(False)
    visit.screenshot(f"{name}-{width}")
    assert visit.faults == []


def test_the_browser_itself_would_refuse_a_request_off_the_server(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/recorded_demand")
    refused = page.evaluate("() => fetch('https://192.0.2.1/').then(() => 'sent', error => String(error))")
    assert "Failed to fetch" in refused
    assert any("Content Security Policy" in fault for fault in visit.faults)
    visit.faults.clear()


# filters live in the URL


@pytest.mark.parametrize(
    ("name", "label", "option", "key", "value", "evidence"),
    [
        ("is_it_changing", "Force", "Kent Police", "force", "E23000032", "Rolling years overlap"),
        ("where_do_we_stand", "Measure", "Stalking's share", "measure", "stalking_share", "Stalking's share"),
        ("what_was_delivered", "Status", "✕ refused", "status", "refused", "1 delivery, 1 to check"),
        (
            "can_we_trust_our_recording", "Dimension", "Timeliness", "trend", "dimension|timeliness",
            "Compliance, timeliness",
        ),
        ("repeat_and_serial_suspects", "Window", "Two years (730 days)", "window", "730", "255 of 1,500 suspects"),
        (
            "what_happened_next", "Class, for the sections below", "Harassment (8L)", "class", "8L",
            "Harassment (8L): half have an outcome within 28 days",
        ),
        ("what_happened_next?class=8Q", "By", "Unit", "by", "unit", "Stalking (8Q): charged within 365 days, by unit"),
        ("which_standards_are_breached", "State", "– not measured", "state", "not-measured", "1 standard, by state"),
        ("fix_list", "Unit", "Unit B", "unit", "Unit B", "Unit B: 5 entries on 4 records"),
        ("fix_list?unit=all", "What to do", "Correct", "severity", "put-right", "1 record to check, 1 to correct"),
        ("recording_delay_and_class", "Crimes", "Unit B", "part", "unit:Unit B", "Unit B: 1,380 of 1,500 recorded"),
        ("review_links", "Part", "Changes to people", "links", "changes", "3 changes of reference"),
        ("people_to_look_at", "Who", "Serial, unmanaged", "who", "serial-unmanaged", "1 suspect, by the score"),
        ("methods", "Group", "Public data", "group", "PUB", "3 standards: public data"),
        ("recorded_demand", "Force", "South Wales Police", "force", "W15000003", "South Wales Police's"),
    ],
)
def test_a_filter_is_in_the_url_and_another_reader_finds_it_there(
    read: Reader, name: str, label: str, option: str, key: str, value: str, evidence: str
) -> None:
    page = read.after(name, (label, option))
    assert page.lacks(evidence) == [] and parse_qs(page.drawn.query)[key] == [value]
    assert read(f"{page.drawn.page}?{page.drawn.query}").lacks(evidence) == []


def test_a_filter_survives_a_reload_and_a_shared_link_shows_it_to_another(
    browser: Browser, visit: Visit, address: str
) -> None:
    visit.open(f"{address}/is_it_changing")
    shared = visit.choose("Force", "Kent Police").url
    other = Visit(browser)
    other.open(shared).get_by_text("Rolling years overlap").first.wait_for()
    assert (other.page.url, other.faults) == (shared, [])
    other.close()
    visit.page.reload()
    visit.settle()
    assert visit.page.get_by_role("combobox", name="Force", exact=True).input_value() == "Kent Police"


def test_a_link_to_something_not_held_says_so_and_shows_something_else(read: Reader) -> None:
    page = read("recorded_demand?force=<b>E99</b>")
    assert page.lacks("“<b>E99</b>” under force") == [] and page.answer


def test_the_way_back_restores_the_filter(visit: Visit, address: str) -> None:
    visit.open(f"{address}/recorded_demand?force=E23000032")
    page = visit.choose("Force", "South Wales Police")
    page.get_by_text("South Wales Police's").first.wait_for()
    page.go_back()
    page.get_by_text("Kent Police's").first.wait_for()


def test_a_page_a_choice_and_a_link_are_one_step_back_each_and_a_link_keeps_the_role(
    visit: Visit, address: str
) -> None:
    page = visit.open(f"{address}/which_standards_are_breached?role=analyst")
    first = page.evaluate("history.length")
    role = page.get_by_role("combobox", name="Role", exact=True)
    held = role.input_value()
    assert len(parse_qs(urlsplit(page.url).query)) > 1, "the page has written its filters to its address"
    page.get_by_role("link", name="Data received").click()
    visit.settle()
    page.go_back()
    visit.settle()
    page.get_by_role("link", name="PUB-01").first.click()
    page.get_by_role("heading", name="12 references breach PUB-01").wait_for()
    visit.settle()
    assert (page.evaluate("history.length"), role.input_value()) == (first + 1, held)
    page.go_back()
    visit.settle()
    page.get_by_role("heading", name="Which standards are breached?").wait_for()
    assert "PUB-01" not in page.url and role.input_value() == held


# data that came from a file is only ever text


def test_a_hostile_cell_is_text_on_the_page_and_in_the_download(visit: Visit, address: str, tmp_path: Path) -> None:
    page = visit.open(f"{address}/what_was_delivered")
    assert page.locator("td", has_text="HYPERLINK").inner_text() == PAYLOAD
    assert page.locator("table img").count() == 0
    with page.expect_download() as download:
        page.locator(".st-key-csv_quarantine button").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_quarantine.csv"
    download.value.save_as(tmp_path / "quarantine.csv")
    assert "'=HYPERLINK" in (tmp_path / "quarantine.csv").read_text(encoding="utf-8-sig")
    with page.expect_download() as workbook:
        page.locator(".st-key-xlsx_quarantine button").click()
    workbook.value.save_as(tmp_path / "quarantine.xlsx")
    assert (tmp_path / "quarantine.xlsx").read_bytes()[:2] == b"PK"


def test_failing_references_are_listed_for_the_rule_in_the_link(read: Reader) -> None:
    page = read("which_standards_are_breached?rule=PUB-01@core.recorded_crimes")
    assert any("12 references breach PUB-01" in heading for heading in page.headings)
    assert sum("Other <i>crimes</i>" in cell for cell in page.all("td")) == 12
    page = read("which_standards_are_breached?rule=DEL-02@raw.deliveries")
    assert any("1 reference appears to breach DEL-02" in heading for heading in page.headings)


# where a number comes from


def test_a_figure_says_by_keyboard_where_its_numbers_come_from(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/where_do_we_stand")
    told = page.locator("details.provenance").first
    page.locator(".to-foot").first.focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.textContent") == "Back to the figure"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert told.is_visible()
    for words in ("The SQL of metrics.force_funnel as it ran", "Delivered files behind it"):
        told.get_by_text(words).focus()
        page.keyboard.press("Space")
    assert told.locator("pre").first.inner_text().startswith("-- Invented, with markup")
    assert PAYLOAD in told.locator("pre").first.inner_text()
    assert told.locator("img").count() == 0
    files = told.get_by_text("recorded_crime_pfa").last.locator("xpath=..").inner_text()
    assert "sha256 000000000000, received 24 Nov 2026" in files
    assert visit.violations() == []
    page.emulate_media(media="print")
    assert not told.locator("pre").first.is_visible()
    page.emulate_media(media="screen")


# audiences


def test_the_demonstration_switches_audience_and_the_root_leads_to_the_first_page(visit: Visit, address: str) -> None:
    page = visit.open(address)
    page.wait_for_url("**/at_a_glance**")
    links = page.get_by_test_id("stSidebarNavLink")
    assert links.all_inner_texts() == [entry.question for entry in PAGES if entry.audience == "command"]
    visit.settle()
    visit.choose("Audience", "Integrity")
    page.wait_for_url("**/what_needs_doing**")
    visit.settle()
    assert links.all_inner_texts()[:2] == ["What needs doing?", "Data received"]


def test_a_server_for_one_audience_offers_no_other_page(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home, "commissioning", STRA_MARKING="OFFICIAL-SENSITIVE") as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/which_standards_are_breached")  # a page of another audience
        assert page.locator("h1").inner_text() == "In brief"
        assert page.locator(".marking").first.inner_text() == "OFFICIAL-SENSITIVE"
        assert page.get_by_role("combobox", name="Audience").count() == 0
        assert "PUB-01" not in page.content()
        # on a busy machine the browser says so only after the page is drawn, or not at all
        elsewhere = "console: The page that you have requested does not seem to exist. Running the app's main page."
        assert set(visit.faults) <= {elsewhere}
        visit.close()
