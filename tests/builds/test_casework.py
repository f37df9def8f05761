"""Audits as people carry them: nothing lost, nothing overwritten, nobody's view seen before its time."""

import datetime as dt
import sqlite3
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from audit_hands import PERIOD, REGISTRAR, answers, drawn_cycle, invented_frame, plans_for, rate_all, store
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from casework.audit import cycles, ratings, results
from casework.choices.questions import QUESTIONS
from casework.store import database as stores
from casework.store import tables
from casework.store.refusal import Refused

MAY_BE_EMPTY = {
    "schema_versions": {"created_at"},
    "audit_cycles": {"frame_hash", "frozen_at", "seed", "drawn_at", "signed_off_at", "signed_off_by", "learning",
                     "reaudit_due"},
    "audit_strata": {"expected_share", "wanted_margin", "required_count", "drawn_count"},
    "audit_frames": {"class_code", "ho_code", "linked_refs", "phrases", "recorded_outcome_code"},
    "audit_ratings": {"crimes_required", "crimes_recorded", "outcome_code_due", "outcome_correct",
                      *(question.code for question in QUESTIONS)},
    "audit_findings": {"fixed_at", "fixed_ref"},
    "audit_estimates": {"passed", "share", "lower", "upper"},
    "panel_actions": {"done_at", "done_words"},
    "processing_log": {"record_count"},
    "sign_ins": {"ended_at", "end_reason"},
    "score_overrides": {"automatic_score"},
    "scheme_changes": {"old_value", "new_value"},
    "assessment_themes": {"rank", "rank_low", "rank_high"},
}  # fmt: skip
SIZES, COUNTS = {"A": 30, "B": 20, "E": 12, "H": 20}, {"A": 10, "B": 5, "E": 12, "H": 5}


@pytest.fixture
def cycle(engine: Engine) -> str:
    return drawn_cycle(engine, SIZES, COUNTS)


def first_of(engine: Engine, cycle: str, stratum: str = "A", *, twice: bool = False) -> dict:
    return next(
        s for s in ratings.samples(engine, cycle) if s["stratum"] == stratum and bool(s["is_second_random"]) == twice
    )


# the store


def test_a_store_is_created_on_first_use_with_its_version(tmp_path: Path) -> None:
    assert not stores.exists(tmp_path)
    store(tmp_path)
    assert stores.exists(tmp_path)
    with sqlite3.connect(tmp_path / stores.FILE) as con:
        assert con.execute("select version from schema_versions").fetchall() == [(tables.VERSION,)]
        assert con.execute("pragma journal_mode").fetchone() == ("wal",)


def test_the_database_asks_for_every_field_but_what_is_not_known_yet() -> None:
    every = tables.schema_versions.metadata.tables
    may_be = {name: {column.name for column in table.c if column.nullable} for name, table in every.items()}
    assert {name: columns for name, columns in may_be.items() if columns} == MAY_BE_EMPTY


def test_a_store_of_newer_code_is_left_alone(tmp_path: Path) -> None:
    store(tmp_path)
    with sqlite3.connect(tmp_path / stores.FILE) as con:
        con.execute("insert into schema_versions values (99, '')")
    stores._open.cache_clear()
    with pytest.raises(Refused, match="version 99"):
        store(tmp_path)


@pytest.mark.parametrize("table", ["events", "audit_ratings", "audit_estimates"])
def test_what_was_added_is_never_changed(engine: Engine, cycle: str, table: str) -> None:
    rate_all(engine, cycle)
    results.record_estimates(engine, cycle, [invented_estimate()], REGISTRAR)
    for statement in (
        f"delete from {table}",
        f"update {table} set {tables.METADATA.tables[table].columns.keys()[1]} = 1",
    ):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
            con.exec_driver_sql(statement)


def test_every_deed_is_in_the_log_without_the_words_of_a_note(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle)
    ratings.rate(engine, unit["sample_ref"], "Rater One", "first", answers("A", evidence_note="her address is"))
    with engine.connect() as con:
        log = stores.rows(con, tables.events.select())
    assert [e["action"] for e in log] == ["cycle created", "frame frozen", "sample drawn", "unit taken", "rated"]
    assert all(e["actor"] and e["happened_at"].endswith("Z") for e in log)
    assert "address" not in str(log)
    assert stores.last_event(engine) == 5


