"""Reading links in the browser: two people at once, blind; a third where they differ; what is taken away."""

import csv
import io
from pathlib import Path

import fastexcel
import invented_links as invented
import polars as pl
import pytest
from dashboard_browser import Visit, serving
from page_read import Reader
from playwright.sync_api import Browser
from published_home import build_home, publish, tables

from casework.people import links
from casework.store.database import open_store

pytestmark = pytest.mark.browser
AGREE, NAMESAKES = "Addresses, contacts or events over time agree", "Two people of one name"


def opened(browser: Browser, address: str, who: str, part: str = "read", width: int = 1440) -> Visit:
    visit = Visit(browser, width=width)
    visit.open(f"{address}/review_links?links={part}")
    visit.sign(who)
    return visit


def tick(visit: Visit, words: str) -> None:
    """Choose an answer by keyboard."""
    visit.page.get_by_role("radio", name=words, exact=True).focus()
    visit.page.keyboard.press("Space")
    visit.settle()


def decide(
    visit: Visit, verdict: str, reason: str, button: str = "Save decision", then: str = "Decision saved"
) -> None:
    tick(visit, verdict)
    tick(visit, reason)
    visit.press(button, then)


def keys(visit: Visit) -> list[str]:
    """The two keys that are to be looked up."""
    return visit.page.locator("table", has_text="Look up these two").locator("td").all_inner_texts()


def facts(visit: Visit) -> dict[str, str]:
    """Label -> value and small print."""
    parts = visit.page.locator(".facts > div").all()
    return {p.locator("dt").inner_text(): p.locator("dd").inner_text().replace("\n", " ") for p in parts}


def test_two_readers_read_blind_a_third_decides_and_the_decisions_are_taken_away(
    browser: Browser, tmp_path: Path
) -> None:
    home = build_home(tmp_path / "home")
    with serving(home) as address:
        ann, ben = opened(browser, address, "Ann"), opened(browser, address, "Ben")
        assert "6 pairs of records may be one person: 0 decided" in ann.page.locator(".answer").inner_text()
        assert "not measured" in facts(ann)["Kappa of two readers"]

        # the nearest to the limit first, for both: nothing of the model or of the other reader is in sight
        for visit in (ann, ben):
            visit.press("Take the next pair", "The pair is yours")
            assert keys(visit) == ["P000", "P500"]
            assert visit.page.locator(".stPlotlyChart").count() == 0
            assert "bits" not in visit.page.locator("main").inner_text()
        ann.press("Save decision", "Choose an answer first: nothing was saved.")
        tick(ann, "One person")
        assert ann.page.get_by_role("radio", name=NAMESAKES).count() == 0  # no reason for one person
        ann.press("Save decision", "Choose a reason first: nothing was saved.")
        seen(ann, "links-1-reading")
        decide(ann, "One person", AGREE, then="the next build links the two records")
        alt = ann.page.locator(".st-key-chart_match-weights [role=figure]").get_attribute("aria-label") or ""
        assert "Surname, same: +9.1" in alt and "The total is +1.6" in alt
        seen(ann, "links-2-weights")
        decide(ann, "Unsure", "The records do not show enough", "Save change", "Change saved")
        decide(ann, "One person", AGREE, "Save change", "Change saved")
        decide(ben, "One person", AGREE)

        # a third has the next pair; the two differ on the one after
        for visit in (ann, ben):
            visit.press("Take the next pair", "The pair is yours")
            assert keys(visit) == ["P001", "P501"]
        decide(ann, "One person", AGREE)
        decide(ben, "Two people", NAMESAKES, then="the next build keeps the two records apart")
        assert facts(ben)["Readers disagree"].startswith("1 ")
        assert ben.page.get_by_role("button", name="Save change").count() == 0
        ben.page.get_by_text("neither view changes to meet the other").wait_for()
        for visit in (ann, ben):
            own = opened(browser, address, "Ann" if visit is ann else "Ben", "third")
            assert "0 pairs for you to decide. You read 1 more, which" in own.page.locator("main").inner_text()
            assert own.page.locator("table").count() == 0
        cat = opened(browser, address, "Cat", "third")
        assert cat.page.locator("table", has_text="Both decisions").locator("td").all_inner_texts() == [
            "One person", AGREE, "Two people", NAMESAKES,
        ]  # fmt: skip
        assert cat.page.locator(".stPlotlyChart").count() == 0
        seen(cat, "links-3-third")
        decide(cat, "Two people", NAMESAKES, "Save third decision", "the next build keeps the two records apart")

        # what is decided, with its agreement, on a wide and on a narrow screen
        for width in (1440, 390):
            visit = opened(browser, address, "", "decided", width)
            visit.page.get_by_role("heading", name="2 pairs decided; the next build will apply 2 of them").wait_for()
            said = facts(visit)["Kappa of two readers"]
            assert said.startswith("not defined") and "throughout; 2 pairs read blind by two" in said
            for summary in visit.page.locator("details > summary").all():
                summary.click()
            seen(visit, f"links-4-decided-{width}")
            assert visit.page.evaluate("() => document.documentElement.scrollWidth") <= width
        heading, *rows = exported(visit, "csv")
        assert heading[:4] == ["First record", "Second record", "Settled as", "Effect"]
        assert [row[:3] for row in rows] == [["P001", "P501", "Two people"], ["P000", "P500", "One person"]]
        assert [row[heading.index("Blind")] for row in rows] == ["True", "False"]
        workbook = exported(visit, "xlsx")
        assert [row[:3] for row in workbook[1:]] == [row[:3] for row in rows]
        everything = " ".join(cell for row in [*rows, *workbook] for cell in row)
        assert not {"ann", "ben", "cat"} & set(everything.lower().split())
        assert [v.faults for v in (ann, ben, cat, visit)] == [[], [], [], []]

        # the build obeys: the copy that it publishes says so
        obeyed = invented.person_pairs().with_columns(
            is_decided=pl.col("person_key_l").is_in(["P000", "P001"]),
            is_linked=pl.col("is_linked") & (pl.col("person_key_l") != "P001"),
        )
        publish(home, "integrity", tables()["integrity"] | {"core.person_pairs": obeyed}, version="20261126T000000Z")
        visit = opened(browser, address, "", "decided")
        visit.page.get_by_role("heading", name="2 pairs decided; the next build will apply 0 of them").wait_for()
        assert visit.page.locator("td", has_text="the build has applied it").count() == 2


