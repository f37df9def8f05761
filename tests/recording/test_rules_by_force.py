"""A rule is not measured for a force that did not deliver what it needs, and the other force's counts stay."""

import duckdb
import pytest

from expectations import RULES
from expectations.engine import COUNTS, run_rules
from expectations.rule import Rule
from pipelines.standards.quality import of_forces
from pipelines.tables.cards import all_cards

A, B = "E23000013", "E23000035"
RULE = Rule(
    code="STR-01", title="Opened", description="Each is opened.", authority="none", dimension="completeness",
    severity="error", table="core.crimes", expectation="ExpectColumnValuesToNotBeNull",
    arguments={"column": "opened_at"}, record_type="crime", record_ref="crime_ref", detail="'not opened'",
    needs=("crime.crime_id", "outcome.code"),
)  # fmt: skip


def counted(without: str, absent: list[tuple[str, str, str]], rule: Rule = RULE) -> dict[str | None, tuple[int, int]]:
    """Force -> crimes examined and in breach; two crimes of each force and one of none, none of them opened."""
    con = duckdb.connect()
    con.execute("create schema core; create schema reference")
    con.execute("create table reference.settings (key varchar, value double)")
    for table in ("core.force_deliveries", "core.absent_fields"):
        con.execute(f"create table {table} ({', '.join(f'{c.name} {c.type}' for c in all_cards()[table].columns)})")
    for force in (A, B, None):
        for source in ("crime", "outcome"):
            if (force, source) != (B, without):
                con.execute("insert into core.force_deliveries values (?, ?, 'd')", [force, source])
    for row in absent:
        con.execute("insert into core.absent_fields values (?, ?, ?)", list(row))
    con.execute("create table core.crimes (crime_ref varchar, force_code varchar, opened_at timestamp)")
    crimes = [["1", A], ["2", A], ["3", B], ["4", B], ["5", None]]
    con.executemany("insert into core.crimes values (?, ?, null)", crimes)
    [result] = run_rules(con, of_forces(con, [rule]))
    assert result.status == "BREACH"
    rows = con.execute(f"select force_code, examined_count, breach_count from {COUNTS}").fetchall()
    assert result.breach_count == sum(breaches for _, _, breaches in rows)
    return {force: (examined, breaches) for force, examined, breaches in rows}


@pytest.mark.parametrize(("without", "absent"), [("outcome", []), ("", [(B, "outcome", "code")])])
def test_its_records_are_not_examined_for_want_of_a_table_or_a_field(
    without: str, absent: list[tuple[str, str, str]]
) -> None:
    assert counted(without, absent) == {A: (2, 2), None: (1, 1)}


def test_what_a_rule_does_not_need_keeps_no_record_out() -> None:
    every = {A: (2, 2), B: (2, 2), None: (1, 1)}
    assert counted("", []) == every
    assert counted("", [(B, "outcome", "rationale")]) == every


def test_nearly_every_rule_that_needs_a_field_can_tell_forces_apart() -> None:
    """Records of people without a crime are of all forces together."""
    blind = [rule.code for rule in RULES if rule.needs and not any(
        column.name == "force_code" for column in all_cards()[rule.table].columns)]  # fmt: skip
    assert blind == ["STR-14"]
