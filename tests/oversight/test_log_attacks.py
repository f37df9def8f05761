"""The log of section 62 against those who would change it, and against what fails under it: a kill, a full disk."""

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from audit_hands import store
from sqlalchemy import Connection, Engine, create_engine, select
from sqlalchemy.exc import DatabaseError
from typer.testing import CliRunner

from casework.access import access_log as log
from casework.people import links
from casework.store import chain
from casework.store import database as stores
from casework.store.database import reading, rows
from casework.store.tables import link_decisions, processing_log
from casework.upkeep import checks
from pipelines.commands import cli

ROWS = 8


def action(number: int, kind: str = "consultation") -> log.Action:
    return log.Action(
        kind, f"invented person {number}", log.SIGNED_IN, "integrity", "fix_list", f"list {number}", number
    )


def filled(home: Path, count: int = ROWS) -> list[log.Entry]:
    engine = store(home)
    return [log.record(engine, action(number)) for number in range(1, count + 1)]


def published(home: Path) -> None:
    """What a publication keeps of the logs."""
    folder = home / "published" / "copies" / "integrity" / "20261101T000000000000Z"
    folder.mkdir(parents=True)
    (folder / "manifest.json").write_text(json.dumps({"logs": checks.marks(home)}))


def outside(home: Path, change: Callable[[Connection], None]) -> None:
    """Change the store as somebody would who goes round the code and its triggers."""
    engine = create_engine(f"sqlite:///{home / stores.FILE}")
    with engine.begin() as con:
        for verb in ("update", "delete"):
            con.exec_driver_sql(f"drop trigger if exists processing_log_{verb}")
        change(con)
    engine.dispose()


def rehashed(con: Connection, start: int, **changed: object) -> None:
    """Edit row `start` and make every hash from there fit, the head too: what whoever owns the whole store can do."""
    held = [dict(row) for row in con.execute(processing_log.select().order_by(processing_log.c.sequence)).mappings()]
    con.exec_driver_sql("delete from processing_log")
    previous = chain.FIRST
    for row in held:
        if row["sequence"] == start:
            row.update(changed)
        row["previous_hash"] = previous
        row["row_hash"] = previous = log.CHAIN.hash_of(row)
        con.execute(processing_log.insert().values(row))
    con.exec_driver_sql(f"update access_log_head set row_hash = '{previous}' where log_name = 'processing_log'")


def sql(*statements: str) -> Callable[[Connection], None]:
    def change(con: Connection) -> None:
        for statement in statements:
            con.exec_driver_sql(statement)

    return change


SWAPPED = sql(
    "update processing_log set sequence = 99 where sequence = 3",
    "update processing_log set sequence = 3 where sequence = 6",
    "update processing_log set sequence = 6 where sequence = 99",
)
FORGED = sql(
    "update processing_log set sequence = sequence + 100 where sequence >= 5",
    "insert into processing_log select 5, logged_at, kind, 'nobody', who_kind, audience, place, subject, record_count,"
    " recipient, purpose, 'x', 'y' from processing_log where sequence = 4",
    "update processing_log set sequence = sequence - 99 where sequence >= 105",
)
# what was done -> how, and what the check says of it
TAMPERINGS: dict[str, tuple[Callable[[Connection], None], str]] = {
    "who looked": (
        sql("update processing_log set who = 'nobody' where sequence = 4"),
        "no. 4 (consultation) was changed after it was written",
    ),
    "when": (
        sql("update processing_log set logged_at = '2026-01-01T00:00:00.000000Z' where sequence = 2"),
        "no. 2 (consultation) was changed after it was written",
    ),
    "what kind": (
        sql("update processing_log set kind = 'collection' where sequence = 7"),
        "no. 7 (collection) was changed after it was written",
    ),
    "how many": (
        sql("update processing_log set record_count = 1 where sequence = 5"),
        "no. 5 (consultation) was changed after it was written",
    ),
    "to whom": (
        sql("update processing_log set recipient = 'another force' where sequence = 6"),
        "no. 6 (consultation) was changed after it was written",
    ),
    "the first removed": (sql("delete from processing_log where sequence = 1"), "before no. 2: 1 rows are missing"),
    "some in the middle removed": (
        sql("delete from processing_log where sequence in (4, 5)"), "before no. 6: 2 rows are missing",
    ),
    "the end cut": (
        sql("delete from processing_log where sequence > 5"),
        "the log ends at no. 5, but was written to no. 8: its end was cut off",
    ),
    "two rows exchanged": (SWAPPED, "no. 3 (consultation) was no. 6 when it was written"),
    "a row put in between": (FORGED, "no. 5 (consultation) was changed after it was written"),
    "all removed": (
        sql("delete from processing_log"), "the log ends at no. 0, but was written to no. 8: its end was cut off",
    ),
    "a row edited and every hash made to fit": (
        lambda con: rehashed(con, 6, who="nobody"), "no. 8, ",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", TAMPERINGS)
def test_every_tampering_is_named(tmp_path: Path, name: str) -> None:
    """By `stra log verify`, which holds the log against the publications' marks too."""
    filled(tmp_path)
    published(tmp_path)
    change, words = TAMPERINGS[name]
    outside(tmp_path, change)
    result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert f"DAMAGED {words}" in result.output, result.output
    assert any(words in fault for fault in checks.faults(tmp_path, checks.published_marks(tmp_path)))


def test_a_manifest_that_cannot_be_read_is_said_and_no_witness(tmp_path: Path) -> None:
    filled(tmp_path)
    published(tmp_path)
    [path] = (tmp_path / "published" / "copies").glob("*/*/manifest.json")
    path.write_text("{", encoding="utf-8")
    sound = path.parents[1] / "2" / path.name
    sound.parent.mkdir()
    sound.write_text("{}", encoding="utf-8")
    result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(tmp_path)])
    assert result.exit_code == 1
    assert f"NOT READ {path}" in result.output and f"NOT READ {sound}" not in result.output
    assert "1 manifests of publications cannot be read" in result.output


