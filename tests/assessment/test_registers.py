"""Entries of the registers: each revision kept, none overwritten, and refused in words what is not whole."""

import datetime as dt
from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DatabaseError

from casework.assessment import registers
from casework.choices.register_kinds import CHOICE, KINDS
from casework.store.refusal import Refused

WHO = "Invented Analyst"
ACTION = {"title": "Invented action", "heading": "protect", "theme_code": "T1", "owner": "Invented post",
          "due_date": "2026-12-31", "metric_code": "charged_in_a_year", "status": "needs_decision"}  # fmt: skip
SNAPSHOT = {"metric_code": "charged_in_a_year", "value": 0.1, "numerator": 90, "denominator": 900, "lower": 0.08,
            "upper": 0.12, "published_at": "2026-11-24T01:10:00+00:00", "manifest_hash": "0" * 64}  # fmt: skip


def save(engine: Engine, ref: str = "", seen: int = 0, register: str = "recommendations", **given: str) -> str:
    return registers.save(engine, register, ref, ACTION | given, WHO, seen_revision=seen)


def test_an_entry_is_kept_changed_and_closed_and_every_revision_stands(engine: Engine) -> None:
    ref = save(engine)
    save(engine, ref, 1, status="under_way", cost=" none   at all ")
    registers.close(engine, "recommendations", ref, "done", "Invented deed", WHO, seen_revision=2)
    [held] = registers.entries(engine)
    assert (held["revision"], held["is_closed"], held["changed_by"]) == (3, 1, "invented analyst")
    assert held["fields"] == ACTION | {"status": "done", "cost": "none at all", "closing_words": "Invented deed"}
    told = registers.history(engine, "recommendations", ref)
    assert [row["fields"]["status"] for row in told] == ["needs_decision", "under_way", "done"]
    save(engine, ref, 3)  # open again
    assert registers.entries(engine, "recommendations")[0]["fields"] == ACTION
    assert registers.entries(engine, "lessons") == []


def test_a_starter_is_kept_under_its_own_reference_in_its_own_register(engine: Engine) -> None:
    given = {"title": "Invented statement", "factor": "legal", "source": "Invented source"}
    assert registers.save(engine, "pestelo", "pestelo-legal-1", given, WHO, seen_revision=0) == "pestelo-legal-1"
    save(engine, "pestelo-legal-1")
    held = {row["register"]: row["fields"] for row in registers.entries(engine)}
    assert held == {"pestelo": given, "recommendations": ACTION}


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"title": " "}, "Action: this is needed"),
        ({"title": "x" * 1001}, "Action: at most 1000 characters; this has 1001"),
        ({"heading": "punish"}, "Heading: expected one of prevent, pursue, protect, prepare; saw 'punish'"),
        ({"status": ""}, "Status: this is needed"),
        ({"status": "done"}, "Status: expected one of"),  # an entry is closed with words, not by a choice
        ({"due_date": "31/12/2026"}, "Due: expected a day such as 2026-03-31, saw '31/12/2026'"),
        ({"owner": "x" * 81}, "at most 80"),
        ({"ref": "../x"}, "reference of an entry"),
        ({"register": "wishes"}, "Expected one of the registers"),
        ({"seen": 4}, "changed since you opened it"),
    ],
)
def test_what_is_not_whole_is_refused_with_its_field(engine: Engine, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        save(engine, **given)
    assert registers.entries(engine) == []


def test_whoever_saw_an_earlier_revision_overwrites_nothing(engine: Engine) -> None:
    ref = save(engine)
    save(engine, ref, 1, cost="first")
    with pytest.raises(Refused, match="changed since you opened it: nothing was overwritten"):
        save(engine, ref, 1, cost="second")
    with pytest.raises(Refused, match="changed since"):
        registers.close(engine, "recommendations", ref, "done", "Invented deed", WHO, seen_revision=1)
    assert registers.entries(engine)[0]["fields"]["cost"] == "first"


@pytest.mark.parametrize(("state", "words", "why"), [("open", "x", "Expected one of"), ("done", " ", "what was done")])
def test_it_is_closed_with_words(engine: Engine, state: str, words: str, why: str) -> None:
    ref = save(engine)
    with pytest.raises(Refused, match=why):
        registers.close(engine, "recommendations", ref, state, words, WHO, seen_revision=1)
    with pytest.raises(Refused, match="not kept yet"):
        registers.close(engine, "recommendations", "starter-1", "done", "x", WHO, seen_revision=0)


class TestSnapshot:
    def take(self, engine: Engine, ref: str, seen: int, **given: Any) -> None:
        registers.take_snapshot(engine, "recommendations", ref, SNAPSHOT | given, WHO, seen_revision=seen)

    def test_it_stays_while_the_figure_is_the_same(self, engine: Engine) -> None:
        ref = save(engine)
        self.take(engine, ref, 1)
        kept = registers.entries(engine)[0]["fields"]["snapshot"]
        assert {name: kept[name] for name in SNAPSHOT} == SNAPSHOT
        assert kept["taken_at"].endswith("Z")
        save(engine, ref, 2, cost="some")
        assert registers.entries(engine)[0]["fields"]["snapshot"] == kept
        save(engine, ref, 3, metric_code="repeat_victims")
        assert "snapshot" not in registers.entries(engine)[0]["fields"]

    @pytest.mark.parametrize(
        ("given", "why"),
        [
            ({"value": None}, "no value now"),
            ({"value": float("inf")}, "no value now"),
            ({"manifest_hash": "unknown"}, "publication"),
            ({"metric_code": "repeat_victims"}, "has no such live figure"),
            ({"more": 1}, "A snapshot holds"),
        ],
    )
    def test_what_is_no_evidence_is_refused(self, engine: Engine, given: dict[str, Any], why: str) -> None:
        ref = save(engine)
        with pytest.raises(Refused, match=why):
            self.take(engine, ref, 1, **given)
        assert registers.entries(engine)[0]["revision"] == 1


def test_it_is_only_added_to(engine: Engine) -> None:
    save(engine)
    for statement in ("delete from register_rows", "update register_rows set fields = '{}'"):
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
            con.exec_driver_sql(statement)


@pytest.mark.parametrize(
    ("due", "is_closed", "expected"),
    [("2026-11-23", False, True), ("2026-11-24", False, False), ("2026-11-23", True, False), ("", False, False)],
)
def test_overdue_is_worked_out(due: str, is_closed: bool, expected: bool) -> None:
    assert registers.is_overdue({"due_date": due}, is_closed, dt.date(2026, 11, 24)) is expected


def test_every_register_names_its_title_first_and_no_field_twice() -> None:
    for kind in KINDS.values():
        names = [field.name for field in kind.fields]
        assert names[0] == "title" and kind.fields[0].is_needed
        assert len(set(names)) == len(names)
        assert not set(names) & {"snapshot", "closing_words"}
        assert all(bool(field.choices) == (field.kind == CHOICE) for field in kind.fields)


def test_every_deed_is_in_the_log_without_words(engine: Engine) -> None:
    ref = save(engine)
    registers.close(engine, "recommendations", ref, "declined", "Invented words", WHO, seen_revision=1)
    with engine.connect() as con:
        told = con.exec_driver_sql("select action, detail from events order by event_number").fetchall()
    assert [row[0] for row in told] == ["register entry kept", "register entry closed"]
    assert "Invented" not in str(told)
