"""`stra map` on a database: its tables are listed, guessed by their columns and a sample, and read by queries that it
proposes; nothing is changed there."""

import sqlite3
from pathlib import Path
from typing import Any

import pytest
from invented_exports import EXPORTS
from invented_extract import invented
from next_build import take_in
from postgres_server import QUOTED, postgres
from test_mapping_guess import run

from assets.raw import extract_tables
from assets.readers.extract.mapping import read_mapping
from pipelines.builds.session import open_session
from pipelines.commands.folder_check import check
from pipelines.commands.map_reply import reply
from pipelines.fetching.folder import read_folder

TABLES = extract_tables()
KEPT = ("crime", "incident", "outcome", "notice")
URL = "STRA_TEST_URL"
ADDRESS = f'# ours\n[database]\nurl = "env:{URL}"\n'


def exported(table: str, count: int = 40) -> tuple[str, list[str], list[list[Any]]]:
    """A table as a Niche export has it: name, columns, rows. Invented."""
    name, columns = EXPORTS["niche"][table]
    return name, list(columns.values()), [[row[ours] for ours in columns] for row in invented(count)[table]]


def as_stored(value: Any) -> Any:
    """SQLite keeps neither moments nor truths of its own."""
    return value if value is None or isinstance(value, int | float | str) else str(value)


