"""Homes of earlier versions are used as they are, and a home of a later version by nobody.

`earlier/casework_5.sql` is a casework store of version 5, written by the code of that time about an invented force;
tables without a row are left out.
With `make long`, and where the history is there, whole homes are made by that code too: tools/earlier_homes.py.
"""

import hashlib
import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import earlier_homes
import pytest
import typer.main
from commands import stra
from home_by_hand import log, make_home
from typer.testing import CliRunner

import stra as library
from casework.access.sign_ins import SignIn
from casework.assessment import overrides, registers, scheme
from casework.people import links
from casework.store import database as stores
from casework.store import tables
from casework.store.database import APPEND_ONLY, open_store
from casework.store.refusal import Refused
from casework.upkeep import checks
from dashboards.data import home_state
from dashboards.data.published import AUDIENCES, Missing, open_copy
from dashboards.server import access
from pipelines.commands.cli import app
from pipelines.commands.options import _known

OLDEST = 5  # its store lacks most: an upgrade adds tables, triggers and its version, whatever is there
LATER = tables.VERSION + 1
Rows = dict[str, list[dict[str, Any]]]


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.delenv(stores.URL, raising=False)
    yield
    stores._open.cache_clear()


def earlier(home: Path) -> Path:
    """A home with the store of the oldest version."""
    home.mkdir(mode=0o700, parents=True)
    script = (Path(__file__).parent / "earlier" / f"casework_{OLDEST}.sql").read_text(encoding="utf-8")
    with closing(sqlite3.connect(home / stores.FILE)) as con:
        con.executescript(script)
    return home


def rows_in(home: Path) -> Rows:
    """Table -> its rows, read without the product."""
    with closing(sqlite3.connect(home / stores.FILE)) as con:
        con.row_factory = sqlite3.Row
        names = [name for (name,) in con.execute("select name from sqlite_master where type = 'table'").fetchall()]
        return {n: [dict(row) for row in con.execute(f"select * from {n} order by rowid")] for n in names}


def receipts(held: Rows) -> dict[str, str]:
    """The receipts that a publication of that version kept: log -> NUMBER:HASH."""
    return {row["log_name"]: f"{row['sequence']}:{row['row_hash']}" for row in held["access_log_head"]}


def test_decisions_of_an_earlier_version_are_kept_and_added_to(tmp_path: Path) -> None:
    home = earlier(tmp_path / "home")
    before = rows_in(home)
    assert max(row["version"] for row in before["schema_versions"]) == OLDEST
    assert len(receipts(before)) >= 4 and len(before["link_decisions"]) == 4 and len(before["events"]) == 13
    engine = open_store(home)
    after = rows_in(home)
    assert {name: rows for name, rows in after.items() if name in before and name != "schema_versions"} == {
        name: rows for name, rows in before.items() if name != "schema_versions"
    }
    assert [row["version"] for row in after["schema_versions"]] == [OLDEST, tables.VERSION]
    assert set(tables.METADATA.tables) <= set(after)
    assert checks.faults(home, [receipts(before)]) == []
    # what was decided is understood
    [override] = overrides.history(engine)
    assert (override["theme_code"], override["override_score"]) == ("T1", 2)
    assert len(links.everything(engine)) == 2 and scheme.version(engine) == 2
    [entry] = registers.entries(engine)
    assert entry["revision"] == 2
    # and goes on: numbers, chains and triggers
    log(home, "seen after the upgrade")
    links.decide(engine, "New Reader", "first", ("A", "B"), "same", links.REASONS_FOR["same"][0])
    assert checks.faults(home, [receipts(before)]) == []
    with closing(sqlite3.connect(home / stores.FILE)) as con:
        for table in APPEND_ONLY:
            if con.execute(f"select 1 from {table}").fetchone():
                with pytest.raises(sqlite3.IntegrityError, match="append-only"):
                    con.execute(f"delete from {table}")
    assert "is whole" in stra("log", "verify", "--home", home)


