"""The page on repeat and serial suspects: what it says for given rows, and that nobody is on it."""

import re
from pathlib import Path

import invented_people as people
import invented_suspect_figures as suspects
import polars as pl
import pytest
from dashboard_browser import Visit
from page_read import Reader, reading
from published_home import build_home, publish, tables

pytestmark = pytest.mark.browser
AUDIENCE, FEW = "command", "fewer than 5"
PAGE = "repeat_and_serial_suspects"
FIGURES = ("repeat-windows", "next-event", "next-event-weeks", "escalation", "managed-suspects",
           "programme-funnel", "list-back-test", "after-listing", "repeat-areas")  # fmt: skip


# nobody


def test_no_reference_of_a_person_is_in_page_or_downloads(read: Reader) -> None:
    texts = [read(PAGE).source, *(",".join(row) for key in FIGURES for row in read(PAGE).rows(key))]
    for text in texts:
        assert not re.search(r"(person|suspect|victim|dyad)_ref|P-[0-9a-f]{6,}", text)


def test_small_counts_of_people_are_in_no_table_and_no_file(read: Reader) -> None:
    page = read(f"{PAGE}?window=90")
    _, mappa, drive = page.rows("programme-funnel")
    assert (mappa[6], drive[6]) == (FEW, "0")
    managed = {row[0]: row for row in page.rows("managed-suspects")}
    assert managed["On bail"][1] == FEW and managed["Serial suspects: any of these"][1:3] == [FEW, FEW]
    assert {row[0] for row in page.rows("after-listing")[1:]} == {"adopted since", "never managed"}
    [dock] = [row for row in page.rows("repeat-areas") if row[0] == "Dock, Town"]
    assert dock[1:] == ["90", FEW, *[""] * 8, "counts too small to show"], "nothing to work it out from"


# what it says


def test_another_window_changes_answer_and_management(read: Reader) -> None:
    page = read(f"{PAGE}?window=1095")
    assert "324 of 1,800" in page.answer and "55 of 80 serial suspects have none on record" in page.text
    assert "the extract covers less than three years" in page.one(".facts")


def published(home: Path, **changed: pl.DataFrame) -> Path:
    """A home with other tables: `metrics__v100` is the table metrics.v100."""
    content = tables()["command"] | {name.replace("__", "."): rows for name, rows in changed.items()}
    publish(build_home(home), "command", content, version="20261125T000000000000Z")
    return home


def has_no_barrier(one_visit: Visit, read: Reader) -> None:
    one_visit.open(f"{read.address}/{PAGE}")
    assert one_visit.violations() == []


def test_a_points_table_that_the_force_loaded_is_ranked_by_and_one_that_was_refused_is_named(
    one_visit: Visit, tmp_path: Path
) -> None:
    ranking, refused = suspects.ranking_with_points(), people.points_states("not loaded: refused: m.csv: x")
    loaded = published(
        tmp_path / "one", metrics__ranking_backtest=ranking, core__list_states=people.points_states()
    )
    with reading(loaded, AUDIENCE) as read:
        assert read(PAGE).lacks("the force's own, matac.csv") == []
        assert {row[1] for row in read(PAGE).rows("list-back-test")[1:]} == {"score", "event count", "points table"}
        assert "points table 27.0% to 29.0%, last 27.0%" in read(PAGE).alt("list-back-test")
    other = published(tmp_path / "two", metrics__ranking_backtest=ranking, core__list_states=refused)
    with reading(other, AUDIENCE) as read:
        assert read(PAGE).lacks("the score applies. Not loaded: refused: m.csv") == []
        has_no_barrier(one_visit, read)


def test_no_barrier_in_any_state_of_the_page(one_visit: Visit, tmp_path: Path) -> None:
    home = published(
        tmp_path, metrics__lens_agreement=suspects.lens_agreement(),
        metrics__management_overlap=suspects.management_overlap(bail=False),
        metrics__escalation_summary=suspects.escalation_summary(rising=9, falling=2),
    )  # fmt: skip
    with reading(home, AUDIENCE) as read:
        for words in ("40 of 101 people on the list by sentencing", "of 40 dyads tested 9 become more frequent"):
            assert any(words in heading for heading in read(PAGE).headings), words
        assert read(PAGE).lacks("Harm by sentences under-represents", "because not delivered: bail") == []
        one_visit.open(f"{read.address}/{PAGE}")
        one_visit.look_at_both("repeat-suspects")


# what is not there


def test_where_nothing_that_manages_was_delivered_nobody_is_called_unmanaged(tmp_path: Path) -> None:
    none = pl.lit(value=False)
    overlap = suspects.management_overlap().with_columns(
        is_orders_measured=none, is_bail_measured=none, is_programmes_measured=none
    )
    with reading(published(tmp_path, metrics__management_overlap=overlap), AUDIENCE) as read:
        assert "Not measured: management of repeat suspects" in read(PAGE).missing
        assert "have none on record" not in read(PAGE).source
