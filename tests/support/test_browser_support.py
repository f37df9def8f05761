"""Need, reach, waits and options in a real browser, from the commissioning copy alone, and the pack taken along."""

import io
import shutil
import zipfile
from collections.abc import Iterator
from pathlib import Path

import docx
import pytest
from dashboard_browser import Visit, serving
from page_read import Reader
from published_home import build_home
from pypdf import PdfReader

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server on another machine: nothing but the commissioning copy lies in its home."""
    whole, alone = tmp_path_factory.mktemp("whole"), tmp_path_factory.mktemp("alone")
    build_home(whole)
    folder = (whole / "published" / "commissioning").resolve()
    target = alone / "published" / "copies" / "commissioning" / folder.name
    shutil.copytree(folder, target)
    (alone / "published" / "commissioning").symlink_to(target.relative_to(alone / "published"))
    with serving(alone, "commissioning") as found:
        yield found


def test_who_is_missing_out_follows_its_filters_and_a_reload_keeps_them(read: Reader, one_visit: Visit) -> None:
    page = read("who_is_missing_out?characteristic=sex&step=offered")
    assert "less often than Female" in page.answer
    page = read("who_is_missing_out?characteristic=religion&step=accepted")
    assert "Not recorded for" in page.answer
    seen = one_visit.open(f"{read.address}/{page.asked}")
    seen.reload()
    one_visit.settle()
    assert "religion" in seen.url and "by religion" in seen.locator("h2").first.inner_text()


def test_a_group_that_is_not_released_is_a_token_and_no_dot(read: Reader) -> None:
    page = read("who_is_missing_out?characteristic=age&step=accepted")
    row = next(row for row in page.cells("tr") if "under 16" in row)
    assert "*" in row and any("suppressed" in cell for cell in row)
    assert "16 to 24" in page.alt("who-is-missing-out") and "under 16" not in page.alt("who-is-missing-out")


def test_options_show_the_measured_wait_beside_the_models_before_any_prediction(read: Reader) -> None:
    page = read("options_and_value")
    assert "Invented Advocacy" in page.answer
    _, *rows = page.rows("options")
    told = {tuple(row[:2]): one for row, one in zip(rows, page.listed("options"), strict=True)}
    fits, other = told["Invented Victim Care", "As it is"], told["Invented Advocacy", "As it is"]
    assert fits["Measured now"] == fits["Model now"] != "not tried" and " to " in fits["Wait in a year"]
    assert other["Wait in a year"] == other["Waiting for a place in a year"] == "not calibrated"
    assert {row["Measured now"] for (_, option), row in told.items() if option != "As it is"} == {"not tried"}
    heading, *rows = page.rows("calibration")
    results = {row[0]: row[heading.index("Result")] for row in rows}
    assert results["Invented Victim Care"] == "calibrated" and "do not foretell" in results["Invented Advocacy"]


def test_the_pack_is_taken_along_and_opens(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/download_the_pack")
    with page.expect_download() as found:
        page.get_by_role("button", name="Download ZIP").click()
    assert found.value.suggested_filename == "OFFICIAL_invented_commissioning-pack.zip"
    with zipfile.ZipFile(Path(found.value.path())) as packed:
        names = packed.namelist()
        files = ("evidence.docx", "data.ods")
        assert {f"OFFICIAL_invented_commissioning-{file}" for file in files} <= set(names)
        pdf = PdfReader(io.BytesIO(packed.read("OFFICIAL_invented_commissioning-evidence.pdf")))
        assert "In short" in pdf.pages[0].extract_text()
        word = docx.Document(io.BytesIO(packed.read("OFFICIAL_invented_public-summary.docx")))
        assert any("What we do not know" in p.text for p in word.paragraphs)
    assert visit.faults == [] and visit.violations() == []
