"""Every rule finds the same breaches in Spark, and Great Expectations counts as many there as in DuckDB."""

import shutil
from pathlib import Path

import duckdb
import pytest
from compare_rules import Rules
from rule_cases import CASES

from expectations import RULES
from pipelines.tables.cards import ROOT, all_cards

pytest.importorskip("pyspark", reason="Spark is not in this environment: make spark-test has one")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(shutil.which("java") is None, reason="Spark needs Java 17 or 21: apt-get install openjdk"),
]
SETTINGS = ROOT / "assets" / "reference" / "settings.csv"


def facts() -> duckdb.DuckDBPyConnection:
    """The facts of every rule's worked cases: rows that keep a standard, break it, or do not know it."""
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'; create schema reference")
    con.execute(f"create table reference.settings as from read_csv('{SETTINGS}', types = {{'value': 'double'}})")
    for table in sorted({rule.table for rule in RULES}):
        card = all_cards()[table]
        con.execute(f"create schema if not exists {card.schema}")
        con.execute(f"create table {table} ({', '.join(f'{c.name} {c.type}' for c in card.columns)})")
    for (_, table), case in CASES.items():
        if case is None:  # no extract can feed it
            continue
        good, broken, _, unknown = case
        for row in (good, good | broken, *([good | unknown] if unknown is not None else [])):
            marks = ", ".join("?" * len(row))
            con.execute(f"insert into {table} ({', '.join(row)}) values ({marks})", list(row.values()))
    return con


def test_each_breach_has_its_reference_and_words_and_great_expectations_counts_it(tmp_path: Path) -> None:
    con = facts()
    rules = Rules(con, RULES, tmp_path)
    try:
        assert list(rules.differences()) == []
        broken = [rule for rule in rules.rules if rules.breaches(rule)[1].total()]
    finally:
        rules.stop()
    fed = {key for key, case in CASES.items() if case is not None}
    assert {rule.key for rule in broken} >= fed
    assert len(rules.rules) == len(RULES) > 130
