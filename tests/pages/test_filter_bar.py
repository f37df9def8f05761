"""The bar of choices: what an address asks for, and what a page says that does not follow it."""

import datetime as dt

from dashboards import registry
from dashboards.parts import filter_bar
from dashboards.parts.filter_bar import Chosen, followed, read_choices, unfollowed
from dashboards.text import breakdowns

DISTRICT = Chosen(part=("district", "District 2"))
BOTH = Chosen(("unit", "Unit A"), ("financial_year", dt.date(2025, 4, 1)))


def test_an_address_is_read_and_what_cannot_be_read_chooses_nothing() -> None:
    assert read_choices({"of": "unit|Unit A", "covering": "financial_year|2025-04-01"}) == BOTH
    assert read_choices({"of": "district|District 2"}) == DISTRICT
    for wrong in ({}, {"of": "whole", "covering": "whole"}, {"of": "person|P1"}, {"covering": "quarter|yesterday"},
                  {"of": "district|"}, {"covering": "day|2025-04-01"}):  # fmt: skip
        assert read_choices(wrong) == Chosen()


def test_a_page_says_which_choices_it_does_not_follow() -> None:
    assert unfollowed(Chosen(), ()) == ""
    assert unfollowed(DISTRICT, ("district",)) == ""
    assert unfollowed(DISTRICT, ("unit",)) == (
        "This page shows the whole force: it does not follow your choice of District 2."
    )
    assert unfollowed(BOTH, ()) == (
        "This page shows the whole force and its own periods: it does not follow your choice of Unit A and 2025/26."
    )
    assert unfollowed(BOTH, ("unit",)) == (
        "This page shows its own periods: it does not follow your choice of 2025/26."
    )


def test_a_page_is_given_the_choices_that_it_follows_alone() -> None:
    assert followed(BOTH, registry.BAR) == BOTH
    assert followed(BOTH, ("unit",)) == Chosen(part=BOTH.part)
    assert followed(BOTH, ("period", "class")) == Chosen(period=BOTH.period)
    assert followed(BOTH, ()) == Chosen()


def test_a_part_without_a_period_is_shown_in_the_latest_year() -> None:
    year = ("rolling_12", dt.date(2025, 4, 1))
    assert filter_bar.latest_year(DISTRICT, [year, ("quarter", dt.date(2026, 1, 1))]) == Chosen(DISTRICT.part, year)
    assert filter_bar.latest_year(DISTRICT, [("quarter", dt.date(2026, 1, 1))]) == DISTRICT
    assert filter_bar.latest_year(BOTH, [year]) == BOTH and filter_bar.latest_year(Chosen(), [year]) == Chosen()


def test_periods_and_parts_are_named_as_elsewhere() -> None:
    assert filter_bar.period_words("rolling_12", dt.date(2025, 4, 1)) == "year to Mar 2026"
    assert filter_bar.period_words("quarter", dt.date(2026, 1, 1)) == "Q4 2025/26"
    assert breakdowns.part_name("district", "not known") == "not known (district)"
    assert breakdowns.part_name("class", "8L") == "Harassment (8L)" and breakdowns.part_name("class", "8Z") == "8Z"
    assert breakdowns.part_name("suspect_ethnicity", "W1") == "White (W1)"
    assert breakdowns.part_name("online", "not flagged") == "not flagged as online"
    assert breakdowns.part_name("district", "W1") == "W1"
    assert BOTH.words == "Unit A, 2025/26"
    assert Chosen().words == "the whole force, all periods"


def test_what_a_page_follows_is_a_choice_of_the_bar() -> None:
    known = {"period", *filter_bar.BREAKDOWNS}
    assert all(set(page.follows) <= known for page in registry.PAGES)
    assert registry.follows("are_victims_protected") == registry.BAR
    assert registry.follows("fix_list") == ("unit",)
    assert registry.follows("which_standards_are_breached") == ("period", "unit", "class")
    assert registry.follows("no_such_page") == ()
