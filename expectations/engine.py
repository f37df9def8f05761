"""Runs the rules with Great Expectations inside DuckDB, on the warehouse's own connection.

Great Expectations closes its connection before it reads the result, which empties it on DuckDB: results are
buffered by the listener below. All references of breaches come from the rule's own condition, run in DuckDB,
because Great Expectations lists at most 200; both counts must agree, else the rule is ERROR.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from expectations.rule import GX_SEVERITY, Rule

BATCHES = "rule_batches"  # views that last as long as the rules run

STYLE = """<style>body{font-family:system-ui,sans-serif;margin:1rem auto;max-width:70rem;padding:0 1rem;color:#3D3D3D}
table{border-collapse:collapse;width:100%}td,th{border:1px solid #8a8a8a;padding:.4rem;text-align:left}</style>"""


@dataclass(frozen=True)
class RuleResult:
    """One rule on one table. `breach_count` is None unless the rule could be evaluated."""

    rule: Rule
    status: str  # PASS, BREACH, ERROR, NOT_EVALUABLE
    examined_count: int
    breach_count: int | None
    not_evaluable_count: int
    message: str = ""


def run_rules(con: duckdb.DuckDBPyConnection, rules: Iterable[Rule], docs: Path | None = None) -> list[RuleResult]:
    """Evaluate the rules against the tables of `con`; write Data Docs to `docs` when given.

    Never raises for a rule: an engine failure is that rule's ERROR, with the reason in `message`.
    """
    rules = list(rules)
    batches: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        batches[(rule.table, rule.applies)].append(rule)
    context = _context(con)
    con.execute(f"create schema if not exists {BATCHES}")
    definitions: list[Any] = []
    counts: dict[tuple[str, str], tuple[int, int, int]] = {}
    failed: dict[tuple[str, str], str] = {}
    for number, ((table, applies), members) in enumerate(sorted(batches.items())):
        able = _countable(con, table, applies, members, counts, failed)
        if able:
            view = f"batch_{number:02d}"
            con.execute(f"create or replace view {BATCHES}.{view} as select * from {table} where {applies}")
            definitions.append(_validation(context, view, f"{number:02d} {table}", able))
    try:
        seen = _run(context, definitions, docs) if definitions else {}
    except Exception as problem:  # Great Expectations itself failed: nothing was judged, and the page says so
        seen, failed = {}, {rule.key: _reason(problem) for rule in rules} | failed
    con.execute(f"drop schema {BATCHES} cascade")
    return [
        RuleResult(rule, "ERROR", 0, None, 0, failed[rule.key])
        if rule.key in failed
        else _judge(rule, *counts[rule.key], seen.get(rule.key))
        for rule in rules
    ]


def warm_up() -> None:
    """Import Great Expectations, which takes seconds: called from a thread while files are read."""
    import great_expectations.expectations  # noqa: F401


def breaches_sql(rule: Rule) -> str:
    """Every breaching record of a rule: record_type, record_ref, detail."""
    return (
        f"select '{rule.record_type}' as record_type, cast({rule.record_ref} as varchar) as record_ref,"
        f" cast({rule.detail} as varchar) as detail from {rule.table}"
        f" where ({rule.applies}) and {rule.breach_condition()}"
    )


def _countable(
    con: duckdb.DuckDBPyConnection,
    table: str,
    applies: str,
    rules: list[Rule],
    counts: dict[tuple[str, str], tuple[int, int, int]],
    failed: dict[tuple[str, str], str],
) -> list[Rule]:
    """Count the batch; when that fails, rule by rule, so that only the rule at fault becomes an ERROR."""
    for group in [rules, *([rule] for rule in rules if len(rules) > 1)]:
        try:
            counts.update(_count(con, table, applies, group))
        except duckdb.Error as problem:
            failed.update({rule.key: _reason(problem) for rule in group})
        else:
            for rule in group:
                failed.pop(rule.key, None)
            if group is rules:
                break
    return [rule for rule in rules if rule.key not in failed]


def _count(
    con: duckdb.DuckDBPyConnection, table: str, applies: str, rules: list[Rule]
) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(examined, breaches, not evaluable) of each rule, all rules of a batch in one scan."""
    parts = ["count(*)"]
    for rule in rules:
        parts += [
            f"count(*) filter ({rule.breach_condition()})",
            f"count(*) filter (({rule.breach_condition()}) is null)",
        ]
    row = con.execute(f"select {', '.join(parts)} from {table} where {applies}").fetchone()
    assert row is not None
    return {rule.key: (row[0], row[1 + 2 * i], row[2 + 2 * i]) for i, rule in enumerate(rules)}


def _judge(rule: Rule, examined: int, breaches: int, unknown: int, gx: tuple[int | None, str] | None) -> RuleResult:
    if examined == 0:
        return RuleResult(rule, "NOT_EVALUABLE", 0, None, 0, f"no rows to examine in {rule.table}: not measured")
    gx_count, problem = gx if gx is not None else (None, "Great Expectations returned no result for this rule")
    if problem:
        return RuleResult(rule, "ERROR", examined, None, 0, problem)
    if gx_count != breaches:
        return RuleResult(
            rule,
            "ERROR",
            examined,
            None,
            0,
            f"Great Expectations counts {gx_count} breaches, the rule's own condition {breaches}",
        )
    if unknown == examined:
        fact = rule.arguments.get("column", "the fact")
        return RuleResult(rule, "NOT_EVALUABLE", examined, None, unknown, f"{fact} is not known for any row")
    return RuleResult(rule, "BREACH" if breaches else "PASS", examined, breaches, unknown)


def _context(con: duckdb.DuckDBPyConnection) -> Any:
    import great_expectations as gx
    from duckdb_sqlalchemy import ConnectionWrapper
    from sqlalchemy import Engine, event

    if not event.contains(Engine, "after_cursor_execute", _buffer):
        event.listen(Engine, "after_cursor_execute", _buffer)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    # `kwargs` goes to SQLAlchemy: every connection is a cursor of the warehouse's own
    context.data_sources.add_sql(  # type: ignore[call-arg]
        "warehouse",
        connection_string="duckdb:///:memory:",
        kwargs={"creator": lambda: ConnectionWrapper(con.cursor())},
    )
    return context


def _buffer(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    if conn.dialect.name == "duckdb" and not executemany and cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor)


def expectation_of(rule: Rule) -> Any:
    """The Great Expectations object that states the rule."""
    import great_expectations.expectations as gxe

    extra = {"ignore_row_if": "either_value_is_missing"} if "column_A" in rule.arguments else {}
    return getattr(gxe, rule.expectation)(
        **dict(rule.arguments),
        **extra,
        meta=rule.meta,
        severity=GX_SEVERITY[rule.severity],
        description=rule.title,
    )


def _validation(context: Any, view: str, name: str, rules: list[Rule]) -> Any:
    """A suite on a view. Not on a query: Great Expectations runs a query whole to learn its columns."""
    import great_expectations as gx

    source = context.data_sources.get("warehouse")
    asset = source.add_table_asset(name, table_name=view, schema_name=BATCHES)
    batch = asset.add_batch_definition_whole_table("all")
    suite = context.suites.add(gx.ExpectationSuite(name=name, expectations=[expectation_of(r) for r in rules]))
    return context.validation_definitions.add(gx.ValidationDefinition(name=name, data=batch, suite=suite))


def _run(context: Any, definitions: list[Any], docs: Path | None) -> dict[tuple[str, str], tuple[int | None, str]]:
    """Run every validation once: (rule code, table) -> (unexpected count, engine error or '')."""
    import great_expectations as gx

    checkpoint = gx.Checkpoint(
        name="standards",
        validation_definitions=definitions,
        actions=[],
        result_format={"result_format": "BASIC", "partial_unexpected_count": 0},
    )
    outcome = context.checkpoints.add(checkpoint).run()
    found: dict[tuple[str, str], tuple[int | None, str]] = {}
    for result in outcome.run_results.values():
        for item in result.results:
            meta, info = item.expectation_config.meta, item.exception_info or {}
            raised = [info] if "raised_exception" in info else list(info.values())
            problem = next((str(i.get("exception_message")) for i in raised if i.get("raised_exception")), "")
            found[(meta["rule_code"], meta["table"])] = (item.result.get("unexpected_count"), problem)
    if docs is not None:
        _build_docs(context, docs)
    return found


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}".splitlines()[0][:500]


def _build_docs(context: Any, docs: Path) -> None:
    """Data Docs as a static site in `docs`, without what they would load from elsewhere."""
    context.add_data_docs_site(
        site_name="static",
        site_config={
            "class_name": "SiteBuilder",
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
            "store_backend": {"class_name": "TupleFilesystemStoreBackend", "base_directory": str(docs)},
        },
    )
    context.build_data_docs(site_names=["static"])
    for page in docs.rglob("*.html"):
        page.write_text(without_external_requests(page.read_text(encoding="utf-8")), encoding="utf-8")


def without_external_requests(html: str) -> str:
    """Take every script, style, image and frame that lies on another host out of a page; add a plain style."""
    html = re.sub(r"<script[^>]+src=[\"']?(https?:)?//[^>]*>\s*</script>", "", html, flags=re.I)
    html = re.sub(r"<(link|img|iframe)[^>]+(href|src)=[\"']?(https?:)?//[^>]*>", "", html, flags=re.I)
    html = re.sub(r"@import\s+url\([^)]*//[^)]*\);?", "", html, flags=re.I)
    return html.replace("</head>", STYLE + "</head>", 1)
