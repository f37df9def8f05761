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
def test_the_page_answers_first_and_every_section_states_a_finding(read: Reader) -> None:
    page = read(PAGE)
    assert page.answer.startswith("90 of 1,000 stalking crimes (9.0%")
    assert "recorded in the year to 31 Oct 2024" in page.answer
    assert "90 of 1,000 crimes; 95% interval 7.3% to 10.9%" in page.one(".facts")
    for words in (
        "victim does not support action (47.0% of stalking", "6.3% (95% interval 4.3% to 8.3%) of 250 crimes",
        "Stalking (8Q): half have an outcome within 28 days", "13.0% (95% interval 11.0% to 15.0%)",
        "Stalking (8Q): 18 of 180 charges", "Stalking (8Q): charged within 365 days, by relationship",
        "This does not show the effect of advice", "of 2,040 recorded in two years, 37 were cancelled and fewer than 5",
        "In-period ratios: charges of one year",
    ):  # fmt: skip
        assert any(words in heading for heading in page.headings), words
    assert page.text.count("a charge rate can mean seven things") == 1
    assert page.alt("outcomes-over-time") and "A" in page.all(".key b")


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