# frame and draw


def test_a_frame_is_frozen_once_and_an_empty_one_never(engine: Engine, cycle: str) -> None:
    with pytest.raises(Refused, match="frozen already"):
        cycles.freeze_frame(engine, cycle, invented_frame({"A": 1}), "h", "x")
    fresh = cycles.create_cycle(engine, title="t", question="q", period=PERIOD, registrar="r", actor="a")
    with pytest.raises(Refused, match="empty"):
        cycles.freeze_frame(engine, fresh, [], "h", "x")
    with pytest.raises(Refused, match="Freeze the frame first"):
        cycles.record_draw(engine, fresh, 1, {}, "x")


def test_a_sample_is_drawn_once_and_from_its_frame_alone(engine: Engine, cycle: str) -> None:
    units = invented_frame(SIZES)
    with pytest.raises(Refused, match="drawn already, with seed 7"):
        cycles.record_draw(engine, cycle, 8, plans_for(units, COUNTS, 8, "h"), "x")
    fresh = cycles.create_cycle(engine, title="t", question="q", period=PERIOD, registrar="r", actor="a")
    cycles.freeze_frame(engine, fresh, units[:5], "h", "x")
    with pytest.raises(Refused, match="not in its frozen frame"):
        cycles.record_draw(engine, fresh, 1, plans_for(units, {"A": 20}, 1, "h"), "x")
    assert ratings.samples(engine, fresh) == []


def test_a_period_of_years_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="13 months"):
        cycles.create_cycle(
            engine, title="t", question="q", period=(dt.date(2025, 1, 1), dt.date(2026, 1, 1)), registrar="r", actor="a"
        )


# rating


def test_a_rater_sees_neither_the_outcome_nor_anyone_elses_view(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle, twice=True)
    ratings.rate(engine, unit["sample_ref"], "Rater One", "first", answers("A", class_correct="fail"))
    shown = ratings.work_list(engine, cycle, "Rater Two", "second")
    assert unit["sample_ref"] in {u["sample_ref"] for u in shown}
    for seen in shown:
        assert seen["rating"] is None
        assert not {"recorded_outcome_code", "is_second_random"} & set(seen)
    for person in ("Rater Two", "Rater One"):
        with pytest.raises(Refused, match="raters stay blind"):
            ratings.disagreements(engine, cycle, person)


def test_the_second_rater_is_someone_else_and_rates_only_what_is_due(engine: Engine, cycle: str) -> None:
    twice, once = first_of(engine, cycle, twice=True), first_of(engine, cycle)
    ratings.rate(engine, twice["sample_ref"], "Rater One", "first", answers("A"))
    with pytest.raises(Refused, match="must be someone else"):
        ratings.rate(engine, twice["sample_ref"], "RATER  one", "second", answers("A"))
    ratings.rate(engine, once["sample_ref"], "Rater One", "first", answers("A"))
    with pytest.raises(Refused, match="not to be rated a second time"):
        ratings.rate(engine, once["sample_ref"], "Rater Two", "second", answers("A"))


@pytest.mark.parametrize("answer", ["fail", "unsure"])
def test_every_fail_and_every_unsure_is_rated_twice(engine: Engine, cycle: str, answer: str) -> None:
    unit = first_of(engine, cycle)
    ratings.rate(engine, unit["sample_ref"], "Rater One", "first", answers("A", flags_correct=answer))
    assert unit["sample_ref"] in {u["sample_ref"] for u in ratings.work_list(engine, cycle, "Rater Two", "second")}


def test_the_outcome_is_compared_by_the_program(engine: Engine, cycle: str) -> None:
    wanted = {"15": ("pass", "pass"), "16": ("fail", "fail"), "unsure": ("unsure", "unsure")}
    units = [s for s in ratings.samples(engine, cycle) if s["stratum"] == "A"]
    for unit, (due, _) in zip(units, wanted.items(), strict=False):
        ratings.rate(engine, unit["sample_ref"], "Rater One", "first", answers("A", outcome_code_due=due))
    with engine.connect() as con:
        held = ratings.latest_ratings(con, cycle)
    seen = {
        r["first"]["outcome_code_due"]: (r["first"]["outcome_correct"], r["first"]["result"]) for r in held.values()
    }
    assert seen == wanted


