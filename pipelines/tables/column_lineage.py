"""Where each column of a table comes from, read from its SQL: for Dagster, pages and cards.

All tables take eight seconds, so builds ask kept_lineage.py.
"""

from __future__ import annotations

from collections.abc import Mapping

import sqlglot
from sqlglot import exp
from sqlglot.lineage import Node, lineage

from pipelines.tables.cards import FORCE, Card, all_cards
from pipelines.tables.lineage import FORCE_LISTS, reads


def column_lineage(card: Card) -> dict[str, list[list[str]]]:
    """Column -> [[upstream table, upstream column]], from the SQL.

    What Python computes has none.
    """
    result = {FORCE: [[FORCE_LISTS[1], FORCE]]} if card.is_force_added else {}
    for name, node in _lineage_nodes(card).items():
        leaves = [leaf for leaf in node.walk() if _upstream(leaf)]
        found = {(_upstream(leaf), leaf.name.split(".")[-1].strip('"')) for leaf in leaves}
        result[name] = [list(origin) for origin in sorted(found)]
    return result


def _upstream(node: Node) -> str:
    """The table that a step of a lineage reads; '' for a step within the SELECT."""
    return f"{node.source.db}.{node.source.name}" if isinstance(node.source, exp.Table) and node.source.db else ""


def types_read(card: Card) -> dict[str, dict[str, dict[str, str]]]:
    """Schema -> table -> column -> type, of the tables that a table is made from, as its code sees them."""
    schema: dict[str, dict[str, dict[str, str]]] = {}
    for table in reads(card):
        upstream = all_cards()[table]
        names = {c.name: c.type for c in upstream.columns}
        if card.by_force and upstream.is_force_added:  # its code sees the rows of one force, without its code
            del names[FORCE]
        if upstream.schema == "raw" and upstream.maker is not None:
            names |= {"delivery_ref": "varchar", "line_number": "bigint", "period": "varchar"}
        schema.setdefault(upstream.schema, {})[upstream.name] = names
    return schema


def with_columns_named(query: exp.Expr, types: Mapping[str, Mapping[str, Mapping[str, str]]]) -> exp.Expr:
    """The query, whose UNPIVOTs name their columns in place of columns(*): neither lineage nor Spark looks them up."""
    for table in query.find_all(exp.Table):
        for star in [star for pivot in table.args.get("pivots") or () for star in pivot.find_all(exp.Columns)]:
            excluded = {column.name for column in star.this.args.get("except_") or ()}
            names = [name for name in types[table.db][table.name] if name not in excluded]
            star.parent.set("expressions", [exp.column(name) for name in names])
    return query


def _lineage_nodes(card: Card) -> dict[str, Node]:
    """Column -> the steps it comes by, in the order of the card."""
    if not card.is_select:
        return {}
    # untrimmed: nobody reads the SQL of each step, and cutting it down to one column costs five times the rest
    types = types_read(card)
    query = with_columns_named(sqlglot.parse_one(card.code, read="duckdb"), types)
    nodes = lineage(None, query, schema=types, dialect="duckdb", trim_selects=False, copy=False)
    assert isinstance(nodes, dict)
    # a method adds columns that the SELECT does not have, and the run of a by-force table its force
    added = {FORCE} if card.is_force_added else set()
    return {c.name: nodes[c.name] for c in card.columns if c.name in nodes or not (card.method or c.name in added)}
