"""mapping.toml: a record system's names of our tables, fields and codes, and its database.

[extract]
dates = "DD/MM/YYYY"                 # only where no value of a column shows whether the day comes first
force = "E23000013"                  # the force whose figures are made, where the extract holds others too
no_value = ["N/A", "Unknown"]        # words that mean no value in every field, besides NULL
[tables.crime]
file = "OCCURRENCE"                  # name of the file, without folder and ending
[tables.crime.fields]
crime_id = "OccurrenceId"            # ours = "theirs"
[tables.crime.values.status]
"Finalised" = "closed"               # "theirs" = "ours"; "" where it says nothing
[database]
url = "env:STRA_EXTRACT_URL"         # the address, with its secrets, is in the environment
[database.queries]
crime = "select ... from ..."
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from assets.readers.extract.dates import ORDERS
from assets.readers.extract.formats import ENDINGS
from assets.readers.extract.values import CLASS_CODE, OUTCOME_CODE, code_sets
from assets.readers.source import BrokenFile, ExtractMapping, TableMapping

FILE_NAME = "mapping.toml"
UNDECIDED = "?"  # what `stra map` leaves for a person to fill in


class MappingError(BrokenFile):
    """A mapping that cannot be used; the message names the place and the remedy."""


def read_mapping(path: Path, tables: Mapping[str, Mapping[str, str]]) -> ExtractMapping:
    """Read a mapping. `tables`: our tables and their fields. Raises MappingError with the place and remedy."""
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as problem:
        raise MappingError("file", str(problem), "a TOML file in UTF-8", "Correct it, then build again.") from None
    _known("", content, ("extract", "tables", "database"))
    extract = _section("extract", content.get("extract", {}))
    _known("extract", extract, ("dates", "force", "no_value"))
    dates = extract.get("dates", "")
    if dates not in ("", *ORDERS):
        raise MappingError("[extract] dates", repr(dates), f"{' or '.join(ORDERS)} in quotes", "Correct it.")
    force = extract.get("force", "")
    if not isinstance(force, str):
        raise MappingError("[extract] force", repr(force), "the code of a force in quotes", "Correct it.")
    found = {}
    for table, said in _section("tables", content.get("tables", {})).items():
        _known("tables", [table], tables)
        found[table] = _table(f"tables.{table}", said, tables[table])
    database = _section("database", content.get("database", {}))
    _known("database", database, ("url", "queries"))
    url = database.get("url")
    if url is not None and not str(url).startswith("env:"):
        raise MappingError(
            "[database]", "an address, or no text", 'url = "env:NAME"',
            "An address may hold a password: put it into the environment variable NAME and name that here.",
        )  # fmt: skip
    queries = _section("database.queries", database.get("queries", {}))
    _known("database.queries", queries, tables)
    if (url is None) != (not queries):
        lacking = 'url = "env:NAME"' if url is None else "query per table in [database.queries]"
        raise MappingError("[database]", f"no {lacking}", "an address and queries", "Add it.")
    for name, query in queries.items():
        if not isinstance(query, str):
            raise MappingError(f"[database.queries] {name}", repr(query), "a text in quotes", "Write the query.")
    return ExtractMapping(found, url, queries, dates, force, _words(extract.get("no_value", [])))


def _words(said: Any) -> tuple[str, ...]:
    """The words that mean no value in every field."""
    if isinstance(said, list) and all(isinstance(word, str) and word.strip() for word in said):
        return tuple(word.strip() for word in said)
    raise MappingError(
        "[extract] no_value", repr(said), 'a list of texts in quotes, as ["N/A", "Unknown"]',
        "Correct it; an empty cell means no value without being listed.",
    )  # fmt: skip


def _table(place: str, said: Any, fields: Mapping[str, str]) -> TableMapping:
    said = _section(place, said)
    _known(place, said, ("file", "fields", "values"))
    named = _section(f"{place}.fields", said.get("fields", {}))
    values = _section(f"{place}.values", said.get("values", {}))
    _known(f"{place}.fields", named, fields)
    _known(f"{place}.values", values, fields)
    return TableMapping(
        _file(place, said["file"]) if "file" in said else None,
        {ours: _text(f"{place}.fields", ours, theirs) for ours, theirs in named.items()},
        {name: _codes(f"{place}.values.{name}", codes, fields[name]) for name, codes in values.items()},
    )


def _file(place: str, said: Any) -> str:
    name = _text(place, "file", said)
    if "/" in name or "\\" in name:
        raise MappingError(f"[{place}] file", repr(name), "the name of a file without its folder", "Take the rest out.")
    return next((name[: -len(ending)] for ending in ENDINGS if name.lower().endswith(ending)), name)


def _codes(place: str, said: Any, kind: str) -> dict[str, str]:
    """Their values and ours. Raises MappingError where ours is not a value of the field."""
    found = {}
    pattern, expected = _accepted(kind)
    for theirs, ours in _section(place, said).items():
        code = str(ours).lower() if isinstance(ours, bool) else ours
        is_empty = code == "" and kind.endswith("?")
        if not isinstance(code, str) or code == UNDECIDED or not (is_empty or re.fullmatch(pattern, code)):
            do = "Fill in what it means, or put a # before the line."
            raise MappingError(f"[{place}] {theirs!r}", repr(ours), expected, do)
        found[theirs] = code
    return found


def _accepted(kind: str) -> tuple[str, str]:
    """Values that a field may have, as a pattern and in words; an optional one may also be mapped to empty."""
    plain, empty = kind.removesuffix("?"), ', or "" for no value' if kind.endswith("?") else ""
    if plain == "outcome":
        return f"(?i:{OUTCOME_CODE})", "an outcome code in quotes (0 to 22, 1A, 2A, 3A)"
    if plain == "class":
        return f"(?i:{CLASS_CODE})", f"a class of the counting rules in quotes, as 8Q{empty}"
    codes = ("true", "false") if plain == "bool" else code_sets().get(plain.removeprefix("set:"), ())
    if not codes:
        return "(?s:.+)", f"a text in quotes{empty}"
    return f"(?i:{'|'.join(codes)})", f"one of {', '.join(codes)} in quotes{empty}"


def _text(place: str, name: str, said: Any) -> str:
    if isinstance(said, str) and said.strip() and said != UNDECIDED:
        return said
    raise MappingError(
        f"[{place}] {name}", repr(said), "a text in quotes",
        "Fill in what the record system calls it, or put a # before the line.",
    )  # fmt: skip


def _section(place: str, said: Any) -> dict[str, Any]:
    if not isinstance(said, dict):
        raise MappingError(f"[{place}]", repr(said), f"a section [{place}]", "Write it as a section of its own.")
    return said


def _known(place: str, names: Iterable[str], known: Iterable[str]) -> None:
    for name in names:
        if name not in known:
            near = difflib.get_close_matches(str(name), list(known), n=1)
            do = f"Did you mean {near[0]!r}?" if near else "Correct it or take it out."
            raise MappingError(f"[{place}]" if place else "file", repr(name), f"one of {', '.join(known)}", do)
