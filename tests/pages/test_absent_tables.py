"""Tables that are not there: each part of a page says so in words, and the page claims nothing in its place.

Asked over the websocket; what a browser adds is looked at in test_pages_without_data.py. Any one table that is
withheld: test_withheld_tables.py.
"""

from collections.abc import Iterator
from pathlib import Path

import invented_demand as demand
import invented_outcome_figures as outcomes
import invented_protection as protection
import invented_suspect_figures as suspects
from dashboard_browser import serving
from page_read import Reader, reading
from published_home import FORCES, build_home, publish, tables

from casework.store.database import FILE
from dashboards.registry import PAGES
from dashboards.text.protection.protection_text import SECTIONS

REPEAT, PROTECTION, OUTCOMES, DEMAND = (
    "repeat_and_serial_suspects", "are_victims_protected", "what_happened_next", "what_is_coming"
)  # fmt: skip
# every page but the two that show nothing of what is published
TITLES = {page.address: page.question for page in PAGES if page.address not in ("access_log", "accounts")}
STORE = "The casework store cannot be read or written (DatabaseError)."
Case = tuple[str, list[str], list[str], int, str]


def cases() -> Iterator[Case]:
    """Page, tables that are not there, tables without a row, in how many boxes it says these words."""
    for page, count, words in (
        (REPEAT, 6, "Open data name no suspects"),
        (PROTECTION, len(SECTIONS) + 1, "Open data do not cover them"),
        (OUTCOMES, len(outcomes.NAMED), "do not separate stalking"),
    ):
        yield page, ["core.extract_forces"], [], count, words
    for page, named in ((REPEAT, suspects.NAMED), (OUTCOMES, outcomes.NAMED)):
        names = [f"metrics.{name}" for name in named]
        # one more for what was never delivered here; one less where two tables are of the same ranking
        yield page, names[::2], names[1::2], len(named) + (page == OUTCOMES), "Not"
    yield from ((PROTECTION, [f"metrics.{name}"], [], 1, f"metrics.{name}") for name in protection.NAMED)
    yield from ((DEMAND, [f"metrics.{name}"], [], 1, "Not") for name in demand.NAMED)


def test_each_part_says_what_is_not_there_and_the_rest_stands(tmp_path: Path) -> None:
    home, whole, wrong = build_home(tmp_path), tables()["command"], []
    with serving(home) as address:
        for number, (name, gone, empty, count, words) in enumerate(cases()):
            content = {n: rows.clear() if n in empty else rows for n, rows in whole.items() if n not in gone}
            publish(home, "command", content, version=f"20261125T{number:06d}000000Z")
            page = Reader(address)(name)
            if sum(words in box for box in page.all(".missing")) != count:
                wrong.append((name, gone, count, page.all(".missing")))
            if gone == ["core.extract_forces"]:
                assert "Not measured." in page.answer and page.count("table, .invented") == 0
    assert wrong == []


def test_an_empty_home_shows_how_to_begin(tmp_path: Path) -> None:
    with reading(tmp_path / "nothing") as read:
        for name, title in TITLES.items():
            assert read(name).lacks(title, "Nothing built yet", "stra build") == [], name


def test_every_page_of_a_single_force_is_shown(tmp_path: Path) -> None:
    kent = [force for force in FORCES if force[1] == "Kent Police"]
    with reading(build_home(tmp_path, forces=kent, empty=["metrics.force_funnel"])) as read:
        for name, title in TITLES.items():
            assert read(name).lacks(title) == [] and read(name).count(".marking.foot") == 1, name


def test_a_store_that_cannot_be_read_is_said_in_words(tmp_path: Path) -> None:
    home = build_home(tmp_path)
    (home / FILE).write_text("this is no database, and was never one" * 50)
    with reading(home) as read:
        for page in ("decisions_and_actions", "scrutiny_panel", "audit", "review_links"):
            assert read(page).lacks(STORE) == [], page
            assert "the casework store does not answer" in read(page).answer
