"""The warehouse while it is written: memory is bounded, what does not fit goes to disk, and what is stale is known."""

from __future__ import annotations

from pathlib import Path

import duckdb

from pipelines.cards import all_cards
from pipelines.delivery import intake
from pipelines.delivery.folder import read_folder
from pipelines.lineage import reads
from pipelines.session import open_session
from pipelines.warehouse import SPILL, STATE, fingerprint, record_state


def test_what_does_not_fit_into_memory_goes_to_disk_also_after_files_were_taken_in(tmp_path: Path) -> None:
    data, home = tmp_path / "data", tmp_path / "home"
    data.mkdir()
    (home / SPILL).mkdir(parents=True)
    (home / SPILL / "left_by_a_killed_build.tmp").touch()
    with open_session(home, read_folder(data)) as session:
        intake.take_in(session.con, home, session.folder, lambda done, of, name: None, lambda: None)
        session.con.execute("set memory_limit = '80MB'")
        larger = "select range as a, md5(range::varchar) as b from range(3_000_000) order by b"
        session.con.execute(f"create temp table sorted as {larger}")
        spilt = session.con.execute("select coalesce(sum(size), 0) from duckdb_temporary_files()").fetchall()[0][0]
        assert spilt > 0, "it fitted into memory: the test says nothing"
        assert session.con.execute("select max(a) from sorted").fetchall() == [(2_999_999,)]
    assert list((home / SPILL).iterdir()) == []


def test_a_table_without_rows_makes_nothing_stale_however_it_came_to_have_none() -> None:
    con = duckdb.connect()
    con.execute(f"set timezone = 'UTC'; {STATE}")
    card = all_cards()["core.reports_as_of"]
    upstream = next(table for table in reads(card) if table.startswith("core."))

    def seen(mark: str) -> str:
        record_state(con, upstream, mark, 0, 0.0)
        return fingerprint(con, card)

    never_built = fingerprint(con, card)
    empty, empty_again, filled, filled_again = seen("a+empty"), seen("b+empty"), seen("a"), seen("b")
    assert empty == empty_again
    assert len({never_built, empty, filled, filled_again}) == 4
