"""The history of breaches: which were corrected since earlier builds.

A breach that has gone was corrected only if its record is still there.
"""

from __future__ import annotations

import hashlib
import json
import time
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime
from functools import cache

import duckdb

from expectations.engine import RuleResult
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads
from pipelines.tables.sql import create_from_card
from pipelines.tables.warehouse import check_against_card, comment, record_state

TABLE = "quality.breach_history"
RECORDS = {  # type of record -> table and key of the records still in the extract
    "crime": ("core.crimes", "crime_ref"),
    "incident": ("core.incidents", "incident_ref"),
    "order": ("core.orders", "order_ref"),
}


def remember(con: duckdb.DuckDBPyConnection, run_ref: str, results: Iterable[RuleResult]) -> None:
    """Update quality.breach_history with what this build found.

    A rule that could not be evaluated changes nothing. Called in the transaction that has written
    quality.rule_breaches.
    """
    started, now = time.monotonic(), datetime.now(UTC)
    card = all_cards()[TABLE]
    create_from_card(con, card, "create table if not exists")
    con.execute("create or replace temp table judged (rule_code varchar primary key, rule_mark varchar)")
    marks = _marks(results)
    if marks:
        con.executemany("insert into judged values (?, ?)", [list(item) for item in marks.items()])
    con.execute(
        "create or replace temp table found as select distinct b.rule_code, b.record_type, b.record_ref, j.rule_mark"
        " from quality.rule_breaches as b inner join judged as j using (rule_code)"
        " where list_contains(?, b.record_type) and b.record_ref is not null",
        [list(RECORDS)],
    )
    con.execute(
        f"update {TABLE} as h set rule_mark = f.rule_mark, last_run_ref = $run, ended_run_ref = null,"
        " ended_at = null, ended_as = null from found as f"
        " where (h.rule_code, h.record_type, h.record_ref) = (f.rule_code, f.record_type, f.record_ref)",
        {"run": run_ref},
    )
    con.execute(
        f"update {TABLE} as h set ended_run_ref = $run, ended_at = $now, ended_as = case"
        f" when h.rule_mark <> j.rule_mark then 'rule changed' when {_is_held(con)} then 'fixed' else 'gone' end"
        " from judged as j where h.rule_code = j.rule_code and h.ended_as is null and h.last_run_ref <> $run",
        {"run": run_ref, "now": now},
    )
    con.execute(
        f"insert into {TABLE} by name select f.*, $run as first_run_ref, $now::timestamptz as first_seen_at,"
        f" $run as last_run_ref from found as f anti join {TABLE} using (rule_code, record_type, record_ref)",
        {"run": run_ref, "now": now},
    )
    comment(con, card)
    record_state(con, TABLE, run_ref, check_against_card(con, card), started)


def _marks(results: Iterable[RuleResult]) -> dict[str, str]:
    """Rule code -> version, and a hash of its wording and of what makes its facts.

    The hash includes the lexicon and the lists of codes. Only rules that could be evaluated on all their tables are
    listed. A breach that ends because one of these changed was not corrected.
    """
    results = list(results)
    unable = {r.rule.code for r in results if r.status not in ("PASS", "BREACH")}
    stated: dict[str, list[str]] = defaultdict(list)
    for rule in (r.rule for r in results if r.rule.code not in unable and r.rule.record_type in RECORDS):
        arguments = json.dumps(dict(rule.arguments), sort_keys=True, default=str)
        stated[rule.code].append(
            f"{rule.version} {rule.table} {rule.examined} {rule.expectation} {arguments} {_facts_mark(rule.table)}"
        )
    hashes = {code: hashlib.sha256("|".join(sorted(words)).encode()).hexdigest() for code, words in stated.items()}
    return {code: f"{stated[code][0].split()[0]}:{mark[:16]}" for code, mark in hashes.items()}


@cache
def _facts_mark(table: str) -> str:
    """Hash of what makes a table of facts and every table that it rests on.

    What was delivered is no part of it.
    """
    card = all_cards()[table]
    return hashlib.sha256("".join([card.code_hash, *map(_facts_mark, reads(card))]).encode()).hexdigest()


def _is_held(con: duckdb.DuckDBPyConnection) -> str:
    """SQL: the record of `h` is still in the extract."""
    present = {
        f"{schema}.{name}"
        for schema, name in con.execute("select schema_name, table_name from duckdb_tables()").fetchall()
    }
    tests = [
        f"(h.record_type = '{kind}' and h.record_ref in (select {column} from {table}))"
        for kind, (table, column) in RECORDS.items()
        if table in present
    ]
    return f"({' or '.join(tests)})" if tests else "false"
