"""The published tables that each page names in its code and in the modules it imports. Pure: no page is opened."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

from dashboards.registry import FOLDER, PAGES, Page

DASHBOARDS = FOLDER.parent
TABLE = re.compile(r'"((?:raw|reference|core|quality|metrics)\.\w+)"')
# they serve pages of several audiences: what one of them may not read is absent from its copy
OF_ALL = {DASHBOARDS / "data" / f"{name}.py" for name in ("extract", "points_table", "scope")}


def tables_of(page: Page) -> frozenset[str]:
    """The tables that a page names; empty for a page that shows nothing of what is published."""
    return frozenset(name for file in modules_of(page.path) for name in TABLE.findall(file.read_text("utf-8")))


def tables_by_page() -> dict[Page, frozenset[str]]:
    """Every page of the registry, in its order, with the tables that it names."""
    return {page: tables_of(page) for page in PAGES}


def modules_of(page: Path) -> set[Path]:
    """The file of a page and the modules in rooms of dashboards/ that it imports, and those that they import."""
    found, waiting = {page}, [page]
    while waiting:
        fresh = _imported(waiting.pop()) - found
        found |= fresh
        waiting += fresh
    return found


@cache  # most modules serve many pages
def _imported(module: Path) -> frozenset[Path]:
    """The files in rooms of dashboards/ that a module imports itself."""
    found = set()
    for node in ast.walk(ast.parse(module.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                file = DASHBOARDS.parent.joinpath(*name.split(".")).with_suffix(".py")
                # a module of dashboards/ itself serves pages of every audience
                if DASHBOARDS in file.parent.parents and file not in OF_ALL and file.is_file():
                    found.add(file)
    return frozenset(found)
