"""JSON Schemas (draft 2020-12) of mapping.toml and of the settings, for editors and for programs that write them.

They are made from what the reader accepts, so a field, a code or a setting is listed nowhere else. A file that obeys a
schema may still be refused: the reader also compares places with one another.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from assets.readers.extract.dates import ORDERS
from assets.readers.extract.layout import KINDS
from assets.readers.extract.mapping import UNDECIDED
from assets.readers.extract.values import code_sets
from assets.reference import list_rows
from pipelines.fetching.folder import mapped_tables
from pipelines.tables.cards import all_cards

DRAFT = "https://json-schema.org/draft/2020-12/schema"
Schema = dict[str, Any]


def mapping_schema() -> Schema:
    """The schema of mapping.toml."""
    tables = mapped_tables()
    words = {"type": "array", "items": {"type": "string", "pattern": r"\S"}}
    day = {"pattern": r"^\d{4}-\d\d-\d\d$"}  # of a text: TOML has days too
    extract = {
        "dates": {"enum": list(ORDERS), "description": "Order of day and month where no value of a column shows it"},
        "force": {"type": "string", "description": "Code of the force whose figures are made"},
        "no_value": words | {"description": "Words that mean no value in every field"},
        "from": day | {"description": "First day whose crimes the extract has, as 2022-04-01"},
        "until": day | {"description": "Last day whose crimes the extract has"},
        "made_on": day | {"description": "The day on which the extract was made"},
    }
    queries = {name: {"type": "string", "description": f"Query whose rows are the table {name}"} for name in tables}
    database = {
        "url": {"type": "string", "pattern": "^env:.+", "description": "env:NAME, a variable with the address"},
        "queries": _object(queries),
    }
    blocks = {name: _table(name, fields) for name, fields in tables.items()}
    either = {name: {"oneOf": [block, {"type": "array", "items": block}]} for name, block in blocks.items()}
    return {"$schema": DRAFT, "title": "mapping.toml of stra"} | _object(
        {"extract": _object(extract), "tables": _object(either), "database": _object(database)}
    )


def settings_schema() -> Schema:
    """The schema of the settings: key -> value. Every setting is required."""
    settings = {
        row["key"]: {
            "type": "number", "default": float(row["value"]), "description": f"{row['meaning']} ({row['unit']})",
        }
        for row in list_rows("settings")
    }  # fmt: skip
    return {"$schema": DRAFT, "title": "settings of stra", "required": sorted(settings)} | _object(settings)


def words_of(kind: str) -> str:
    """The values that a field of a kind may have."""
    name = kind.rstrip("?")
    listed = f"one of: {', '.join(code_sets()[name[4:]])}" if name.startswith("set:") else KINDS[name][1]
    return listed + ("; may be absent" if kind.endswith("?") else "")


def _table(table: str, fields: Mapping[str, str]) -> Schema:
    card = all_cards().get(f"raw.{table}")  # names of people are in no table
    meanings = {column.name: f"{column.meaning}: " for column in card.columns} if card is not None else {}
    columns = {
        name: {"type": "string", "minLength": 1, "description": meanings.get(name, "") + words_of(kind)}
        for name, kind in fields.items()
    }
    return _object(
        {
            "file": {"type": "string", "description": "Name of the file, without folder and ending"},
            "only_if": {"type": "array", "items": {"type": "string"}, "description": "No row where all are empty"},
            "fields": _object(columns),
            "values": _object({name: _codes(kind) for name, kind in fields.items()}),
        }
    )


def _codes(kind: str) -> Schema:
    """Their values, each with ours: a code of the field's list, or empty where it says nothing."""
    name = kind.rstrip("?")
    codes = ("true", "false") if name == "bool" else code_sets().get(name.removeprefix("set:"), ())
    ours: Schema = {"type": "string", "not": {"const": UNDECIDED}}
    if codes:
        ours = {"type": "string", "pattern": f"^(?:{'|'.join(map(_in_any_case, codes))})?$"}
    if name == "bool":
        ours = {"anyOf": [ours, {"type": "boolean"}]}
    return {"type": "object", "additionalProperties": ours}


def _in_any_case(code: str) -> str:
    """A pattern of the code in capitals or not, as the reader takes it."""
    return "".join(f"[{c.upper()}{c.lower()}]" if c.isalpha() else re.escape(c) for c in code)


def _object(properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "additionalProperties": False}
