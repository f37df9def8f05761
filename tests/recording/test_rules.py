"""Every rule: a table that keeps the standard, one that breaks it, one whose fact is not known."""

import subprocess
import sys
from dataclasses import replace
from datetime import date
from typing import Any

import duckdb
import pytest
from rule_cases import CASES

from assets.raw import extract_tables
from expectations import RULES
from expectations.data_docs import without_external_requests
from expectations.engine import RuleResult, breaches_sql, run_rules
from expectations.rule import Rule, Setting
from pipelines.standards.quality import lacking, measure_of
from pipelines.tables.cards import ROOT, SCHEMAS, all_cards

TABLES = extract_tables()
DELIVERY = CASES["DEL-01", "raw.deliveries"][0]
FED = [rule for rule in RULES if CASES.get(rule.key) is not None]
UNFED = [rule for rule in RULES if rule.key in CASES and CASES[rule.key] is None]
Judged = dict[tuple[str, str, str], tuple[RuleResult, list[tuple[str, str, str]]]]
SETTINGS = ROOT / "assets" / "reference" / "settings.csv"


def table_with(rule: Rule, *rows: dict[str, Any]) -> duckdb.DuckDBPyConnection:
    """A database that holds the rule's table, made from its card, with these rows."""
    con = opened()
    fill(con, rule.table, rule.table, *rows)
    return con


def opened() -> duckdb.DuckDBPyConnection:
    """A database with the settings, and a schema for each kind of table."""
    con = duckdb.connect()
    for schema in SCHEMAS:
        con.execute(f"create schema {schema}")
    con.execute(f"create table reference.settings as from read_csv('{SETTINGS}', types = {{'value': 'double'}})")
    return con


def fill(con: duckdb.DuckDBPyConnection, name: str, table: str, *rows: dict[str, Any]) -> None:
    """Make a table of this name with the columns of `table` and these rows."""
    con.execute(f"create table {name} ({', '.join(f'{c.name} {c.type}' for c in all_cards()[table].columns)})")
    for row in rows:
        marks = ", ".join("?" * len(row))
        con.execute(f"insert into {name} ({', '.join(row)}) values ({marks})", list(row.values()))


@pytest.fixture(scope="module")
def judged() -> Judged:
    """(case, rule, table) -> result and listed breaches, each of a table of its own: Great Expectations runs once."""
    con, cases = opened(), dict[str, tuple[str, Rule]]()
    for n, rule in enumerate(FED):
        good, broken, _, unknown = CASES[rule.key]
        given = {"broken": [good, {**good, **broken}], "empty": []}
        if unknown is None:  # the fact cannot be null: the column is never empty by its own SQL
            given |= {"kept": [good]}
        else:
            given |= {"unknown": [{**good, **unknown}], "kept": [good, {**good, **unknown}]}
        for case, rows in given.items():
            name = f"core.{case}_{n}"
            fill(con, name, rule.table, *rows)
            cases[name] = case, replace(rule, table=name)
    found = {}
    for result in run_rules(con, [rule for _, rule in cases.values()]):
        case, rule = cases[result.rule.table]
        key = FED[int(rule.table.rpartition("_")[2])].key
        found[case, *key] = result, con.execute(breaches_sql(rule)).fetchall() if case == "broken" else []
    return found


def test_every_rule_has_its_cases() -> None:
    assert {rule.key for rule in RULES} == set(CASES)


def test_a_rule_stands_once_on_a_table() -> None:
    assert len({rule.key for rule in RULES}) == len(RULES)


def test_a_measure_is_of_one_rule_and_has_a_name_of_its_own() -> None:
    measured = [rule for rule in RULES if measure_of(rule) is not None]
    for names in ([rule.measure_code for rule in measured], [rule.title for rule in measured]):
        assert sorted({name for name in names if names.count(name) > 1}) == []
    codes = {rule.measure_code for rule in measured}
    assert {"ORD-05-YOUTH", "STR-07-INCIDENT", "OUT-03-ELIMINATED"} <= codes
    # another force's rows are counted in no force: the share could never be below 1
    assert not {"STR-16", "PUB-01", "AUD-01", "DEL-01"} & codes


