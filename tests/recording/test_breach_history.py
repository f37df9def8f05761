"""What earlier builds found: put right, gone from the extract, or no longer asked for. Nothing else counts as fixed."""

from dataclasses import replace

import duckdb
import pytest

from expectations.engine import RuleResult
from expectations.rule import Rule
from pipelines.standards import breach_history
from pipelines.standards.breach_history import TABLE, remember
from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import STATE

RULE = Rule(
    code="TIM-01",
    title="Recorded within 24 hours",
    description="",
    authority="recording-standards 1.2",
    dimension="timeliness",
    severity="warn",
    table="core.recording_time_facts",
    expectation="ExpectColumnValuesToBeBetween",
    arguments={"column": "hours_to_record", "max_value": 24},
    record_type="crime",
    record_ref="crime_ref",
    detail="hours_to_record",
)


@pytest.fixture
def con() -> duckdb.DuckDBPyConnection:
    con = duckdb.connect()
    con.execute(STATE)
    for schema in ("core", "quality"):
        con.execute(f"create schema {schema}")
    columns = ", ".join(f'"{c.name}" {c.type}' for c in all_cards()["quality.rule_breaches"].columns)
    con.execute(f"create table quality.rule_breaches ({columns})")
    con.execute("create table core.crimes (crime_ref varchar)")
    return con


def build(
    con: duckdb.DuckDBPyConnection,
    run: str,
    breaking: list[str],
    held: list[str],
    rule: Rule = RULE,
    status: str | None = None,
) -> dict[str, tuple[str | None, ...]]:
    """One build that finds these breaches in an extract of these crimes: crime -> what is remembered of it."""
    con.execute("delete from quality.rule_breaches")
    con.execute("delete from core.crimes")
    for ref in held:
        con.execute("insert into core.crimes values (?)", [ref])
    for ref in breaking:
        con.execute("insert into quality.rule_breaches values (?, ?, 'crime', ?, 'late')", [run, rule.code, ref])
        con.execute("insert into quality.rule_breaches values (?, ?, 'row', ?, 'late')", [run, rule.code, ref])
    status = status or ("BREACH" if breaking else "PASS")
    remember(con, run, [RuleResult(rule, status, len(held), len(breaking), 0)])
    rows = con.execute(
        f"select record_ref, first_run_ref, last_run_ref, ended_run_ref, ended_as from {TABLE} order by all"
    ).fetchall()
    return {ref: rest for ref, *rest in ((row[0], *row[1:]) for row in rows)}


def test_a_breach_is_fixed_only_while_its_record_is_in_the_extract(con: duckdb.DuckDBPyConnection) -> None:
    build(con, "run-1", ["c1", "c2", "c3"], ["c1", "c2", "c3"])
    assert build(con, "run-2", ["c1"], ["c1", "c2"]) == {
        "c1": ["run-1", "run-2", None, None],
        "c2": ["run-1", "run-1", "run-2", "fixed"],
        "c3": ["run-1", "run-1", "run-2", "gone"],
    }


def test_one_that_comes_back_stands_again_since_it_was_first_seen(con: duckdb.DuckDBPyConnection) -> None:
    build(con, "run-1", ["c1"], ["c1"])
    build(con, "run-2", [], ["c1"])
    assert build(con, "run-3", ["c1"], ["c1"]) == {"c1": ["run-1", "run-3", None, None]}


def test_what_ended_once_keeps_the_build_that_ended_it(con: duckdb.DuckDBPyConnection) -> None:
    build(con, "run-1", ["c1"], ["c1"])
    build(con, "run-2", [], ["c1"])
    assert build(con, "run-3", [], ["c1"]) == {"c1": ["run-1", "run-1", "run-2", "fixed"]}


@pytest.mark.parametrize("status", ["ERROR", "NOT_EVALUABLE"])
def test_a_rule_that_could_not_be_checked_fixes_nothing(con: duckdb.DuckDBPyConnection, status: str) -> None:
    build(con, "run-1", ["c1"], ["c1"])
    assert build(con, "run-2", [], ["c1"], status=status) == {"c1": ["run-1", "run-1", None, None]}


@pytest.mark.parametrize(
    "changed", [replace(RULE, version=2), replace(RULE, arguments={"column": "hours_to_record", "max_value": 72})]
)
def test_a_rule_that_was_changed_fixes_nothing(con: duckdb.DuckDBPyConnection, changed: Rule) -> None:
    build(con, "run-1", ["c1"], ["c1"])
    assert build(con, "run-2", [], ["c1"], rule=changed) == {"c1": ["run-1", "run-1", "run-2", "rule changed"]}


def test_facts_that_are_made_otherwise_fix_nothing(
    con: duckdb.DuckDBPyConnection, monkeypatch: pytest.MonkeyPatch
) -> None:
    build(con, "run 1", ["C1"], ["C1"])
    monkeypatch.setattr(breach_history, "_facts_mark", lambda table: "made otherwise")
    assert build(con, "run 2", [], ["C1"])["C1"][-1] == "rule changed"


def test_the_words_looked_for_are_part_of_what_makes_a_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = []
    for lexicon in ("as it was", "one word more"):
        breach_history._facts_mark.cache_clear()
        card = replace(all_cards()["reference.text_lexicon"])
        card.__dict__["code_hash"] = lexicon
        cards = {**all_cards(), card.table: card}
        monkeypatch.setattr(breach_history, "all_cards", lambda cards=cards: cards)
        marks.append([breach_history._facts_mark(t) for t in ("core.text_class_facts", "core.recording_time_facts")])
    breach_history._facts_mark.cache_clear()
    assert marks[0][0] != marks[1][0] and marks[0][1] == marks[1][1]
