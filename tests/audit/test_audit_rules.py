"""AUD-01 to AUD-06: an audit that keeps the standard, one that breaks it, one that cannot be judged yet."""

from typing import Any

import duckdb
import pytest
from worked import Row, made, only

from assets.methods import audit_sample
from expectations.audits import RULES
from expectations.engine import breaches_sql
from expectations.rule import Rule
from pipelines.builds.tables import build_table
from pipelines.tables.cards import all_cards
from pipelines.tables.warehouse import STATE

AT = "2026-04-30T10:00:00Z"
UNITS = [("crime", f"C{n}") for n in range(1, 21)]
HASH = audit_sample.frame_hash(("A", unit) for unit in UNITS)
DRAWN = audit_sample.draw(UNITS, 10, 7, HASH)
TWICE = set(audit_sample.second_raters_share(DRAWN, 7, HASH))
CYCLE: Row = {
    "cycle_ref": "K", "title": "Invented", "period_from": "2026-01-01", "period_to": "2026-03-01", "frame_hash": HASH,
    "seed": 7, "drawn_at": AT, "signed_off_at": AT,
}  # fmt: skip
STRATUM: Row = {
    "cycle_ref": "K", "stratum": "A", "unit_count": 20, "expected_share": 0.9, "wanted_margin": 0.05,
    "required_count": 10, "drawn_count": 10,
}  # fmt: skip
FRAME: list[Row] = [{"cycle_ref": "K", "stratum": "A", "unit_type": k, "unit_ref": r} for k, r in UNITS]
SAMPLES: list[Row] = [
    {
        "cycle_ref": "K", "stratum": "A", "sample_ref": f"K-{n:02d}", "unit_type": kind, "unit_ref": ref,
        "draw_number": n, "is_second_random": (kind, ref) in TWICE,
    }
    for n, (kind, ref) in enumerate(DRAWN, start=1)
]  # fmt: skip
ESTIMATE: Row = {
    "cycle_ref": "K", "round": 1, "metric": "timeliness", "stratum": "A", "strata": "A", "population": 20, "passed": 9,
    "rated": 10, "not_evaluable": 0, "share": 0.9, "lower": 0.6, "upper": 0.98, "method": "Wilson", "made_at": AT,
}  # fmt: skip
FINDING: Row = {
    "finding_ref": "F", "sample_ref": "K-01", "rule_code": "CLS-02", "owner": "North", "due_date": "2026-06-30",
}  # fmt: skip


def rating(sample: str, role: str = "first", result: str = "pass", revision: int = 1, rater: str = "") -> Row:
    return {
        "sample_ref": sample, "rater_role": role, "rater_ref": rater or role, "revision": revision, "result": result,
    }  # fmt: skip


FIRST = [rating(s["sample_ref"]) for s in SAMPLES]
SECOND = [rating(s["sample_ref"], "second") for s in SAMPLES[:2]]


def judged(code: str, **given: list[Row]) -> tuple[str, list[str]]:
    """Status of a rule on the facts made from these casework tables, and the words of its breaches."""
    rule = next(r for r in RULES if r.code == code)
    return state_of(rule, facts(rule, given))


def state_of(rule: Rule, con: duckdb.DuckDBPyConnection) -> tuple[str, list[str]]:
    """By the rule's own condition; that Great Expectations counts alike is tested for every rule in test_rules.py."""
    rule = rule.resolved(dict(con.execute("select key, value from reference.settings").fetchall()))
    condition = rule.breach_condition()
    found = con.execute(
        f"select count(*) - count({condition}), count(*) filter ({condition}), count(*) from {rule.table}"
        f" where {rule.examined}"
    ).fetchone()
    assert found is not None
    unknown, breaches, examined = found
    words = [detail for _, _, detail in con.execute(breaches_sql(rule)).fetchall()]
    return ("BREACH" if breaches else "NOT_EVALUABLE" if unknown == examined else "PASS"), words