@pytest.mark.parametrize("rule", FED, ids=lambda r: f"{r.code} {r.table}")
class TestRule:
    def test_a_row_that_keeps_the_standard_passes(self, judged: Judged, rule: Rule) -> None:
        result, _ = judged["kept", *rule.key]
        assert (result.status, result.breach_count) == ("PASS", 0), result.message
        assert result.not_evaluable_count == (CASES[rule.key][3] is not None), "beside it a row whose fact is not known"

    def test_a_row_that_breaks_it_is_listed_with_the_reason_in_words(self, judged: Judged, rule: Rule) -> None:
        result, [(record_type, record_ref, detail)] = judged["broken", *rule.key]
        assert (result.status, result.examined_count, result.breach_count) == ("BREACH", 2, 1), result.message
        assert record_type == rule.record_type and record_ref
        assert CASES[rule.key][2] in detail

    def test_a_fact_that_is_not_known_is_neither_pass_nor_breach(self, judged: Judged, rule: Rule) -> None:
        if ("unknown", *rule.key) in judged:
            result, _ = judged["unknown", *rule.key]
            assert (result.status, result.breach_count, result.not_evaluable_count) == ("NOT_EVALUABLE", None, 1)

    def test_nothing_to_examine_is_not_a_pass(self, judged: Judged, rule: Rule) -> None:
        result, _ = judged["empty", *rule.key]
        assert result.status == "NOT_EVALUABLE" and "no rows" in result.message


@pytest.mark.parametrize("rule", UNFED, ids=lambda r: f"{r.code} {r.table}")
def test_a_rule_that_no_extract_can_feed_names_what_is_missing(rule: Rule) -> None:
    con = duckdb.connect()
    con.execute("create schema core; create schema raw")
    for table in ("raw.deliveries", "core.current_periods"):
        con.execute(f"create table {table} ({', '.join(f'{c.name} {c.type}' for c in all_cards()[table].columns)})")
    for table in TABLES:
        con.execute("insert into raw.deliveries (delivery_ref, source, columns_absent) values ($1, $1, '')", [table])
        con.execute("insert into core.current_periods (delivery_ref, source) values (?, ?)", [table, table])
    missing = lacking(con, set(rule.needs))
    assert missing
    [result] = run_rules(con, [rule], lacking=missing)
    assert result.status == "NOT_EVALUABLE"
    assert all(name in result.message for name in missing)


BOUND = replace(
    RULES[0],
    needs=("crime.recorded_ts", "crime.coc_count"),
    arguments={"column": "rows_lost", "value_set": [0]},
)


@pytest.mark.parametrize(("absent", "there"), [("coc_count", "recorded_ts"), ("recorded_ts", "coc_count")])
def test_a_field_that_is_absent_is_not_measured_whether_the_layout_requires_it_or_not(absent: str, there: str) -> None:
    [result] = run_rules(table_with(BOUND, DELIVERY), [BOUND], lacking={f"crime.{absent}"})
    assert (result.status, result.breach_count) == ("NOT_EVALUABLE", None)
    assert f"crime.{absent}" in result.message and there not in result.message


def test_a_rule_on_a_table_that_could_not_be_built_is_an_error() -> None:
    [result] = run_rules(table_with(BOUND, DELIVERY), [BOUND], unbuilt={BOUND.table: "ConversionException"})
    assert (result.status, result.breach_count) == ("ERROR", None)
    assert result.message == f"{BOUND.table} could not be built"


def test_a_rule_binds_only_records_of_its_time() -> None:
    dated = replace(RULES[0], valid_from=date(2025, 1, 2), valid_to=date(2025, 1, 3), dated_by="snapshot_date")
    days = [{**DELIVERY, "snapshot_date": f"2025-01-0{day}", "rows_lost": 1} for day in range(1, 6)]
    [result] = run_rules(table_with(dated, *days), [dated])
    assert (result.examined_count, result.breach_count) == (2, 2)


def test_a_parameter_comes_from_the_settings() -> None:
    arguments = {"column": "rows_lost", "max_value": Setting("spc.minimum_points")}
    rule = replace(RULES[0], expectation="ExpectColumnValuesToBeBetween", arguments=arguments)
    rows = [{**DELIVERY, "rows_lost": count} for count in (11, 12, 13)]
    [result] = run_rules(table_with(rule, *rows), [rule])
    assert (result.status, result.breach_count) == ("BREACH", 1)
    unknown = replace(rule, arguments={**arguments, "max_value": Setting("no.such")})
    [error] = run_rules(table_with(rule, *rows), [unknown])
    assert error.status == "ERROR" and "no.such" in error.message


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