def test_an_upgrade_that_is_cut_off_leaves_the_earlier_store(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = earlier(tmp_path / "home")
    before = rows_in(home)
    with monkeypatch.context() as cut:
        cut.setattr(stores, "_SQLITE_TRIGGERS", [*stores._SQLITE_TRIGGERS[:3], "this is no statement"])
        with pytest.raises(Exception, match="syntax error"):
            open_store(home)
    assert rows_in(home) == before
    open_store(home)
    assert checks.faults(home, [receipts(before)]) == []


def later(home: Path, what: str) -> Path:
    """A home into which a later version wrote: its store, or the copies of one that only serves."""
    make_home(home)
    if what == "store":
        open_store(home).dispose()
        with closing(sqlite3.connect(home / stores.FILE)) as con:
            con.execute(f"insert into schema_versions values ({LATER}, '')")
            con.commit()
        stores._open.cache_clear()
    else:
        for path in (home / "published").glob("copies/*/*/manifest.json"):
            path.write_text(json.dumps({**json.loads(path.read_text()), "home_version": LATER}))
        home_state._read_copy.cache_clear()
    return home


def content(home: Path) -> dict[str, str]:
    return {
        str(path.relative_to(home)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in home.rglob("*")
        if path.is_file() and not path.name.endswith(("-shm", "-wal"))
    }


def commands_with_home() -> dict[str, Any]:
    """Every command that has --home, by its name."""
    found, left = {}, [("", typer.main.get_command(app))]
    while left:
        name, command = left.pop()
        left += [(f"{name} {n}".strip(), c) for n, c in getattr(command, "commands", {}).items()]
        if any(p.name == "home" for p in command.params):
            found[name] = command
    return found


@pytest.mark.parametrize("what", ["store", "copies"])
def test_every_command_refuses_a_home_of_a_later_version_in_one_sentence(tmp_path: Path, what: str) -> None:
    home = later(tmp_path / "home", what)
    before, asked = content(home), 0
    for name, command in commands_with_home().items():
        if name == "restore":  # its home is new: the next test is about the backup
            continue
        arguments = [*name.split(), "--home", str(home)]
        for option in command.params:
            if option.required and option.name != "home":
                arguments += [max(option.opts, key=len), "x"] if option.opts[0].startswith("-") else ["x"]
        done = CliRunner().invoke(app, arguments)
        assert done.exit_code == 1, (name, done.output)
        [said] = done.output.splitlines()
        assert f"has version {LATER}, and this product knows versions up to {tables.VERSION}" in said, (name, said)
        assert "Use that one again, or restore a backup from before the upgrade." in said
        asked += 1
    assert asked >= 25 and content(home) == before


def test_a_backup_of_a_later_version_is_not_restored(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRA_BACKUP_KEY", "an invented key of thirty characters")
    home = make_home(tmp_path / "home")
    with monkeypatch.context() as newer:
        newer.setattr(tables, "VERSION", LATER)
        stores._open.cache_clear()
        stra("backup", "--home", home, "--to", tmp_path / "to")
    stores._open.cache_clear()
    said = stra("restore", "--from", tmp_path / "to", "--home", tmp_path / "new", code=1)
    assert f"has version {LATER}" in said and "Nothing was written to" in said and not (tmp_path / "new").exists()


@pytest.mark.parametrize("what", ["store", "copies"])
def test_pages_and_figures_in_python_refuse_it_too(tmp_path: Path, what: str) -> None:
    home = later(tmp_path / "home", what)
    words = f"has version {LATER}, and this product knows versions up to {tables.VERSION}"
    if what == "store":
        with pytest.raises(Refused, match=words):
            open_store(home)
        server = access.Server(home, AUDIENCES, "OFFICIAL", identity="oidc")
        claimed = SignIn("r", "a@force.invented", "2026-01-01T00:00:00Z")
        refused = access.admit(server, claimed, is_use=True)
        assert isinstance(refused, access.TurnedAway) and words in refused.reason
        return
    for audience in AUDIENCES:
        with pytest.raises(Missing, match=words):
            open_copy(home, audience)
    with pytest.raises(Missing, match=words):
        library.open(home)
    with pytest.raises(Missing, match=words):
        library.open((home / "published" / "command").resolve())
    state = home_state.read_state(home)
    assert state.exit_code == 1 and any(words in trouble.words for trouble in state.troubles)


def test_a_command_with_a_home_asks_for_its_version() -> None:
    unasked = [
        name
        for name, command in commands_with_home().items()
        if _known.__name__ not in str(next(p for p in command.params if p.name == "home").callback)
    ]
    assert unasked == ["restore"]


@pytest.mark.long
@pytest.mark.parametrize("version", earlier_homes.COMMITS)
def test_whole_homes_of_earlier_versions(tmp_path: Path, version: int) -> None:
    """Made by the code of that version, opened and built by this one: decisions, people, logs and proofs are kept."""
    if not earlier_homes.is_in_history(version):
        pytest.skip(f"the history of this checkout has no version {version}: clone it whole")
    done = earlier_homes.upgraded(version, tmp_path)
    assert done.faults == []
    assert done.decisions_before and done.decisions_before == done.decisions_after
    assert done.people_before and done.people_before == done.people_after
    assert done.figures == done.figures_of_a_new_home
