"""Every rule is broken in turn, in its SQL and in its bounds, and the planted truth notices every time.

A mutant is caught when the records it lists are not those of the sound rule, which are the planted ones
(`test_planted.py`). One that lists the same records would be a fault that no test sees.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import duckdb
import pytest
from conftest import InventedForce

from assets.raw import extract_tables
from expectations import RULES
from expectations.engine import breaches_sql
from expectations.rule import Rule
from pipelines.tables.cards import all_cards
from sample.synth import NOT_FEEDABLE

TABLES = extract_tables()
pytestmark = pytest.mark.slow
MUTATED = "mutated.facts"


@pytest.fixture(scope="module")
def warehouse(invented_force: InventedForce) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect()
    con.execute("set timezone = 'UTC'")
    con.execute(f"attach '{invented_force.home / 'warehouse.duckdb'}' as warehouse (read_only)")
    con.execute("use warehouse")
    yield con
    con.close()


@pytest.fixture(scope="module")
def settings(warehouse: duckdb.DuckDBPyConnection) -> dict[str, float]:
    return dict(warehouse.execute("select key, value from reference.settings").fetchall())


def listed(con: duckdb.DuckDBPyConnection, rule: Rule) -> set[tuple[str, str]]:
    """The records that a rule finds."""
    return set(con.execute(f"select distinct record_type, record_ref from ({breaches_sql(rule)})").fetchall())


def bounds_mutants(rule: Rule) -> Iterator[tuple[str, Rule]]:
    """The standard stated wrongly: a limit half as strict or twice, a set with a value more or less."""
    for name, value in rule.arguments.items():
        for what, wrong in _wrong_values(name, value):
            yield f"{name} {what}", replace(rule, arguments={**rule.arguments, name: wrong})
    if rule.applies != "true":
        yield "applied to what it does not bind", replace(rule, applies=f"not ({rule.applies})")


def _wrong_values(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if name in ("min_value", "max_value") and isinstance(value, int | float):
        yield "never reached", -1e18 if name == "min_value" else 1e18
        yield "always passed", 1e18 if name == "min_value" else -1e18
    elif name == "value_set":
        if value == [True] or value == [False]:
            yield "turned round", [not value[0]]
        else:
            yield "with none of its values", ["no such value"] if isinstance(value[0], str) else [-987654321]
    elif name == "regex":
        yield "that matches everything", ""
        yield "that matches nothing", "^no such text$"


def fact_mutants(rule: Rule) -> Iterator[tuple[str, str]]:
    """The SQL of the fact broken: turned round, moved, or never known. (what, SQL of the table)."""
    card = all_cards()[rule.table]
    if not card.is_select:
        return
    sound = card.code
    for column in {rule.arguments.get(key) for key in ("column", "column_A")} - {None}:
        kind = next(c.type for c in card.columns if c.name == column)
        for what, template in _breakages(kind):
            columns = [f"{template.format(c.name)} as {c.name}" if c.name == column else c.name for c in card.columns]
            yield f"{column} {what}", f"select {', '.join(columns)} from ({sound})"


def _breakages(kind: str) -> tuple[tuple[str, str], ...]:
    never = ("never known", f"cast(null as {kind})")
    if kind == "boolean":
        return (("turned round", "not ({})"), never)
    if kind in ("integer", "bigint", "double"):
        return (("a million too high", "({}) + 1000000"), ("a million too low", "({}) - 1000000"), never)
    return (never,)


OPEN_DATA = ("core.recorded_crimes",)
BROKEN = [
    rule
    for rule in RULES
    if not rule.code.startswith(("DEL", "PUB", "AUD"))
    and rule.code not in NOT_FEEDABLE
    and rule.table not in OPEN_DATA
    and all(field.partition(".")[2] in TABLES[field.partition(".")[0]] for field in rule.needs)
]


def test_there_are_sixty_breakages_and_more(settings: dict[str, float]) -> None:
    """The number of standards that are broken, in limits and in SQL: a list that shrank would still be green."""
    rules = [rule.resolved(settings) for rule in BROKEN]
    of_limits = sum(len(list(bounds_mutants(rule))) for rule in rules)
    of_facts = sum(len(list(fact_mutants(rule))) for rule in rules)
    print(f"{len(rules)} standards: {of_limits} breakages of limits, {of_facts} of facts")
    assert len(rules) >= 60 and of_limits >= 60 and of_facts >= 60


@pytest.mark.parametrize("rule", BROKEN, ids=lambda r: f"{r.code} {r.table}")
def test_a_broken_rule_is_caught(
    warehouse: duckdb.DuckDBPyConnection, settings: dict[str, float], rule: Rule
) -> None:
    rule = rule.resolved(settings)
    sound = listed(warehouse, rule)
    survivors = [what for what, mutant in bounds_mutants(rule) if listed(warehouse, mutant) == sound]
    for what, sql in fact_mutants(rule):
        warehouse.execute("create schema if not exists memory.mutated")
        warehouse.execute(f"create or replace table memory.{MUTATED} as {sql}")
        if listed(warehouse, replace(rule, table=f"memory.{MUTATED}")) == sound:
            survivors.append(what)
    assert not survivors
