"""Tables that stand for all in `make long`: together they have every part of a query that any SELECT of an engine has.

A part is a kind of join, a clause or what means nothing without the query around it, in DuckDB's SQL or in its
translation; edge_rows.py compares the functions. `make spark-test` compares all tables.
"""

from collections.abc import Iterator
from functools import cache

import sqlglot
from sqlglot import exp

from pipelines.engines.translation import translated
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.sql import select_of

REPRESENTATIVE = frozenset(
    {
        "core.extract_forces", "core.measure_events", "core.outcome_times", "core.working_days",
        "metrics.control_chart_series", "metrics.demand_months", "metrics.dyad_timeline", "metrics.measure_cells",
        "metrics.measure_medians", "metrics.measure_times", "metrics.measure_values", "metrics.reconciled_forecasts",
        "metrics.register_summary", "metrics.support_equity", "metrics.theme_forecasts", "metrics.theme_scores",
    }
)  # fmt: skip
OF_QUERIES = (exp.Exists, exp.Grouping, exp.Unnest)


@cache
def in_spark(table: str) -> str:
    """The SELECT of a table in Spark's SQL: worked out once for all tests. Raises NotTranslated."""
    return translated(all_cards()[table])


@cache
def tree_in_spark(table: str) -> exp.Expression:
    """The same as sqlglot reads it; not to be changed."""
    return sqlglot.parse_one(in_spark(table), read="spark")


def words_of(card: Card) -> set[str]:
    """The words of a table's SELECT and of its translation. Raises NotTranslated."""
    return {f"{dialect}: {word}" for dialect, word in _words(card)}


def _words(card: Card) -> Iterator[tuple[str, str]]:
    trees = {"duckdb": sqlglot.parse_one(select_of(card), read="duckdb"), "spark": tree_in_spark(card.table)}
    for dialect, tree in trees.items():
        for node in tree.walk():
            if isinstance(node, exp.Join):
                yield dialect, " ".join(["join", node.side, node.kind, "using" if node.args.get("using") else "on"])
            elif not isinstance(node, exp.Func | exp.Binary) or isinstance(node, OF_QUERIES):
                yield dialect, type(node).__name__