@pytest.mark.parametrize(
    ("stratum", "wrong", "words"),
    [
        ("A", {"class_correct": None}, "Is the class right"),
        ("A", {"class_correct": "yes"}, "Is the class right"),
        ("A", {"outcome_code_due": "99"}, "Outcome code"),
        ("E", {"crimes_required": -1}, "should have been recorded"),
        ("E", {"crimes_recorded": None}, "were recorded"),
        ("A", {"evidence_note": "x" * 2001}, "2,001 characters"),
    ],
)
def test_an_answer_that_is_missing_is_asked_for(
    engine: Engine, cycle: str, stratum: str, wrong: dict, words: str
) -> None:
    unit = next(s for s in ratings.samples(engine, cycle) if s["stratum"] == stratum)
    with pytest.raises(Refused, match=words):
        ratings.rate(engine, unit["sample_ref"], "Rater One", "first", answers(stratum, **wrong))
    with engine.connect() as con:
        assert ratings.latest_ratings(con, cycle) == {}


def test_a_unit_taken_is_not_offered_to_another_until_given_back(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle)["sample_ref"]
    ratings.assign(engine, unit, "Rater One", "first")
    ratings.assign(engine, unit, "Rater One", "first")
    assert unit not in {u["sample_ref"] for u in ratings.work_list(engine, cycle, "Rater Two", "first")}
    with pytest.raises(Refused, match="already with another"):
        ratings.assign(engine, unit, "Rater Two", "first")
    ratings.release(engine, unit, "first", "Rater One")
    ratings.assign(engine, unit, "Rater Two", "first")
    ratings.rate(engine, unit, "Rater Two", "first", answers("A"))
    with pytest.raises(Refused, match="stays with its rater"):
        ratings.release(engine, unit, "first", "Rater Two")


def test_people_who_ask_for_the_next_unit_at_once_are_each_given_another(
    engine: Engine, cycle: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stale = {who: ratings.work_list(engine, cycle, who, "first") for who in ("Rater One", "Rater Two")}
    monkeypatch.setattr(ratings, "work_list", lambda _engine, _cycle, who, _role: stale[who])
    given = [ratings.take_next(engine, cycle, who, "first") for who in stale]
    assert given == [unit["sample_ref"] for unit in stale["Rater One"][:2]]
    assert ratings.take_next(engine, cycle, "Rater Two", "first") == given[1], "what one holds unrated comes first"
    stale["Rater Two"] = []
    assert ratings.take_next(engine, cycle, "Rater Two", "first") is None


def test_a_change_is_a_new_revision_and_a_stale_one_is_refused(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle)["sample_ref"]
    assert ratings.rate(engine, unit, "Rater One", "first", answers("A")) == 1
    assert ratings.rate(engine, unit, "Rater One", "first", answers("A", risk_assessed="fail"), seen_revision=1) == 2
    with pytest.raises(Refused, match=r"changed by Rater One at .* since you opened it"):
        ratings.rate(engine, unit, "Rater One", "first", answers("A"), seen_revision=1)
    with engine.connect() as con:
        held = stores.rows(con, tables.audit_ratings.select())
        assert ratings.latest_ratings(con, cycle)[unit]["first"]["risk_assessed"] == "fail"
    assert sorted(r["revision"] for r in held) == [1, 2]


def test_answers_not_saved_yet_are_kept_for_their_rater_alone_and_gone_with_the_rating(
    engine: Engine, cycle: str
) -> None:
    unit = first_of(engine, cycle)["sample_ref"]
    ratings.keep_draft(engine, unit, "Rater One", "first", {"risk_assessed": "fail", "class_correct": None, "else": 1})
    ratings.keep_draft(engine, unit, "Rater One", "first", {"risk_assessed": "pass", "evidence_note": "x" * 3000})
    kept = {"risk_assessed": "pass", "evidence_note": "x" * ratings.LONGEST_NOTE}
    assert ratings.draft(engine, unit, "rater  one", "first") == kept
    others = [ratings.draft(engine, unit, who, role) for who, role in (("Rater Two", "first"), ("Rater One", "second"))]
    assert others == [{}, {}] and ratings.work_list(engine, cycle, "Rater One", "first")[0]["rating"] is None
    ratings.rate(engine, unit, "Rater One", "first", answers("A"))
    assert ratings.draft(engine, unit, "Rater One", "first") == {}


def test_people_who_rate_at_once_lose_nothing(engine: Engine, tmp_path: Path) -> None:
    """Eight raters over the whole list at the same moment: every unit is rated once, every refusal has words."""
    cycle = drawn_cycle(engine, {"A": 40}, {"A": 40})
    units = [s["sample_ref"] for s in ratings.samples(engine, cycle)]
    start = threading.Barrier(8)

    def work(number: int) -> tuple[int, list[str]]:
        start.wait()
        kept, refused = 0, []
        for unit in units[number * 5 :] + units[: number * 5]:
            try:
                ratings.rate(engine, unit, f"rater {number}", "first", answers("A", evidence_note=f"{number}"))
                kept += 1
            except Refused as words:
                refused.append(str(words))
        return kept, refused

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(work, range(8)))
    with engine.connect() as con:
        held = stores.rows(con, tables.audit_ratings.select())
    assert len(held) == 40 == sum(kept for kept, _ in outcomes) == len({r["sample_ref"] for r in held})
    assert all(r["evidence_note"] == r["rater_ref"].split()[1] for r in held)
    assert all("already with another" in words or "changed" in words for _, refused in outcomes for words in refused)


