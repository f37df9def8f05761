"""Casework decisions as raw tables (`raw.casework_*`), for rules and metrics.

They are copied at the start of a build.
"""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from pipelines.identities.erased_list import Erased, named_by_token
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.warehouse import state_of, transaction, write_frame

PREFIX = "raw.casework_"
OVERRIDES = "score_overrides"
LINK_DECISIONS = "link_decisions"


def mark(home: Path) -> str:
    """Mark that changes with each decision, and the day after an override ends.

    It is cheap if nobody has decided anything.
    """
    from casework.assessment.overrides import in_force
    from casework.store.database import exists, last_event, open_store

    if not exists(home):
        return "0"
    engine = open_store(home)
    last, refs = last_event(engine), sorted(row["override_ref"] for row in in_force(engine))
    return ", ".join([str(last), *refs])


def take_in(con: duckdb.DuckDBPyConnection, home: Path, erased: Erased | None = None) -> None:
    """Copy the casework tables into the warehouse; empty ones if there are none."""
    held = _read_casework(home)
    if LINK_DECISIONS in held:
        held[LINK_DECISIONS] = named_by_token(held[LINK_DECISIONS], erased)
    for card in all_cards().values():
        if card.table.startswith(PREFIX):
            _copy(con, card, held.get(card.table.removeprefix(PREFIX), []))


def _read_casework(home: Path) -> dict[str, list[dict[str, Any]]]:
    """Table -> rows, all of one moment."""
    from casework.assessment.overrides import with_force
    from casework.store.database import exists, open_store, reading, rows, today
    from casework.store.tables import METADATA, override_decisions

    if not exists(home):
        return {}
    wanted = [c.table.removeprefix(PREFIX) for c in all_cards().values() if c.table.startswith(PREFIX)]
    with reading(open_store(home)) as con:
        held = {name: rows(con, METADATA.tables[name].select()) for name in wanted}
        decisions = rows(con, override_decisions.select())
    return held | {OVERRIDES: with_force(held[OVERRIDES], decisions, today())}


def _copy(con: duckdb.DuckDBPyConnection, card: Card, rows: list[dict[str, Any]]) -> None:
    lines = sorted(repr(sorted(row.items())) for row in rows)
    content = hashlib.sha256("\n".join([card.code_hash, *lines]).encode()).hexdigest()
    state = state_of(con, card.table)
    if state is not None and state.fingerprint == content:
        return
    names = [c.name for c in card.columns]
    frame = pl.DataFrame(
        {n: pl.Series([None if row[n] is None else str(row[n]) for row in rows], dtype=pl.String) for n in names}
    )
    with transaction(con):
        write_frame(con, card, frame, content)
