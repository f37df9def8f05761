"""What people decided, as a build reads it; and the same store on a PostgreSQL server."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from audit_hands import REGISTRAR, answers, drawn_cycle, rate_all, store
from postgres_server import postgres
from sqlalchemy.exc import DatabaseError
from worked import warehouse

from casework.audit import ratings, results
from casework.store import database as stores
from casework.store.refusal import Refused
from dashboards.data.audit import estimates
from pipelines.builds import casework_rows
from pipelines.builds.tables import build_table
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import build_order
from pipelines.tables.warehouse import state_of

TABLES = [t for t in all_cards() if t.startswith("raw.casework_")]


def test_without_casework_the_tables_are_empty_and_nothing_is_created(tmp_path: Path) -> None:
    con = warehouse()
    casework_rows.take_in(con, tmp_path)
    assert len(TABLES) == 13
    assert {t: con.execute(f"select count(*) from {t}").fetchone() for t in TABLES} == dict.fromkeys(TABLES, (0,))
    assert list(tmp_path.iterdir()) == []
    assert casework_rows.mark(tmp_path) == "0", "as a store in which nobody has decided anything"


def test_a_build_sees_an_audit_and_only_what_changed_is_made_anew(tmp_path: Path) -> None:
    engine = store(tmp_path)
    cycle = drawn_cycle(engine, {"A": 20, "E": 6, "H": 10}, {"A": 10, "E": 6, "H": 5})
    before = casework_rows.mark(tmp_path)
    con = warehouse()
    casework_rows.take_in(con, tmp_path)
    marks = {t: state_of(con, t) for t in TABLES}
    casework_rows.take_in(con, tmp_path)
    assert {t: state_of(con, t) for t in TABLES} == marks
    rate_all(engine, cycle, {"A-crime-001": {"class_correct": "fail"}})
    estimates.estimate(engine, cycle, REGISTRAR)
    assert casework_rows.mark(tmp_path) != before
    casework_rows.take_in(con, tmp_path)
    moved = {t.removeprefix("raw.casework_audit_") for t in TABLES if state_of(con, t) != marks[t]}
    assert moved == {"ratings", "estimates"}
    wanted = ("reference.settings", "core.settings", "core.audit_")
    for card in build_order():
        if card.table.startswith(wanted):
            build_table(con, card)
    assert con.execute("select bool_and(is_reproducible), count(*) from core.audit_draw_facts").fetchone() == (True, 3)
    assert con.execute("select rated_count, same_rater_count from core.audit_cycle_facts").fetchone() == (21, 0)
    assert con.execute("select sum(shortfall_count) from core.audit_stratum_facts").fetchone() == (0,)
    assert con.execute("select count(*) from core.audit_estimates").fetchone() == (0,)  # not signed off


def test_the_store_on_postgresql_keeps_every_rating_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with postgres() as server:
        monkeypatch.setenv(stores.URL, server.url())
        keeps_every_rating(tmp_path)


def keeps_every_rating(tmp_path: Path) -> None:
    engine = store(tmp_path)
    cycle = drawn_cycle(engine, {"A": 20, "H": 8}, {"A": 20, "H": 4})
    units = [s["sample_ref"] for s in ratings.samples(engine, cycle) if s["stratum"] == "A"]

    def work(number: int) -> int:
        kept = 0
        for unit in units:
            try:
                ratings.rate(engine, unit, f"rater {number}", "first", answers("A"))
                kept += 1
            except Refused:
                pass
        return kept

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == len(units)
    with pytest.raises(DatabaseError, match="append-only"), engine.begin() as con:
        con.exec_driver_sql("delete from audit_ratings")
    assert not list(tmp_path.iterdir())  # nothing beside the server
    assert results.progress(engine, cycle)["first"] == len(units)
    con = warehouse()
    casework_rows.take_in(con, tmp_path)
    assert con.execute("select count(*) from raw.casework_audit_ratings").fetchone() == (len(units),)
    engine.dispose()
