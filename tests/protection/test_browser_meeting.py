"""The daily and weekly lists in a real browser: references, print, file, and each viewing in the log."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import invented_meeting as invented
import polars as pl
import pytest
from dashboard_browser import SCREENSHOTS, Visit, serving
from page_read import Reader, reading
from playwright.sync_api import Browser
from published_home import build_home, publish, tables

from casework.access import access_log
from casework.store.database import FILE, open_store
from dashboards.data.protection import meeting_data
from dashboards.data.published import Missing, open_copy
from dashboards.data.scope import WHOLE
from dashboards.documents.reports import meeting_lists
from dashboards.text.protection import meeting_text
from pipelines.tables.cards import all_cards

PAGE = "daily_meeting"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_home(tmp_path_factory.mktemp("home"))


@pytest.fixture(scope="module")
def address(home: Path) -> Iterator[str]:
    with serving(home, "integrity") as address:
        yield address


def viewings(home: Path) -> list[dict[str, Any]]:
    """The log, the oldest first; whole each time."""
    engine = open_store(home)
    assert access_log.verify(engine).faults == ()
    return access_log.entries(engine)[::-1]


def test_only_the_integrity_audience_is_given_the_lists() -> None:
    for table in (meeting_data.LISTS, meeting_data.STATES, "reference.meeting_lists"):
        assert list(all_cards()[table].audience) == ["integrity"]
    for name in ("command", "commissioning"):
        assert not {t for t in tables()[name] if "meeting" in t}


@pytest.mark.browser
def test_each_list_says_what_puts_a_record_there_and_what_may_be_missing(read: Reader) -> None:
    page = read(PAGE)
    assert re.match("6 entries on the 6 daily lists .* 31 Oct 2025, 08:00 GMT; 1 list not measured", page.answer)
    assert [heading.partition(": ")[2] for heading in page.all("h3")] == [
        "2 records", "not measured", "none", "1 record", "1 record", "2 records", "none"
    ]  # fmt: skip
    assert page.lacks(
        "table invented not supplied", "graded high in the last 24 hours",
        "3 records of the whole force without a time", "not reassessed: 4 cases of the whole force",
        "Reassessed after arrest (table custody not supplied)",
    ) == []  # fmt: skip
    heading, *rows = page.rows("meeting-daily-overdue-reassessments")
    assert heading[5:8] == ["Case", "Due since", "Overdue by"] and len(heading) == 9 and len(rows) == 1
    [overdue] = [row for row in page.cells("tr") if "INV-OVE1" in row]
    assert overdue[5:8] == ["open", "30 Oct 2025, 13:00 GMT", "2 days"]
    assert page.link("INV-REP1") == "people_to_look_at?dyad=INV-REP1"


@pytest.mark.browser
def test_each_viewing_is_logged_once_and_a_redraw_is_none(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home, "integrity") as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}")
        [first] = viewings(home)
        assert (first["audience"], first["place"], first["record_count"]) == ("integrity", PAGE, 6)
        assert first["subject"] == "daily lists, the whole force, as of 31 Oct 2025, 08:00 GMT"
        assert first["who"].startswith("not signed in; server account") and first["who_kind"] == "not signed in"
        assert page.get_by_text(f"access log: no. 1, {first['row_hash'][:12]}.").count() == 1
        page.keyboard.press("r")  # Streamlit's own “run again”: the same view, drawn anew
        visit.settle()
        assert len(viewings(home)) == 1
        visit.choose("Lists", "Weekly")
        assert [row["subject"].split(",")[0] for row in viewings(home)] == ["daily lists", "weekly lists"]
        visit.choose("Unit", "Unit not known")
        [*_, third] = viewings(home)
        assert (third["subject"], third["record_count"]) == (
            "weekly lists, records of no known unit, as of 31 Oct 2025, 08:00 GMT", 4
        )  # fmt: skip
        page.get_by_role("link", name="Methods").click()
        visit.settle()
        page.get_by_role("link", name="Daily and weekly lists").click()
        visit.settle()
        assert len(viewings(home)) == 4  # coming back is another viewing
        visit.close()
        another = Visit(browser)
        another.open(f"{address}/{PAGE}")
        assert len(viewings(home)) == 5
        assert (visit.faults, another.faults) == ([], [])
        another.close()


@pytest.mark.browser
def test_what_cannot_be_logged_is_not_shown(one_visit: Visit, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    (home / FILE).write_text("not a database")
    with reading(home, "integrity") as read:
        page = read(PAGE)
        assert page.answer.startswith("No list is shown") and "access log" in page.missing
        assert "INV-" not in page.text and not [b for b in page.all("button") if "Download" in b]
        one_visit.open(f"{read.address}/{PAGE}")
        assert one_visit.violations() == []


@pytest.mark.browser
def test_on_paper_stand_the_marking_the_moment_and_whole_tables(visit: Visit, tmp_path: Path) -> None:
    many = pl.concat([
        invented.lists().filter(pl.col("list_code") == "new_high_risk", pl.col("period") == "daily").head(1)
        .with_columns(pl.lit(f"INV-MANY{n:03}").alias("record_ref"), pl.lit(n).cast(pl.Int64).alias("place"))
        for n in range(120)
    ])  # fmt: skip
    home = build_home(tmp_path)
    publish(home, "integrity", tables()["integrity"] | {meeting_data.LISTS: many}, version="20261125T000000000000Z")
    with serving(home, "integrity") as address:
        page = visit.open(f"{address}/{PAGE}")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": 720, "height": 1000})
        for shown in (".marking", ".answer", ".invented", "text=INV-MANY000", "text=INV-MANY119"):
            assert page.locator(shown).first.is_visible(), shown
        for hidden in ("stSidebar", "stHeader", "stSelectbox", "stDownloadButton"):
            assert not page.get_by_test_id(hidden).first.is_visible(), hidden
        tables_shown = "[...document.querySelectorAll('.table-scroll')]"
        assert page.evaluate(f"() => {tables_shown}.every(t => t.scrollHeight <= t.clientHeight + 1)")
        assert page.evaluate("() => document.documentElement.scrollWidth") <= 720
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        paper = page.pdf(path=SCREENSHOTS / f"{PAGE}.pdf", format="A4", prefer_css_page_size=True)
        assert len(re.findall(rb"/Type /Page\b(?!s)", paper)) >= 3  # 120 rows: not the first screen alone


@pytest.mark.browser
def test_the_file_holds_what_the_page_shows(visit: Visit, address: str, home: Path) -> None:
    page = visit.open(f"{address}/{PAGE}?meeting_unit=Invented+Unit+A")
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the lists for print").click()
    assert download.value.suggested_filename == "OFFICIAL_invented_daily-lists.html"
    text = Path(download.value.path()).read_text(encoding="utf-8")
    assert "Daily lists of Invented Unit A" in text and "INV-NEW1" in text and "INV-NEW2" not in text
    *_, shown, handed_out = viewings(home)
    assert f"Access log: no. {shown['sequence']}, " in text
    assert (handed_out["kind"], handed_out["subject"], handed_out["recipient"]) == (
        "disclosure", "OFFICIAL_invented_daily-lists.html: meeting daily, meeting_unit Invented Unit A",
        handed_out["who"],
    )  # fmt: skip


class TestFile:
    def test_it_is_written_without_a_browser_and_logged(self, tmp_path: Path) -> None:
        home = build_home(tmp_path / "home")
        out = meeting_lists.write(home, tmp_path / "out" / "lists.html", "weekly")
        text = out.read_text(encoding="utf-8")
        assert text.count('<p class="marking">OFFICIAL</p>') == 2
        assert "Not measured: table invented not supplied. This does not mean that the list is empty." in text
        assert "Invented data. Invented Force." in text and "http" not in text and "<script" not in text
        [row] = viewings(home)
        assert row["who"].startswith("command line; server account") and row["record_count"] == 10

    def test_what_cannot_be_logged_is_not_written(self, tmp_path: Path) -> None:
        home = build_home(tmp_path / "home")
        (home / FILE).write_text("not a database")
        with pytest.raises(meeting_lists.Refused, match="cannot be written"):
            meeting_lists.write(home, tmp_path / "lists.html")
        assert not (tmp_path / "lists.html").exists()

    @pytest.mark.parametrize(("period", "unit"), [("monthly", "all"), ("daily", "Unit of nobody")])
    def test_an_unknown_choice_is_refused_before_anything_is_logged(
        self, tmp_path: Path, period: str, unit: str
    ) -> None:
        home = build_home(tmp_path / "home")
        with pytest.raises(meeting_lists.Refused, match="Expected daily or weekly"):
            meeting_lists.write(home, tmp_path / "lists.html", period, unit)
        assert not (home / FILE).exists()


class TestWords:
    def sheet(self, tmp_path: Path, period: str = "daily", unit: str = "all", **leave: Any) -> Any:
        copy = open_copy(build_home(tmp_path, **leave), "integrity", WHOLE)
        return meeting_data.sheet(copy, period, unit)

    def test_an_empty_sheet_is_said_to_be_empty_and_never_where_nothing_is_measured(self, tmp_path: Path) -> None:
        sheet = self.sheet(tmp_path, empty=[meeting_data.LISTS])
        assert meeting_text.answer(sheet).startswith("No entries on the 6 daily lists of the whole force")
        none = meeting_data.Sheet("daily", "all", tuple(s | {"is_measured": False} for s in sheet.states), sheet.rows)
        assert meeting_text.answer(none) == "Not measured: none of the daily lists can be made from this extract."

    def test_records_of_a_list_that_is_not_measured_are_not_shown(self, tmp_path: Path) -> None:
        home = build_home(tmp_path)
        stray = invented.lists().head(1).with_columns(pl.lit("order_breaches").alias("list_code"))
        publish(
            home, "integrity", tables()["integrity"] | {meeting_data.LISTS: stray}, version="20261125T000000000000Z"
        )
        copy = open_copy(home, "integrity", WHOLE)
        sheet = meeting_data.sheet(copy, "daily", "all")
        assert isinstance(sheet, meeting_data.Sheet) and sheet.rows.is_empty()

    def test_an_absent_table_is_said(self, tmp_path: Path) -> None:
        with pytest.raises(Missing, match=f"{meeting_data.STATES} is not published"):
            self.sheet(tmp_path, leave_out=[meeting_data.STATES])

    @pytest.mark.parametrize(
        ("hours", "words"),
        [(0.4, "0 hours"), (1.0, "1 hour"), (47.9, "47 hours"), (48.0, "2 days"), (None, "no figure")],
    )
    def test_how_long_overdue(self, hours: float | None, words: str) -> None:
        assert meeting_text.overdue(hours) == words
