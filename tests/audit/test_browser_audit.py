"""An audit from frame to signed-off report, in two browsers at once, by keyboard where it matters."""

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import fastexcel
import polars as pl
import pytest
import xlsxwriter
from audit_hands import invented_frame
from dashboard_browser import SCREENSHOTS, WAIT_MS, Visit, serving
from playwright.sync_api import Browser, Page
from published_home import build_home, publish, tables

from dashboards.documents.reports import audit_report
from dashboards.pages.audit import worksheet

pytestmark = pytest.mark.browser
SIZES = {"A": 3, "B": 2, "E": 1, "H": 2}  # eight units: two rated on the page, the others by worksheet


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = build_home(tmp_path_factory.mktemp("home"))
    frame = pl.DataFrame(invented_frame(SIZES)).with_columns(unit_name=pl.lit(None, pl.String))
    publish(home, "integrity", tables()["integrity"] | {"metrics.audit_frame": frame}, version="20261124T020000000000Z")
    return home


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with serving(home) as address:
        yield address


def opened(browser: Browser, address: str, who: str, query: str = "") -> Visit:
    visit = Visit(browser)
    visit.open(f"{address}/audit{query}")
    visit.sign(who)
    return visit


def press(visit: Visit, name: str, then: str) -> None:
    """Press a button by keyboard and wait for what it says."""
    button = visit.page.get_by_role("button", name=name, exact=True)
    button.focus()
    visit.page.keyboard.press("Enter")
    visit.page.get_by_text(then).first.wait_for(timeout=WAIT_MS)
    visit.settle()


def drawn(visit: Visit) -> Page:
    """The page once every field of its forms is there."""
    visit.page.locator("[data-testid=stSkeleton]").first.wait_for(state="detached", timeout=WAIT_MS)
    return visit.page


def answer(visit: Visit, wrong: tuple[str, ...] = (), outcome: str = "15", *, by_keyboard: bool = False) -> None:
    """Fill in the form of the unit that is open: every question “Yes”, those of `wrong` “No”."""
    page = drawn(visit)
    for words in ("Crimes that should have been recorded from this report", "Crimes that were recorded from it"):
        field = page.get_by_role("spinbutton", name=words)
        if field.count():
            field.fill("2" if words in wrong else "1")
    groups = page.locator("[class*=st-key-rating_] [role=radiogroup]")
    for group in groups.all():
        words = group.get_attribute("aria-label") or ""
        radio = group.get_by_role("radio", name="No" if words in wrong else "Yes", exact=True)
        if by_keyboard:
            radio.focus()
            page.keyboard.press("Space")
        else:
            radio.check(force=True)
    due = page.get_by_role("combobox", name="Outcome code that the evidence supports")
    if due.count():
        due.fill(outcome)
        page.keyboard.press("Enter")


def unrated(content: bytes) -> list[str]:
    """The references of a worksheet's rows that hold no rating yet, in its order."""
    rows = fastexcel.read_excel(content).load_sheet("Ratings", dtypes="string").to_polars()
    return rows.filter(pl.col("Is the relationship right?").is_null())[worksheet.HEADINGS["sample_ref"]].to_list()


def fill_in(content: bytes, out: Path, spoil: bool) -> None:
    """The worksheet with every asked cell answered; `spoil`: one answer that is none."""
    book = fastexcel.read_excel(content)
    sheets = {n: book.load_sheet(n, header_row=None, dtypes="string").to_polars().rows() for n in book.sheet_names}
    rows = [list(row) for row in sheets["Ratings"]]
    header = rows[0]
    for row in rows[1:]:
        if row[header.index("Crimes that were recorded")] or row[header.index("Is the relationship right?")]:
            continue
        for place, heading in enumerate(header):
            code = next((c for c, h in worksheet.HEADINGS.items() if h == heading), "")
            if code in worksheet.ASKED and code != "evidence_note" and worksheet.is_asked(code, row[2]):
                row[place] = "1" if code.startswith("crimes") else "15" if code.startswith("outcome") else "pass"
    if spoil:
        rows[-1][header.index("Are the flags right?")] = "=HYPERLINK(1)"
    with xlsxwriter.Workbook(out, {"strings_to_formulas": False}) as made:
        for name, lines in {**sheets, "Ratings": rows}.items():
            sheet = made.add_worksheet(name)
            for line, cells in enumerate(lines):
                for column, cell in enumerate(cells):
                    sheet.write_string(line, column, cell or "")


