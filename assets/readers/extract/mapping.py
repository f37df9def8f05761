"""mapping.toml: a record system's names of our tables, fields and codes, and its database.

[extract]
dates = "DD/MM/YYYY"                 # only where no value of a column shows whether the day comes first
force = "E23000013"                  # the force whose figures are made, where the extract holds others too
no_value = ["N/A", "Unknown"]        # words that mean no value in every field, besides NULL
from = 2022-04-01                    # the days whose crimes the extract has
until = 2026-03-31
made_on = 2026-03-31                 # the day of the extract: figures are as of it, unless it holds something later
[tables.crime]
file = "OCCURRENCE"                  # name of the file, without folder and ending
[tables.crime.fields]
crime_id = "OccurrenceId"            # ours = "theirs"
[tables.crime.values.status]
"Finalised" = "closed"               # "theirs" = "ours"; "" where it says nothing
[[tables.party_role]]                # one block for each group of columns that makes rows
file = "OCCURRENCE"                  # a file may feed several tables: equal rows count once
only_if = ["SuspectId"]              # no row where these columns are empty
[tables.party_role.fields]
crime_id = "OccurrenceId"
person_key = "SuspectId"
role = "=suspect"                    # a word of your own, in every row
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
from datetime import date
from pathlib import Path
from typing import Any

from assets.readers.csv.records import plain
from assets.readers.extract.columns import columns_of, is_sound
from assets.readers.extract.dates import ORDERS
from assets.readers.extract.formats import ENDINGS
from assets.readers.extract.identities import BIRTH_DATE, PRIVATE_FIELDS
from assets.readers.extract.identities import TABLE as IDENTITIES
from assets.readers.extract.values import CLASS_CODE, OUTCOME_CODE, code_sets
from assets.readers.source import BrokenFile, ExtractMapping, TableMapping

FILE_NAME = "mapping.toml"
UNDECIDED = "?"  # what `stra map` leaves for a person to fill in


class MappingError(BrokenFile):
    """A mapping that cannot be used; the message names the place and the remedy."""


class QueriesMissing(MappingError):
    """A mapping with the address of a database and no query: `stra map` proposes the queries."""


def read_mapping(
    path: Path, tables: Mapping[str, Mapping[str, str]], *, may_lack_queries: bool = False
) -> ExtractMapping:
    """Read a mapping. `tables`: our tables and their fields. Raises MappingError with the place and remedy.

    With `may_lack_queries` a database may have an address alone.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as problem:
        twice = _said_twice(text) if "overwrite" in str(problem) else None
        raise twice or _no_toml(problem) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise _no_toml(problem) from None
    _known("", content, ("extract", "tables", "database"))
    extract = _section("extract", content.get("extract", {}))
    _known("extract", extract, ("dates", "force", "no_value", "from", "until", "made_on"))
    dates = extract.get("dates", "")
    if dates not in ("", *ORDERS):
        raise MappingError("[extract] dates", repr(dates), f"{' or '.join(ORDERS)} in quotes", "Correct it.")
    force = extract.get("force", "")
    if not isinstance(force, str):
        raise MappingError("[extract] force", repr(force), "the code of a force in quotes", "Correct it.")
    found = {}
    for table, said in _section("tables", content.get("tables", {})).items():
        _known("tables", [table], tables)
        blocks = said if isinstance(said, list) else [said]
        found[table] = tuple(
            _table(f"tables.{table}" if len(blocks) == 1 else f"tables.{table}, block {number}", block, tables[table])
            for number, block in enumerate(blocks, start=1)
        )
    _check_names_apart(found, tables)
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
    if url is None and queries:
        raise MappingError("[database]", 'no url = "env:NAME"', "an address and queries", "Add it.")
    if url is not None and not queries and not may_lack_queries:
        raise QueriesMissing(
            "[database]", "no query per table in [database.queries]", "an address and queries",
            "Add it; `stra map` lists the tables and proposes queries.",
        )  # fmt: skip
    for name, query in queries.items():
        if not isinstance(query, str):
            raise MappingError(f"[database.queries] {name}", repr(query), "a text in quotes", "Write the query.")
    words = _words(extract.get("no_value", []))
    days = {name: _day(name, extract.get(name)) for name in ("from", "until", "made_on")}
    first, last = days["from"], days["until"]
    if first and last and first >= last:
        raise MappingError("[extract] until", str(last), f"a day after {first} (from)", "Correct one of them.")
    return ExtractMapping(found, url, queries, dates, force, words, covers=(first, last), made_on=days["made_on"])


def _day(name: str, said: object) -> date | None:
    """A day of the extract, in quotes or not; None where it is not stated."""
    if said is None:
        return None
    try:
        day = date.fromisoformat(str(said))
    except ValueError:
        day = date.min
    if day.year < 1900:
        raise MappingError(f"[extract] {name}", repr(said), "a day as 2026-03-31", "Correct it.")
    return day


def _words(said: Any) -> tuple[str, ...]:
    """The words that mean no value in every field."""
    if isinstance(said, list) and all(isinstance(word, str) and word.strip() for word in said):
        return tuple(word.strip() for word in said)
    raise MappingError(
        "[extract] no_value", repr(said), 'a list of texts in quotes, as ["N/A", "Unknown"]',
        "Correct it; an empty cell means no value without being listed.",
    )  # fmt: skip