def test_rules_on_one_table_each_examine_their_own_rows() -> None:
    lost = replace(RULES[0], applies="source = 'crime'")
    others = replace(lost, code="DEL-91", applies="source <> 'crime'")
    named = replace(
        lost, code="DEL-92", applies="rows_read > 1", expectation="ExpectColumnValuesToNotBeNull",
        arguments={"column": "file_name"},
    )  # fmt: skip
    rows = [
        {**DELIVERY, "source": "crime", "rows_lost": 1, "rows_read": 9, "file_name": None},
        {**DELIVERY, "source": "crime", "rows_lost": None, "rows_read": 1, "file_name": None},
        {**DELIVERY, "source": "bail", "rows_lost": 0, "rows_read": 9},
        {**DELIVERY, "source": None, "rows_lost": 1, "rows_read": 1},
    ]
    con = table_with(lost, *rows)
    found = {r.rule.code: r for r in run_rules(con, [lost, others, named])}
    assert {code: (r.status, r.examined_count, r.breach_count, r.not_evaluable_count) for code, r in found.items()} == {
        "DEL-01": ("BREACH", 2, 1, 1),
        "DEL-91": ("PASS", 1, 0, 0),
        "DEL-92": ("BREACH", 2, 1, 0),
    }
    counted = con.execute("select rule_code, examined_count, breach_count, not_evaluable_count from rule_counts")
    assert sorted(counted.fetchall()) == [("DEL-01", 2, 1, 1), ("DEL-91", 1, 0, 0), ("DEL-92", 2, 1, 0)]


def test_counts_by_class_have_no_row_where_a_rule_examines_nothing() -> None:
    rule = next(r for r in RULES if r.code == "CLS-10" and r.table == "core.classification_facts")
    stalking = CASES[rule.key][0]
    con = table_with(rule, stalking, {**stalking, "class_code": "8L"}, {**stalking, "class_code": "8L"})
    harassment = replace(rule, code="CLS-99", applies="class_code = '8L'")
    assert [r.examined_count for r in run_rules(con, [rule, harassment])] == [1, 2]
    counted = con.execute("select rule_code, class_code, examined_count from rule_counts").fetchall()
    assert sorted(counted) == [("CLS-10", "8Q", 1), ("CLS-99", "8L", 2)]


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
            "ExpectColumnPairValuesAToBeGreaterThanB",
            {"column_A": "b", "column_B": "a", "or_equal": True},
            '"b" < "a"',
        ),
        ("ExpectColumnValuesToNotBeInSet", {"column": "x", "value_set": ["a'b"]}, "\"x\" in ('a''b')"),
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


def test_data_docs_leave_out_what_was_not_judged_and_lead_back_to_the_index(tmp_path: Any) -> None:
    judged, idle = RULES[0], replace(RULES[0], code="DEL-91", title="Nothing to examine", applies="source = 'none'")
    run_rules(table_with(judged, DELIVERY, {**DELIVERY, "rows_lost": 1}), [judged, idle], tmp_path / "docs")
    index, page = ((tmp_path / "docs" / name).read_text(encoding="utf-8") for name in ("index.html", "000.html"))
    assert "<td>1</td><td>1</td>" in index and 'href="000.html"' in index
    assert judged.title in page and idle.title not in page
    assert "of the rows that could be judged" in page and "total rows" not in page
    assert 'href="index.html"' in page and "../" not in page


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


def test_a_failure_inside_great_expectations_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    def killed(*_: object) -> None:
        raise RuntimeError("the engine was killed")

    monkeypatch.setattr("expectations.engine._validate", killed)
    con = table_with(RULES[0], DELIVERY)
    [result] = run_rules(con, RULES[:1])
    assert result.status == "ERROR" and "the engine was killed" in result.message
    assert con.execute("select count(*) from duckdb_views() where schema_name = 'rule_batches'").fetchone() == (0,)


def test_what_the_extract_has_is_known_in_a_process_that_has_read_no_file() -> None:
    code = (
        'import duckdb; from pipelines.standards.quality import lacking; con = duckdb.connect(); con.execute("'
        "create schema raw; create schema core;"
        "create table raw.deliveries as select 'a' as delivery_ref, 'crime' as source, '' as columns_absent;"
        "create table core.current_periods as select 'a' as delivery_ref, 'crime' as source\");"
        "print(lacking(con, {'crime.recorded_ts', 'bail.type'}))"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert run.stdout.strip() == "frozenset({'bail.type'})"
