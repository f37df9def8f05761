"""Column lineage of all tables, kept between processes: it depends on code alone.

The builds of all homes of an account share it. Without what was kept, it is read from the SQL again.
"""

from __future__ import annotations

import hashlib
import importlib.metadata
import json
from functools import cache
from pathlib import Path

from pipelines.tables import code_cache
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.lineage import reads

Lineage = dict[str, list[list[str]]]  # column -> [[upstream table, upstream column]]
FILE = "column_lineage.json"
MOST_KEPT = 3000  # tables: those of several versions of the code

_known: dict[str, Lineage] = {}  # key of a table -> its lineage, for every home that this process builds


def lineages() -> dict[str, Lineage]:
    """Table -> its lineage, of every table with a maker; empty for what Python computes."""
    made = {card.table: _key(card) for card in all_cards().values() if card.maker is not None and card.schema != "raw"}
    if made.keys() and not _known.keys() >= set(made.values()):
        kept = _read_kept()
        for table, key in made.items():
            if key not in _known:
                _known[key] = kept[key] if key in kept else _worked_out(all_cards()[table])
        newest = {key: _known[key] for key in made.values()}
        if not kept.keys() >= newest.keys():
            _write({key: found for key, found in kept.items() if key not in newest} | newest)
    return {table: _known[key] for table, key in made.items()}


def _worked_out(card: Card) -> Lineage:
    from pipelines.tables.column_lineage import column_lineage  # with sqlglot, which takes its time to import

    return column_lineage(card)


def _key(card: Card) -> str:
    """Hash of all that a table's lineage depends on: its code, the columns it may read and what reads them."""
    read = [(table, [column.name for column in all_cards()[table].columns]) for table in reads(card)]
    return hashlib.sha256(f"{_version()} {card.table} {card.code_hash} {read}".encode()).hexdigest()[:32]


@cache
def _version() -> str:
    code = Path(__file__).with_name("column_lineage.py").read_bytes()
    return f"{hashlib.sha256(code).hexdigest()} {importlib.metadata.version('sqlglot')}"


def _read_kept() -> dict[str, Lineage]:
    """Key -> lineage, as kept."""
    kept: dict[str, Lineage] = json.loads(code_cache.read_file(FILE) or b"{}")
    return kept


def _write(kept: dict[str, Lineage]) -> None:
    """Keep the last ones."""
    code_cache.write(FILE, json.dumps(dict(list(kept.items())[-MOST_KEPT:])).encode())
