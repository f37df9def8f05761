"""The settings as one row: a key that is misspelt or missing is never a silent null."""

import re

import pytest
from worked import made

from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import TableDiffers

ROWS = made("core.settings")
LISTED = {row["key"].replace(".", "_"): row["value"] for row in made("reference.settings")}


def test_every_key_is_a_column_with_its_value() -> None:
    assert ROWS == [LISTED] and len(LISTED) > 100


def test_a_key_that_is_missing_or_not_known_stops_the_build_and_is_named() -> None:
    rows = [{"key": name.replace("_", ".", 1), "value": LISTED[name]} for name in LISTED if name != "rates_base"]
    with pytest.raises(TableDiffers, match=r"core\.settings: .* differ: rates_base \(not returned\)$"):
        made("core.settings", reference_settings=rows)
    rows += [{"key": "rates.base", "value": 1.0}, {"key": "rates.bse", "value": 1.0}]
    with pytest.raises(TableDiffers, match=r"differ: rates_bse \(not in the card\)$"):
        made("core.settings", reference_settings=rows)


def test_no_sql_looks_a_setting_up_by_its_key() -> None:
    """It would be null where the key is misspelt; what joins by a key that a list names is another matter."""
    by_key = re.compile(r"\bkey\s*(=|in)\s*\(?\s*'")
    found = [
        card.table
        for card in all_cards().values()
        if card.is_select and "reference.settings" in card.code and by_key.search(card.code)
    ]
    assert found == []
