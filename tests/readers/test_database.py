"""The extract from a database: the same tables from PostgreSQL and from csv are the same extract."""

import logging
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from invented_extract import Row, invented, write_csv
from next_build import take_in
from postgres_server import PASSWORD, QUOTED, Server, postgres

from assets.raw import extract_tables
from assets.readers.extract.mapping import MappingError, read_mapping
from pipelines.builds import signature as whole_build
from pipelines.builds.session import Session, open_session
from pipelines.fetching import database
from pipelines.fetching.folder import read_folder
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import build_order, reads

TABLES = extract_tables()
TYPES = {"bool": "boolean", "int": "integer", "num": "numeric", "date": "date"}
STATES = {"open": "Under Investigation", "closed": "Filed", "cancelled": "Cancelled", "transferred": "Transferred"}


def theirs(field: str) -> str:
    """`recorded_ts` -> `RecordedDTTM`: the manner of names of a Niche export, invented."""
    return "".join(word.title() for word in field.split("_")).replace("Ts", "DTTM")


def in_their_words(table: str, row: Row) -> Row:
    return row | {"status": STATES.get(row["status"], row["status"])} if table == "crime" else row


@pytest.fixture(scope="module")
def extract() -> dict[str, list[Row]]:
    return invented()


@pytest.fixture(scope="module")
def server(extract: dict[str, list[Row]]) -> Iterator[Server]:
    with postgres() as started:
        for table, rows in extract.items():
            columns, local = {}, set()
            for position, (field, kind) in enumerate(TABLES[table].items()):
                kind = kind.removesuffix("?")
                columns[theirs(field)] = TYPES.get(kind, "text")
                if kind == "ts":
                    columns[theirs(field)] = "timestamptz" if position % 2 else "timestamp"
                    local |= set() if position % 2 else {field}
            started.load(
                f"N_{table}",
                columns,
                [
                    [london(v) if f in local and v is not None else v for f, v in in_their_words(table, row).items()]
                    for row in rows
                ],
            )
        yield started


def london(moment: datetime) -> datetime:
    """What the clock on the wall showed; until the end of May 2025 and after, that is all the tests need."""
    summer = datetime(2025, 3, 30, 1, tzinfo=UTC) <= moment < datetime(2025, 10, 26, 1, tzinfo=UTC)
    return (moment + timedelta(hours=summer)).replace(tzinfo=None)


def mapping_text(tables: list[str], **queries: str) -> str:
    lines = []
    for table in tables:
        lines += [f"[tables.{table}.fields]", *(f'{field} = "{theirs(field)}"' for field in TABLES[table])]
    lines += ["[tables.crime.values.status]", *(f'"{their}" = "{our}"' for our, their in STATES.items())]
    lines += ["[database]", 'url = "env:STRA_TEST_URL"', "[database.queries]"]
    lines += [f"{table} = '{queries.get(table) or _whole(table)}'" for table in tables]
    return "\n".join(lines) + "\n"


def _whole(table: str) -> str:
    return f'select * from "N_{table}"'


def opened(tmp_path: Path, name: str, text: str | None) -> Any:
    data = tmp_path / name / "data"
    data.mkdir(parents=True, exist_ok=True)
    if text is not None:
        (data / "mapping.toml").write_text(text, encoding="utf-8")
    return open_session(tmp_path / name / "home", read_folder(data))


def build(session: Session, *targets: str) -> list[str]:
    """Build core.crimes and the tables named with all they rest on; what was stale."""
    needed: set[str] = set()
    waiting = ["core.crimes", *targets]
    while waiting:
        needed.add(table := waiting.pop())
        waiting += [name for name in reads(all_cards()[table]) if name not in needed]
    stale = [card for card in session.stale_tables() if card.table in needed]
    for card in build_order():
        if card in stale:
            session.build(card)
    return [card.table for card in stale]


def rows_of(session: Session, table: str) -> list[tuple[Any, ...]]:
    """What a table holds, but for where it came from."""
    kept = ", ".join(TABLES[table.removeprefix("raw.")]) if table.startswith("raw.") else "*"
    return session.con.execute(f"select {kept} from {table} order by all").fetchall()


def accounts(session: Session, *columns: str) -> list[tuple[Any, ...]]:
    return session.con.execute(f"select {', '.join(columns)} from raw.deliveries order by all").fetchall()


