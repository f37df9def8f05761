"""Decisions moved between SQLite and PostgreSQL, either way; a server that does not answer is one sentence.

Everything decided here is invented.
"""

import os
import socket
import sqlite3
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from commands import stra
from home_by_hand import make_home
from postgres_server import PASSWORD, QUOTED, Server, postgres
from sqlalchemy import text
from sqlalchemy.exc import DatabaseError

from casework.access import access_log
from casework.assessment import scheme
from casework.store import address, transfer
from casework.store import database as stores
from casework.store.database import APPEND_ONLY, open_store
from casework.store.refusal import Refused
from casework.upkeep import checks, move

BY = ("--by", "An Operator")
POINTS = ("_lock", "copy_tables", "faults_of", "record", "_bar", "_put_in_use")


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    with postgres() as running:
        yield running


@pytest.fixture
def url(server: Server, tmp_path: Path) -> str:
    """An empty database of its own."""
    name = f"d{abs(hash(tmp_path.name + os.urandom(4).hex()))}"
    server.run_alone(f"create database {name}")
    return server.url().replace("@/postgres?", f"@/{name}?")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home with decisions alone."""
    monkeypatch.delenv(stores.URL, raising=False)
    made = tmp_path / "home"
    made.mkdir(mode=0o700)
    decide(made, "A")
    return made


@pytest.fixture
def published(home: Path) -> Path:
    """The same with publications, which keep receipts of its logs."""
    return make_home(home)


@pytest.fixture(autouse=True)
def opened() -> Iterator[None]:
    yield
    stores._open.cache_clear()


def decide(home: Path, words: str) -> None:
    """One decision that is chained, with its event."""
    engine = open_store(home)
    change = scheme.Change("weight", words, 1.0, 2.0, f"Invented: {words}", {"moves": "nothing"})
    scheme.accept(engine, change, "Invented Chief", seen_version=scheme.version(engine))


def rows_of(home: Path) -> dict[str, list[tuple]]:
    """Every row of the store of a home, by table."""
    with stores.reading(open_store(home)) as con:
        return {t.name: [tuple(row) for row in con.execute(t.select())] for t in transfer._tables()}


def test_there_and_back_with_every_row_and_chain(published: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    home = published
    before, kept = rows_of(home), checks.published_marks(home)
    assert any(kept), "receipts are compared too"
    monkeypatch.setenv(stores.URL, url)
    said = stra("casework", "move", "--home", home, "--to", "postgresql", *BY)
    assert "scheme_changes: 1 rows" in said and "set STRA_CASEWORK_URL for every command" in said
    assert f"{sum(map(len, before.values()))} rows were moved from {home}/casework.sqlite to the PostgreSQL" in said
    assert QUOTED not in said and PASSWORD not in said
    there = rows_of(home)
    added = there.pop("processing_log")[len(before["processing_log"]) :]
    assert len(added) == 1 and "decisions moved from" in str(added) and "by An Operator" in str(added)
    was = {name: rows for name, rows in before.items() if name not in ("processing_log", "access_log_head")}
    assert was == {name: rows for name, rows in there.items() if name != "access_log_head"}
    assert "All published copies match" in stra("verify", "--home", home)
    decide(home, "B")  # numbers go on
    # the file that was left is whole, says so, and refuses everything
    monkeypatch.delenv(stores.URL)
    with closing(sqlite3.connect(home / "casework.sqlite")) as con:
        assert con.execute("select count(*) from scheme_changes").fetchall() == [(1,)]
    said = stra("verify", "--home", home, code=1)
    assert "The decisions were moved to the PostgreSQL database" in said and "Name it in STRA_CASEWORK_URL." in said
    monkeypatch.setenv(stores.URL, url)
    with_b = rows_of(home)
    assert len(with_b["scheme_changes"]) == 2
    said = stra("casework", "move", "--home", home, "--to", "sqlite", *BY)
    [aside] = home.glob("casework.moved-*.sqlite")
    assert aside.name in said and "leave STRA_CASEWORK_URL out of the environment" in said
    # the server refuses now
    assert "Take STRA_CASEWORK_URL out of the environment" in stra("verify", "--home", home, code=1)
    monkeypatch.delenv(stores.URL)
    assert rows_of(home)["scheme_changes"] == with_b["scheme_changes"] and rows_of(home)["events"] == with_b["events"]
    assert "All published copies match" in stra("verify", "--home", home)
    decide(home, "C")
    assert checks.faults(home, checks.published_marks(home)) == []


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_who_has_the_old_store_open_cannot_write_to_it(
    home: Path, url: str, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, url)
    if to == "sqlite":
        stra("casework", "move", "--home", home, "--to", "postgresql", *BY)
        opened = open_store(home)
    else:
        opened = stores._open(address.of_file(home / "casework.sqlite"))
    stra("casework", "move", "--home", home, "--to", to, *BY)
    for table in transfer._tables():
        column = next(iter(table.columns)).name
        verbs = ["delete from {0}", "update {0} set {1} = {1}", "insert into {0} ({1}) values (null)"]
        verbs += ["truncate {0} cascade"] if opened.dialect.name == "postgresql" else []
        for verb in verbs:
            if opened.dialect.name == "sqlite" and not verb.startswith("insert"):
                with opened.connect() as con:
                    if not con.execute(table.select()).first():
                        continue  # a trigger of SQLite is for each row
            with pytest.raises(Refused, match=r"^The decisions were moved to .* on .*\.$"), opened.begin() as con:
                con.execute(text(verb.format(table.name, column)))
    with pytest.raises(Refused, match="The decisions were moved to"):
        access_log.record(opened, access_log.by_command("consultation", "", "a test", "seen"))


def test_a_target_with_rows_is_left_as_it_is(home: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(stores.URL, url)
    decide(home, "of the server")
    for to in ("postgresql", "sqlite"):
        said = stra("casework", "move", "--home", home, "--to", to, *BY, code=1)
        assert "it has rows, and they are kept" in said
        assert [row[3] for row in rows_of(home)["scheme_changes"]] == ["of the server"]
    monkeypatch.delenv(stores.URL)
    assert [row[3] for row in rows_of(home)["scheme_changes"]] == ["A"]
    assert f"server in {stores.URL}" in stra("casework", "move", "--home", home, "--to", "postgresql", *BY, code=1)


def test_a_damaged_store_is_not_moved(home: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with closing(sqlite3.connect(home / "casework.sqlite")) as con:
        con.execute("drop trigger scheme_changes_update")
        con.execute("update scheme_changes set reason = 'another'")
        con.commit()
    monkeypatch.setenv(stores.URL, url)
    said = stra("casework", "move", "--home", home, "--to", "postgresql", *BY, code=1)
    assert "is damaged, so it is not moved" in said and "was changed" in said
    assert not any(rows_of(home).values())


class Killed(BaseException):
    """The process ends here."""


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
@pytest.mark.parametrize("point", POINTS)
@pytest.mark.parametrize("is_after", [False, True])
def test_wherever_it_is_interrupted_one_store_is_whole_and_the_next_run_completes_it(
    home: Path, url: str, to: str, point: str, is_after: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, url)
    if to == "sqlite":
        stra("casework", "move", "--home", home, "--to", "postgresql", *BY)
    file = address.of_file(home / "casework.sqlite")
    urls = (address.server(), file) if to == "sqlite" else (file, address.server())
    owner = {"copy_tables": transfer, "faults_of": checks, "record": access_log}.get(point, move)
    real = getattr(owner, point)

    def killed(*arguments: object, **more: object) -> None:
        if is_after:
            real(*arguments, **more)
        raise Killed

    def state(url: str) -> tuple[bool, int]:
        """Whether a store is in use, and how many changes of the scheme it has."""
        with transfer.Opened(url) as engine, stores.reading(engine) as con:
            return not stores.marks(engine), len(con.execute(text("select 1 from scheme_changes")).all())

    with monkeypatch.context() as cut:
        cut.setattr(owner, point, killed)
        with pytest.raises(Killed):
            move.move(home, to, "An Operator")
    (old_in_use, old_rows), (new_in_use, new_rows) = map(state, urls)
    assert old_rows == 1, "the old one is whole"
    if new_in_use and new_rows:  # the last step was done: the process ended without saying so
        assert (point, is_after) == ("_put_in_use", True) and not old_in_use
        return
    assert old_in_use or new_rows == 1, "what is not in the old one any more is in the new one"
    move.move(home, to, "An Operator")
    assert [state(url) for url in urls] == [(False, 1), (True, 1)]
    with transfer.Opened(urls[1]) as engine:
        assert checks.faults_of(engine, checks.published_marks(home)) == []
        moves = [row for row in access_log.entries(engine, None) if row["place"] == "stra casework move"]
        assert len(moves) == (2 if to == "sqlite" else 1), "each move is logged once"


@pytest.mark.parametrize("to", ["postgresql", "sqlite"])
def test_what_people_do_meanwhile_is_in_the_new_store_or_refused(
    home: Path, url: str, to: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people write all the time: what was confirmed to them is there, and they hear of the move."""
    monkeypatch.setenv(stores.URL, url)
    if to == "sqlite":
        move.move(home, "postgresql", "An Operator")
    file = address.of_file(home / "casework.sqlite")
    old, new = (address.server(), file) if to == "sqlite" else (file, address.server())
    engine, has_begun = stores.open_at(old), threading.Event()

    def work(who: str) -> tuple[list[str], str]:
        """What was confirmed, and the words of the refusal."""
        done: list[str] = []
        while len(done) < 10_000:
            subject = f"{who} {len(done)}"
            try:
                access_log.record(engine, access_log.by_command("consultation", "", "a test", subject))
            except Refused as words:
                return done, str(words)
            done.append(subject)
            if len(done) > 5:
                has_begun.set()
        return done, ""

    with ThreadPoolExecutor() as people:
        working = [people.submit(work, who) for who in ("A", "B")]
        assert has_begun.wait(60)
        move.move(home, to, "An Operator")
        results = [each.result() for each in working]
    engine.dispose()
    with transfer.Opened(new) as there:
        held = {row["subject"] for row in access_log.entries(there, None) if row["place"] == "a test"}
        assert checks.faults_of(there) == []
    assert held == {subject for done, _ in results for subject in done}
    assert all("The decisions were moved to" in words for _, words in results)


