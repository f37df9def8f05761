"""Where published numbers come from: each table with its SQL and lineage.

It is written beside the manifest, because pages and documents read the published copy alone. It holds code and words,
no value of any row. The deliveries at the end of the chain are in the manifest. The same code gives the same bytes.
"""

from __future__ import annotations

import ast
import dataclasses
import hashlib
import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from pipelines.standards import quality
from pipelines.tables.cards import ROOT, Card, all_cards, methods_of
from pipelines.tables.kept_lineage import Lineage, lineages
from pipelines.tables.lineage import reads

FILE = "provenance.json"
WHEN_CHANGED = "Not shown: the file was changed while the build ran, so this is not what ran. Build again."


def entries() -> dict[str, str]:
    """Table -> its entry as JSON, of every table: the audiences share them."""
    found = lineages()
    return {
        table: json.dumps(entry_of(card, found.get(table, {})), ensure_ascii=False, sort_keys=True)
        for table, card in all_cards().items()
    }


def write(entries: Mapping[str, str], published: Mapping[str, str], folder: Path) -> dict[str, str]:
    """Write the file for published tables, as name in the copy -> table; returns what the manifest says of it."""
    named = {table: table for table in closure(published.values())} | dict(published)
    lines = ",\n".join(f'"{name}": {entries[table]}' for name, table in sorted(named.items()))
    content = f'{{"tables": {{\n{lines}\n}}}}\n'.encode()
    (folder / FILE).write_bytes(content)
    return {"file": FILE, "sha256": hashlib.sha256(content).hexdigest()}


def closure(tables: Iterable[str]) -> set[str]:
    """The tables and all that they rest on, down to those of delivered files."""
    found: set[str] = set()
    waiting = list(tables)
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += upstream_of(all_cards()[table])
    return found


def upstream_of(card: Card) -> tuple[str, ...]:
    """The tables that a table is made from; rule results come from judged tables."""
    if card.table in quality.JUDGED:
        return _judged()
    return reads(card)


@cache
def _judged() -> tuple[str, ...]:
    from expectations import RULES

    return tuple(sorted({rule.table for rule in RULES}))


def entry_of(card: Card, lineage: Lineage) -> dict[str, Any]:
    """Describe one table: its grain, its code, its inputs and its lineage."""
    kind, text = _maker(card)
    return {
        "description": card.description,
        "kind": kind,
        "file": card.maker.relative_to(ROOT).as_posix() if card.maker is not None else "",
        "text": text,
        "methods": [path.relative_to(ROOT).as_posix() for path in methods_of(card)],
        "code_hash": card.code_hash,
        "reads": list(upstream_of(card)),
        "lineage": {column: origins for column, origins in lineage.items() if origins},
    }


def _maker(card: Card) -> tuple[str, str]:
    """Kind of maker, and the SQL as it ran or what the function says of itself."""
    if card.maker is None:
        return "rules" if card.table in quality.JUDGED else "product", ""
    if dataclasses.replace(card).code_hash != card.code_hash:  # the copy reads its files again
        return "changed", WHEN_CHANGED
    if card.is_select:
        return "sql", card.code
    if card.maker.suffix == ".csv":
        return "reference", ""
    if card.maker.suffix == ".toml":
        return "reader", card.description
    return ("reader" if card.schema == "raw" else "function"), _docstring(card)


def _docstring(card: Card) -> str:
    """The words of the function that makes the table, else of its module."""
    assert card.maker is not None
    tree = ast.parse(card.maker.read_text(encoding="utf-8"))
    function = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == card.name), None)
    words = [ast.get_docstring(tree), ast.get_docstring(function) if function is not None else None]
    return "\n\n".join(text for text in words if text)
