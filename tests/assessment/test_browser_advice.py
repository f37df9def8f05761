"""The advice line by line in a real browser: states, links, small counts, and what is shown of what is not measured."""

from __future__ import annotations

import pytest
from dashboard_browser import Visit, plain

pytestmark = pytest.mark.browser
AUDIENCE = "command"
PAGE = "the_advice"


def test_every_statement_stands_on_the_page_with_its_state(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    assert page.locator(".advice dt").count() == 84
    states = page.locator(".advice dt span").all_inner_texts()
    facts = dict(zip(page.locator(".facts dt").all_inner_texts(), page.locator(".facts dd").all_inner_texts()))
    assert {name: states.count(name) for name in facts} == {n: int(v.splitlines()[0]) for n, v in facts.items()}
    line = plain(page.locator(".advice > div", has_text="The first risk assessment uses").inner_text())
    assert "Risk assessed within 24 hours of the report" in line
    assert "90.0%, 900 of 1,000, 95% interval" in line
    out = plain(page.locator(".advice > div", has_text="Models of behaviour change").inner_text())
    assert "Out of scope: Organisational psychology" in out


def test_a_figure_leads_to_its_own_page(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    page.get_by_role("link", name="Expected recorded stalking and harassment in the next month").first.click()
    page.get_by_role("heading", name="What is coming?").wait_for()


def test_lines_of_one_state_alone_can_be_asked_for(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}?state=out%20of%20scope")
    states = set(page.locator(".advice dt span").all_inner_texts())
    assert states == {"Out of scope"}


def test_small_counts_are_neither_on_the_page_nor_in_its_table(visit: Visit, address: str) -> None:
    page = visit.open(f"{address}/{PAGE}")
    text = plain(page.locator(".stMain").inner_text())
    assert "fewer than 5 of 40; share suppressed" in text
    assert "\n7.5%" not in text
