"""The log of what was done with records of people: added to, never changed, and one chain however many do it."""

import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from postgres_server import postgres
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from casework.access import access_log as log
from casework.store import chain
from casework.store import database as stores
from casework.store.refusal import Refused
from pipelines.commands import cli

VIEWING = log.Action(
    "consultation", "invented viewer", log.SIGNED_IN, "integrity", "daily_meeting", "daily lists of Unit A", 7
)


def tampered(home: Path, *statements: str) -> None:
    """Change the store as somebody would who goes round the code and its triggers."""
    outside = create_engine(f"sqlite:///{home / stores.FILE}")
    with outside.begin() as con:
        for trigger in ("processing_log_update", "processing_log_delete"):
            con.exec_driver_sql(f"drop trigger {trigger}")
        for statement in statements:
            con.exec_driver_sql(statement)
    outside.dispose()


def test_each_viewing_follows_the_one_before(engine: Engine) -> None:
    made = [log.record(engine, VIEWING) for _ in range(3)]
    held = log.entries(engine)
    assert [row["sequence"] for row in held] == [3, 2, 1]
    assert [row["previous_hash"] for row in held] == [made[1].row_hash, made[0].row_hash, chain.FIRST]
    assert held[0]["logged_at"].endswith("Z") and held[0]["subject"] == VIEWING.subject
    assert log.verify(engine) == log.Verdict(3, ())
    assert made[2].mark.startswith("no. 3, ")


def test_a_viewing_is_no_decision_that_a_build_would_wait_for(engine: Engine) -> None:
    log.record(engine, VIEWING)
    assert stores.last_event(engine) == 0


@pytest.mark.parametrize("statement", ["update processing_log set who = 'nobody'", "delete from processing_log"])
def test_the_store_itself_refuses_a_change(engine: Engine, statement: str) -> None:
    log.record(engine, VIEWING)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
        con.exec_driver_sql(statement)


@pytest.mark.parametrize(
    "column",
    [
        "logged_at", "who", "who_kind", "audience", "place", "subject", "record_count", "recipient", "row_hash",
    ],
)
def test_a_changed_row_is_found(engine: Engine, tmp_path: Path, column: str) -> None:
    for _ in range(3):
        log.record(engine, VIEWING)
    tampered(tmp_path, f"update processing_log set {column} = '1' where sequence = 2")
    assert any("no. 2 (consultation) was changed" in fault for fault in log.verify(engine).faults)


def test_a_changed_row_with_a_hash_made_to_fit_breaks_the_next(engine: Engine, tmp_path: Path) -> None:
    for _ in range(3):
        log.record(engine, VIEWING)
    row = next(r for r in log.entries(engine) if r["sequence"] == 2) | {"who": "nobody"}
    tampered(
        tmp_path, f"update processing_log set who = 'nobody', row_hash = '{log.CHAIN.hash_of(row)}' where sequence = 2"
    )  # fmt: skip
    assert log.verify(engine).faults == ("no. 3 (consultation) does not follow the row before it",)


@pytest.mark.parametrize(
    ("sequence", "fault"),
    [
        (1, "before no. 2: 1 rows are missing"),
        (2, "before no. 3: 1 rows are missing"),
        (3, "the log ends at no. 2, but was written to no. 3: its end was cut off"),
    ],
)
def test_a_removed_row_is_found_the_last_one_too(engine: Engine, tmp_path: Path, sequence: int, fault: str) -> None:
    for _ in range(3):
        log.record(engine, VIEWING)
    tampered(tmp_path, f"delete from processing_log where sequence = {sequence}")
    assert any(found.startswith(fault) for found in log.verify(engine).faults)