def test_without_any_of_them_it_is_whole(tmp_path: Path) -> None:
    filled(tmp_path)
    published(tmp_path)
    result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(tmp_path)])
    assert (result.exit_code, "whole: 8 rows" in result.output) == (0, True), result.output
    assert "the receipts of 1 publications are in it" in result.output


def test_an_older_copy_of_the_store_put_back_is_found_by_the_publication(tmp_path: Path) -> None:
    filled(tmp_path, 3)
    shutil.copytree(tmp_path, tmp_path.parent / "kept")
    engine = store(tmp_path)
    log.record(engine, action(4))
    engine.dispose()
    published(tmp_path)
    for path in tmp_path.glob("casework.sqlite*"):
        path.unlink()
    for path in (tmp_path.parent / "kept").glob("casework.sqlite*"):
        shutil.copy(path, tmp_path)
    stores._open.cache_clear()
    result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(tmp_path)])
    assert result.exit_code == 1 and "no. 4, " in result.output and "is not in the log" in result.output


def test_a_log_taken_away_whole_is_missed(tmp_path: Path) -> None:
    filled(tmp_path)
    published(tmp_path)
    outside(tmp_path, sql("delete from processing_log", "delete from access_log_head"))
    result = CliRunner().invoke(cli.app, ["log", "verify", "--home", str(tmp_path)])
    assert result.exit_code == 1 and "is not in the log" in result.output


WRITER = """
import sys
from pathlib import Path
from casework.access import access_log as log
from casework.store.database import open_store
engine = open_store(Path(sys.argv[1]))
while True:
    entry = log.record(engine, log.Action('consultation', 'killed', log.NOT_SIGNED_IN, 'integrity', 'p', 's', 1))
    print(entry.sequence, entry.row_hash, flush=True)
"""


@pytest.mark.kill
@pytest.mark.parametrize("lines", [1, 3, 17, 40])
def test_a_kill_loses_no_line_that_was_acknowledged_and_tears_none(tmp_path: Path, lines: int) -> None:
    store(tmp_path).dispose()
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    root = Path(log.__file__).parents[1]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = [process.stdout.readline().split() for _ in range(lines)]
        process.send_signal(signal.SIGKILL)
        told += [line.split() for line in process.stdout if line.endswith("\n")]
    witnessed = [log.Entry(int(number), row_hash) for number, row_hash in told]
    verdict = log.verify_in(tmp_path, witnessed)
    assert verdict.faults == ()
    assert verdict.row_count >= len(witnessed) >= lines
    log.record(store(tmp_path), action(1))  # and it goes on
    assert log.verify_in(tmp_path, witnessed).faults == ()


FULL = """
import resource, signal, sys
from pathlib import Path
from casework.access import access_log as log
from casework.store.refusal import Refused
from casework.store.database import open_store
engine = open_store(Path(sys.argv[1]))
engine.dispose()
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[2]), int(sys.argv[2])))
count = 0
try:
    while count < 5000:
        log.record(engine, log.Action('consultation', 'full ' * 40, log.NOT_SIGNED_IN, 'integrity', 'p', 's', 1))
        count += 1
except Refused as words:
    print(count, words)
"""


@pytest.mark.parametrize(
    ("kind", "seen"),
    [("SQLITE_FULL", "disk is full"), ("SQLITE_IOERR_SHMSIZE", "disk is full"), ("SQLITE_IOERR_READ", "a fault")],
)
def test_what_sqlite_calls_an_error_of_the_disk_is_told_as_what_it_is(kind: str, seen: str) -> None:
    """It cannot enlarge a file that its processes share: that is a full disk too."""
    said = sqlite3.OperationalError("database or disk is full" if kind == "SQLITE_FULL" else "disk I/O error")
    said.sqlite_errorname = kind
    assert seen in stores.in_words(DatabaseError("select", None, said))


