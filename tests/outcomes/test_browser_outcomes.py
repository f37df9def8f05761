"""The page on what happened next: what it says for given rows, and what is not there."""

from __future__ import annotations

import invented_outcome_figures as outcomes
import pytest
from page_read import Reader

from pipelines.cards import all_cards

AUDIENCE = "command"

PAGE = "what_happened_next"


def test_the_figures_of_the_page_tests_have_the_columns_of_the_cards() -> None:
    for table, frame in outcomes.command_tables().items():
        # the force is in every table made for each force, and in no invented figure
        assert set(frame.columns) == {c.name for c in all_cards()[table].columns} - {"force_code"}, table


@pytest.mark.browser
def test_small_counts_are_in_no_table_and_no_file(read: Reader) -> None:
    units, removed, alternates = (
        {row[0]: row for row in read(f"{PAGE}?by=unit").rows(figure)}
        for figure in ("charged-by-part", "removed-crimes", "alternate-charges")
    )
    assert units["Unit C"][1:4] == ["", "", ""] and units["Unit A"][1] == "0.12"
    assert removed["Stalking (8Q)"][1:] == ["2040", "37", "fewer than 5", "0"]
    assert alternates["Harassment (8L)"][2] == "fewer than 5"
    assert not {"All stalking and harassment"} & (set(removed) | set(alternates)), "a total would tell the small count"
