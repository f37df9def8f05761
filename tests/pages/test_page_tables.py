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

from pipelines.cards import ROOT, all_cards

DASHBOARDS = ROOT / "dashboards"
# read, not imported: the script of the pages draws when it is imported
PAGES = re.findall(
    r'Entry\("(\w+)", "[^"]+", "(\w+/\w+\.py)"\)', (DASHBOARDS / "navigation.py").read_text(encoding="utf-8")
)
TABLE = re.compile(r'"((?:raw|reference|core|quality|metrics)\.\w+)"')
OF_A_PERSON = r"(person|suspect|victim|dyad|crime|event)_ref|(?<!setting)_key$"
INVENTED = {  # page -> tables that it must name: those with invented rows for its tests
    "what_happened_next": outcomes.NAMED, "are_victims_protected": protection.NAMED,
    "repeat_and_serial_suspects": suspects.NAMED,
}  # fmt: skip
NO_REFERENCE = ("are_victims_protected",)  # pages whose tables hold no reference at all


def sources(page: Path) -> set[Path]:
    """The file of a page and the modules in rooms of dashboards/ that it imports, and those that they import."""
    found, waiting = {page}, [page]
    while waiting:
        for node in ast.walk(ast.parse(waiting.pop().read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                    file = ROOT.joinpath(*name.split(".")).with_suffix(".py")
                    # what lies in dashboards/ itself serves pages of every audience
                    if file.is_file() and DASHBOARDS in file.parent.parents and file not in found:
                        found.add(file)
                        waiting.append(file)
    return found


@pytest.mark.parametrize(("audience", "file"), PAGES, ids=[Path(file).stem for _, file in PAGES])
def test_every_table_that_a_page_names_is_published_to_its_audience_and_holds_no_person(
    audience: str, file: str
) -> None:
    page = Path(file).stem
    named = {name for source in sources(DASHBOARDS / file) for name in TABLE.findall(source.read_text("utf-8"))}
    assert named or page in ("access_log", "accounts"), "a page shows something that is published"
    assert {f"metrics.{name}" for name in INVENTED.get(page, ())} <= named
    for table in named:
        card = all_cards()[table]
        assert audience in card.audience, table
        if audience != "integrity":
            people = r"_(ref|(?<!setting_)key)$" if page in NO_REFERENCE else OF_A_PERSON
            assert [c.name for c in card.columns if re.search(people, c.name)] == [], table


def test_every_page_is_looked_at() -> None:
    files = {file.relative_to(DASHBOARDS).as_posix() for a, _ in PAGES for file in (DASHBOARDS / a).glob("[a-z]*.py")}
    assert {file for _, file in PAGES} <= files
    assert len(PAGES) > 30
