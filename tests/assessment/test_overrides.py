"""Overrides of scores: proposed, approved by somebody else, in force for a time; and nobody rewrites them."""

import datetime as dt
import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest
from audit_hands import store
from postgres_server import postgres
from sqlalchemy import Engine, create_engine
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner
from worked import warehouse

from casework.access import access_log
from casework.assessment import overrides, registers, scheme
from casework.assessment.overrides import Proposal
from casework.assessment.scheme import Change
from casework.store import chain
from casework.store import database as stores
from casework.store.refusal import Refused
from casework.store.words import plain_name, shown_name
from casework.upkeep import checks
from pipelines.builds import casework_rows
from pipelines.commands import cli

DAY = dt.date(2026, 11, 24)
LAST = "2027-03-31"
WHY = "Invented reason: two of the records that it rests on were never supplied."
SMALL = Proposal("T1", "psychological", 3, 2, "indicator_misleads", WHY, "invented note 7", LAST)
GREAT = replace(SMALL, override_score=1)


def propose(engine: Engine, proposal: Proposal = SMALL, who: str = "Invented Analyst") -> str:
    return overrides.propose(engine, proposal, who, DAY)


def decide(engine: Engine, ref: str, decision: str = "approved", who: str = "Invented Chief", seen: int = 0,
           words: str = "Invented words", day: dt.date = DAY) -> None:  # fmt: skip
    overrides.decide(engine, ref, decision, who, words, seen_decisions=seen, day=day)


def states(engine: Engine, day: dt.date = DAY) -> dict[str, str]:
    return {row["override_ref"]: row["state"] for row in overrides.history(engine, day)}


VIEWING = access_log.Action("consultation", "viewer", access_log.SIGNED_IN, "integrity", "p", "s", 1)


def tampered(home: Path, *statements: str) -> None:
    """Change the store as somebody would who goes round the code and its triggers."""
    outside = create_engine(f"sqlite:///{home / stores.FILE}")
    with outside.begin() as con:
        for table in stores.APPEND_ONLY:
            for verb in ("update", "delete"):
                con.exec_driver_sql(f"drop trigger {table}_{verb}")
        for statement in statements:
            con.exec_driver_sql(statement)
    outside.dispose()


class TestProposal:
    def test_a_small_change_is_in_force_at_once_and_until_its_last_day(self, engine: Engine) -> None:
        ref = propose(engine)
        [held] = overrides.in_force(engine, DAY)
        assert (held["override_ref"], held["override_score"], held["analyst"]) == (ref, 2, "invented analyst")
        assert overrides.in_force(engine, dt.date(2027, 3, 31)) == [held]
        assert overrides.in_force(engine, dt.date(2027, 4, 1)) == []
        assert states(engine, dt.date(2027, 4, 1)) == {ref: "lapsed"}

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"rationale": "x" * 39}, "40 to 1000 characters; this one has 39"),
            ({"rationale": " x " * 39 + " " * 40}, None),  # blanks between words count once, those round them not
            ({"rationale": "x" + " " * 60}, "this one has 1"),
            ({"valid_to": "2027-11-25"}, "twelve months at most, to 2027-11-24"),
            ({"valid_to": "2026-11-23"}, "is over"),
            ({"valid_to": "soon"}, "last day of the override, such as"),
            ({"override_score": 5}, "from 0 to 4; saw 5"),
            ({"override_score": -1}, "from 0 to 4; saw -1"),
            ({"override_score": 2.0}, "whole number"),
            ({"override_score": 3}, "nothing to override"),
            ({"automatic_score": 7}, "automatic score"),
            ({"reason_code": "because"}, "reason of the list"),
            ({"theme_code": " "}, "Give the theme"),
            ({"part_code": ""}, "Give the part"),
            ({"evidence_ref": "x" * 201}, "reference of the evidence, in 1 to 200"),
        ],
    )
    def test_what_is_not_whole_is_refused_in_words(
        self, engine: Engine, given: dict[str, Any], why: str | None
    ) -> None:
        if why is None:
            propose(engine, replace(SMALL, **given))
            return
        with pytest.raises(Refused, match=why):
            propose(engine, replace(SMALL, **given))
        assert overrides.history(engine, DAY) == []

    @pytest.mark.parametrize("valid_to", ["2026-11-24", "2027-11-24"])
    def test_the_first_and_the_last_day_that_may_be(self, engine: Engine, valid_to: str) -> None:
        propose(engine, replace(SMALL, valid_to=valid_to))
        assert len(overrides.in_force(engine, DAY)) == 1

    def test_a_year_after_a_leap_day_is_the_last_of_february(self, engine: Engine) -> None:
        leap = dt.date(2028, 2, 29)
        overrides.propose(engine, replace(SMALL, valid_to="2029-02-28"), "Invented Analyst", leap)
        with pytest.raises(Refused, match="to 2029-02-28"):
            overrides.propose(engine, replace(SMALL, valid_to="2029-03-01"), "Invented Analyst", leap)

    def test_nobody_is_nobody(self, engine: Engine) -> None:
        with pytest.raises(Refused, match="Enter your name"):
            propose(engine, who=" ")