def test_a_log_cut_short_with_its_head_is_found_by_the_mark_on_a_printed_list(engine: Engine, tmp_path: Path) -> None:
    made = [log.record(engine, VIEWING) for _ in range(3)]
    tampered(
        tmp_path,
        "delete from processing_log where sequence = 3",
        f"update access_log_head set sequence = 2, row_hash = '{made[1].row_hash}'",
    )
    assert log.verify(engine).faults == ()
    assert log.verify(engine, made).faults == (f"{made[2].mark} is not in the log",)


@pytest.mark.parametrize("digits", [12, 13, 64])
def test_the_mark_as_printed_is_a_witness(engine: Engine, digits: int) -> None:
    made = log.record(engine, VIEWING)
    assert log.verify(engine, [chain.mark_of(f"1:{made.row_hash[:digits].upper()}")]).faults == ()


def test_a_mark_of_another_row_or_of_another_hash_is_not_in_the_log(engine: Engine) -> None:
    first, second = (log.record(engine, VIEWING) for _ in range(2))
    wrong = "f" if first.row_hash[11] == "0" else "0"
    forged = log.Entry(1, first.row_hash[:11] + wrong)
    for witness in (log.Entry(2, first.row_hash[:12]), log.Entry(3, second.row_hash[:12]), forged, log.Entry(1, "")):
        assert log.verify(engine, [witness]).faults == (f"{witness.mark} is not in the log",)


@pytest.mark.parametrize("text", ["", "1", "1:", "1:0123456789a", "x:0123456789ab", "1:0123456789ax", f"1:{'0' * 65}"])
def test_what_is_no_mark_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="Expected a receipt"):
        chain.mark_of(text)


