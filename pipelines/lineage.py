"""What a table reads: from its SQL, or from its function's parameters.

So it is always right.
"""

from __future__ import annotations

import ast
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import sqlglot
from sqlglot import exp

from pipelines.cards import Card, CardError, all_cards, code_of

if TYPE_CHECKING:
    from sqlglot.lineage import Node


@cache
def parse(path: Path) -> exp.Query:
    """The one SELECT of a SQL file. Raises CardError if it holds anything else."""
    statements = [s for s in sqlglot.parse(code_of(path), read="duckdb") if s is not None]
    if len(statements) != 1 or not isinstance(statements[0], exp.Query):
        raise CardError(f"{path.name}: a table file holds one SELECT, nothing else")
    return statements[0]


def _tables_of_sql(path: Path) -> set[str]:
    return {f"{t.db}.{t.name}" for t in parse(path).find_all(exp.Table) if t.db}


def tables_given(card: Card) -> dict[str, str]:
    """Parameters of a table's function -> tables (`core_forces` -> core.forces).

    The first parameter of a method takes the rows of the SELECT and names no table. Empty for a table without function.
    """
    if card.function is None:
        return {}
    path, name = card.function
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    function = next((n for n in tree.body if isinstance(n, ast.FunctionDef) and n.name == name), None)
    if function is None:
        raise CardError(f"{path.name}: holds no function named {name}")
    by_parameter = {table.replace(".", "_", 1): table for table in all_cards()}
    names = [argument.arg for argument in function.args.args][1 if card.method else 0 :]
    unknown = [name for name in names if name not in by_parameter]
    if unknown:
        raise CardError(f"{path.name}: no table is named by the parameter {', '.join(unknown)}")
    return {name: by_parameter[name] for name in names}


def reads(card: Card) -> tuple[str, ...]:
    """The tables that a table is made from; raw and reference ones have none."""
    return _reads(card.table)


@cache
def _reads(table: str) -> tuple[str, ...]:
    card = all_cards()[table]
    if card.maker is None or card.schema in ("raw", "reference"):
        return ()
    found = set(tables_given(card).values()) | (_tables_of_sql(card.maker) if card.maker.suffix == ".sql" else set())
    unknown = sorted(found - set(all_cards()))
    if unknown:
        raise CardError(f"{card.maker.name}: reads {', '.join(unknown)}, which has no card")
    return tuple(sorted(found))


@cache
def build_order() -> tuple[Card, ...]:
    """Every table after the tables it reads.

    Raises CardError if they read each other in a circle.
    """
    cards, done, order = all_cards(), set[str](), list[Card]()

    def visit(table: str, path: tuple[str, ...]) -> None:
        if table in path:
            raise CardError("tables read each other in a circle: " + " -> ".join((*path, table)))
        if table not in done:
            for upstream in reads(cards[table]):
                visit(upstream, (*path, table))
            done.add(table)
            order.append(cards[table])

    for table in cards:
        visit(table, ())
    return tuple(order)


def downstream_of(tables: set[str]) -> set[str]:
    """The tables that rest on any of these, themselves included."""
    found = set(tables)
    for card in build_order():
        if found & set(reads(card)):
            found.add(card.table)
    return found


def column_lineage(card: Card) -> dict[str, list[tuple[str, str]]]:
    """Column -> [(upstream table, upstream column)], from the SQL.

    What Python computes has none.
    """
    result = {}
    for name, node in _lineage_nodes(card).items():
        leaves = [leaf for leaf in node.walk() if _upstream(leaf)]
        result[name] = sorted({(_upstream(leaf), leaf.name.split(".")[-1].strip('"')) for leaf in leaves})
    return result


def passed_on(card: Card) -> dict[str, str]:
    """Column -> the one upstream table that passes it on unchanged.

    The name is the same, and no expression changes it on the way.
    """
    result = {}
    for name, node in _lineage_nodes(card).items():
        step = node
        while len(step.downstream) == 1 and isinstance(step.expression.unalias(), exp.Column):
            step = step.downstream[0]
        if _upstream(step) and not step.downstream and step.name.split(".")[-1].strip('"') == name:
            result[name] = _upstream(step)
    return result


def _upstream(node: Node) -> str:
    """The table that a step of a lineage reads; '' for a step within the SELECT."""
    return f"{node.source.db}.{node.source.name}" if isinstance(node.source, exp.Table) and node.source.db else ""


def _lineage_nodes(card: Card) -> dict[str, Node]:
    """Column -> the steps it comes by, in the order of the card."""
    if card.maker is None or card.maker.suffix != ".sql" or card.schema in ("raw", "reference"):
        return {}
    from sqlglot.lineage import lineage

    schema: dict[str, dict[str, dict[str, str]]] = {}
    for table in reads(card):
        upstream = all_cards()[table]
        names = {c.name: c.type for c in upstream.columns}
        if upstream.schema == "raw" and upstream.maker is not None:
            names |= {"delivery_ref": "varchar", "line_number": "bigint", "period": "varchar"}
        schema.setdefault(upstream.schema, {})[upstream.name] = names
    # untrimmed: nobody reads the SQL of each step, and cutting it down to one column costs five times the rest
    nodes = lineage(None, parse(card.maker).copy(), schema=schema, dialect="duckdb", trim_selects=False, copy=False)
    assert isinstance(nodes, dict)
    # a method adds columns that the SELECT does not have
    return {c.name: nodes[c.name] for c in card.columns if c.name in nodes or not card.method}


_worked_out: dict[str, str] = {}  # code hash -> lineage, for every home that this process builds


def kept_lineages(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """Code hash of a table -> its column lineage as JSON.

    Computed once for each version of the table's SQL.
    """
    rows = con.execute("select code_hash, lineage from build.column_lineage").fetchall()
    known = {code_hash for code_hash, _ in rows}
    made = [card for card in build_order() if card.maker is not None and card.schema != "raw"]
    for card in made:
        if card.code_hash not in known and card.code_hash not in _worked_out:
            _worked_out[card.code_hash] = json.dumps(column_lineage(card))
    missing = [(card.code_hash, _worked_out[card.code_hash]) for card in made if card.code_hash not in known]
    if missing:
        parts = [list(part) for part in zip(*missing)]
        con.execute("insert into build.column_lineage select unnest(?), unnest(?)", parts)
    return dict([*rows, *missing])