class TestDecision:
    def test_a_change_of_two_waits_for_another_person(self, engine: Engine) -> None:
        ref = propose(engine, GREAT)
        assert (states(engine), overrides.in_force(engine, DAY)) == ({ref: "waiting"}, [])
        with pytest.raises(Refused, match="your own proposal"):
            decide(engine, ref, who="  INVENTED analyst ")
        decide(engine, ref)
        assert states(engine) == {ref: "in_force"}

    @pytest.mark.parametrize(("automatic", "score", "is_great"), [
        (None, 0, True), (None, 1, True), (None, 2, True), (4, 3, False), (4, 2, True), (0, 2, True),
        (1, 2, False)])  # fmt: skip
    def test_what_is_great(self, automatic: int | None, score: int, is_great: bool) -> None:
        assert overrides.needs_second_person(automatic, score) is is_great

    def test_a_stale_decision_is_refused(self, engine: Engine) -> None:
        ref = propose(engine, GREAT)
        decide(engine, ref, "refused")
        with pytest.raises(Refused, match="new decision since you looked"):
            decide(engine, ref)
        with pytest.raises(Refused, match="is refused: there is nothing more to decide"):
            decide(engine, ref, seen=1)
        assert states(engine) == {ref: "refused"}

    def test_two_who_decide_at_once_are_one_decision(self, engine: Engine) -> None:
        ref = propose(engine, GREAT)

        def approve(number: int) -> str:
            try:
                decide(engine, ref, who=f"Invented Chief {number}")
            except Refused as words:
                return str(words)
            return "done"

        with ThreadPoolExecutor(6) as pool:
            told = list(pool.map(approve, range(6)))
        assert told.count("done") == 1
        assert all("since you looked" in words for words in told if words != "done")
        assert chain.verify(engine, overrides.OVERRIDE_DECISIONS).faults == ()

    def test_what_is_over_is_not_decided_on(self, engine: Engine) -> None:
        ref = propose(engine, GREAT)
        with pytest.raises(Refused, match="lapsed"):
            decide(engine, ref, day=dt.date(2027, 4, 1))
        assert len(overrides.history(engine, DAY)[0]["decisions"]) == 0

    @pytest.mark.parametrize(
        ("given", "why"),
        [({"decision": "maybe"}, "Expected one of"), ({"decision": "refused", "words": " "}, "Say why"),
         ({"words": "x" * 501}, "at most 500"), ({"ref": "override-none"}, "no override override-none")],
    )  # fmt: skip
    def test_what_is_not_whole_is_refused(self, engine: Engine, given: dict[str, str], why: str) -> None:
        ref = propose(engine, GREAT)
        with pytest.raises(Refused, match=why):
            decide(engine, **{"ref": ref} | given)

    def test_whoever_proposed_may_withdraw_and_nothing_is_in_force_then(self, engine: Engine) -> None:
        ref = propose(engine)
        decide(engine, ref, "withdrawn", who="Invented Analyst")
        assert states(engine) == {ref: "withdrawn"}

    def test_a_later_one_replaces_only_once_it_took_force(self, engine: Engine) -> None:
        first = propose(engine)
        later = propose(engine, GREAT)
        assert states(engine) == {first: "in_force", later: "waiting"}
        decide(engine, later)
        assert states(engine) == {first: "replaced", later: "in_force"}
        other = propose(engine, replace(SMALL, theme_code="T2"))
        assert states(engine)[other] == states(engine)[later] == "in_force"
        with pytest.raises(Refused, match="is replaced"):
            decide(engine, first, "withdrawn")
        decide(engine, later, "withdrawn", seen=1)
        assert states(engine) == {first: "replaced", later: "withdrawn", other: "in_force"}

    def test_nobody_undoes_alone_what_two_have_agreed_on(self, engine: Engine) -> None:
        agreed = propose(engine, GREAT)
        decide(engine, agreed)
        small = propose(engine, SMALL)
        assert states(engine) == {agreed: "in_force", small: "waiting"}
        decide(engine, small, who="Another Chief")
        assert states(engine) == {agreed: "replaced", small: "in_force"}
        alone = propose(engine, replace(SMALL, theme_code="T2"))
        assert states(engine)[alone] == "in_force"

    def test_once_the_agreed_one_has_ended_a_small_change_needs_nobody(self, engine: Engine) -> None:
        agreed = propose(engine, GREAT)
        decide(engine, agreed)
        decide(engine, agreed, "withdrawn", seen=1)
        small = propose(engine, SMALL)
        assert states(engine) == {agreed: "withdrawn", small: "in_force"}

    def test_a_refused_one_never_replaced_anything(self, engine: Engine) -> None:
        first, later = propose(engine), propose(engine, GREAT)
        decide(engine, later, "refused")
        assert states(engine) == {first: "in_force", later: "refused"}


