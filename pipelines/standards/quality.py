"""The rules run, and their results as tables: breaches never stop the run."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import duckdb

from assets.raw import extract_tables
from assets.readers.sql import literal
from expectations.rule import Rule
from pipelines.standards import breach_history
from pipelines.tables.cards import FORCE, all_cards
from pipelines.tables.sql import create_from_card, scalar
from pipelines.tables.warehouse import check_against_card, comment, record_state, state_of, transaction

WRITTEN = ("quality.rule_results", "quality.rule_breaches", "quality.rule_counts")  # rewritten in every build
JUDGED = (*WRITTEN, breach_history.TABLE)  # what the rules found
TABLES = ("quality.runs", *JUDGED)
DOCS = "data_docs"


def run_rules(con: duckdb.DuckDBPyConnection, home: Path, run_ref: str, failed: Mapping[str, str]) -> None:
    """Evaluate every rule; write quality.rule_results and quality.rule_breaches.

    `failed` are the tables that could not be built: their rules are not run. Both are written whole or not at all.
    """
    from expectations import RULES
    from expectations.engine import COUNTS
    from expectations.engine import run_rules as evaluate

    started = time.monotonic()
    docs = (home / "docs" / DOCS).resolve()
    shutil.rmtree(docs, ignore_errors=True)
    absent = lacking(con, {field for rule in RULES for field in rule.needs})
    results = evaluate(con, of_forces(con, RULES), docs, absent, failed)
    with transaction(con):
        for table in WRITTEN:
            create_from_card(con, all_cards()[table])
        con.executemany(
            f"insert into quality.rule_results values ({', '.join('?' * 23)})",
            [
                [
                    run_ref,
                    r.rule.code,
                    r.rule.version,
                    r.rule.severity,
                    r.rule.dimension,
                    r.rule.table,
                    r.examined_count,
                    r.breach_count,
                    r.not_evaluable_count,
                    r.status,
                    r.rule.authority,
                    r.rule.title,
                    r.rule.description,
                    r.message,
                    r.rule.record_type,
                    r.rule.escalate,
                    ", ".join(r.rule.parameters),
                    ", ".join(r.rule.needs),
                    r.rule.valid_from,
                    r.rule.valid_to,
                    r.rule.dated_by if r.rule.valid_from or r.rule.valid_to else "",
                    measure_of(r.rule),
                    r.rule.timing,
                ]
                for r in results
            ],
        )
        for result in results:
            if result.status == "BREACH":
                _list_breaches(con, run_ref, result.rule)
        con.execute(f"insert into quality.rule_counts select ?, * from {COUNTS}", [run_ref])
        breach_history.remember(con, run_ref, results)
        for table in WRITTEN:
            card = all_cards()[table]
            comment(con, card)
            record_state(con, table, run_ref, check_against_card(con, card), started)


def measure_of(rule: Rule) -> str | None:
    """The measure made of a rule; None for files, audits and open data, and where a breach belongs to no force."""
    is_by_force = FORCE in {column.name for column in all_cards()[rule.table].columns}
    return rule.measure_code if rule.has_measure and rule.needs and is_by_force else None


def _list_breaches(con: duckdb.DuckDBPyConnection, run_ref: str, rule: Rule) -> None:
    from expectations.engine import breaches_sql

    found = breaches_sql(rule)
    if rule.record_type == "row":  # a row is named by delivery and line; the words say which file that is
        found = (
            "select b.record_type, b.record_ref, case when d.file_name is null then b.detail else b.detail || ' ('"
            f" || d.file_name || ', line ' || split_part(b.record_ref, ':', 2) || ')' end from ({found}) as b"
            " left join raw.deliveries as d on split_part(b.record_ref, ':', 1) = d.delivery_ref"
        )
    con.execute(f"insert into quality.rule_breaches select ?, ?, * from ({found})", [run_ref, rule.code])


def lacking(con: duckdb.DuckDBPyConnection, fields: set[str]) -> frozenset[str]:
    """Fields that rules rest on and the extract does not have, alone or with their whole table."""
    absent: dict[str, set[str]] = {}
    for source, columns in con.execute(
        "select distinct d.source, d.columns_absent from raw.deliveries as d"
        " inner join core.current_periods as p on d.delivery_ref = p.delivery_ref and d.source = p.source"
    ).fetchall():
        lacks = set(columns.split(", "))  # a field that one part of a table has is measured
        absent[source] = absent.get(source, lacks) & lacks
    found = set()
    for name in fields:
        table, _, column = name.partition(".")
        is_unknown = column and column not in extract_tables().get(table, {})
        if table not in absent or is_unknown or column in absent[table]:
            found.add(name)
    return frozenset(found)


def of_forces(con: duckdb.DuckDBPyConnection, rules: Sequence[Rule]) -> list[Rule]:
    """The rules, each without the records of forces that did not deliver what it needs.

    Those records are not examined: the rule is not measured for that force.
    """
    supplied = "select distinct force_code, source from core.force_deliveries where force_code is not null"
    held = set(con.execute(supplied).fetchall())
    absent = set(con.execute("select force_code, source || '.' || field_name from core.absent_fields").fetchall())
    forces = sorted({force for force, _ in held})

    def has(force: str, need: str) -> bool:
        return (force, need.partition(".")[0]) in held and (force, need) not in absent

    found = []
    for rule in rules:
        without = [force for force in forces if not all(has(force, need) for need in rule.needs)]
        if without and FORCE in {column.name for column in all_cards()[rule.table].columns}:
            codes = ", ".join(map(literal, without))
            rule = replace(rule, applies=f"({rule.applies}) and coalesce({FORCE} not in ({codes}), true)")
        found.append(rule)
    return found


def after_earlier_runs(con: duckdb.DuckDBPyConnection, now: datetime) -> datetime:
    """The start of a build: now, or a second after the latest build if the clock was set back since.

    Builds are named by it and are in its order.
    """
    if state_of(con, "quality.runs") is None:
        return now
    latest = scalar(con, "select max(started_at) from quality.runs")
    return now if latest is None else max(now, latest + timedelta(seconds=1))


def record_run(
    con: duckdb.DuckDBPyConnection, run_ref: str, started_at: object, as_of: date | None, code_version: str
) -> None:
    """Remember the build itself."""
    with transaction(con):
        card = all_cards()["quality.runs"]
        create_from_card(con, card, "create table if not exists")
        con.execute("insert into quality.runs values (?, ?, ?, ?)", [run_ref, started_at, as_of, code_version])
        record_state(con, card.table, run_ref, check_against_card(con, card), time.monotonic())


def result_metadata(con: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], dict[str, str | int]]:
    """(rule code, table) -> what Dagster shows beside the check."""
    rows = con.execute(
        "select rule_code, table_name, status, severity, examined_count, breach_count,"
        " not_evaluable_count, authority, message from quality.rule_results"
    ).fetchall()
    samples = con.execute(
        "select rule_code, list({'record_ref': record_ref, 'detail': detail})[1:10]"
        " from quality.rule_breaches group by rule_code"
    ).fetchall()
    by_rule = {code: json.dumps(found, default=str) for code, found in samples}
    return {
        (code, table): {
            "status": status,
            "severity": severity,
            "examined_count": examined,
            "breach_count": breaches if breaches is not None else "not known",
            "not_evaluable_count": unknown,
            "authority": authority,
            "message": message,
            "first_breaches": by_rule.get(code, ""),
        }
        for code, table, status, severity, examined, breaches, unknown, authority, message in rows
    }
