"""The tables that a SELECT names, read by DuckDB's own parser, which is what will run it.

All files take half a second, so what was found is kept between processes. It depends on the text of a file alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from functools import cache
from typing import Any

import duckdb

from pipelines.tables import code_cache
from pipelines.tables.cards import Card, CardError

FILE = "named_tables.json"
MOST_KEPT = 3000  # files: those of several versions of the code


def tables_of_sql(card: Card) -> set[str]:
    """The tables that the one SELECT of a table names with their schema.

    Raises CardError if its code is anything else.
    """
    assert card.maker is not None
    key, kept = _key(card.written), _kept()
    if key not in kept:
        kept[key] = sorted(_parsed(card.maker.name, card.written))
    return set(kept[key])


def keep(cards: Iterable[Card]) -> None:
    """Keep what was found of these tables for the next process."""
    newest = {key: _kept()[key] for card in cards if (key := _key(card.written)) in _kept()}
    if not _read_kept().keys() >= newest.keys():
        kept = {key: found for key, found in _kept().items() if key not in newest} | newest
        code_cache.write(FILE, json.dumps(dict(list(kept.items())[-MOST_KEPT:])).encode())


@cache
def _kept() -> dict[str, list[str]]:
    """Key of a text -> the tables that it names; grows while this process runs."""
    return _read_kept()


def _read_kept() -> dict[str, list[str]]:
    kept: dict[str, list[str]] = json.loads(code_cache.read_file(FILE) or b"{}")
    return kept


def _key(code: str) -> str:
    return hashlib.sha256(f"{duckdb.__version__} {code}".encode()).hexdigest()[:32]


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return duckdb.connect()


def _parsed(name: str, code: str) -> set[str]:
    found: set[str] = set()

    def note(node: dict[str, Any]) -> dict[str, Any]:
        if node.get("type") == "BASE_TABLE" and node.get("schema_name"):
            found.add(f"{node['schema_name']}.{node['table_name']}")
        return node

    query = "select json_serialize_sql(?, skip_null := true)"
    ((text,),) = _parser().cursor().execute(query, [code]).fetchall()
    parsed = json.loads(text, object_hook=note)
    if parsed["error"] or len(parsed["statements"]) != 1:
        reason = f" ({parsed['error_message']})" if parsed["error"] else ""
        raise CardError(f"{name}: a table file holds one SELECT, nothing else{reason}")
    return found