class TestChain:
    def test_the_store_itself_refuses_a_change(self, engine: Engine) -> None:
        decide(engine, propose(engine, GREAT))
        for table in ("score_overrides", "override_decisions"):
            for statement in (f"delete from {table}", f"update {table} set row_hash = 'x'"):
                with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
                    con.exec_driver_sql(statement)

    @pytest.mark.parametrize(
        ("statement", "fault"),
        [
            ("update score_overrides set override_score = 0 where sequence = 1",
             "The log of overrides: no. 1 ({first}, T1, psychological) was changed after it was written"),
            ("update score_overrides set valid_to = '2099-01-01' where sequence = 2",
             "The log of overrides: no. 2 ({second}, T1, psychological) was changed after it was written"),
            ("update override_decisions set decided_by = 'somebody' where sequence = 1",
             "The log of decisions on overrides: no. 1 ({second}, approved) was changed after it was written"),
            ("delete from score_overrides where sequence = 2", "The log of overrides: the log ends at no. 1"),
            ("delete from score_overrides where sequence = 1", "The log of overrides: before no. 2: 1 rows are"),
        ],
    )  # fmt: skip
    def test_tampering_is_found_and_named_by_the_command(
        self, engine: Engine, tmp_path: Path, statement: str, fault: str
    ) -> None:
        first, second = propose(engine), propose(engine, GREAT)
        decide(engine, second)
        access_log.record(engine, VIEWING)
        assert checks.faults(tmp_path) == []
        tampered(tmp_path, statement)
        found = checks.faults(tmp_path)
        assert any(line.startswith(fault.format(first=first, second=second)) for line in found), found
        result = CliRunner().invoke(cli.app, ["verify", "--home", str(tmp_path)])
        assert result.exit_code == 1
        assert fault.format(first=first, second=second) in result.output
        assert "A build does not repair a decision" in result.output

    def test_a_log_that_was_taken_away_with_its_end_is_missed_by_what_was_published(
        self, engine: Engine, tmp_path: Path
    ) -> None:
        propose(engine)
        copy = tmp_path / "published" / "copies" / "command" / "20261124T000000000000Z"
        copy.mkdir(parents=True)
        (copy / "manifest.json").write_text(json.dumps({"logs": checks.marks(tmp_path)}))
        propose(engine, replace(SMALL, theme_code="T2"))
        seen = checks.published_marks(tmp_path)
        assert checks.faults(tmp_path, seen) == []
        tampered(
            tmp_path, "delete from score_overrides", "delete from access_log_head where log_name = 'score_overrides'"
        )
        assert checks.faults(tmp_path) == [], "the store alone cannot tell"
        [fault] = checks.faults(tmp_path, seen)
        assert fault.startswith("The log of overrides: no. 1, ") and fault.endswith(" is not in the log")
        result = CliRunner().invoke(cli.app, ["verify", "--home", str(tmp_path)])
        assert result.exit_code == 1 and f"DAMAGED {fault}" in result.output

    def test_a_store_that_was_taken_away_is_missed_too(self, engine: Engine, tmp_path: Path) -> None:
        propose(engine)
        seen = [checks.marks(tmp_path)]
        (tmp_path / stores.FILE).unlink()
        faults = checks.faults(tmp_path, seen)
        for log in ("The log of overrides", "The access log"):
            assert any(f.startswith(f"{log}: expected 1 rows or more, the casework store is not there") for f in faults)
        assert len(faults) == 2

    def test_without_a_store_nothing_is_wrong_and_none_is_made(self, tmp_path: Path) -> None:
        assert checks.faults(tmp_path) == []
        assert list(tmp_path.iterdir()) == []

    def test_what_is_no_store_is_said_in_words(self, tmp_path: Path) -> None:
        (tmp_path / stores.FILE).write_text("this is no database, and was never one" * 50)
        with pytest.raises(Refused, match="cannot be read or written"):
            checks.faults(tmp_path)

    def test_every_deed_is_in_the_log_without_words(self, engine: Engine) -> None:
        decide(engine, propose(engine, GREAT))
        with engine.connect() as con:
            told = con.exec_driver_sql("select action, detail from events order by event_number").fetchall()
        assert [row[0] for row in told] == ["override proposed", "override approved"]
        assert "Invented" not in str(told)