def test_a_move_waits_for_the_change_that_has_begun_whatever_it_writes_next(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both lock several tables, each in an order of its own: neither may wait for what the other holds."""
    monkeypatch.setenv(stores.URL, url)
    move.move(home, "postgresql", "An Operator")
    engine, waiting = open_store(home), text("select count(*) from pg_locks where not granted")
    with ThreadPoolExecutor() as people, stores.writing(engine) as con:
        for number, table in enumerate(reversed(transfer._tables())):
            con.execute(text(f"lock table {table.name} in row exclusive mode"))  # as a change of its rows does
            if number == 0:
                moved = people.submit(move.move, home, "sqlite", "An Operator")
                while not con.execute(waiting).scalar_one() and not moved.done():
                    pass
    assert moved.result().rows["scheme_changes"] == 1


def test_a_change_that_does_not_end_keeps_the_decisions_where_they_are(
    home: Path, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, url)
    monkeypatch.setattr(move, "LOCK_WAIT", "100ms")
    move.move(home, "postgresql", "An Operator")
    engine = open_store(home)
    with stores.writing(engine), pytest.raises(DatabaseError) as problem:
        move.move(home, "sqlite", "An Operator")
    assert stores.in_words(problem.value) == (
        "The casework store is locked: somebody else is writing to it. Try again."
    )
    decide(home, "B")
    assert len(rows_of(home)["scheme_changes"]) == 2


def test_nothing_that_is_only_added_to_can_be_emptied(url: str, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also in a database that an earlier version made, without the triggers against it."""
    monkeypatch.setenv(stores.URL, url)
    engine = open_store(home)
    with engine.begin() as con:
        for table in APPEND_ONLY:
            con.exec_driver_sql(f"drop trigger {table}_emptying on {table}")
        con.exec_driver_sql("drop table store_marks")
        con.exec_driver_sql("update schema_versions set version = 9")
        con.exec_driver_sql("truncate events")
    engine.dispose()
    stores._open.cache_clear()
    engine = open_store(home)
    for table in APPEND_ONLY:
        for statement in (f"truncate {table} cascade", f"delete from {table}"):
            with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
                con.exec_driver_sql(statement)


# a server that does not answer


@pytest.fixture
def silent() -> Iterator[int]:
    """A port that accepts and never answers."""
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen(8)
        yield listening.getsockname()[1]


def test_each_way_of_not_answering_is_one_sentence_with_place_and_remedy(
    home: Path, server: Server, silent: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(address, "WAIT_S", 2)
    here = server.url()
    cases = {
        f"postgresql://u:{QUOTED}@127.0.0.1:1/d": "d on 127.0.0.1:1: expected it to answer, saw that nothing answers",
        here.replace(QUOTED, "wrong"): "saw that it refused the user or the password. Correct them, or correct STRA_",
        here.replace("reader:", "nobody:"): "saw that it refused the user or the password",
        here.replace("@/postgres?", "@/nowhere?"): "nowhere on /tmp/pg",
        f"postgresql://u:{QUOTED}@no-such-machine.invalid/d": "saw that no machine of this name is known",
        f"postgresql://u:{QUOTED}@/d?host={home}": f"d on {home}: expected it to answer, saw that there is no socket",
        f"postgresql://u:{QUOTED}@127.0.0.1:{silent}/d": "it gave no answer within",
        f"postgresql://u:{QUOTED}@127.0.0.1:wrong/d": "expected an address like postgresql://USER:PASSWORD@",
        f"mysql://u:{QUOTED}@127.0.0.1/d": "saw mysql://",
        f"postgresql://u:{QUOTED}@127.0.0.1": "expected an address like",
    }
    for url, words in cases.items():
        monkeypatch.setenv(stores.URL, url)
        with pytest.raises(Refused) as refused:
            open_store(home)
        said = str(refused.value)
        assert words in said and said.count("\n") == 0 and stores.URL in said, said
        assert PASSWORD not in said and QUOTED not in said and "wrong@" not in said
    assert "there is no database of this name" in _said(monkeypatch, here.replace("@/postgres?", "@/nowhere?"), home)


def _said(monkeypatch: pytest.MonkeyPatch, url: str, home: Path) -> str:
    monkeypatch.setenv(stores.URL, url)
    with pytest.raises(Refused) as refused:
        open_store(home)
    return str(refused.value)


COMMANDS: tuple[tuple[str, ...], ...] = (
    ("verify", "--home", "HOME"),
    ("log", "verify", "--home", "HOME"),
    ("log", "export", "--home", "HOME", "--out", "OUT", "--recipient", "x"),
    ("account", "list", "--home", "HOME"),
    ("account", "set", "--home", "HOME", "--identity", "a@force.invented", "--role", "analyst", "--reason", "x"),
    ("backup", "--home", "HOME", "--to", "OUT"),
    ("publish", "--back", "--home", "HOME", *BY),
    ("casework", "move", "--home", "HOME", "--to", "postgresql", *BY),
    ("casework", "move", "--home", "HOME", "--to", "sqlite", *BY),
    ("register", "import", "--home", "HOME", "--file", "PLAN", *BY),
    ("report", "panel", "--home", "HOME", "--out", "OUT"),
    ("report", "audit", "--home", "HOME", "--out", "OUT"),
    ("build", "--home", "HOME", "--data", "DATA"),
    ("digest", "--home", "HOME"),
)


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command[:2]))
def test_every_command_says_so_in_one_sentence(
    published: Path, tmp_path: Path, command: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, f"postgresql://u:{QUOTED}@127.0.0.1:1/d")
    monkeypatch.setenv("STRA_BACKUP_KEY", "an invented key of thirty characters")
    (tmp_path / "data").mkdir()
    (tmp_path / "plan.csv").write_text("Number,Recommendation,Status\n1,Do it,Done\n")
    (published / "digests.toml").write_text(f'[one]\nrole = "administrator"\nfolder = "{tmp_path}"\n')
    places = {"HOME": published, "OUT": tmp_path / "out", "DATA": tmp_path / "data", "PLAN": tmp_path / "plan.csv"}
    said = stra(*(places.get(part, part) for part in command), code=1)
    lines = [line for line in said.splitlines() if line.startswith("stra: ")]
    assert len(lines) == 1 and "saw that nothing answers there (connection refused). Start the server" in lines[0]
    assert "Traceback" not in said and PASSWORD not in said and QUOTED not in said


def test_a_server_that_dies_midway_is_said_and_used_again_once_it_is_back(
    home: Path, url: str, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, url)
    decide(home, "B")
    engine = open_store(home)

    def cut_off() -> None:
        with stores.writing(engine) as con:
            con.execute(text("insert into saved_views values ('r', 1, 'n', 'a', 'o', 0, 0, 'c', 'c')"))
            server.end_connections()
            con.execute(text("select 1"))

    with pytest.raises(address.ServerUnreachable, match=r"saw that it ended the connection\. Look whether"):
        cut_off()
    with stores.reading(engine) as con:
        assert con.execute(text("select count(*) from saved_views")).scalar_one() == 0, "all of it or nothing"
    server.end_connections()  # while nobody used it: the next user notices nothing
    decide(home, "C")
    assert checks.faults(home) == []