def facts(rule: Rule, given: dict[str, list[Row]]) -> duckdb.DuckDBPyConnection:
    """The rule's table with the rows that the worked example gives, and the settings."""
    tables = {f"raw_casework_audit_{name}": rows for name, rows in given.items()}
    needs_units = rule.table in ("core.audit_stratum_facts", "core.audit_cycle_facts")
    if needs_units:
        unit_inputs = {k: v for k, v in tables.items() if not k.endswith("strata")}
        tables = {k: v for k, v in tables.items() if k.endswith("strata") and "stratum" in rule.table}
        tables["core_audit_unit_facts"] = made("core.audit_unit_facts", **unit_inputs)
    rows = made(rule.table, **tables)
    con = duckdb.connect()
    con.execute(f"create schema core; create schema reference; {STATE}")
    build_table(con, all_cards()["reference.settings"])
    card = all_cards()[rule.table]
    con.execute(f"create table {card.table} ({', '.join(f'{c.name} {c.type}' for c in card.columns)})")
    for row in rows:
        con.execute(f"insert into {card.table} values ({', '.join('?' * len(row))})", list(row.values()))
    return con


DRAW: dict[str, list[Row]] = {"cycles": [CYCLE], "strata": [STRATUM], "frames": FRAME, "samples": SAMPLES}
DONE: dict[str, list[Row]] = {
    "strata": [STRATUM],
    "samples": SAMPLES,
    "ratings": FIRST + SECOND,
    "estimates": [ESTIMATE],
}


def swapped() -> list[Row]:
    """Another unit in the place of a drawn one."""
    left_out = next(u for u in UNITS if u not in DRAWN)
    return [SAMPLES[0] | {"unit_ref": left_out[1]}, *SAMPLES[1:]]


@pytest.mark.parametrize(
    ("given", "status", "words"),
    [
        ({}, "PASS", ""),
        ({"samples": swapped()}, "BREACH", "the draw of 10 units is a different one"),
        ({"samples": [s | {"is_second_random": False} for s in SAMPLES]}, "BREACH", "a different one"),
        ({"cycles": [CYCLE | {"seed": 8}]}, "BREACH", "a different one"),
        ({"frames": FRAME[:-1]}, "BREACH", "no longer has the recorded hash"),
        ({"cycles": [CYCLE | {"drawn_at": None}]}, "NOT_EVALUABLE", ""),
        ({"cycles": [], "strata": [], "frames": [], "samples": []}, "NOT_EVALUABLE", ""),
    ],
)
def test_aud_01_the_draw_is_repeated(given: dict[str, Any], status: str, words: str) -> None:
    found, told = judged("AUD-01", **(DRAW | given))
    assert found == status and words in " ".join(told)


UNSURE = [rating(s["sample_ref"], result="unsure") for s in SAMPLES[:1]] + FIRST[1:]


@pytest.mark.parametrize(
    ("code", "given", "status", "words"),
    [
        ("AUD-02", {}, "PASS", ""),
        (
            "AUD-02",
            {"ratings": UNSURE},
            "BREACH",
            "rated 9 of the 10 units that +/- 5.0 points need: +/- 14.9 points",
        ),
        ("AUD-02", {"estimates": [], "ratings": UNSURE}, "NOT_EVALUABLE", ""),
        ("AUD-02", {"strata": [], "samples": [], "ratings": [], "estimates": []}, "NOT_EVALUABLE", ""),
        ("AUD-03", {}, "PASS", ""),
        ("AUD-03", {"ratings": FIRST + SECOND[:1]}, "BREACH", "1 of 10 rated units were rated again"),
        ("AUD-03", {"ratings": FIRST, "estimates": []}, "NOT_EVALUABLE", ""),
        ("AUD-03-RATER", {}, "PASS", ""),
        (
            "AUD-03-RATER",
            {"ratings": [*FIRST, rating("K-01", "second", rater="first")]},
            "BREACH",
            "1 units were rated",
        ),
        ("AUD-04", {"ratings": [rating("K-01", result="fail")], "findings": [FINDING]}, "PASS", ""),
        ("AUD-04", {"ratings": [rating("K-01", result="fail")]}, "BREACH", "no finding"),
        (
            "AUD-04",
            {"ratings": [rating("K-01", result="fail")], "findings": [FINDING | {"owner": " ", "due_date": None}]},
            "BREACH",
            "2 of rule, owner and due date missing",
        ),
        ("AUD-04", {"ratings": [rating("K-01", result="fail")], "estimates": []}, "NOT_EVALUABLE", ""),
        ("AUD-04", {}, "NOT_EVALUABLE", ""),  # nothing failed
    ],
)
def test_aud_02_to_04(code: str, given: dict[str, Any], status: str, words: str) -> None:
    tables = DONE | given
    if code == "AUD-04":
        tables = {k: v for k, v in tables.items() if k != "strata"}
    found, told = judged(code, **tables)
    assert found == status and words in " ".join(told), (found, told)