def test_two_changes_of_one_rating_at_once_keep_one_and_tell_the_other(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle)["sample_ref"]
    ratings.rate(engine, unit, "Rater One", "first", answers("A"))
    start = threading.Barrier(2)

    def change(answer: str) -> str:
        start.wait()
        try:
            ratings.rate(engine, unit, "Rater One", "first", answers("A", class_correct=answer), seen_revision=1)
        except Refused as words:
            return str(words)
        return "kept"

    with ThreadPoolExecutor(2) as pool:
        told = sorted(pool.map(change, ["fail", "unsure"]), key=len)
    assert told[0] == "kept" and "since you opened it" in told[1]


# adjudication, findings, sign-off


def disputed(engine: Engine, cycle: str) -> str:
    unit = first_of(engine, cycle, twice=True)["sample_ref"]
    ratings.rate(engine, unit, "Rater One", "first", answers("A"))
    ratings.rate(engine, unit, "Rater Two", "second", answers("A", class_correct="fail"))
    return unit


def test_the_registrar_alone_sees_both_views_and_decides(engine: Engine, cycle: str) -> None:
    unit = disputed(engine, cycle)
    [found] = ratings.disagreements(engine, cycle, REGISTRAR)
    assert (found["sample_ref"], found["differing"]) == (unit, ["class_correct"])
    with pytest.raises(Refused, match="Only the registrar"):
        ratings.adjudicate(engine, unit, "Rater Three", answers("A"))
    ratings.adjudicate(engine, unit, REGISTRAR, answers("A", class_correct="fail"))
    final = {u["sample_ref"]: u["final"] for u in results.rated_units(engine, cycle)}
    assert final[unit]["rater_role"] == "fcr" and final[unit]["result"] == "fail"
    with pytest.raises(Refused, match="has been adjudicated"):
        ratings.rate(engine, unit, "Rater One", "first", answers("A"), seen_revision=1)


def test_a_registrar_who_rated_does_not_judge_himself(engine: Engine, cycle: str) -> None:
    unit = first_of(engine, cycle, twice=True)["sample_ref"]
    with pytest.raises(Refused, match="rated by two people"):
        ratings.adjudicate(engine, unit, REGISTRAR, answers("A"))
    ratings.rate(engine, unit, REGISTRAR, "first", answers("A"))
    ratings.rate(engine, unit, "Rater Two", "second", answers("A", class_correct="fail"))
    with pytest.raises(Refused, match="someone else must adjudicate"):
        ratings.adjudicate(engine, unit, REGISTRAR, answers("A"))


def invented_estimate(**changed: object) -> dict:
    return {
        "metric": "classification_accuracy", "stratum": "A", "strata": "A", "population": 30, "passed": 9, "rated": 10,
        "not_evaluable": 0, "share": 0.9, "lower": 0.6, "upper": 0.98, "method": "Wilson", "caveat": "",
    } | changed  # fmt: skip