def test_an_audit_is_carried_from_frame_to_signed_off_report(
    browser: Browser, address: str, home: Path, tmp_path: Path
) -> None:
    analyst = opened(browser, address, "Invented Analyst")
    page = analyst.page
    assert "No audit has been started" in page.locator(".answer").inner_text()
    page.get_by_role("textbox", name="Title").fill("Invented audit")
    page.get_by_role("textbox", name="Question").fill("Is stalking recorded as stalking?")
    page.get_by_role("textbox", name="Force crime registrar who decides").fill("Invented Registrar")
    press(analyst, "Create the cycle", "The cycle was created.")
    press(analyst, "Freeze the frame", "The frame was frozen.")
    assert page.get_by_role("button", name="Draw the sample").is_disabled(), "a draw is asked for twice"
    page.get_by_role("checkbox", name=re.compile("^Draw these 8 units")).check(force=True)
    analyst.settle()
    press(analyst, "Draw the sample", "The sample was drawn.")
    assert "8" in page.locator(".facts").inner_text()
    seen(analyst, "audit-1-drawn")
    cycle = parse_qs(urlsplit(page.url).query)["cycle"][0]

    analyst.close()

    # two people rate at once: each is given another unit, nothing either kept is lost
    one = opened(browser, address, "Rater One", f"?cycle={cycle}&step=rate")
    two = opened(browser, address, "Rater Two", f"?cycle={cycle}&step=rate")
    units = [v.page.get_by_role("combobox", name="Unit", exact=True).input_value() for v in (one, two)]
    assert units[0] != units[1]
    answer(one, by_keyboard=True)
    one.settle()
    one.close()  # what is not saved yet is there again for the same rater
    one = opened(browser, address, "Rater One", f"?cycle={cycle}&step=rate")
    assert one.page.get_by_role("combobox", name="Unit", exact=True).input_value() == units[0]
    groups = one.page.locator("[class*=st-key-rating_] [role=radiogroup]")
    assert groups.count() == groups.locator("input[type=radio][value='0']:checked").count() > 0, "all answered Yes"
    answer(two, wrong=("Is the class right (8Q, 8L, 8R, 8U)?",))
    seen(two, "audit-2-rating")
    for visit in (one, two):
        visit.page.get_by_role("button", name="Save this rating").click()
    for visit in (one, two):
        visit.page.get_by_text("was saved.").wait_for(timeout=WAIT_MS)
        visit.settle()

    # the rest by worksheet, with a cell that is no answer; a unit that Rater Two opens meanwhile is told as well
    one.close()
    one = opened(browser, address, "Rater One", f"?cycle={cycle}&step=rate")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Download the worksheet").click()
    content = Path(download.value.path()).read_bytes()
    two.choose("Unit", re.compile(f"^{unrated(content)[1]}:"))
    bring_back(one, content, tmp_path / "spoilt.xlsx", spoil=True)
    taken = one.page.get_by_role("alert").inner_text()
    assert "3 ratings saved" in taken and "2 cells not accepted" in taken, taken
    assert one.page.locator("tr", has_text="yours to rate").count() == 1
    row = one.page.locator("tr", has_text="=HYPERLINK(1)").inner_text()
    assert "one of pass, fail, unsure, not_evaluable" in row
    seen(one, "audit-3-worksheet")
    bring_back(one, content, tmp_path / "sound.xlsx", spoil=False)
    assert "1 rating saved" in one.page.get_by_role("alert").inner_text()
    for left in (1, 0):  # the one that was opened just now, then the one before it
        unit = two.page.get_by_role("combobox", name="Unit", exact=True).input_value().partition(":")[0]
        answer(two)
        press(two, "Save this rating", f"Your rating of {unit} was saved.")
        assert told(two.page, r"(\d+) units? open to you") == left

    # each rates a second time what the other rated first
    for visit, wrong in ((one, ()), (two, ("Are the flags right?",))):
        visit.page.get_by_role("radiogroup", name="I rate as").get_by_role("radio", name="Second rater").check(
            force=True
        )
        visit.settle()
        while told(visit.page, r"(\d+) units? open to you") > 0:
            unit = visit.page.get_by_role("combobox", name="Unit", exact=True).input_value().partition(":")[0]
            answer(visit, wrong)
            press(visit, "Save this rating", f"Your rating of {unit} was saved.")
            wrong = ()  # each unit that they disagree on is one to decide
    assert "raters stay blind" in one.open(f"{address}/audit?cycle={cycle}&step=decide").content()
    one.close()
    two.close()

    # the registrar decides, the analyst estimates and records findings, the registrar signs off
    registrar = opened(browser, address, "Invented Registrar", f"?cycle={cycle}&step=decide")
    seen(registrar, "audit-4-deciding")
    while told(registrar.page, r"(\d+) units? to decide") > 0:
        before = registrar.page.get_by_role("combobox", name="Unit to decide").input_value()
        answer(registrar, ("Are the flags right?",))
        press(registrar, "Save the decision", f"{before} was decided.")
    registrar.close()
    closing = opened(browser, address, "Invented Registrar", f"?cycle={cycle}&step=close")
    press(closing, "Calculate the estimates", "The estimates were calculated and saved.")
    while (left := told(closing.page, r"(\d+) of them without a finding")) > 0:
        closing.page.get_by_role("textbox", name="Rule", exact=True).fill("CLS-02")
        closing.page.get_by_role("textbox", name="Owner").fill("Invented Unit")
        closing.page.get_by_role("textbox", name="Due date").fill("2026-12-31")
        closing.page.get_by_role("textbox", name="What is wrong").fill("flag missing")
        press(closing, "Save the finding", f" {left - 1} of them without a finding")
    closing.page.get_by_role("spinbutton").fill("900")
    closing.page.keyboard.press("Tab")
    closing.settle()
    closing.page.get_by_role("textbox", name="What was learnt").fill("Flags are set late.")
    press(closing, "Sign the audit off", "The audit was signed off.")
    seen(closing, "audit-5-closed")
    with closing.page.expect_download() as download:
        closing.page.get_by_role("button", name="Download the report").click()
    report = Path(download.value.path()).read_text(encoding="utf-8")
    assert "Signed off" in report and "Flags are set late." in report and "A-crime-" not in report

    # the same report from the command line, which a browser reads without a barrier
    audit_report.write(home, tmp_path / "report.html")
    assert (tmp_path / "report.html").read_text(encoding="utf-8") == report
    reader = Visit(browser)
    reader.page.goto(f"file://{tmp_path / 'report.html'}")
    assert reader.violations() == []
    reader.page.screenshot(path=SCREENSHOTS / "audit-6-report.png", full_page=True)
    assert analyst.faults + one.faults + two.faults + registrar.faults + closing.faults == []


def told(page: Page, words: str) -> int:
    """The number that the page gives in these words."""
    found = re.search(rf"\b{words}", page.locator("main").inner_text())
    assert found, f"the page does not say: {words}"
    return int(found[1])


def bring_back(visit: Visit, content: bytes, path: Path, *, spoil: bool) -> None:
    fill_in(content, path, spoil)
    remove = visit.page.get_by_role("button", name=re.compile("Remove"))
    if remove.count():
        remove.first.click()
        visit.settle()
    visit.page.locator("input[type=file]").set_input_files(path)
    visit.page.get_by_text(path.name).wait_for(timeout=WAIT_MS)
    visit.settle()
    press(visit, "Load the ratings", "not accepted.")


def seen(visit: Visit, name: str) -> None:
    drawn(visit)
    visit.settle()  # what is drawn again after a choice is pale for a moment
    assert visit.violations() == []
    visit.screenshot(name)
