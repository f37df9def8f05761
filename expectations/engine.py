"""Evaluation of the rules with Great Expectations inside DuckDB, on the warehouse's own connection.

Rules on one table are one batch: a view with a column for each rule, the fact where the rule applies and null where
it does not. So a table is read once and not once a rule. Great Expectations leaves nulls out; a rule that forbids
null has a batch of its own, with the rows it applies to. Counts by force, month, unit and class come from the rules'
own conditions, read in the same way.

Great Expectations closes its connection before it reads the result, which empties it on DuckDB: results are
buffered by the listener below. All references of breaches come from the rule's own condition, run in DuckDB,
because Great Expectations lists at most 200. Both counts must agree, else the rule is ERROR.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import duckdb

from expectations import data_docs
from expectations.rule import GX_SEVERITY, Rule, literal

BATCHES = "rule_batches"  # schema of views that exist only during the run
COUNTS = "rule_counts"  # temporary table: counts of the last run by force, month, unit and class
NOTHING = (0, 0, 0)  # examined, broken, not evaluable
# a table of facts with these columns is counted by them
DIMENSIONS = ("force_code", "recorded_month", "unit_name", "class_code")
NOT_IN_TABLE = {"force_code": "'all'"}  # files and audits are of all forces; other dimensions are null


@dataclass(frozen=True)
class RuleResult:
    """One rule on one table. `breach_count` is None unless the rule could be evaluated."""

    rule: Rule
    status: str  # PASS, BREACH, ERROR, NOT_EVALUABLE
    examined_count: int
    breach_count: int | None
    not_evaluable_count: int
    message: str = ""


def run_rules(
    con: duckdb.DuckDBPyConnection,
    rules: Iterable[Rule],
    docs: Path | None = None,
    lacking: Collection[str] = (),
    unbuilt: Mapping[str, str] | None = None,
) -> list[RuleResult]:
    """Evaluate the rules against the tables of `con`; write Data Docs to `docs` when given.

    `lacking`: fields that the extract does not have; what rests on them is not measured.
    `unbuilt`: tables that could not be built, and why; a rule on one of them is an ERROR.
    The counts by force, month, unit and class stay in the temporary table `rule_counts`.
    Never raises for a rule: an engine failure is that rule's ERROR, with the reason in `message`.
    """
    rules = list(rules)
    settled = {rule.key: out for rule in rules if (out := _settled(rule, lacking, unbuilt or {})) is not None}
    failed: dict[tuple[str, str], str] = {}
    able = resolved(con, [rule for rule in rules if rule.key not in settled], failed)
    counted = count_rules(con, able, failed)
    counts = _totals(con)
    # without rows there is nothing to evaluate
    with_rows = [[rule for rule in members if counts.get(rule.key, NOTHING)[0]] for members in counted]
    batches = [members for members in with_rows if members]
    try:
        seen = _run(con, batches, docs)
    except Exception as problem:  # Great Expectations itself failed: nothing was evaluated, and the page says so
        seen, failed = {}, {rule.key: _reason(problem) for rule in able} | failed
    return [
        settled.get(rule.key)
        or (
            RuleResult(rule, "ERROR", 0, None, 0, failed[rule.key])
            if rule.key in failed
            else _judge(rule, *counts.get(rule.key, NOTHING), seen.get(rule.key))
        )
        for rule in rules
    ]


def count_rules(
    con: duckdb.DuckDBPyConnection, rules: list[Rule], failed: dict[tuple[str, str], str]
) -> list[list[Rule]]:
    """Fill the temporary table `rule_counts` by the rules' own conditions; return the batches that could be counted.

    The rules have their settings. Why another could not be counted is added to `failed`.
    """
    con.execute(
        f"create or replace temp table {COUNTS} (rule_code varchar, table_name varchar, force_code varchar,"
        " recorded_month date, unit_name varchar, class_code varchar, examined_count bigint, breach_count bigint,"
        " not_evaluable_count bigint)"
    )
    return [_countable(con, members, failed) for members in batches_of(rules)]


def _settled(rule: Rule, lacking: Collection[str], unbuilt: Mapping[str, str]) -> RuleResult | None:
    """The result of a rule that cannot be run; None for one that can."""
    if rule.table in unbuilt:
        return RuleResult(rule, "ERROR", 0, None, 0, f"{rule.table} could not be built")
    absent = [field for field in rule.needs if field in lacking]
    if absent:
        return RuleResult(rule, "NOT_EVALUABLE", 0, None, 0, f"not measured: the extract has no {', '.join(absent)}")
    return None


def resolved(con: duckdb.DuckDBPyConnection, rules: list[Rule], failed: dict[tuple[str, str], str]) -> list[Rule]:
    """The rules with their settings; one whose setting is missing is an ERROR."""
    if not any(rule.parameters for rule in rules):
        return rules
    settings = dict(con.execute("select key, value from reference.settings").fetchall())
    found = []
    for rule in rules:
        try:
            found.append(rule.resolved(settings))
        except KeyError as problem:
            failed[rule.key] = f"reference.settings has no {problem.args[0]}"
    return found


def warm_up() -> None:
    """Import Great Expectations, which takes seconds."""
    import great_expectations.expectations  # noqa: F401


def breaches_sql(rule: Rule) -> str:
    """SQL of every breaching record of a rule: record_type, record_ref, detail."""
    kind, ref = f"'{rule.record_type}'", rule.record_ref
    if rule.or_else is not None:
        kind = f"case when {ref} is null then '{rule.or_else[0]}' else {kind} end"
        ref = f"coalesce({ref}, {rule.or_else[1]})"
    return (
        f"select {kind} as record_type, cast({ref} as varchar) as record_ref,"
        f" coalesce(cast({rule.detail} as varchar), {literal(rule.title)}) as detail from {rule.table}"
        f" where ({rule.examined}) and {rule.breach_condition()}"
    )


def batches_of(rules: list[Rule]) -> list[list[Rule]]:
    """Rules that one view can evaluate: those on a table, except a rule that forbids null."""
    found: dict[tuple[str, str], list[Rule]] = defaultdict(list)
    for rule in rules:
        found[(rule.table, rule.examined if rule.forbids_null else "")].append(rule)
    return [found[key] for key in sorted(found)]


def _countable(con: duckdb.DuckDBPyConnection, rules: list[Rule], failed: dict[tuple[str, str], str]) -> list[Rule]:
    """Count the batch; when that fails, rule by rule, so that only the rule at fault becomes an ERROR."""
    for group in [rules, *([rule] for rule in rules if len(rules) > 1)]:
        try:
            _count(con, group)
        except duckdb.Error as problem:
            failed.update({rule.key: _reason(problem) for rule in group})
        else:
            for rule in group:
                failed.pop(rule.key, None)
            if group is rules:
                break
    return [rule for rule in rules if rule.key not in failed]


def _count(con: duckdb.DuckDBPyConnection, rules: list[Rule]) -> None:
    """Count rows examined, breaches and rows not evaluable of each rule, by force, month, unit and class.

    All rules of a batch are counted in one scan.
    """
    table = rules[0].table
    present = {name for (name,) in con.execute(f"select column_name from (describe {table})").fetchall()}
    groups = [name for name in DIMENSIONS if name in present]
    dimensions = [name if name in groups else f"{NOT_IN_TABLE.get(name, 'null')} as {name}" for name in DIMENSIONS]
    facts = ", ".join(
        f"({rule.examined}) as applies_{number}, case when {rule.examined} then {rule.breach_condition()} end as"
        f" breaks_{number}"
        for number, rule in enumerate(rules)
    )
    numbers = range(len(rules))
    examined = ", ".join(f"count(*) filter (applies_{number})" for number in numbers)
    breaches = ", ".join(f"count(*) filter (breaks_{number})" for number in numbers)
    judged = ", ".join(f"count(breaks_{number})" for number in numbers)
    # a group of which a rule examines nothing is no row of its counts; the one row of a table without groups stays
    some = " where examined_count > 0" if groups else ""
    con.execute(
        f"insert into {COUNTS} select * replace (examined_count - judged_count as judged_count) from"
        f" (select unnest(?::varchar[]), ?, {', '.join(DIMENSIONS)}, unnest(examined) as examined_count,"
        " unnest(breaches), unnest(judged) as judged_count from"
        f" (select {', '.join(dimensions)}, [{examined}] as examined, [{breaches}] as breaches, [{judged}] as judged"
        f" from (select {', '.join([*groups, facts])} from {table}) group by all)){some}",
        [[rule.code for rule in rules], table],
    )


def _totals(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], tuple[int, int, int]]:
    """(rule code, table) -> its total counts; a rule that examines no row may be absent."""
    rows = con.execute(
        "select rule_code, table_name, sum(examined_count)::bigint, sum(breach_count)::bigint,"
        f" sum(not_evaluable_count)::bigint from {COUNTS} group by rule_code, table_name"
    ).fetchall()
    return {(code, table): (examined, breaches, unknown) for code, table, examined, breaches, unknown in rows}


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


def _buffer(conn: Any, cursor: Any, statement: str, parameters: Any, context: Any, executemany: bool) -> None:
    from sqlalchemy.engine.cursor import FullyBufferedCursorFetchStrategy

    if conn.dialect.name == "duckdb" and not executemany and cursor.description:
        context.cursor_fetch_strategy = FullyBufferedCursorFetchStrategy(cursor)


def expectation_of(rule: Rule) -> Any:
    """The Great Expectations object of the rule."""
    import great_expectations.expectations as gxe

    extra = {"ignore_row_if": "either_value_is_missing"} if "column_A" in rule.arguments else {}
    return getattr(gxe, rule.expectation)(
        **dict(rule.arguments),
        **extra,
        meta=rule.meta,
        severity=GX_SEVERITY[rule.severity],
        description=rule.title,
    )


def view_sql(rules: list[Rule]) -> str:
    """The view of a batch: for each rule its fact, null where the rule does not apply."""
    facts = [
        f'"{column}" as "{_named(rule, column)}"'
        if rule.forbids_null
        else f'case when {rule.examined} then "{column}" end as "{_named(rule, column)}"'
        for rule in rules
        for column in rule.columns
    ]
    where = f" where {rules[0].examined}" if rules[0].forbids_null else ""
    return f"select {', '.join(facts)} from {rules[0].table}{where}"


def _named(rule: Rule, column: str) -> str:
    return f"{rule.code} {column}"


def stated(rule: Rule) -> Any:
    """The expectation on the rule's own column of the view."""
    columns = {k: _named(rule, v) for k, v in rule.arguments.items() if v in rule.columns}
    return expectation_of(replace(rule, arguments={**rule.arguments, **columns}))


