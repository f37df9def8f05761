"""Tables that are not published, and why: legal data never stops the publication of the others.

A table that cannot be built is withheld, with every table that rests on it. It is empty in the warehouse, so that none
of its last rows are mixed with new ones, and the next build tries it again. Also withheld is what rests on a rule that
could not be run. What disclosure control refuses is withheld from commissioners alone.
"""

from __future__ import annotations

import json
import traceback
from collections.abc import Iterable
from pathlib import Path

import duckdb

from pipelines.publication import disclosure
from pipelines.system.disk import is_disk_trouble
from pipelines.tables.cards import AUDIENCES, ROOT, Card
from pipelines.tables.lineage import downstream_of, reads
from pipelines.tables.sql import create_from_card, views_of
from pipelines.tables.warehouse import EngineLost, TableDiffers, transaction

# without these nobody knows whether a release can be undone
CONTROL = (disclosure.CELLS, disclosure.BEFORE, disclosure.ATTACK)


def failed(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Table -> why it could not be built, or which table it rests on that could not."""
    return dict(con.execute("select table_name, reason from build.failed_tables order by all").fetchall())


def fail(con: duckdb.DuckDBPyConnection, card: Card, reason: str) -> None:
    """Record that a table could not be built, and leave it empty."""
    with transaction(con):
        if card.table in views_of(con):
            con.execute(f"drop view {card.table}")
        create_from_card(con, card)
        for table in ("table_states", "table_parts", "failed_tables"):
            con.execute(f"delete from build.{table} where table_name = ?", [card.table])
        con.execute("insert into build.failed_tables values (?, ?)", [card.table, reason])


def recover(con: duckdb.DuckDBPyConnection, card: Card) -> None:
    """Record that a table could be built again."""
    con.execute("delete from build.failed_tables where table_name = ?", [card.table])


def resting_on(card: Card, broken: Iterable[str]) -> str:
    """Why a table cannot be built from tables that could not; '' if all of them could."""
    missing = sorted(set(reads(card)) & set(broken))
    return f"rests on {', '.join(missing)}, which could not be built" if missing else ""


def reason_of(fault: Exception) -> str:
    """What failed, for pages and manifests: without its own text, which may quote a record."""
    if isinstance(fault, TableDiffers):
        return fault.without_values
    frames = [f for f in traceback.extract_tb(fault.__traceback__) if Path(f.filename).is_relative_to(ROOT / "assets")]
    place = f" in {Path(frames[-1].filename).name}, line {frames[-1].lineno}" if frames else ""
    return f"{type(fault).__name__}{place}"


def must_stop(fault: Exception) -> bool:
    """Whether no other table could be built either: the disk is full, or the engine is no longer usable."""
    return is_disk_trouble(fault) or isinstance(fault, duckdb.FatalException | EngineLost)


def reasons(con: duckdb.DuckDBPyConnection, audience: str = disclosure.AUDIENCE) -> dict[str, str]:
    """Table -> why it is not published for an audience, in words for the page."""
    found = {}
    broken = failed(con)
    for table, reason in broken.items():
        rests = reason.startswith("rests on ")
        found[table] = f"Not published: it {reason}" if rests else f"Not published: it could not be built ({reason})"
    is_controlled = audience == disclosure.AUDIENCE
    if is_controlled and any(table in broken for table in CONTROL):
        words = "Not published: disclosure control could not be built, so nobody knows whether it can be undone"
        for table in (disclosure.RELEASED, *downstream_of({disclosure.RELEASED})):
            found.setdefault(table, words)
    found = (disclosure.refused(con) if is_controlled else {}) | found
    errors = con.execute(
        "select rule_code, table_name, message from quality.rule_results where status = 'ERROR'"
    ).fetchall()
    for code, table, message in errors:
        for resting in downstream_of({table}):
            if not resting.startswith("quality."):
                found.setdefault(resting, f"Not published: rule {code} on {table} could not be run ({message})")
    return found


def all_rules_ran(con: duckdb.DuckDBPyConnection) -> bool:
    """Whether no rule of the last build is an ERROR."""
    return con.execute("select 1 from quality.rule_results where status = 'ERROR' limit 1").fetchone() is None


def published(home: Path, what: str = "withheld") -> dict[str, str]:
    """Table -> why it is not in the copies that are in use; or, `left_out`, the same of delivered files.

    Empty if they are whole.
    """
    found: dict[str, str] = {}
    for audience in AUDIENCES:
        manifest = home / "published" / audience / "manifest.json"
        if manifest.is_file():
            found |= json.loads(manifest.read_text(encoding="utf-8")).get(what, {})
    return dict(sorted(found.items()))