def reason(session: Session, table: str = "crime") -> str:
    [(text,)] = session.con.execute(
        "select reason from raw.deliveries where status = 'refused' and source = ?", [table]
    ).fetchall()
    return str(text)


def test_a_database_gives_what_the_files_give(
    tmp_path: Path, server: Server, extract: dict[str, list[Row]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRA_TEST_URL", server.url())
    write_csv(tmp_path / "files" / "data", extract)
    with opened(tmp_path, "files", None) as files, opened(tmp_path, "base", mapping_text(list(TABLES))) as base:
        for session in (files, base):
            take_in(session)
            build(session, "core.outcomes")
        assert accounts(base, "source", "status", "rows_read", "rows_quarantined") == [
            (table, "loaded", len(extract[table]), 0) for table in sorted(TABLES)
        ]
        for table in [*(f"raw.{table}" for table in TABLES), "core.crimes", "core.parties", "core.outcomes"]:
            assert rows_of(base, table) == rows_of(files, table), table
        assert len(rows_of(base, "core.crimes")) == len(extract["crime"])
        assert not list((tmp_path / "base" / "home").glob("scratch/*")), "no row stays beside the warehouse"


def test_a_second_pull_is_new_only_where_rows_changed(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STRA_TEST_URL", server.url())
    kept = ["crime", "incident", "outcome"]
    with opened(tmp_path, "base", mapping_text(kept)) as session:
        assert take_in(session) == 1 and build(session)
        first = accounts(session, "*")
        server.run('update "N_crime" set "Status" = "Status"')  # every row gets another place in the table
        assert take_in(session) == 1
        assert accounts(session, "*") == first and build(session) == []

        server.run("""update "N_crime" set "Status" = 'Reopened' where "CrimeId" = 'CRI-00003'""")
        take_in(session)
        assert accounts(session, "source", "status") == [
            ("crime", "loaded"), ("crime", "superseded"), ("incident", "loaded"), ("outcome", "loaded"),
        ]  # fmt: skip
        assert "core.crimes" in build(session)
        changed = session.con.execute("select status from core.crimes where crime_ref = 'CRI-00003'").fetchall()
        assert changed == [("reopened",)]

        original = next(r["status"] for r in invented()["crime"] if r["crime_id"] == "CRI-00003")
        server.run(f"""update "N_crime" set "Status" = '{STATES.get(original, original)}'
                       where "CrimeId" = 'CRI-00003'""")
        take_in(session)
        build(session)
        back = session.con.execute("select status from core.crimes where crime_ref = 'CRI-00003'").fetchall()
        assert back == [(original,)], "what was taken back counts again"


def test_a_table_without_rows_is_delivered(tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STRA_TEST_URL", server.url())
    nothing = 'select * from "N_notice" where false'
    with opened(tmp_path, "base", mapping_text(["crime", "notice"], notice=nothing)) as session:
        take_in(session)
        assert accounts(session, "source", "status", "rows_read") == [("crime", "loaded", 40), ("notice", "loaded", 0)]


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("select * from nowhere", 'relation "nowhere" does not exist'),
        ("select 1 / 0 as crime_id", "division by zero"),
        ('delete from "N_crime"', "saw DELETE"),
        ('with gone as (delete from "N_crime" returning *) select * from gone', "saw DELETE inside it"),
        ('select * from "N_crime"; drop table "N_crime"', "saw 2 statements"),
        ('select * into copied from "N_crime"', "saw INTO inside it"),
        ("select nextval(''numbers'') as \"CrimeId\"", "cannot execute nextval() in a read-only transaction"),
        ('select "CrimeId", "CrimeId" from "N_crime"', "saw two columns named 'CrimeId'"),
        ('select "Status" from "N_crime"', "'CrimeId' is missing"),
        ("selct", "saw something else"),
        ("select from where (", "saw a query that cannot be understood"),
        ("", "saw nothing"),
    ],
)
def test_a_query_that_fails_or_changes_anything_is_refused_alone(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, query: str, said: str
) -> None:
    monkeypatch.setenv("STRA_TEST_URL", server.url())
    server.run("create sequence if not exists numbers")
    text = mapping_text(["crime", "incident"])
    with opened(
        tmp_path, "base", text.replace(f"'{_whole('crime')}'", f"'''{query.replace(chr(39) * 2, chr(39))}'''")
    ) as session:
        take_in(session)
        assert accounts(session, "source", "status") == [("crime", "refused"), ("incident", "loaded")]
        assert said in reason(session) and "mapping.toml!crime.parquet" in reason(session)
        assert "expected" in reason(session)


def test_a_wrong_password_is_named_and_never_shown(
    tmp_path: Path, server: Server, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:  # fmt: skip
    wrong = "wr0ng%2Fw%3Ard"
    monkeypatch.setenv("STRA_TEST_URL", server.url(wrong))
    caplog.set_level(logging.DEBUG)
    with opened(tmp_path, "base", mapping_text(["crime"])) as session:
        take_in(session)
        assert "password authentication failed" in reason(session)
    out, err = capfd.readouterr()
    (tmp_path / "said").write_text(out + err + caplog.text)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            for secret in (wrong, "wr0ng/w:rd"):
                assert secret.encode() not in path.read_bytes(), path


@pytest.mark.parametrize(
    ("url", "said"),
    [
        (None, "saw no such variable. Set it, then build again"),
        ("nonsense with s3cret/w:rd@5", "saw text that is not an address"),
        (f"nosuch://u:{QUOTED}@/x", "Can't load plugin"),
        (f"mssql+pyodbc://u:{QUOTED}@host/x?driver=D", "pip install -e '.[sqlserver]'"),
        (f"oracle://u:{QUOTED}@host/x", "pip install -e '.[oracle]'"),
        (f"postgresql://u:{QUOTED}@/x?host=/nowhere", "connection is bad"),
    ],
)
def test_an_address_that_leads_nowhere_is_said_without_its_secrets(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str | None, said: str
) -> None:
    monkeypatch.delenv("STRA_TEST_URL", raising=False)
    if url is not None:
        monkeypatch.setenv("STRA_TEST_URL", url)
    for missing in ("pyodbc", "oracledb"):
        monkeypatch.setitem(__import__("sys").modules, missing, None)
    with opened(tmp_path, "base", mapping_text(["crime"])) as session:
        take_in(session)
        assert said in reason(session)
        assert PASSWORD not in reason(session) and QUOTED not in reason(session)


def test_a_folder_with_a_database_always_may_hold_something_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, data = tmp_path / "home", tmp_path / "data"
    data.mkdir()
    for name in ("warehouse.duckdb", *(f"published/{a}/manifest.json" for a in whole_build.AUDIENCES)):
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).write_text("{}")
    monkeypatch.setattr(whole_build, "signature", lambda *of: {})
    (home / "build.json").write_text("{}")
    assert whole_build.nothing_new(read_folder(data), home, None)
    (data / "mapping.toml").write_text('[tables.crime]\nfile = "X"\n', encoding="utf-8")
    assert whole_build.nothing_new(read_folder(data), home, None) and not read_folder(data).mapping.queries
    (data / "mapping.toml").write_text(mapping_text(["crime"]), encoding="utf-8")
    assert not whole_build.nothing_new(read_folder(data), home, None)


@pytest.mark.parametrize("text", ['[database]\nurl = "env:X"\n', '[database.queries]\ncrime = "select 1"\n'])
def test_an_address_and_queries_belong_together(tmp_path: Path, text: str) -> None:
    (tmp_path / "mapping.toml").write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="expected an address and queries"):
        read_mapping(tmp_path / "mapping.toml", TABLES)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, None),
        (True, "true"),
        (7, "7"),
        (Decimal("1E+2"), "100"),
        (Decimal("51.500"), "51.500"),
        (date(2025, 3, 1), "2025-03-01"),
        (datetime(2025, 3, 1, 10, 5), "2025-03-01T10:05:00"),  # noqa: DTZ001 - a database may say no zone
        (datetime(2025, 7, 1, 10, 5, tzinfo=timezone(timedelta(hours=1))), "2025-07-01T09:05:00+00:00"),
        ({"b": Decimal("1.5"), "a": [date(2025, 1, 1)]}, '{"a": ["2025-01-01"], "b": "1.5"}'),
        (b"\x01\xff", "01ff"),
        ("as it is ", "as it is "),
    ],
)
def test_values_become_the_text_of_a_csv_file(value: Any, text: str | None) -> None:
    assert database.as_text(value) == text
