"""The page "Map an extract" in a real browser: a flat export is mapped, written and built by keyboard, without a
terminal."""

import csv
from pathlib import Path

import pytest
from dashboard_browser import WAIT_MS, Visit, plain, serving
from layout_export import layouts, read_described, write
from playwright.sync_api import Browser, expect

from casework.access import access_log
from casework.store.database import open_store

pytestmark = pytest.mark.browser
PAGE = "map_an_extract"
BUILD_MS = 300_000
MINE = '# of the force itself\n[extract]\ndates = "DD/MM/YYYY"\n'


def pick(visit: Visit, label: str, option: str) -> None:
    """Type an option of a list that is too long to be drawn whole, and take it."""
    visit.page.get_by_role("combobox", name=label, exact=True).focus()
    visit.page.keyboard.type(option)
    visit.page.get_by_role("option", name=option, exact=True).wait_for(timeout=WAIT_MS)
    visit.page.keyboard.press("Enter")
    visit.settle()


def test_a_flat_export_is_mapped_and_built_on_the_page(browser: Browser, tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    write(layouts(described=True)["street_names"], read_described(), data)
    home.mkdir()
    (data / "mapping.toml").write_text(MINE, encoding="utf-8")
    (export,) = data.glob("*.csv")
    with open(export, encoding="utf-8", newline="") as stream:
        delivered = list(csv.DictReader(stream))
    with serving(home, STRA_DATA=str(data)) as address:
        visit = Visit(browser)
        page = visit.open(f"{address}/{PAGE}")
        assert page.locator(".answer").inner_text() == "1 file can be mapped; 4 questions to answer."
        text = visit.every_text()
        assert delivered[0]["Description"] not in text and delivered[0]["Victim ID"] not in text, "of one person"
        assert page.get_by_role("button", name="Write mapping.toml").is_disabled(), "nobody has said who it is"
        visit.look("map-1-proposals")

        visit.sign("Invented Analyst")
        pick(visit, "Which force recorded the crimes? No column says so, and figures are by force.", "Kent Police")
        pick(visit, "party_role.relationship: what does 'Ex-Husband/Wife' mean?", "ex_spouse")
        visit.press("Take these answers", "1 question to answer.")
        assert (data / "mapping.toml").read_text(encoding="utf-8") == MINE, "nothing is written unasked"
        visit.press("Write mapping.toml", "Written: ")
        written = (data / "mapping.toml").read_text(encoding="utf-8")
        assert written.startswith(MINE) and 'force_code = "=E23000032"  # Kent Police' in written
        assert page.get_by_role("region", name="mapping.toml as it was written").inner_text().strip() == written.strip()
        visit.look("map-2-written")

        visit.press("Build and publish", "A build is running")
        expect(page.get_by_text("The build is published whole.")).to_be_visible(timeout=BUILD_MS)
        visit.settle()
        visit.look("map-3-built")
        entries = access_log.entries(open_store(home), 10)
        acts = [entry for entry in entries if entry["place"] == PAGE]
        assert {"consultation", "alteration", "collection"} == {entry["kind"] for entry in acts}

        page = visit.open(f"{address}/can_we_trust_our_recording")
        rows = len(delivered)
        assert f"{rows} of {rows} crimes of stalking and harassment" in plain(page.locator(".stMain").inner_text())
        visit.close()
        assert visit.faults == []
