"""Tables that are kept by delivery: only the parts of new, replaced or withdrawn deliveries are made again."""

from __future__ import annotations

import duckdb

from pipelines.engines.engine import Engine
from pipelines.tables.cards import Card
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import state_of


def changed_parts(con: duckdb.DuckDBPyConnection, card: Card) -> tuple[list[str], list[str]]:
    """(deliveries to take out, deliveries to put in) of a table kept by delivery."""
    wanted = dict(
        con.execute(
            "select delivery_ref, md5(string_agg(period, '|' order by period)) from core.current_periods"
            " where source = ? group by delivery_ref order by delivery_ref",
            [card.incremental_source],
        ).fetchall()
    )
    held = dict(
        con.execute("select part_ref, part_hash from build.table_parts where table_name = ?", [card.table]).fetchall()
    )
    out = [ref for ref, mark in held.items() if wanted.get(ref) != mark]
    return out, [ref for ref, mark in wanted.items() if held.get(ref) != mark]


def parts_hash(con: duckdb.DuckDBPyConnection, card: Card) -> str:
    """Hash of the deliveries that the table holds: what reads it must see that a part came in."""
    query = (
        "select md5(coalesce(string_agg(part_ref || part_hash, '' order by part_ref), ''))"
        " from build.table_parts where table_name = ?"
    )
    return str(scalar(con, query, [card.table]))


def build_by_part(engine: Engine, card: Card, mark: str) -> int:
    """Rebuild only deliveries that are new, replaced or withdrawn; return the row count.

    A changed rule rebuilds them all.
    """
    con = engine.con
    state = state_of(con, card.table)
    if state is None or state.fingerprint.split("+")[0] != mark:
        engine.make_empty(card)
        con.execute("delete from build.table_parts where table_name = ?", [card.table])
    out, new = changed_parts(con, card)
    if out:
        con.execute(f"delete from {card.table} where list_contains(?, delivery_ref)", [out])
        con.execute(
            "delete from build.table_parts where table_name = ? and list_contains(?, part_ref)",
            [card.table, out],
        )
    if new:
        engine.add(card, new)
        con.execute(
            "insert into build.table_parts select ?, delivery_ref, md5(string_agg(period, '|' order by period))"
            " from core.current_periods where source = ? and list_contains(?, delivery_ref) group by delivery_ref",
            [card.table, card.incremental_source, new],
        )
    return engine.check(card, check_grain=False)