@contextmanager
def only_read(home: Path) -> Iterator[None]:
    """A folder that nothing can be written to: for root, who may write everywhere, by the way it is mounted."""
    is_root = os.getuid() == 0
    home.chmod(0o500)
    for options in (["--bind", str(home)], ["-o", "remount,bind,ro"]) if is_root else ():
        subprocess.run(["mount", *options, str(home)], check=True)
    yield
    home.chmod(0o700) if not is_root else subprocess.run(["umount", "-l", home], check=True)


@pytest.mark.parametrize("kept", [("",), ("", "-wal", "-shm"), ("", "-wal")])
def test_a_home_that_can_only_be_read_is_verified_as_it_is_or_refused_in_words(
    tmp_path: Path, kept: tuple[str, ...]
) -> None:
    """With or without the files of changes that were under way when it was copied."""
    home = tmp_path / "copy"
    home.mkdir()
    filled(tmp_path, 2)
    store(tmp_path).dispose()  # now all is in one file
    with reading(store(tmp_path)) as con:
        rows(con, select(processing_log))  # as long as somebody reads, changes stay in a file of their own
        filled(tmp_path, len(kept) - 1)
        for end in kept:
            shutil.copy(tmp_path / f"casework.sqlite{end}", home)
    with only_read(home):
        verified, listed = (
            CliRunner().invoke(cli.app, [*command, "--home", str(home)])
            for command in (["log", "verify"], ["account", "list"])
        )
    if kept == ("", "-wal"):
        assert (verified.exit_code, listed.exit_code) == (1, 1)
        assert "the last changes are in casework.sqlite-wal" in verified.output and "Copy the whole" in listed.output
    else:
        assert (verified.exit_code, listed.exit_code) == (0, 0), verified.output + listed.output
        assert f"whole: {1 + len(kept)} rows" in verified.output


@pytest.mark.kill
def test_a_full_disk_refuses_the_deed_and_loses_no_line(tmp_path: Path) -> None:
    """No file of this process may grow beyond what it is: for SQLite that is a full disk."""
    filled(tmp_path, 2)
    room = max(path.stat().st_size for path in tmp_path.iterdir()) + 400_000
    command = [sys.executable, "-c", FULL, str(tmp_path), str(room)]
    root = Path(log.__file__).parents[1]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False, env={**os.environ})
    count, words = done.stdout.split(maxsplit=1)
    assert "cannot be written" in words and "quota" in words, done.stderr[-2000:]
    assert int(count) > 0
    verdict = log.verify_in(tmp_path)
    assert (verdict.faults, verdict.row_count) == ((), int(count) + 2)
    log.record(store(tmp_path), action(3))  # with room again it goes on
    assert log.verify_in(tmp_path).faults == ()


def test_what_cannot_be_logged_is_not_decided(tmp_path: Path) -> None:
    """A decision and its row stand in one transaction: with the log gone the decision is not kept either."""
    engine = store(tmp_path)
    outside(tmp_path, sql("drop table processing_log"))
    with pytest.raises(DatabaseError, match="processing_log"):
        links.decide(engine, "invented reader", "first", ("A", "B"), "same", "numbers_agree", seen_revision=0)
    with reading(engine) as con:
        assert rows(con, link_decisions.select()) == []


def test_an_earlier_version_s_viewings_are_still_held_to_their_chain(tmp_path: Path) -> None:
    engine = store(tmp_path)
    fields = {"viewed_at": "2026-11-01T00:00:00.000000Z", "viewer": "v", "viewer_kind": "signed in",
              "audience": "integrity", "page": "p", "subject": "s", "record_count": 1}  # fmt: skip
    earlier: list[log.Entry] = [
        chain.append_in_chain(engine, log.EARLIER, lambda con: chain.append(con, log.EARLIER, fields)) for _ in range(2)
    ]
    log.record(engine, action(1))
    mark = log.Entry(2, earlier[1].row_hash[:12])  # as it was printed on a list
    assert log.verify(engine, [mark]) == log.Verdict(3, ())
    with engine.begin() as con:
        con.exec_driver_sql("drop trigger access_log_update")
        con.exec_driver_sql("update access_log set viewer = 'nobody' where sequence = 1")
    assert log.verify(engine).faults == (
        "The access log of earlier versions: no. 1 was changed after it was written",
    )  # fmt: skip


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_the_store_refuses_a_change_of_any_row(tmp_path: Path, verb: str) -> None:
    filled(tmp_path, 1)
    engine: Engine = store(tmp_path)
    words = "update processing_log set who = 'nobody'" if verb == "update" else "delete from processing_log"
    with pytest.raises(Exception, match="append-only"), engine.begin() as con:
        con.exec_driver_sql(words)