def test_on_postgresql_it_is_kept_decided_on_and_checked_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres() as server:
        monkeypatch.setenv(stores.URL, server.url().replace("postgresql://", "postgresql+psycopg://"))
        engine = stores.open_store(tmp_path)
        with ThreadPoolExecutor(4) as pool:
            refs = list(pool.map(lambda n: propose(engine, replace(GREAT, theme_code=f"T{n}")), range(8)))
        decide(engine, refs[0])
        assert [row["override_ref"] for row in overrides.in_force(engine, DAY)] == [refs[0]]
        change = Change("weight", "harm/physical", 1.0, 1.5, "Invented reason", {"ranks": {}})
        assert scheme.accept(engine, change, "Invented Lead", seen_version=1) == 2
        given = {"title": "Invented policy"}
        ref = registers.save(engine, "policies", "", given, "Invented Analyst", seen_revision=0)
        with pytest.raises(Refused, match="changed since"):
            registers.save(engine, "policies", ref, given, "Invented Analyst", seen_revision=0)
        assert checks.faults(tmp_path) == []
        for table in ("score_overrides", "override_decisions", "scheme_changes", "register_rows"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
                con.exec_driver_sql(f"delete from {table}")
        engine.dispose()


class TestBuild:
    def at(self, monkeypatch: pytest.MonkeyPatch, day: dt.date) -> None:
        monkeypatch.setattr(stores, "today", lambda: day)
        monkeypatch.setattr(overrides, "today", lambda: day)

    def taken_in(self, con: duckdb.DuckDBPyConnection, home: Path) -> list[Any]:
        casework_rows.take_in(con, home)
        return con.execute(
            "select override_ref, is_in_force from raw.casework_score_overrides order by sequence"
        ).fetchall()

    def test_a_build_sees_what_is_in_force_and_notices_the_day_on_which_it_lapses(
        self, engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.at(monkeypatch, DAY)
        small, great = propose(engine, replace(SMALL, part_code="physical")), propose(engine, GREAT)
        con = warehouse()
        assert self.taken_in(con, tmp_path) == [(small, True), (great, False)]
        decide(engine, great)
        mark = casework_rows.mark(tmp_path)
        self.at(monkeypatch, dt.date(2027, 3, 31))
        assert casework_rows.mark(tmp_path) == mark
        assert self.taken_in(con, tmp_path) == [(small, True), (great, True)]
        self.at(monkeypatch, dt.date(2027, 4, 1))
        assert casework_rows.mark(tmp_path) != mark
        assert self.taken_in(con, tmp_path) == [(small, False), (great, False)]


class TestNames:
    """Who approves is another person: a name cannot be made to look like another by signs that nobody sees."""

    @pytest.mark.parametrize(
        "name", ["anne\u200b smith", "anne smith\u200d", "an\u00adne smith", "\ufeffanne smith", "\u202eanne smith"]
    )
    def test_a_sign_that_cannot_be_seen_is_refused(self, name: str) -> None:
        with pytest.raises(Refused, match="readable characters"):
            plain_name(name)

    def test_letters_of_two_scripts_are_refused(self) -> None:
        with pytest.raises(Refused, match="one script"):
            plain_name("\u0430nne smith")

    @pytest.mark.parametrize("name", ["\uff21nne Smith", "ANNE  SMITH", "anne\u00a0smith"])
    def test_other_forms_of_its_letters_are_the_same_name(self, name: str) -> None:
        assert plain_name(name) == "anne smith"

    @pytest.mark.parametrize("name", ["anne smith.", "smith, anne", "anne-smith"])
    def test_the_same_parts_in_another_order_are_one_person(self, name: str, tmp_path: Path) -> None:
        engine = store(tmp_path)
        ref = overrides.propose(engine, replace(SMALL, override_score=1), "anne smith")
        with pytest.raises(Refused, match="your own proposal"):
            overrides.decide(engine, ref, "approved", name, "", seen_decisions=0)

    def test_names_of_other_places_are_names(self) -> None:
        assert plain_name("Siân O'Neill-Żak") == "siân o'neill-żak"

    @pytest.mark.parametrize(
        "name", ["Siân O'Neill-Żak", "Jane McDonald", "Anne Smith", "anne.smith@force.example", "ab1234"]
    )
    def test_a_name_is_shown_as_people_write_it_and_a_sign_in_as_it_is(self, name: str) -> None:
        assert shown_name(plain_name(name)) == name

    def test_words_that_no_document_can_print_are_refused(self, tmp_path: Path) -> None:
        with pytest.raises(Refused, match=r"U\+0000"):
            overrides.propose(store(tmp_path), replace(SMALL, rationale="x" * 40 + "\x00"), "anne smith")
