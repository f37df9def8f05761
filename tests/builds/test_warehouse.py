"""The warehouse while it is written: memory is bounded, what does not fit goes to disk, and what is stale is known."""

from pathlib import Path

import duckdb
import pytest

from pipelines.builds.session import open_session
from pipelines.delivery import intake
from pipelines.delivery.ledger import create_log_tables
from pipelines.fetching.folder import read_folder
from pipelines.system.machine import SPILL
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import reads
from pipelines.tables.sql import create_from_card
from pipelines.tables.warehouse import STATE, check_against_card, connect, content_of, fingerprint, record_state, states


def test_what_does_not_fit_into_memory_goes_to_disk_also_after_files_were_taken_in(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    (home / SPILL).mkdir(parents=True)
    (home / SPILL / "left_by_a_killed_build.tmp").touch()
    with open_session(home, read_folder(data)) as session:
        intake.take_in(session.con, home, session.folder, lambda done, of, name: None)
        session.con.execute("set memory_limit = '80MB'")
        larger = "select range as a, md5(range::varchar) as b from range(3_000_000) order by b"
        session.con.execute(f"create temp table sorted as {larger}")
        spilt = session.con.execute("select coalesce(sum(size), 0) from duckdb_temporary_files()").fetchall()[0][0]
        assert spilt > 0, "it fitted into memory: the test says nothing"
        assert session.con.execute("select max(a) from sorted").fetchall() == [(2_999_999,)]
    assert list((home / SPILL).iterdir()) == []


def test_what_an_earlier_release_made_is_dropped_and_what_was_delivered_is_not(tmp_path: Path) -> None:
    gone = ("core.narratives", "metrics.watched_verdicts", "raw.casework_override_decisions")
    held = ("core.crimes", "raw.csew_prevalence", "raw.deliveries")
    con = connect(tmp_path)
    for table in (*gone, *held):
        con.execute(f"create table {table} as select 'Invented' as text")
        record_state(con, table, "mark", 1, 0.0)
    con.execute("create table metrics.\"by hand; 'once'\" as select 1 as number")
    con.execute("create view core.text_of_an_earlier_lake as select 'Invented' as text")
    con.close()
    with open_session(tmp_path, read_folder(tmp_path)) as session:
        there = {name for (name,) in session.con.execute(
            "select schema_name || '.' || table_name from duckdb_tables()").fetchall()}  # fmt: skip
        there |= {name for (name,) in session.con.execute("select 'core.' || view_name from duckdb_views()").fetchall()}
        assert set(held) <= there
        assert not {*gone, "metrics.by hand; 'once'", "core.text_of_an_earlier_lake"} & there
        assert set(held) <= states(session.con).keys() and not set(gone) & states(session.con).keys()


@pytest.mark.parametrize(
    ("before", "after", "is_stale"),
    [
        ([], [], False),
        (["a", "b"], ["b", "a"], False),
        (["a", None], [None, "a"], False),
        (["a", "b"], ["a", "c"], True),
        (["a"], ["a", "a"], True),
        (["a"], [], True),
        ([None], [], True),
    ],
)
def test_a_table_that_is_made_again_makes_others_stale_if_it_has_other_rows(
    before: list[str | None], after: list[str | None], is_stale: bool
) -> None:
    """Whatever it was made from, and in whatever order its rows came."""
    con = duckdb.connect()
    con.execute(f"set timezone = 'UTC'; {STATE} create schema core")
    card, upstream = all_cards()["core.reports_as_of"], all_cards()["core.suspect_reports"]
    assert upstream.table in reads(card)

    def made(mark: str, refs: list[str | None]) -> str:
        create_from_card(con, upstream)
        for name in refs:
            con.execute("insert into core.suspect_reports by name select ?::varchar as crime_ref", [name])
        record_state(con, upstream.table, mark, len(refs), 0.0, content_of(con, upstream))
        return fingerprint(con, card)

    assert fingerprint(con, card) != made("made from a", before)
    assert (made("made from a", before) != made("made from b", after)) == is_stale


def test_a_home_of_an_earlier_release_knows_its_tables_by_what_they_were_made_from(tmp_path: Path) -> None:
    con = duckdb.connect(str(tmp_path / "warehouse.duckdb"))
    con.execute(STATE)
    con.execute("alter table build.table_states drop column content")
    con.execute("insert into build.table_states values ('core.crimes', 'a', 7, now(), 0.1)")
    con.close()
    con = connect(tmp_path)
    assert states(con) == {"core.crimes": ("a", 7, "a")}
    con.close()


def test_a_log_of_an_earlier_release_gets_the_columns_of_today_in_their_order(tmp_path: Path) -> None:
    """`group_number` came between two others; until then a line made one row."""
    con, card = connect(tmp_path), all_cards()["raw.quarantined_rows"]
    create_from_card(con, card)
    con.execute("alter table raw.quarantined_rows drop column group_number")
    con.execute("insert into raw.quarantined_rows by name select 'd1' as delivery_ref, 7 as line_number")
    create_log_tables(con)
    assert check_against_card(con, card) == 1
    assert con.execute("select line_number, group_number from raw.quarantined_rows").fetchall() == [(7, 0)]
    con.close()
