"""Every rule: a table that keeps the standard, one that breaks it, one whose fact is not known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import duckdb
import pytest

from expectations import RULES
from expectations.engine import breaches_sql, run_rules, without_external_requests
from expectations.rule import DIMENSIONS, SEVERITIES, Rule
from pipelines.cards import all_cards

DELIVERY = {
    "delivery_ref": "d1",
    "source": "police_uk_street",
    "file_name": "2025-01-kent-street.csv",
    "status": "loaded",
    "rows_read": 10,
    "rows_loaded": 10,
    "rows_quarantined": 0,
    "rows_lost": 0,
    "reason": "",
    "notices": "",
    "notice_count": 0,
}
STREET = {
    "delivery_ref": "d1",
    "line_number": 2,
    "month": "2025-01-01",
    "force_code": "E23000032",
    "reported_by": "Kent Police",
    "crime_type": "Burglary",
    "outcome_type": "Under investigation",
    "longitude": 0.5,
    "latitude": 51.2,
    "lsoa_code": "E01000001",
    "crime_ref": "00000000-0000-0000-0000-000000000001",
    "is_in_published_lists": True,
    "is_crime_id_as_expected": True,
    "is_location_plausible": True,
    "is_lsoa_of_vintage": True,
}
OUTCOME = {
    "delivery_ref": "d1",
    "line_number": 2,
    "month": "2025-01-01",
    "force_code": "E23000032",
    "reported_by": "Kent Police",
    "outcome_type": "Suspect charged",
    "is_in_published_lists": True,
}
COVERAGE = {
    "source": "police_uk_street",
    "force_code": "E23000032",
    "month": "2025-01-01",
    "is_supplied": True,
    "is_expected": True,
    "row_count": 5,
    "absence_reason": "",
}
PERIOD = {
    "source": "police_uk_street",
    "period": "Kent Police|2025-01",
    "delivery_ref": "d1",
    "row_count": 5,
    "undated_count": 1,
    "candidate_count": 1,
}
TOTAL = {
    "check_ref": "c",
    "title": "printed total",
    "area_name": "England and Wales",
    "value_a": 100,
    "value_b": 100,
    "agrees": True,
    "is_published_total": True,
}

LABEL = {
    "source": "home_office_recorded_crime",
    "delivery_ref": "d1",
    "label_type": "force",
    "label": "Kent",
    "first_line_number": 2,
    "row_count": 4,
    "is_known": True,
}

# (rule, table) -> (a row that keeps it, what breaks it, words of the breach, what makes the fact unknown or None)
CASES: dict[tuple[str, str], tuple[dict[str, Any], dict[str, Any], str, dict[str, Any] | None]] = {
    ("DEL-01", "raw.deliveries"): (
        DELIVERY,
        {"rows_loaded": 9, "rows_lost": 1},
        "read 10, loaded 9",
        {"rows_lost": None},
    ),
    ("DEL-02", "raw.deliveries"): (
        DELIVERY,
        {"status": "refused", "reason": "line 1: a web page"},
        "a web page",
        None,
    ),
    ("DEL-03", "raw.deliveries"): (DELIVERY, {"rows_loaded": 8, "rows_quarantined": 2}, "2 of 10 rows", None),
    ("DEL-04", "raw.deliveries"): (
        DELIVERY,
        {"notice_count": 1, "notices": "line 1: unknown column 'Extra'"},
        "Extra",
        None,
    ),
    ("DEL-05", "core.current_periods"): (
        PERIOD,
        {"undated_count": 2},
        "2 files without a date",
        {"undated_count": None},
    ),
    ("DEL-06", "core.published_labels"): (
        LABEL,
        {"label": "Ruritania", "is_known": False},
        "force Ruritania is unknown, in 4 rows",
        {"is_known": None},
    ),
    ("PUB-01", "core.recorded_crimes"): (
        STREET,
        {"crime_type": "Witchcraft", "is_in_published_lists": False},
        "Witchcraft",
        None,
    ),
    ("PUB-01", "core.crime_outcomes"): (
        OUTCOME,
        {"outcome_type": "Shrug", "is_in_published_lists": False},
        "Shrug",
        None,
    ),
    ("PUB-02", "core.recorded_crimes"): (
        STREET,
        {"crime_ref": None, "is_crime_id_as_expected": False},
        "blank or malformed for Burglary",
        {"is_crime_id_as_expected": None},
    ),
    ("PUB-03", "core.coverage"): (COVERAGE, {"is_supplied": False, "row_count": None}, "no file", None),
    ("PUB-04", "core.recorded_crimes"): (
        STREET,
        {"longitude": 151.2, "is_location_plausible": False},
        "longitude 151.2",
        {"longitude": 0.5, "latitude": None, "is_location_plausible": None},
    ),
    ("PUB-04-LSOA", "core.recorded_crimes"): (
        STREET,
        {"is_lsoa_of_vintage": False},
        "LSOA E01000001 in 2025-01",
        {"is_lsoa_of_vintage": None},
    ),
    ("STR-16", "core.recorded_crimes"): (
        STREET,
        {"force_code": None, "reported_by": "Ruritania Police"},
        "Ruritania",
        None,
    ),
    ("PUB-06", "metrics.reconciliations"): (
        TOTAL,
        {"value_b": 101, "agrees": False},
        "100 against 101",
        {"agrees": None},
    ),
    ("PUB-06-CROSS", "metrics.reconciliations"): (
        {**TOTAL, "is_published_total": False},
        {"value_b": 101, "agrees": False},
        "100 against 101",
        {"agrees": None},
    ),
}


def table_with(rule: Rule, *rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database that holds the rule's table, made from its card, with these rows."""
    con = duckdb.connect()
    card = all_cards()[rule.table]
    con.execute(f"create schema {card.schema}")
    con.execute(f"create table {card.table} ({', '.join(f'{c.name} {c.type}' for c in card.columns)})")
    for row in rows:
        con.execute(
            f"insert into {card.table} ({', '.join(row)}) values ({', '.join('?' * len(row))})",
            list(row.values()),
        )
    return con


