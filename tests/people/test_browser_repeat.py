"""The page on repeat and serial suspects: what it says for given rows, and that nobody is on it."""

from __future__ import annotations

import re
from pathlib import Path

import invented_people as people
import invented_suspect_figures as suspects
import polars as pl
import pytest
from dashboard_browser import Visit
from page_read import Reader, reading
from published_home import build_home, publish, tables

from dashboards.pages.people import repeats_text

pytestmark = pytest.mark.browser
AUDIENCE, FEW = "command", "fewer than 5"
PAGE = "repeat_and_serial_suspects"
PARTS = ("Are events concentrated on few suspects?", "Where are repeat suspects?",
         "How soon are suspects reported again?", "Is the behaviour getting worse?", "Managed and unmanaged",
         "Would the list help?", "Do the lenses of harm agree?")  # fmt: skip
FIGURES = ("repeat-windows", "concentration", "next-event", "next-event-weeks", "escalation", "managed-suspects",
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


def test_the_page_answers_first_and_every_section_states_a_finding(read: Reader) -> None:
    page = read(PAGE)
    assert page.answer.startswith("In the year to 31 Oct 2025, 120 of 800 suspects are repeat suspects")
    facts = page.one(".facts")
    assert "120 of 1,200: no suspect is counted" in facts and "not measured for 16 of 800" in facts
    assert page.text.count(repeats_text.ADVISORY) == 1, "once a page, with its sources"
    assert [heading for heading in page.headings if heading in PARTS] == list(PARTS)
    for words in (
        "28.0% of events in a year; chance alone would give 19.0%: 9.0", "20.0% of suspects are reported again",
        "Of 3 areas with 30 suspects or more, 1 is above", "above the band in weeks 2 to 5", "No dyad tested rises",
        "60 of 120 repeat suspects (50.0%) have an order", "16 of 24 serial suspects have none",
        "A list of 100 made on 1 Mar 2024 would have included the suspects of 25.0%", "It did not fall further among",
    ):  # fmt: skip
        assert any(words in heading for heading in page.headings), words
    assert page.lacks("This is one finding, not two", "A fall alone is not a success") == []
    assert "Not measured: agreement of lenses" in page.missing
    assert not any("escalat" in text.lower() for text in [*page.headings, *page.all(".note"), page.answer])


def test_another_window_changes_answer_concentration_and_management(read: Reader) -> None:
    page = read(f"{PAGE}?window=1095")
    assert "324 of 1,800" in page.answer and "55 of 80 serial suspects have none on record" in page.text
    assert "the extract covers less than three years" in page.one(".facts")
    page = read(f"{PAGE}?window=90")
    assert any("no difference beyond chance" in heading for heading in page.headings)
    assert "This is one finding, not two" not in page.text


def test_areas_are_told_with_their_denominators_and_both_shares_and_small_ones_have_no_place(read: Reader) -> None:
    page = read(PAGE)
    listed = {row["Area"]: row for row in page.listed("repeat-areas")}
    abbey, field = listed["Abbey, Town"], listed["Field, Town"]
    assert [abbey[name] for name in ("Suspects", "Share counted", "Rank")] == ["120", "0.5", "1"]
    assert abbey["Lower limit"].startswith("0.41")
    assert (field["Share counted"], field["Rank"]) == ("", "") and field["Shrunk share"] != ""
    assert field["Why no share or rank"] == "fewer than 30 suspects"
    assert listed["No area on the record"]["Shrunk share"] == ""
    assert any("80 of 800 suspects have an event without an area (10.0%" in note for note in page.all(".note"))
    alt = page.alt("repeat-areas")
    assert "Abbey, Town: 60 of 120 suspects, counted 50.0%, shrunk " in alt
    assert "Dock" not in alt and "Field" not in alt


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
        tmp_path / "one", metrics__ranking_backtest=ranking, core__rfgv_points_states=people.points_states()
    )
    with reading(loaded, AUDIENCE) as read:
        assert read(PAGE).lacks("than a simple count of events at 1 of 6 origins", "the force's own, matac.csv") == []
        assert {row[1] for row in read(PAGE).rows("list-back-test")[1:]} == {"score", "event count", "points table"}
        assert "points table 27.0% to 29.0%, last 27.0%" in read(PAGE).alt("list-back-test")
    other = published(tmp_path / "two", metrics__ranking_backtest=ranking, core__rfgv_points_states=refused)
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


@pytest.mark.parametrize(
    ("words", "areas", "is_drawn"),
    [
        ("Not measured: repeat suspects by area", {}, False),
        ("Areas do not differ beyond chance: 10.3", {"A": (10, 100), "B": (11, 100), "C": (10, 100)}, True),
        ("Areas are not compared: 2 areas", {"A": (10, 100), "B": (30, 100)}, True),
        ("none has 30 suspects", {"A": (12, 24), "B": (6, 29), "C": (0, 25)}, False),
    ],
)
def test_without_a_field_of_the_area_it_is_not_measured_and_alike_or_few_areas_are_not_ordered(
    one_visit: Visit, tmp_path: Path, words: str, areas: dict[str, tuple[int, int]], is_drawn: bool
) -> None:
    rows = suspects.repeat_by_area(**areas)
    rows = rows if areas else rows.filter(pl.col("area_code") == "none")
    with reading(published(tmp_path, metrics__repeat_by_area=rows), AUDIENCE) as read:
        assert read(PAGE).lacks(words) == []
        assert bool(read(PAGE).alt("repeat-areas")) is is_drawn
        has_no_barrier(one_visit, read)


def test_where_nothing_that_manages_was_delivered_nobody_is_called_unmanaged(tmp_path: Path) -> None:
    none = pl.lit(value=False)
    overlap = suspects.management_overlap().with_columns(
        is_orders_measured=none, is_bail_measured=none, is_programmes_measured=none
    )
    with reading(published(tmp_path, metrics__management_overlap=overlap), AUDIENCE) as read:
        assert "Not measured: management of repeat suspects" in read(PAGE).missing
        assert "have none on record" not in read(PAGE).source
