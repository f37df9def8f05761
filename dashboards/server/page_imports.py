"""What pages import, before the first visit: of visitors' threads that import at a time, one may find half a module."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path

# Libraries import these themselves, once they draw or send a figure.
LATE = (
    "PIL.ImageFile", "plotly.animation", "plotly.io._utils", "plotly.offline", "polars._utils.udfs",
    "pwd", "pyarrow", "pyarrow.ipc", "pyarrow.types", "pyarrow.util",
)  # fmt: skip


def import_all(scripts: Iterable[Path]) -> None:
    """Import every module that the scripts name. The scripts themselves draw, so they cannot be imported."""
    for late in LATE:
        import_module(late)
    for script in scripts:
        for line in ast.walk(ast.parse(script.read_text(encoding="utf-8"))):
            if isinstance(line, ast.Import):
                for module in line.names:
                    import_module(module.name)
            elif isinstance(line, ast.ImportFrom) and line.module:
                package = import_module(line.module)
                for name in line.names:
                    if hasattr(package, "__path__") and find_spec(f"{line.module}.{name.name}"):
                        import_module(f"{line.module}.{name.name}")