def test_every_rule_has_its_cases() -> None:
    assert {rule.key for rule in RULES} == set(CASES)


@pytest.mark.parametrize("rule", RULES, ids=lambda r: f"{r.code} {r.table}")
class TestRule:
    def test_a_row_that_keeps_the_standard_passes(self, rule: Rule) -> None:
        [result] = run_rules(table_with(rule, CASES[rule.key][0]), [rule])
        assert (result.status, result.examined_count, result.breach_count) == ("PASS", 1, 0), result.message

    def test_a_row_that_breaks_it_is_listed_with_the_reason_in_words(self, rule: Rule) -> None:
        good, broken, words, _ = CASES[rule.key]
        con = table_with(rule, good, {**good, **broken})
        [result] = run_rules(con, [rule])
        assert (result.status, result.examined_count, result.breach_count) == ("BREACH", 2, 1), result.message
        [(record_type, record_ref, detail)] = con.execute(breaches_sql(rule)).fetchall()
        assert record_type == rule.record_type and record_ref
        assert words in detail

    def test_a_fact_that_is_not_known_is_neither_pass_nor_breach(self, rule: Rule) -> None:
        good, _, _, unknown = CASES[rule.key]
        if (
            unknown is None
        ):  # the fact of these rules cannot be null: the column is never empty by its own SQL
            assert run_rules(table_with(rule), [rule])[0].status == "NOT_EVALUABLE"
            return
        [result] = run_rules(table_with(rule, {**good, **unknown}), [rule])
        assert (result.status, result.breach_count, result.not_evaluable_count) == ("NOT_EVALUABLE", None, 1)
        [mixed] = run_rules(table_with(rule, good, {**good, **unknown}), [rule])
        assert (mixed.status, mixed.not_evaluable_count) == ("PASS", 1)

    def test_nothing_to_examine_is_not_a_pass(self, rule: Rule) -> None:
        [result] = run_rules(table_with(rule), [rule])
        assert result.status == "NOT_EVALUABLE" and "no rows" in result.message

    def test_it_names_authority_dimension_and_severity(self, rule: Rule) -> None:
        assert rule.authority and rule.dimension in DIMENSIONS and rule.severity in SEVERITIES
        assert rule.table in all_cards()


