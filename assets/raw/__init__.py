"""Delivered sources: one file a source, found by its name, which is the raw table's.

Open data and lists with checks of their own have a module, a table of the extract its layout.

The sub-folders say where a table comes from: open data, the force's extract, files beside the extract.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from assets.readers.extract.layout import layout_of
from assets.readers.extract.tables import source_of
from assets.readers.source import Source

FOLDER = Path(__file__).parent


@cache
def source_files() -> Mapping[str, Path]:
    """Raw table -> the file that declares its source, in the order of the tables' names."""
    modules = [path for path in FOLDER.rglob("*.py") if path.stem != "__init__"]
    layouts = [path for path in FOLDER.rglob("*.toml") if layout_of(path) is not None]
    return MappingProxyType({path.stem: path for path in sorted(modules + layouts, key=lambda path: path.stem)})


@cache
def sources() -> Mapping[str, Source]:
    """Raw table -> its source, in the order of the tables' names."""
    found: dict[str, Source] = {}
    for table, path in source_files().items():
        layout = layout_of(path) if path.suffix == ".toml" else None
        module = ".".join((__name__, *path.relative_to(FOLDER).with_suffix("").parts))
        found[table] = source_of(layout) if layout is not None else importlib.import_module(module).SOURCE
    return MappingProxyType(found)


@cache
def tables_of_people() -> frozenset[str]:
    """The tables of the extract, or beside it, whose rows are of people."""
    layouts = (source.layout for source in sources().values())
    return frozenset(layout.table for layout in layouts if layout is not None and layout.is_of_people)


@cache
def extract_tables() -> Mapping[str, Mapping[str, str]]:
    """Table of the extract, or beside it -> field -> its kind: what a mapping may speak of."""
    return MappingProxyType({table: source.fields for table, source in sources().items() if source.is_extract})