def exported(visit: Visit, kind: str) -> list[list[str]]:
    with visit.page.expect_download() as download:
        visit.page.locator(f".st-key-{kind}_decided-pairs button").click()
    assert download.value.suggested_filename == f"OFFICIAL_invented_decided-pairs.{kind}"
    content = Path(download.value.path()).read_bytes()
    if kind == "csv":
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    sheet = fastexcel.read_excel(content).load_sheet("Invented data", header_row=None, dtypes="string").to_polars()
    return [[cell or "" for cell in row] for row in sheet.rows()]


def seen(visit: Visit, name: str) -> None:
    assert visit.violations() == []
    visit.screenshot(name)


def test_a_pair_is_given_back_and_none_is_left_for_a_third_reader(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    publish(home, "integrity", tables()["integrity"] | {"core.person_pairs": invented.person_pairs(1)}, version="2027")
    engine = open_store(home)
    with serving(home, "integrity") as address:
        ann = opened(browser, address, "Ann")
        ann.press("Take the next pair", "The pair is yours")
        ann.press("Give this pair back", "Pair given back")
        assert ann.page.locator("table", has_text="Look up these two").count() == 0
        for who in ("Ben", "Cat"):
            assert links.take_next(engine, [("P000", "P500")], who)
        ann.press("Take the next pair", "No pair is left for you")
        assert ann.page.get_by_role("alert").count() == 1
        assert ann.faults == []


def test_what_was_decided_in_another_window_is_not_overwritten_unseen(browser: Browser, tmp_path: Path) -> None:
    home = build_home(tmp_path)
    with serving(home, "integrity") as address:
        ann = opened(browser, address, "Ann")
        ann.press("Take the next pair", "The pair is yours")
        tick(ann, "One person")
        tick(ann, AGREE)
        links.decide(open_store(home), "Ann", "first", ("P000", "P500"), "unsure", "not_enough")
        ann.page.get_by_role("button", name="Save decision").click()
        ann.settle()
        assert links.everything(open_store(home))[("P000", "P500")].verdict("first") == "unsure"
        assert ann.faults == []


def test_quality_by_group_and_changes_by_reference(one_visit: Visit, tmp_path: Path) -> None:
    with serving(build_home(tmp_path), "integrity") as address:
        said = ("Based on 60 pairs", "6 of 16 are linked by their weight (37.5%", "34 of 44 are linked")
        assert Reader(address)("review_links?links=quality").lacks(*said) == []
        page = one_visit.open(f"{address}/review_links?links=quality")
        one_visit.choose("Kind of record", "Date of birth recorded")
        alt = page.locator(".st-key-chart_linkage-precision [role=figure]").get_attribute("aria-label") or ""
        assert "no: not measured: no reviewed pair is among" in alt
        assert one_visit.violations() == []
        one_visit.screenshot("links-5-quality")
        one_visit.open(f"{address}/review_links?links=changes")
        page.get_by_role("textbox", name="Reference of a person").fill("BB2")
        page.keyboard.press("Tab")
        page.get_by_role("heading", name="2 changes of reference for 2 people").wait_for()
        page.get_by_role("textbox", name="Reference of a person").fill("person-zz")
        page.keyboard.press("Tab")
        page.get_by_text("No change for “person-zz”").wait_for()
        one_visit.settle()
        assert one_visit.violations() == []
