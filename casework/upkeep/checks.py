"""Check of every chain of the store: are the decisions as they were written?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path

from sqlalchemy import Engine

from casework.access import access_log, accounts
from casework.assessment import overrides, scheme
from casework.store import chain
from casework.store.chain import Entry
from casework.store.database import UNUSABLE, exists, in_words, open_store, reading
from casework.store.refusal import Refused

CHAINS = (
    overrides.OVERRIDES, overrides.OVERRIDE_DECISIONS, scheme.SCHEME, access_log.EARLIER, access_log.CHAIN,
    accounts.CHAIN,
)  # fmt: skip
Marks = Mapping[str, str]


def marks(home: Path) -> dict[str, str]:
    """Log -> NUMBER:HASH of its last row, for every log with a row: the witness that a publication keeps."""
    if not exists(home):
        return {}
    with reading(open_store(home)) as con:
        last = {c.name: chain.head(con, c) for c in CHAINS}
    return {name: f"{row['sequence']}:{row['row_hash']}" for name, row in last.items() if row is not None}


def published_marks(home: Path) -> list[dict[str, str]]:
    """The receipts in each manifest below the home; a copy of an earlier version has none."""
    return [marks for marks in _manifests(home).values() if marks is not None]


def without_mark(home: Path) -> list[str]:
    """The manifests that cannot be read: no log was compared with their receipts."""
    return [str(path) for path, marks in _manifests(home).items() if marks is None]


def _manifests(home: Path) -> dict[Path, dict[str, str] | None]:
    """Manifest -> its receipts, None where it cannot be read."""
    found: dict[Path, dict[str, str] | None] = {}
    for path in sorted((home / "published" / "copies").glob("*/*/manifest.json")):
        try:
            found[path] = dict(json.loads(path.read_text(encoding="utf-8")).get("logs", {}))
        except (OSError, ValueError, AttributeError):
            found[path] = None
    return found


def faults(home: Path, witnessed: Iterable[Marks] = ()) -> list[str]:
    """Faults of the chains of a home's store, each with its row.

    `witnessed` are receipts kept elsewhere: with none and without a store there is no fault. Raises Refused where the
    store cannot be read: that says nothing about its content.
    """
    witnessed = list(witnessed)
    if not exists(home):
        entries = _entries(witnessed)
        return [
            f"{c.title}: expected {max(e.sequence for e in entries[c.name])} rows or more, the casework store is not "
            "there. If it is on a server, name it in STRA_CASEWORK_URL"
            for c in CHAINS
            if entries[c.name]
        ]
    try:
        return faults_of(open_store(home), witnessed)
    except UNUSABLE as problem:
        raise Refused(in_words(problem)) from problem


def faults_of(engine: Engine, witnessed: Iterable[Marks] = ()) -> list[str]:
    """The same for a store that is open."""
    entries = _entries(witnessed)
    return [f"{c.title}: {fault}" for c in CHAINS for fault in chain.verify(engine, c, entries[c.name]).faults]


def _entries(witnessed: Iterable[Marks]) -> dict[str, list[Entry]]:
    """Log -> its receipts, each once, the first row first."""
    found: dict[str, set[Entry]] = {c.name: set() for c in CHAINS}
    for marks_of in witnessed:
        for name, text in marks_of.items():
            if name in found:
                found[name].add(chain.mark_of(text))
    return {name: sorted(entries, key=lambda e: (e.sequence, e.row_hash)) for name, entries in found.items()}
