"""Every table that a page names is published to the page's audience, and none that a page outside integrity names holds
a person or a record."""

import re

import invented_outcome_figures as outcomes
import invented_protection as protection
import invented_suspect_figures as suspects
import pytest
from published_home import FIGURES

from dashboards.page_tables import tables_of
from dashboards.registry import FOLDER, PAGES, Page
from pipelines.tables.cards import published_to

OF_A_PERSON = r"(person|suspect|victim|dyad|crime|event)_ref|(?<!setting)_key$"
INVENTED = {  # page -> tables that it must name: those with invented rows for its tests
    "what_happened_next": outcomes.NAMED, "are_victims_protected": protection.NAMED,
    "repeat_and_serial_suspects": suspects.NAMED,
}  # fmt: skip
WITHOUT_COPY = ("access_log", "accounts", "map_an_extract")
NO_REFERENCE = ("are_victims_protected",)  # pages whose tables refer to nothing but a series and a recording change


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_every_table_that_a_page_names_is_published_to_its_audience_and_holds_no_person(page: Page) -> None:
    named = tables_of(page)
    assert named or page.address in WITHOUT_COPY, "a page shows something that is published"
    assert {f"metrics.{name}" for name in INVENTED.get(page.address, ())} <= named
    for table in named:
        card = published_to(page.audience)[table]
        if page.audience != "integrity":
            people = r"(?<!series)(?<!regime)_(ref|(?<!setting_)key)$" if page.address in NO_REFERENCE else OF_A_PERSON
            assert [c.name for c in card.columns if re.search(people, c.name)] == [], table


def test_every_page_is_looked_at() -> None:
    assert {page.path for page in PAGES} == set(FOLDER.glob("*/*_page.py"))


def test_every_figure_that_is_looked_for_is_on_a_page() -> None:
    """The browser looks for them page by page: a mistyped address would be looked for nowhere."""
    assert FIGURES.keys() <= {page.address for page in PAGES}
