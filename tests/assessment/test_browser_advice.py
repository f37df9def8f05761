"""The advice line by line: states, links, small counts, and what is shown of what is not measured."""

import pytest
from page_read import Reader

pytestmark = pytest.mark.browser
PAGE = "the_advice"


def test_every_statement_stands_on_the_page_with_its_state(read: Reader) -> None:
    page = read(PAGE)
    assert page.count(".advice dt") == 84
    states = page.all(".advice dt span")
    assert {name: states.count(name) for name in page.facts} == {n: int(v.split()[0]) for n, v in page.facts.items()}
    line = page.one(".advice > div:-soup-contains('The first risk assessment uses')")
    assert "90.0%, 900 of 1,000, 95% interval" in line and "within 24 hours" in line
    assert "Out of scope Organisational" in page.one(".advice > div:-soup-contains('Models of behaviour change')")


def test_a_figure_leads_to_its_own_page(read: Reader) -> None:
    link = read(PAGE).link("Expected recorded stalking and harassment in the next month")
    assert read(link).all("h1") == ["What is coming?"]


def test_lines_of_one_state_alone_can_be_asked_for(read: Reader) -> None:
    assert set(read(f"{PAGE}?state=out%20of%20scope").all(".advice dt span")) == {"Out of scope"}


def test_small_counts_are_neither_on_the_page_nor_in_its_table(read: Reader) -> None:
    assert read(PAGE).lacks("fewer than 5 of 40; share suppressed") == []
    assert not [words for words in read(PAGE).all(".advice dd, td") if words.startswith("7.5%")]