def _run(
    con: duckdb.DuckDBPyConnection, batches: list[list[Rule]], docs: Path | None
) -> dict[tuple[str, str], tuple[int | None, str]]:
    """Evaluate every batch once: (rule code, table) -> (unexpected count, engine error or '')."""
    con.execute(f"create schema if not exists {BATCHES}")
    for number, rules in enumerate(batches):
        # a view, not a query: Great Expectations runs a query whole to learn its columns
        con.execute(f"create or replace view {BATCHES}.batch_{number:03d} as {view_sql(rules)}")
    try:
        results = _validate(con, batches) if batches else []
    finally:
        con.execute(f"drop schema {BATCHES} cascade")
    found: dict[tuple[str, str], tuple[int | None, str]] = {}
    for item in (item for result in results for item in result.results):
        meta, info = item.expectation_config.meta, item.exception_info or {}
        raised = [info] if "raised_exception" in info else list(info.values())
        problem = next((str(i.get("exception_message")) for i in raised if i.get("raised_exception")), "")
        found[(meta["rule_code"], meta["table"])] = (item.result.get("unexpected_count"), problem)
    if docs is not None:
        data_docs.write(results, docs)
    return found


def _validate(con: duckdb.DuckDBPyConnection, batches: list[list[Rule]]) -> list[Any]:
    """Great Expectations' result for each batch.

    Nothing is kept in its stores, which would write everything as YAML again for each added batch.
    """
    import great_expectations as gx
    from duckdb_sqlalchemy import ConnectionWrapper
    from sqlalchemy import Engine, event

    if not event.contains(Engine, "after_cursor_execute", _buffer):
        event.listen(Engine, "after_cursor_execute", _buffer)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}  # type: ignore[assignment]
    assets = [
        {
            "name": f"batch_{number:03d}",
            "type": "table",
            "table_name": f"batch_{number:03d}",
            "schema_name": BATCHES,
            "batch_definitions": [{"name": "all", "partitioner": None}],
        }
        for number in range(len(batches))
    ]
    # `kwargs` goes to SQLAlchemy: every connection is a cursor of the warehouse's own
    source = context.data_sources.add_sql(  # type: ignore[call-arg]
        "warehouse",
        connection_string="duckdb:///:memory:",
        kwargs={"creator": lambda: ConnectionWrapper(con.cursor())},
        assets=assets,
    )
    results = []
    for asset, rules in zip(source.assets, batches, strict=True):
        suite = gx.ExpectationSuite(name=rules[0].table, expectations=[stated(rule) for rule in rules])
        batch = asset.get_batch_definition("all").get_batch()
        results.append(batch.validate(suite, result_format={"result_format": "BASIC", "partial_unexpected_count": 0}))
    return results


def _reason(problem: Exception) -> str:
    return f"{type(problem).__name__}: {problem}".splitlines()[0][:500]
