"""Delivered sources: one module a source, found by the name of its file, which is the raw table's.

The sub-folders say where a table comes from: open data, the force's extract, files beside the extract.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from assets.readers.source import Source

FOLDER = Path(__file__).parent


@cache
def source_modules() -> Mapping[str, Path]:
    """Raw table -> the module that reads its source, in the order of the tables' names."""
    modules = (path for path in FOLDER.rglob("*.py") if path.stem != "__init__")
    return MappingProxyType({path.stem: path for path in sorted(modules, key=lambda path: path.stem)})


@cache
def sources() -> Mapping[str, Source]:
    """Raw table -> its source, in the order of the tables' names."""
    found: dict[str, Source] = {}
    for table, path in source_modules().items():
        module = ".".join((__name__, *path.relative_to(FOLDER).with_suffix("").parts))
        found[table] = importlib.import_module(module).SOURCE
    return MappingProxyType(found)


@cache
def extract_tables() -> Mapping[str, Mapping[str, str]]:
    """Table of the extract, or beside it -> field -> its kind: what a mapping may speak of (see `extract`)."""
    return MappingProxyType({table: source.fields for table, source in sources().items() if source.is_extract})