def _no_toml(problem: Exception) -> MappingError:
    return MappingError("file", str(problem), "a TOML file in UTF-8", "Correct it, then build again.")


def _said_twice(text: str) -> MappingError | None:
    """The error for a field with two columns or a code with two meanings; None if the text has another fault."""
    section, block, seen = "", 0, dict[tuple[str, int, str], tuple[int, str]]()
    twice, expected = [], "one column for each field"
    for number, line in enumerate(text.splitlines(), start=1):
        if heading := re.match(r"\s*(\[{1,2})([^\[\]]+)\]", line):
            section, block = heading[2].strip(), number if heading[1] == "[[" else block
        elif found := re.match(r"""\s*("(?:[^"\\]|\\.)*"|'[^']*'|[\w-]+)\s*=\s*([^#]+)""", line):
            place, said = (section, block, found[1]), found[2].strip()
            if place in seen:
                before, other = seen[place]
                twice.append(f"{found[1]} = {other} on line {before} and {said} on line {number}")
                expected = "one meaning for each code" if ".values." in section else expected
            seen.setdefault(place, (number, said))
    if not twice:
        return None
    more = f" and {len(twice) - 3} more" if len(twice) > 3 else ""
    return MappingError("file", "; ".join(twice[:3]) + more, expected, "Keep the right line of the two.")


def _table(place: str, said: Any, fields: Mapping[str, str]) -> TableMapping:
    said = _section(place, said)
    _known(place, said, ("file", "only_if", "fields", "values"))
    named = _section(f"{place}.fields", said.get("fields", {}))
    values = _section(f"{place}.values", said.get("values", {}))
    _known(f"{place}.fields", named, fields)
    _known(f"{place}.values", values, fields)
    theirs = {ours: _column(f"{place}.fields", ours, column) for ours, column in named.items()}
    wanted = _only_if(place, said.get("only_if", []))
    return TableMapping(
        _file(place, said["file"]) if "file" in said else None,
        theirs,
        {name: _codes(f"{place}.values.{name}", codes, fields[name]) for name, codes in values.items()},
        wanted,
    )


def _column(place: str, ours: str, said: Any) -> str:
    text = _text(place, ours, said)
    if not is_sound(text):
        do = 'Write it as "=[Crime Ref]/1": after = words, and columns in square brackets.'
        raise MappingError(f"[{place}] {ours}", repr(text), "closed square brackets around the names of columns", do)
    return text


def _only_if(place: str, said: Any) -> tuple[str, ...]:
    if not isinstance(said, list):
        raise MappingError(f"[{place}] only_if", repr(said), "a list of columns", 'Write it as ["Suspect Id"].')
    return tuple(_text(place, "only_if", column) for column in said)


def _check_names_apart(found: Mapping[str, tuple[TableMapping, ...]], tables: Mapping[str, Mapping[str, str]]) -> None:
    """Raise MappingError if a column with names of people feeds another table than that of names.

    A column of birth dates may feed a month of birth, which keeps the month alone.
    """
    private = {
        (block.file, plain(column)): field
        for block in found.get(IDENTITIES, ())
        for field, said in block.fields.items()
        if field in PRIVATE_FIELDS
        for column in columns_of(said)
    }
    for table, blocks in found.items():
        for block in blocks if table != IDENTITIES else ():
            for field, said in block.fields.items():
                for column in columns_of(said):
                    kept = private.get((block.file, plain(column)), "")
                    is_month = tables[table][field].startswith("month") and kept == BIRTH_DATE
                    if kept and not is_month:
                        raise MappingError(
                            f"[tables.{table}.fields] {field}", repr(column),
                            f"another column than {kept} of [tables.{IDENTITIES}]",
                            "Take it out here: names and birth dates are for linkage alone.",
                        )  # fmt: skip


def _file(place: str, said: Any) -> str:
    name = _text(place, "file", said)
    if "/" in name or "\\" in name:
        raise MappingError(f"[{place}] file", repr(name), "the name of a file without its folder", "Take the rest out.")
    return next((name[: -len(ending)] for ending in ENDINGS if name.lower().endswith(ending)), name)


def _codes(place: str, said: Any, kind: str) -> dict[str, str]:
    """Their values and ours. Raises MappingError where ours is not a value of the field."""
    found: dict[str, str] = {}
    pattern, expected = _accepted(kind)
    for theirs, ours in _section(place, said).items():
        code = str(ours).lower() if isinstance(ours, bool) else ours
        is_empty = code == "" and kind not in ("key", "ref")
        if not isinstance(code, str) or code == UNDECIDED or not (is_empty or re.fullmatch(pattern, code)):
            do = "Fill in what it means, or put a # before the line."
            raise MappingError(f"[{place}] {theirs!r}", repr(ours), expected, do)
        same = next((one for one in found if one.strip().casefold() == theirs.strip().casefold()), None)
        if same is not None and found[same] != code:
            seen = f"{same!r} = {found[same]!r} and {theirs!r} = {code!r}, which differ by capitals or blanks alone"
            raise MappingError(f"[{place}]", seen, "one meaning for each code", "Keep the right line of the two.")
        found[theirs] = code
    return found


def _accepted(kind: str) -> tuple[str, str]:
    """Values that a field may have, as a pattern and in words; any but a key may also be mapped to empty."""
    plain, empty = kind.removesuffix("?"), "" if kind in ("key", "ref") else ', or "" for no value'
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
