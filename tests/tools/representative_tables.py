"""Tables that stand for all in `make test`: together they have every word of SQL that any SELECT of an engine has.

A word is a function, a kind of join, a type that is cast to, or a part of a SELECT, in DuckDB's SQL or in its
translation. `make spark-test` compares all tables.
"""

from __future__ import annotations

from collections.abc import Iterator

import sqlglot
from sqlglot import exp

from pipelines.cards import Card
from pipelines.engines.translation import translated
from pipelines.sql import select_of

REPRESENTATIVE = frozenset(
    {
        "core.case_file_facts", "core.crime_code_facts", "core.crime_harm", "core.crimes", "core.current_periods",
        "core.extract_forces", "core.measure_events", "core.order_facts",
        "core.outcome_evidence_facts", "core.outcome_times", "core.recorded_counts", "core.stalking_harassment_spans",
        "core.working_days", "metrics.control_chart_series", "metrics.demand_months",
        "metrics.dyad_timeline", "metrics.measure_medians", "metrics.measure_times", "metrics.open_caseload",
        "metrics.ranking_by_group", "metrics.reclassification_census", "metrics.recording_delays",
        "metrics.register_summary",
        "metrics.released_measures", "metrics.removal_census", "metrics.support_equity", "metrics.support_wait_points",
        "metrics.theme_forecasts", "metrics.theme_risks", "metrics.theme_scores",
    }
)  # fmt: skip


def words_of(card: Card) -> set[str]:
    """The words of a table's SELECT and of its translation. Raises NotTranslated."""
    return {f"{dialect}: {word}" for dialect, word in _words(card)}


def _words(card: Card) -> Iterator[tuple[str, str]]:
    for dialect, query in (("duckdb", select_of(card)), ("spark", translated(card))):
        for node in sqlglot.parse_one(query, read=dialect).walk():
            yield dialect, _word(node)


def _word(node: exp.Expr) -> str:
    if isinstance(node, exp.Anonymous):
        return str(node.this).lower()
    if isinstance(node, exp.Cast):
        return f"cast as {node.to.sql()}"
    if isinstance(node, exp.Join):
        return " ".join(["join", node.side, node.kind, "using" if node.args.get("using") else "on"])
    return type(node).__name__
