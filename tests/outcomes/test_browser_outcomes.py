"""The page on what happened next in a real browser: what it says for given rows, and what is not there."""

from __future__ import annotations

import invented_outcome_figures as outcomes
import pytest
from dashboard_browser import Visit, plain

from pipelines.cards import all_cards

AUDIENCE = "command"

PAGE = "what_happened_next"


def test_the_figures_of_the_page_tests_have_the_columns_of_the_cards() -> None:
    for table, frame in outcomes.command_tables().items():
        # the force is in every table made for each force, and in no invented figure
        assert set(frame.columns) == {c.name for c in all_cards()[table].columns} - {"force_code"}, table


@pytest.mark.browser
def test_the_page_answers_first_and_every_section_states_a_finding(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    answer = plain(page.locator(".answer").inner_text())
    assert answer.startswith("90 of 1,000 stalking crimes (9.0%")
    assert "recorded in the year to 31 Oct 2024, and each was followed for a year" in answer
    facts = plain(page.locator(".facts").first.inner_text())
    assert "9.0%" in facts and "90 of 1,000 crimes; 95% interval 7.3% to 10.9%" in facts
    headings = [plain(text) for text in page.locator("h2, h3").all_inner_texts()]
    for words in (
        "Most frequent other outcomes: victim does not support action (47.0% of stalking",
        "Stalking (8Q): 6.3% (95% interval 4.3% to 8.3%) of 250 crimes recorded in Q3 2024/25",
        "Stalking (8Q): half have an outcome within 28 days",
        "Charged within 365 days: suspects, with any offence: 13.0% (95% interval 11.0% to 15.0%)",
        "Stalking (8Q): 18 of 180 charges were for an offence other than the one recorded",
        "Stalking (8Q): charged within 365 days, by relationship",
        "This does not show the effect of advice",
        "Stalking (8Q): of 2,040 recorded in two years, 37 were cancelled and fewer than 5 transferred",
        "In-period ratios: charges of one year over crimes or outcomes of the same year",
    ):
        assert any(words in heading for heading in headings), words
    assert page.get_by_text("a charge rate can mean seven things").count() == 1
    assert "A" in page.locator(".st-key-chart_outcomes-over-time").inner_text()
    visit.screenshot("what-happened-next")


@pytest.mark.browser
def test_small_counts_are_in_no_table_and_no_file(visit: Visit, address: str) -> None:
    visit.open(f"{address}/{PAGE}?by=unit")
    units = {row[0]: row for row in visit.rows("charged-by-part")}
    assert units["Unit C"][1:4] == ["", "", ""] and units["Unit A"][1] == "0.12"
    removed = {row[0]: row for row in visit.rows("removed-crimes")}
    assert removed["Stalking (8Q)"][1:] == ["2040", "37", "fewer than 5", "0"]
    alternates = {row[0]: row for row in visit.rows("alternate-charges")}
    assert alternates["Harassment (8L)"][2] == "fewer than 5"
    assert not {"All stalking and harassment"} & (set(removed) | set(alternates)), "a total would tell the small count"
