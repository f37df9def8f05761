"""What pages import, before the first visit: of visitors' threads that import at a time, one may find half a module."""

from __future__ import annotations

import ast
from collections.abc import Collection
from importlib import import_module
from importlib.util import find_spec

from dashboards.registry import FOLDER, PAGES

NAVIGATION = FOLDER.with_name("navigation.py")
# Libraries import these themselves, once they draw or send a figure.
LATE = (
    "PIL.ImageFile", "plotly.animation", "plotly.io._utils", "plotly.offline", "polars._utils.udfs",
    "pwd", "pyarrow", "pyarrow.ipc", "pyarrow.types", "pyarrow.util",
)  # fmt: skip


def import_all(audiences: Collection[str]) -> None:
    """Import what the pages of these audiences name. The pages themselves draw, so they cannot be imported."""
    for late in LATE:
        import_module(late)
    for script in (NAVIGATION, *(page.path for page in PAGES if page.audience in audiences)):
        for line in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(line, ast.Import):
                for module in line.names:
                    import_module(module.name)
            elif isinstance(line, ast.ImportFrom) and line.module:
                package = import_module(line.module)
                for name in line.names:
                    if hasattr(package, "__path__") and find_spec(f"{line.module}.{name.name}"):
                        import_module(f"{line.module}.{name.name}")