def written_while_checked(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> log.Verdict:
    """Check the log while somebody's viewing is written between the reading of the rows and that of the head."""
    read_head, is_written = chain.head, threading.Event()

    def head(con: Connection, of: chain.Chain) -> dict[str, Any] | None:
        if of is log.CHAIN and not is_written.is_set():
            is_written.set()
            log.record(engine, VIEWING)
        return read_head(con, of)

    monkeypatch.setattr(chain, "head", head)
    return log.verify(engine)


def test_a_viewing_written_while_the_log_is_checked_is_no_fault(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record(engine, VIEWING)
    assert written_while_checked(engine, monkeypatch) == log.Verdict(1, ())
    assert log.verify(engine) == log.Verdict(2, ())


def test_two_processes_do_not_fork_it_either(engine: Engine, tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from casework.access import access_log as log; from "
        "casework.store.database import "
        "open_store\nengine = open_store(Path(sys.argv[1]))\n"
        "for _ in range(20):\n"
        " log.record(engine, log.Action('consultation', 'other', log.NOT_SIGNED_IN, 'integrity', 'p', 's', 1))"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    running = [subprocess.Popen(command, cwd=Path(log.__file__).parents[1]) for _ in range(2)]
    for _ in range(20):
        log.record(engine, VIEWING)
    assert [process.wait(timeout=120) for process in running] == [0, 0]
    assert log.verify(engine) == log.Verdict(60, ())


def test_a_viewing_that_cannot_be_written_is_refused(engine: Engine) -> None:
    with engine.begin() as con:
        con.exec_driver_sql("drop table access_log_head")
    with pytest.raises(Refused, match="cannot be written"):
        log.record(engine, VIEWING)
    assert log.entries(engine) == []  # nothing half


def test_a_chain_that_always_moves_on_ends_in_words(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """What PostgreSQL shows: between the look and the writing the head has moved."""
    log.record(engine, VIEWING)

    def overtaken(con: object, action: log.Action) -> log.Entry:
        raise chain.OvertakenError

    monkeypatch.setattr(log, "_append", overtaken)
    with pytest.raises(Refused, match="so busy"):
        log.record(engine, VIEWING)
    monkeypatch.undo()
    assert log.verify(engine) == log.Verdict(1, ())


def test_a_head_set_back_is_called_damaged_and_not_busy(engine: Engine, tmp_path: Path) -> None:
    made = [log.record(engine, VIEWING) for _ in range(2)]
    tampered(tmp_path, f"update access_log_head set sequence = 1, row_hash = '{made[0].row_hash}'")
    with pytest.raises(Refused, match=r"is damaged.*the log ends at no\. 2"):
        log.record(engine, VIEWING)
    assert len(log.entries(engine)) == 2


def test_a_viewing_without_a_viewer_is_refused(engine: Engine) -> None:
    with pytest.raises(Refused, match="without who did it"):
        log.Action("consultation", " ", log.SIGNED_IN, "integrity", "p", "s", 1)


@pytest.mark.parametrize(
    ("kind", "recipient", "words"),
    [("disclosure", " ", "without a recipient"), ("looking", "", "Expected a kind"), ("", "", "Expected a kind")],
)
def test_a_deed_says_its_kind_and_a_disclosure_its_recipient(kind: str, recipient: str, words: str) -> None:
    with pytest.raises(Refused, match=words):
        log.Action(kind, "invented", log.SIGNED_IN, "integrity", "p", "s", 1, recipient)


def test_on_postgresql_two_who_look_at_once_do_not_fork_it_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with postgres() as server:
        monkeypatch.setenv(stores.URL, server.url().replace("postgresql://", "postgresql+psycopg://"))
        engine = stores.open_store(tmp_path)
        start = threading.Barrier(4)

        def look(number: int) -> list[int]:
            start.wait()
            return [log.record(engine, VIEWING).sequence for _ in range(10)]

        with ThreadPoolExecutor(4) as pool:
            numbers = [n for found in pool.map(look, range(4)) for n in found]
        assert sorted(numbers) == list(range(1, 41))
        assert log.verify(engine) == log.Verdict(40, ())
        assert written_while_checked(engine, monkeypatch) == log.Verdict(40, ())
        assert log.verify(engine) == log.Verdict(41, ())
        with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
            con.exec_driver_sql("update processing_log set who = 'nobody'")
        engine.dispose()


class TestCommand:
    def said(self, home: Path, *marks: str) -> tuple[int, str]:
        arguments = [part for mark in marks for part in ("--mark", mark)]
        result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(home), *arguments])
        return result.exit_code, result.output

    def test_a_whole_log_is_0_and_a_printed_mark_is_held_against_it(self, engine: Engine, tmp_path: Path) -> None:
        made = [log.record(engine, VIEWING) for _ in range(3)]
        code, words = self.said(tmp_path)
        assert code == 0 and "whole: 3 rows" in words
        number, digits = made[1].mark.removeprefix("no. ").split(", ")
        code, words = self.said(tmp_path, f"{number}:{digits}", f"3:{made[2].row_hash}")
        assert code == 0 and "2 printed receipts are in it" in words
        code, words = self.said(tmp_path, "4:0123456789ab")
        assert code == 1 and "no. 4, 0123456789ab is not in the log" in words

    def test_a_damaged_log_is_1_and_says_which_entry(self, engine: Engine, tmp_path: Path) -> None:
        for _ in range(3):
            log.record(engine, VIEWING)
        tampered(tmp_path, "update processing_log set who = 'nobody' where sequence = 2")
        code, words = self.said(tmp_path)
        assert code == 1 and "no. 2 (consultation) was changed" in words and "faults: 1" in words

    def test_no_store_is_no_pass_and_none_is_made(self, tmp_path: Path) -> None:
        code, words = self.said(tmp_path)
        assert code == 1 and "no casework store" in words
        assert list(tmp_path.iterdir()) == []

    def test_what_is_no_store_is_said_in_words(self, tmp_path: Path) -> None:
        (tmp_path / stores.FILE).write_text("this is no database, and was never one" * 50)
        code, words = self.said(tmp_path)
        assert code == 1 and "cannot be read" in words

    def test_wrong_use_is_2(self, tmp_path: Path) -> None:
        code, words = self.said(tmp_path, "3")
        assert code == 2 and "Expected a receipt" in words
