"""Every table that a page names is published to the page's audience, and none that a page outside integrity names holds
a person or a record."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import invented_outcome_figures as outcomes
import invented_protection as protection
import invented_suspect_figures as suspects
import pytest
from published_home import FIGURES

from dashboards.registry import FOLDER, PAGES, Page
from pipelines.cards import ROOT, all_cards

DASHBOARDS = ROOT / "dashboards"
TABLE = re.compile(r'"((?:raw|reference|core|quality|metrics)\.\w+)"')
OF_A_PERSON = r"(person|suspect|victim|dyad|crime|event)_ref|(?<!setting)_key$"
INVENTED = {  # page -> tables that it must name: those with invented rows for its tests
    "what_happened_next": outcomes.NAMED, "are_victims_protected": protection.NAMED,
    "repeat_and_serial_suspects": suspects.NAMED,
}  # fmt: skip
# they serve pages of several audiences: what one of them may not read is absent from its copy
OF_ALL = {DASHBOARDS / "data" / "extract.py", DASHBOARDS / "data" / "points_table.py"}
NO_REFERENCE = ("are_victims_protected",)  # pages whose tables refer to nothing but a series


def sources(page: Path) -> set[Path]:
    """The file of a page and the modules in rooms of dashboards/ that it imports, and those that they import."""
    found, waiting = {page}, [page]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    file = ROOT.joinpath(*name.split(".")).with_suffix(".py")
                    # a module of dashboards/ itself serves pages of every audience
                    in_a_room = DASHBOARDS in file.parent.parents and file not in OF_ALL
                    if file.is_file() and in_a_room and file not in found:
                        found.add(file)
                        waiting.append(file)
    return found


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.address)
def test_every_table_that_a_page_names_is_published_to_its_audience_and_holds_no_person(page: Page) -> None:
    named = {name for source in sources(page.path) for name in TABLE.findall(source.read_text("utf-8"))}
    assert named or page.address in ("access_log", "accounts"), "a page shows something that is published"
    assert {f"metrics.{name}" for name in INVENTED.get(page.address, ())} <= named
    for table in named:
        card = all_cards()[table]
        assert page.audience in card.audience, table
        if page.audience != "integrity":
            people = r"(?<!series)_(ref|(?<!setting_)key)$" if page.address in NO_REFERENCE else OF_A_PERSON
            assert [c.name for c in card.columns if re.search(people, c.name)] == [], table


def test_every_page_is_looked_at() -> None:
    assert {page.path for page in PAGES} == set(FOLDER.glob("*/*_page.py"))


def test_every_figure_that_is_looked_for_is_on_a_page() -> None:
    """The browser looks for them page by page: a mistyped address would be looked for nowhere."""
    assert FIGURES.keys() <= {page.address for page in PAGES}