def test_the_registrars_rating_and_the_last_revision_count() -> None:
    ratings = [rating("K-01", result="fail"), rating("K-01", result="pass", revision=2), rating("K-02", result="fail"),
               rating("K-02", "second"), rating("K-02", "fcr", "unsure")]  # fmt: skip
    rows = made("core.audit_unit_facts", raw_casework_audit_samples=SAMPLES[:3], raw_casework_audit_ratings=ratings)
    assert [(r["sample_ref"], r["final_result"], r["is_same_rater"]) for r in rows] == [
        ("K-01", "pass", None), ("K-02", "unsure", False), ("K-03", None, None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("code", "given", "status", "words"),
    [
        ("AUD-05", {}, "PASS", ""),
        ("AUD-05", {"lower": None}, "BREACH", "1 of n, interval, strata and period missing"),
        ("AUD-05", {"strata": ""}, "BREACH", "1 of n"),
        ("AUD-05", {"share": None, "lower": None, "upper": None, "rated": 0, "passed": 0}, "NOT_EVALUABLE", ""),
        ("AUD-06", {}, "PASS", ""),
        ("AUD-06", {"rated": 4, "passed": 4}, "PASS", ""),  # it is withheld
    ],
)
def test_aud_05_and_06(code: str, given: Row, status: str, words: str) -> None:
    found, told = judged(code, cycles=[CYCLE], estimates=[ESTIMATE | given])
    assert found == status and words in " ".join(told), (found, told)


@pytest.mark.parametrize("code", ["AUD-05", "AUD-06"])
def test_an_audit_that_is_not_signed_off_is_not_shared(code: str) -> None:
    assert judged(code, cycles=[CYCLE | {"signed_off_at": None}], estimates=[ESTIMATE])[0] == "NOT_EVALUABLE"


def test_aud_06_finds_a_small_cell_that_stands_in_what_is_shared() -> None:
    rule = next(r for r in RULES if r.code == "AUD-06")
    con = facts(rule, {"cycles": [CYCLE], "estimates": [ESTIMATE]})
    con.execute("update core.audit_estimates set is_small_cell_shown = true")
    assert state_of(rule, con)[0] == "BREACH"
    con.execute("update core.audit_estimates set is_small_cell_shown = null")
    assert state_of(rule, con)[0] == "NOT_EVALUABLE"


def test_a_single_small_stratum_cannot_be_worked_out_from_the_others() -> None:
    parts = [ESTIMATE | {"stratum": s, "rated": n} for s, n in (("A", 90), ("B", 4), ("D", 20), ("overall", 114))]
    alone = [ESTIMATE | {"metric": "removal_right", "stratum": s, "rated": n} for s, n in (("F", 4), ("G", 9))]
    rows = made("core.audit_estimates", raw_casework_audit_cycles=[CYCLE], raw_casework_audit_estimates=parts + alone)
    shown = {(r["metric"], r["stratum"]): r["share"] for r in rows}
    assert {k for k, share in shown.items() if share is None} == {
        ("timeliness", "B"), ("timeliness", "D"), ("removal_right", "F"),
    }  # fmt: skip
    assert not any(r["is_small_cell_shown"] for r in rows)


@pytest.mark.parametrize("method", ["stratified", "bootstrap by report (2,000 times, seed 7)", "exact by stratum"])
def test_an_estimate_with_limits_that_were_too_narrow_has_counts_alone(method: str) -> None:
    old = ESTIMATE | {"stratum": "overall", "method": method, "share": 1.0, "lower": 1.0, "upper": 1.0}
    [row] = made("core.audit_estimates", raw_casework_audit_cycles=[CYCLE], raw_casework_audit_estimates=[old])
    assert (row["share"], row["lower"], row["upper"], row["missing_part_count"]) == (None, None, None, None)
    assert (row["passed"], row["rated"]) == (old["passed"], old["rated"])


def test_the_last_round_of_estimates_counts() -> None:
    rounds = [ESTIMATE, ESTIMATE | {"round": 2, "share": 0.8}]
    [row] = made("core.audit_estimates", raw_casework_audit_cycles=[CYCLE], raw_casework_audit_estimates=rounds)
    assert row["share"] == 0.8 and only([row], cycle_ref="K")