@pytest.fixture
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A database of four tables of the extract under their own names, and of one that is none."""
    path = tmp_path / "records.sqlite"
    with sqlite3.connect(path) as con:
        for table in KEPT:
            name, columns, rows = exported(table)
            con.execute(f'create table "{name}" ({", ".join(f"{c!r}".replace(chr(39), chr(34)) for c in columns)})')
            con.executemany(
                f'insert into "{name}" values ({", ".join("?" * len(columns))})',
                [[as_stored(value) for value in row] for row in rows],
            )
        con.execute("create table shopping (item, price)")
        con.execute("insert into shopping values ('milk', 1.2)")
    con.close()
    monkeypatch.setenv(URL, f"sqlite:///{path}")
    data = tmp_path / "data"
    data.mkdir()
    (data / "mapping.toml").write_text(ADDRESS, encoding="utf-8")
    return data


def test_the_tables_of_a_database_are_listed_and_read_by_queries(base: Path, tmp_path: Path) -> None:
    before = (tmp_path / "records.sqlite").read_bytes()
    shown = reply(base, {})["text"]
    done = run(base, "--yes")
    assert done.exit_code == 0, done.output
    assert "GOccurrence: " in done.output and "shopping: 2 columns, 1 rows" in done.output
    assert "shopping is like no new table of the extract: ignored." in done.output
    text = (base / "mapping.toml").read_text(encoding="utf-8")
    assert text.startswith(ADDRESS) and text == shown, "the page shows the same"
    mapping = read_mapping(base / "mapping.toml", TABLES)
    assert set(mapping.queries) == set(KEPT)
    with open_session(tmp_path / "home", read_folder(base)) as session:
        take_in(session)
        for table in KEPT:
            assert session.con.execute(f"select count(*) from raw.{table}").fetchall() == [(len(invented(40)[table]),)]
        assert session.con.execute("select sum(rows_quarantined) from raw.deliveries").fetchall() == [(0,)]
    assert (tmp_path / "records.sqlite").read_bytes() == before, "nothing is written there"
    assert "Nothing to write" in run(base, "--yes").output, "what is asked for already is not proposed again"


def test_what_is_in_doubt_is_a_comment_and_what_a_query_does_not_give_is_said(base: Path, tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "records.sqlite") as con:
        con.execute('alter table "GNotice" drop column "ToPersonId"')
        con.execute('alter table "GNotice" rename column "IssuedDTTM" to "WhenA"')
        con.execute('alter table "GNotice" add column "WhenB"')
        con.execute('update "GNotice" set "WhenB" = "WhenA"')
    con.close()
    run(base, "--yes")
    text = (base / "mapping.toml").read_text(encoding="utf-8")
    assert '# issued_ts = "?"  # ts; may be "WhenA" or "WhenB"' in text
    assert " AS issued_ts" not in text.split("notice =")[1]
    said = [line for line in check(base)[0]["Files"] if "[database.queries] notice" in line]
    assert said and "without issued_ts, to_key" in said[0]


def test_an_account_without_rights_and_an_address_that_leads_nowhere_are_said_in_a_sentence(
    base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for url, said in (
        (f"sqlite:///{tmp_path / 'empty.sqlite'}", "no table and no view that this account can see"),
        (f"sqlite:///{tmp_path / 'none' / 'x.sqlite'}", "unable to open database file"),
        ("nonsense with a secret", "text that is not an address"),
        ("", "no such variable"),
    ):
        monkeypatch.setenv(URL, url)
        done = run(base, "--yes")
        (line,) = [line for line in done.output.splitlines() if line.startswith("The database could not be read: ")]
        assert said in line and "secret" not in line and done.exit_code == 0
        assert (base / "mapping.toml").read_text(encoding="utf-8") == ADDRESS


def test_a_postgresql_database_is_read_as_far_as_the_account_may(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "mapping.toml").write_text(ADDRESS, encoding="utf-8")
    name, columns, rows = exported("notice")
    with postgres() as server:
        server.load(name, dict.fromkeys(columns, "text"), [[as_stored(value) for value in row] for row in rows])
        server.run(
            "create schema \"Other\"", f'create view "Other"."{name}s of 100%" as select * from "{name}"',
            'create table "Closed" (a int, b int)', "create role clerk login password 'invented'",
            'grant usage on schema "Other" to clerk', f'grant select on "Other"."{name}s of 100%" to clerk',
        )  # fmt: skip
        monkeypatch.setenv(URL, server.url().replace("reader:", "clerk:", 1).replace(QUOTED, "invented"))
        done = run(tmp_path, "--yes")
        assert f"Other.{name}s of 100%: {len(columns)} columns, {len(rows)} rows" in done.output, done.output
        for closed in ("Closed", name):
            assert f"{closed} could not be read: " in done.output and "permission denied for table" in done.output
        query = read_mapping(tmp_path / "mapping.toml", TABLES).queries["notice"]
        assert f'FROM "Other"."{name}s of 100%"' in query
        with open_session(tmp_path / "home", read_folder(tmp_path)) as session:
            take_in(session)
            assert session.con.execute("select count(*) from raw.notice").fetchall() == [(len(rows),)]


def test_a_wide_view_is_read_group_by_group(base: Path, tmp_path: Path) -> None:
    """A row a crime with a victim and two suspects: a union, a row for each person who is there."""
    with sqlite3.connect(tmp_path / "records.sqlite") as con:
        con.execute(
            'create table "Crime Export" ("Crime Ref", "Recorded On", "HO Code", "Victim Id", "Victim Sex",'
            ' "Suspect 1 Id", "Suspect 1 Sex", "Suspect 2 Id", "Suspect 2 Sex", "Outcome", "Outcome Date")'
        )
        con.executemany(
            f'insert into "Crime Export" values ({", ".join("?" * 11)})',
            [
                (f"99/{n}/25", f"{n}/01/2026 10:00", "8/65", f"v{n}", "F", f"s{n}", "M", *((f"t{n}", "M") if n % 2
                 else (None, None)), "16", f"{n}/02/2026 09:00")
                for n in range(13, 21)
            ],
        )  # fmt: skip
        for table in KEPT:
            con.execute(f'drop table "{EXPORTS["niche"][table][0]}"')
    con.close()
    done = run(base, "--yes")
    mapping = read_mapping(base / "mapping.toml", TABLES)
    assert {"crime", "party_role", "person", "outcome"} <= set(mapping.queries), done.output
    with open_session(tmp_path / "home", read_folder(base)) as session:
        take_in(session)
        rows = session.con.execute("select role, count(*) from raw.party_role group by role order by role").fetchall()
        assert rows == [("suspect", 12), ("victim", 8)]
        assert session.con.execute("select distinct class_code from raw.crime").fetchall() == [("8Q",)]
        assert session.con.execute("select count(*) from raw.outcome where code = '16'").fetchall() == [(8,)]
