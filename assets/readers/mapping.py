"""mapping.toml: what a record system calls our tables, fields and codes, and the database they may come from.

[tables.crime]
file = "OCCURRENCE"                  # name of the file, without its ending
[tables.crime.fields]
crime_id = "OccurrenceId"            # ours = "theirs"
[tables.crime.values.status]
"Finalised" = "closed"               # "theirs" = "ours"
[database]
url = "env:STRA_EXTRACT_URL"         # the address, with its secrets, stands in the environment
[database.queries]
crime = "select ... from ..."
"""

from __future__ import annotations

import difflib
import hashlib
import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

FILE_NAME = "mapping.toml"


class MappingError(Exception):
    """The mapping says something that cannot be; the message names the place and what to do."""


@dataclass(frozen=True)
class TableMapping:
    """One table as the force delivers it: our names and codes beside theirs."""

    file: str | None = None
    fields: Mapping[str, str] = field(default_factory=dict)  # ours -> theirs
    values: Mapping[str, Mapping[str, str]] = field(default_factory=dict)  # our field -> theirs -> ours


@dataclass(frozen=True)
class ExtractMapping:
    """The whole of a mapping.toml."""

    tables: Mapping[str, TableMapping] = field(default_factory=dict)
    database_url: str | None = None  # env:NAME
    queries: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> TableMapping:
        """The mapping of one table; an empty one where nothing is said."""
        return self.tables.get(name, TableMapping())

    def mark(self, name: str) -> str:
        """Hash of what is said of one table, '' for nothing: a changed word reads its deliveries again."""
        if name not in self.tables:
            return ""
        said = self.tables[name]
        text = json.dumps([said.file, dict(said.fields), {k: dict(v) for k, v in said.values.items()}], sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()[:8]

    def whole_mark(self) -> str:
        """Hash of all that is said of tables, '' for nothing."""
        return "".join(f"{name}{self.mark(name)}" for name in sorted(self.tables))


def read_mapping(path: Path, tables: Mapping[str, Mapping[str, str]]) -> ExtractMapping:
    """Read a mapping. `tables`: our tables and their fields. Raises MappingError with the place and what to do."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise MappingError(f"{path.name}: expected a TOML file; {problem}. Correct it, then build again.") from None
    _known(path, "", content, ("tables", "database"))
    found = {}
    for table, said in _section(path, "tables", content.get("tables", {})).items():
        _known(path, "tables", [table], tables)
        found[table] = _table(path, f"tables.{table}", said, tables[table])
    database = _section(path, "database", content.get("database", {}))
    _known(path, "database", database, ("url", "queries"))
    url = database.get("url")
    if url is not None and not str(url).startswith("env:"):
        raise MappingError(
            f'{path.name}, [database]: expected url = "env:NAME"; saw an address. An address may hold a password:'
            " put it into the environment variable NAME and name that here."
        )
    queries = _section(path, "database.queries", database.get("queries", {}))
    _known(path, "database.queries", queries, tables)
    if (url is None) != (not queries):
        lacking = 'url = "env:NAME"' if url is None else "a query per table in [database.queries]"
        raise MappingError(f"{path.name}, [database]: expected an address and queries; saw no {lacking}. Add it.")
    return ExtractMapping(found, url, {name: str(query) for name, query in queries.items()})


def _table(path: Path, place: str, said: Any, fields: Mapping[str, str]) -> TableMapping:
    said = _section(path, place, said)
    _known(path, place, said, ("file", "fields", "values"))
    named = _section(path, f"{place}.fields", said.get("fields", {}))
    values = _section(path, f"{place}.values", said.get("values", {}))
    _known(path, f"{place}.fields", named, fields)
    _known(path, f"{place}.values", values, fields)
    return TableMapping(
        said.get("file"),
        {ours: str(theirs) for ours, theirs in named.items()},
        {
            ours: {str(theirs): str(code) for theirs, code in _section(path, f"{place}.values.{ours}", codes).items()}
            for ours, codes in values.items()
        },
    )


def _section(path: Path, place: str, said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise MappingError(f"{path.name}, {place}: expected a section [{place}]; saw {said!r}")
    return said


def _known(path: Path, place: str, names: Any, known: Any) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), list(known), n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            where = f", [{place}]" if place else ""
            raise MappingError(f"{path.name}{where}: expected one of {', '.join(known)}; saw {name!r}{hint}")
