"""A ninth theme is rows alone: two lists and a judgement, no SQL and no Python. It is scored, published and shown."""

from pathlib import Path

import duckdb
import polars as pl
import pytest
from conftest import InventedForce
from page_read import reading
from published_home import publish, tables

from pipelines.builds.tables import build_table
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import build_order, downstream_of, reads

LISTS = {"reference.themes", "reference.theme_classes", "reference.theme_judgements"}
NAME = "Invented ninth theme"
ROWS = (
    f"insert into reference.themes values ('T9', 90, '{NAME}', 'scored', '105A', null, 'Class 105A', 'invented')",
    "insert into reference.theme_classes (theme_code, rule_order, class_code, authority) values ('T9', 1, '105A', 'x')",
    "insert into reference.theme_judgements values ('T9', 'public_expectation', 2, 'invented', 'invented')",
)


@pytest.fixture(scope="module")
def scored(invented_force: InventedForce) -> duckdb.DuckDBPyConnection:
    """The invented force with the rows added, and every table of the assessment made again from them."""
    changed = {"core.theme_crimes", "core.scoring_scheme", *downstream_of(LISTS | {"core.theme_crimes"})} - LISTS
    again = [card for card in build_order() if card.table in changed and card.name.startswith(("theme_", "scoring_"))]
    held = {table for card in again for table in reads(card)} - {card.table for card in again}
    con = invented_force.copied(sorted(held | LISTS))
    for row in ROWS:
        con.execute(row)
    for card in again:
        build_table(con, card)
    return con


def test_it_takes_the_crimes_that_its_rows_name_and_is_ranked(scored: duckdb.DuckDBPyConnection) -> None:
    crimes = scored.execute("select distinct class_code from core.theme_crimes where theme_code = 'T9'").fetchall()
    assert crimes == [("105A",)]
    held_twice = "select count(*) from core.theme_crimes where theme_code = 'C2' and class_code = '105A'"
    assert scored.execute(held_twice).fetchall() == [(0,)], "a crime is in one theme"
    [(risk, rank)] = scored.execute("select risk, rank from metrics.theme_scores where theme_code = 'T9'").fetchall()
    assert risk is not None and rank is not None
    assert scored.execute("select count(*) > 1 from metrics.theme_months where theme_code = 'T9'").fetchall() == [
        (True,)
    ]


@pytest.mark.browser
def test_its_page_and_the_assessment_name_it(scored: duckdb.DuckDBPyConnection, tmp_path: Path) -> None:
    content = dict(tables()["command"])
    for table in content:
        if "command" in all_cards()[table].audience and table.split(".")[1].startswith("theme"):
            content[table] = pl.DataFrame(scored.sql(f"select * from {table}").pl())
    home = tmp_path / "home"
    publish(home, "command", content)
    with reading(home) as read:
        assert read("the_assessment").lacks(NAME) == []