def test_an_engine_failure_is_an_error_and_not_a_breach() -> None:
    rule = replace(RULES[0], arguments={"column": "no_such_column", "value_set": [0]})
    con = table_with(RULES[0], DELIVERY)
    broken, sound = run_rules(con, [rule, replace(RULES[1])])
    assert broken.status == "ERROR" and broken.breach_count is None and "no_such_column" in broken.message
    assert sound.status == "PASS"


def test_a_missing_table_is_an_error() -> None:
    [result] = run_rules(duckdb.connect(), [RULES[0]])
    assert result.status == "ERROR" and "deliveries" in result.message


def test_counts_that_disagree_with_great_expectations_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    rule = RULES[0]
    monkeypatch.setattr(Rule, "breach_condition", lambda self: "true")
    [result] = run_rules(table_with(rule, DELIVERY), [rule])
    assert result.status == "ERROR" and "counts 0 breaches, the rule's own condition 1" in result.message


def test_more_breaches_than_great_expectations_lists_are_all_listed() -> None:
    rule = next(r for r in RULES if r.code == "DEL-03")
    con = table_with(rule)
    con.execute(
        "insert into raw.deliveries (delivery_ref, file_name, status, rows_read, rows_quarantined)"
        " select i, i || '.csv', 'loaded', 1, 1 from range(1000) t(i)"
    )
    [result] = run_rules(con, [rule])
    assert result.breach_count == 1000 == len(con.execute(breaches_sql(rule)).fetchall())


def test_an_unknown_severity_or_dimension_is_refused() -> None:
    with pytest.raises(ValueError, match="is not ours"):
        replace(RULES[0], severity="fatal")


@pytest.mark.parametrize(
    ("expectation", "arguments", "condition"),
    [
        (
            "ExpectColumnValuesToBeBetween",
            {"column": "x", "min_value": 0, "max_value": 24},
            '("x" < 0 or "x" > 24)',
        ),
        (
            "ExpectColumnValuesToBeBetween",
            {"column": "x", "max_value": 24, "strict_max": True},
            '("x" >= 24)',
        ),
        (
            "ExpectColumnValuesToMatchRegex",
            {"column": "x", "regex": "^a'b$"},
            "not regexp_matches(\"x\", '^a''b$')",
        ),
        (
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "b", "column_B": "a", "or_equal": True},
            '"b" < "a"',
        ),
        ("ExpectColumnValuesToNotBeInSet", {"column": "x", "value_set": ["C5"]}, "\"x\" in ('C5')"),
    ],
)
def test_expectations_read_as_sql(expectation: str, arguments: dict[str, Any], condition: str) -> None:
    assert replace(RULES[0], expectation=expectation, arguments=arguments).breach_condition() == condition


def test_an_expectation_without_a_reading_is_refused() -> None:
    with pytest.raises(ValueError, match="has no breach condition"):
        replace(RULES[0], expectation="ExpectColumnMeanToBeBetween").breach_condition()


def test_data_docs_hold_no_request_off_the_machine(tmp_path: Any) -> None:
    rule = RULES[0]
    run_rules(table_with(rule, DELIVERY), [rule], tmp_path / "docs")
    pages = list((tmp_path / "docs").rglob("*.html"))
    assert pages
    for page in pages:
        text = page.read_text(encoding="utf-8")
        for tag in ("<script", "<link", "<img", "<iframe"):
            for piece in text.split(tag)[1:]:
                assert "//" not in piece.split(">")[0], (page.name, tag, piece[:200])


def test_external_tags_are_taken_out_and_local_ones_stay() -> None:
    page = (
        '<head><script src="https://x/a.js"></script><link rel=stylesheet href="//x/b.css"><img src="logo.png">'
        '<img src="https://x/pixel.gif?id=1"></head>'
    )
    assert without_external_requests(page).count("x/") == 0
    assert 'img src="logo.png"' in without_external_requests(page)


def test_when_great_expectations_itself_fails_every_rule_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise RuntimeError("the engine was killed")

    monkeypatch.setattr("expectations.engine._run", killed)
    results = run_rules(table_with(RULES[0], DELIVERY), RULES[:2])
    assert {(r.status, r.breach_count) for r in results} == {("ERROR", None)}
    assert "the engine was killed" in results[0].message
