"""What people decided, as a build reads it; and the same store on a PostgreSQL server."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from audit_hands import REGISTRAR, answers, drawn_cycle, rate_all, store
from sqlalchemy.exc import DatabaseError
from worked import warehouse

from casework.audit import ratings, results
from casework.store import database as stores
from casework.store.refusal import Refused
from dashboards.pages.audit import estimates
from pipelines.cards import all_cards
from pipelines.delivery import casework_rows
from pipelines.lineage import build_order
from pipelines.tables import build_table
from pipelines.warehouse import state_of

TABLES = [t for t in all_cards() if t.startswith("raw.casework_")]


def test_without_casework_the_tables_are_empty_and_nothing_is_created(tmp_path: Path) -> None:
    con = warehouse()
    casework_rows.take_in(con, tmp_path)
    assert len(TABLES) == 14
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


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A PostgreSQL server of its own on a free port, as the first user that is not root where need be."""
    pytest.importorskip("psycopg", reason="the PostgreSQL driver is not installed")
    if shutil.which("initdb") is None or shutil.which("postgres") is None:
        pytest.skip("no PostgreSQL server on this machine")
    folder = tmp_path_factory.mktemp("postgres")
    run_as = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.getuid() == 0 else []
    if run_as:
        for parent in [folder, *folder.parents[:3]]:
            parent.chmod(0o755)
        shutil.chown(folder, 65534, 65534)
    data = folder / "data"
    init = ["initdb", "-D", str(data), "-U", "invented", "--auth=trust", "--no-sync", "--locale=C.UTF-8"]
    subprocess.run([*run_as, *init], check=True, capture_output=True, cwd=folder)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["postgres", "-D", str(data), "-p", str(port), "-k", str(folder), "-h", "127.0.0.1", "-c", "fsync=off"]
    running = subprocess.Popen([*run_as, *command], cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield f"postgresql+psycopg://invented@127.0.0.1:{port}/postgres"
    finally:
        running.terminate()
        running.wait(timeout=60)


def test_the_store_on_postgresql_keeps_every_rating_too(
    server: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(stores.URL, server)
    for _ in range(50):
        try:
            engine = store(tmp_path)
            break
        except DatabaseError:
            time.sleep(0.2)
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
