"""Every source has a card that says what its rows are, whose they are and under what licence."""

import fields_page
import pytest

from assets.raw import sources
from assets.readers.extract.layout import KINDS, RAW_CARD, Layout
from pipelines.tables.cards import all_cards

# Not openly licensed: a force takes its own copy, and nothing of it lies in the repository.
OWN_COPIES = {"cambridge_harm_index", "district_boundaries", "rfgv_points", "similar_forces"}


@pytest.mark.parametrize("table", sources())
def test_a_card_lists_the_columns_that_its_source_writes_all_as_text(table: str) -> None:
    card = all_cards()[f"raw.{table}"]
    assert [column.name for column in card.columns] == list(sources()[table].columns)
    assert {column.type for column in card.columns} == {"varchar"}
    assert "period" not in sources()[table].columns  # the views add it


@pytest.mark.parametrize("table", sources())
def test_a_card_names_publisher_licence_period_and_the_words_that_the_licence_asks_for(table: str) -> None:
    card = all_cards()[f"raw.{table}"]
    if sources()[table].is_extract:
        assert card.licence["licence"] == "Not licensed for publication"
        return
    assert set(card.licence) == {"publisher", "licence", "published", "attribution"}
    if table in OWN_COPIES:
        assert "never shipped" in card.licence["licence"]
        assert sources()[table].download is None
    else:
        assert card.licence["licence"] in ("Open Government Licence v2.0", "Open Government Licence v3.0")
        assert card.licence["licence"] in card.licence["attribution"]
    assert card.description.startswith("One row is ")
    assert card.caveats
    assert card.audience == ()  # what pages show is made from it


@pytest.mark.parametrize("table", sources())
def test_a_source_has_the_name_of_its_module(table: str) -> None:
    path = all_cards()[f"raw.{table}"].maker
    assert path is not None
    assert path.stem == table


LAYOUTS = [source.layout for source in sources().values() if source.layout is not None]


@pytest.mark.parametrize("layout", LAYOUTS, ids=lambda layout: layout.table)
def test_a_layout_says_nothing_that_is_not_read(layout: Layout) -> None:
    """A misspelt `used_without` would put rows into quarantine, without a word."""
    known = {"row", "core", "needed", "identified_by", "used_without", "of_people", "yearly", "known", "fields"}
    assert set(layout.content) <= {*known, *RAW_CARD}
    named = [*layout.used_without, *layout.identity, *(name for group in layout.needed for name in group)]
    assert set(named) <= set(layout.fields)
    assert {kind.rstrip("?").partition(":")[0] for kind in layout.kinds.values()} <= set(KINDS)
    assert bool(layout.core) == any(field.column for field in layout.fields.values())


def test_the_page_of_fields_is_what_the_layouts_make_of_it() -> None:
    assert fields_page.PAGE.read_text("utf-8") == fields_page.page(), "run: python tests/tools/fields_page.py"