FINDING = {
    "category": "under_classified", "rule_code": "CLS-02", "severity": "high", "owner": "Invented Unit",
    "due_date": "2026-05-31", "words": "recorded as harassment",
}  # fmt: skip


def test_a_cycle_is_signed_off_only_when_nothing_is_owed(engine: Engine, cycle: str) -> None:
    today = dt.date(2026, 4, 30)
    with pytest.raises(Refused, match="32 of 32 units not rated yet"):
        results.record_estimates(engine, cycle, [invented_estimate()], REGISTRAR)
    failing = first_of(engine, cycle, "B")
    rate_all(engine, cycle, {failing["unit_ref"]: {"class_correct": "fail"}})
    with pytest.raises(Refused, match=r"1 failed units without a finding .* no estimates have been made"):
        results.sign_off(engine, cycle, REGISTRAR, "learnt", today)
    results.add_finding(engine, failing["sample_ref"], REGISTRAR, FINDING)
    assert results.record_estimates(engine, cycle, [invented_estimate()], REGISTRAR) == 1
    with pytest.raises(Refused, match="Only the registrar"):
        results.sign_off(engine, cycle, "Rater One", "learnt", today)
    with pytest.raises(Refused, match="what was learnt"):
        results.sign_off(engine, cycle, REGISTRAR, " ", today)
    assert results.sign_off(engine, cycle, REGISTRAR, "learnt", today) == dt.date(2026, 7, 30)
    with pytest.raises(Refused, match="nothing in it can change"):
        ratings.rate(engine, failing["sample_ref"], "Rater One", "first", answers("B"), seen_revision=1)
    assert results.reminders(engine, dt.date(2026, 6, 1)) == []
    assert [c["cycle_ref"] for c in results.reminders(engine, dt.date(2026, 7, 1))] == [cycle]


def test_estimates_older_than_a_rating_do_not_count(engine: Engine, cycle: str) -> None:
    rate_all(engine, cycle)
    results.record_estimates(engine, cycle, [invented_estimate()], REGISTRAR)
    ratings.rate(engine, first_of(engine, cycle)["sample_ref"], "Rater One", "first", answers("A"), seen_revision=1)
    with pytest.raises(Refused, match="make the estimates again"):
        results.sign_off(engine, cycle, REGISTRAR, "learnt", dt.date(2026, 4, 30))
    assert results.record_estimates(engine, cycle, [invented_estimate(share=0.8)], REGISTRAR) == 2
    assert [e["share"] for e in results.estimates(engine, cycle)] == [0.8]


@pytest.mark.parametrize("missing", ["category", "rule_code", "severity", "owner", "due_date"])
def test_a_finding_without_rule_owner_or_date_is_refused(engine: Engine, cycle: str, missing: str) -> None:
    with pytest.raises(Refused, match=r"needs|due date such as"):
        results.add_finding(engine, first_of(engine, cycle)["sample_ref"], "x", FINDING | {missing: ""})
    assert results.findings(engine, cycle) == []


def test_a_finding_put_right_twice_at_once_is_told(engine: Engine, cycle: str) -> None:
    ref = results.add_finding(engine, first_of(engine, cycle)["sample_ref"], "x", FINDING)
    results.fix_finding(engine, ref, "x", "task 12", seen_revision=1)
    with pytest.raises(Refused, match="nothing was overwritten"):
        results.fix_finding(engine, ref, "y", "task 13", seen_revision=1)
    assert results.findings(engine, cycle)[0]["fixed_ref"] == "task 12"


@pytest.mark.parametrize(
    ("signed", "due"),
    [("2026-11-30", "2027-02-28"), ("2026-01-31", "2026-04-30"), ("2026-12-01", "2027-03-01")],
)
def test_the_re_audit_is_three_months_on(signed: str, due: str) -> None:
    assert cycles.reaudit_due(dt.date.fromisoformat(signed)).isoformat() == due


def test_a_nameless_person_does_nothing(engine: Engine, cycle: str) -> None:
    for name in ("", "  ", "x" * 81):
        with pytest.raises(Refused, match="Enter your name"):
            ratings.work_list(engine, cycle, name, "first")
