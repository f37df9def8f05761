"""A table that fails is withheld with its reason and with what rests on it; everything else is published."""

import asyncio
import json
import os
import random
import signal
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import pytest
from dashboard_browser import serving
from dashboard_session import Session as Visitor
from small_home import copy_small_home

from casework.store.builds import last_build
from dashboards.page_tables import tables_by_page
from expectations import engine as engine_of_rules
from pipelines.builds import tables
from pipelines.builds.session import Session, built_tables, open_session
from pipelines.commands import build
from pipelines.engines import in_duckdb
from pipelines.engines.engine import Engine
from pipelines.fetching.folder import read_folder
from pipelines.publication import disclosure, publish, withheld
from pipelines.standards import quality
from pipelines.system import stops
from pipelines.tables.cards import AUDIENCES, Card, all_cards, published_to
from pipelines.tables.lineage import build_order, downstream_of
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import PERIODS

# without these nothing can be read or judged: the build ends and says so
FIRST = {PERIODS, "reference.settings", "reference.forename_variants"}
TRIED = sorted({card.table for card in built_tables()} - FIRST - set(quality.TABLES))
CHOICE = {"core.force_scope"}  # named by the choice of a force, which pages without a figure do not draw
FAULT = "invented fault"
LOG = Path(os.environ["ISOLATION_LOG"]) if "ISOLATION_LOG" in os.environ else None


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Session]:
    data, home = copy_small_home(tmp_path_factory.mktemp("isolation"))
    with open_session(home, read_folder(data)) as opened:
        opened.take_in()
        yield opened


def rebuild(session: Session) -> None:
    """Build what is stale, judge and publish, as a build does."""
    fresh = replace(session, run_ref=uuid.uuid4().hex)
    for of_rules in (False, True):
        for card in fresh.stale_tables():
            if card.table != PERIODS:
                fresh.build(card)
        if not of_rules:
            fresh.run_rules()
    fresh.publish()


def manifests(home: Path) -> dict[str, dict[str, dict[str, str]]]:
    return {
        audience: json.loads((home / "published" / audience / "manifest.json").read_text(encoding="utf-8"))
        for audience in AUDIENCES
    }


def expected(table: str) -> set[str]:
    """What rests on a table: by its rows, by its rules, or because disclosure control cannot do without it."""
    broken = downstream_of({table})
    if broken & set(withheld.CONTROL):
        broken |= downstream_of({disclosure.RELEASED})
    from expectations import RULES

    return {t for t in broken | downstream_of({r.table for r in RULES if r.table in broken}) if "quality." not in t}


def chosen() -> list[list[str]]:
    """ISOLATION=all tries every table by itself, which takes hours, ISOLATION=40 as many, others each day; else fifteen
    are tried at a time, once. ISOLATION_LOG=FILE keeps which were tried, so that a run that was stopped goes on."""
    if asked := os.environ.get("ISOLATION"):
        seen = LOG.read_text(encoding="utf-8").splitlines() if LOG is not None and LOG.exists() else []
        tried = {json.loads(line)["table"] for line in seen}
        drawn = random.Random(int(time.time() // 86_400)).sample(TRIED, len(TRIED) if asked == "all" else int(asked))
        return [[table] for table in drawn if table not in tried]
    return [random.Random(20).sample(TRIED, 15)]


async def opened(address: str, gone: set[str]) -> tuple[list[str], list[str]]:
    """What is wrong with the pages that name a table that is gone, and those of them that do not say so."""
    faults, silent = [], []
    for audience in AUDIENCES:
        named = {page: tables & gone - CHOICE for page, tables in tables_by_page().items()}
        pages = [page for page, missing in named.items() if missing and page.audience == audience]
        async with Visitor(address) as visitor:
            for page in pages:
                drawn = await visitor.open(page.address)
                faults += [f"{page.address}: {fault}" for fault in drawn.faults]
                faults += [f"{page.address}: not drawn to its end"] if not drawn.says("marking foot") else []
                silent += [page.address] if not drawn.says("Withheld from this copy") else []
    return faults, silent


@pytest.mark.parametrize("broken", chosen(), ids=lambda tables: f"{tables[0]} and {len(tables) - 1} more")
def test_tables_that_fail_are_withheld_with_what_rests_on_them_and_nothing_else_is(
    session: Session, monkeypatch: pytest.MonkeyPatch, broken: list[str]
) -> None:
    def create_with_a_fault(engine: Engine, card: Card, mark: str, runs: Sequence[str]) -> None:
        """Every row twice, or an exception where that is no fault."""
        sound(engine, card, mark, runs)
        con = engine.con
        if card.table in broken:
            con.execute(f"insert into {card.table} select * from {card.table}")
            if not card.grain or not scalar(con, f"select count(*) from {card.table}"):
                raise ValueError(FAULT)

    def part_with_a_fault(engine: Engine, card: Card, mark: str) -> int:
        if card.table in broken:
            raise ValueError(FAULT)
        return sound_part(engine, card, mark)

    sound, sound_part = tables._create, tables.build_by_part
    monkeypatch.setattr(tables, "_create", create_with_a_fault)
    monkeypatch.setattr(tables, "build_by_part", part_with_a_fault)
    session.con.execute("delete from build.table_states where list_contains(?, table_name)", [broken])
    rebuild(session)
    gone = set().union(*map(expected, broken))
    for audience, manifest in manifests(session.home).items():
        of_audience = {name for name, card in published_to(audience).items() if card.table in gone}
        assert set(manifest["withheld"]) == of_audience, audience
        assert not set(manifest["withheld"]) & set(manifest["tables"])
        assert FAULT not in json.dumps(manifest), "the text of a fault may quote a record"
    with serving(session.home) as address:
        faults, silent = asyncio.run(opened(address, gone))
    if LOG is not None:
        with LOG.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"table": broken[0], "gone": len(gone), "faults": faults, "silent": silent}) + "\n")
    assert (faults, silent) == ([], [])


@pytest.mark.long
def test_a_select_that_fails_in_the_rows_of_one_force_ends_its_table_alone(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The fault ends the transaction, in which nobody could go back from the force's rows to the warehouse."""
    broken, sound = "metrics.order_conditions", in_duckdb.select_of
    assert all_cards()[broken].by_force
    faulty = f"select error('{FAULT}') as order_kind"
    monkeypatch.setattr(in_duckdb, "select_of", lambda card: faulty if card.table == broken else sound(card))
    session.con.execute("delete from build.table_states where table_name = ?", [broken])
    rebuild(session)
    assert set(withheld.failed(session.con)) == expected(broken) == {broken}
    assert withheld.failed(session.con)[broken] == "InvalidInputException"
    assert scalar(session.con, "select current_database()") == "warehouse"


def test_a_table_that_can_be_built_again_is_published_again(session: Session) -> None:
    rebuild(session)
    assert withheld.failed(session.con) == withheld.published(session.home) == {}


@pytest.mark.parametrize("fault", [RuntimeError("Query interrupted"), duckdb.InterruptException("INTERRUPT Error")])
def test_a_build_that_is_stopped_withholds_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    """A signal in a query looks like a fault of its table: the rest was published without it, under a new date."""
    def stopped(engine: Engine, card: Card, mark: str, runs: Sequence[str]) -> None:
        raise fault

    monkeypatch.setattr(tables, "_create", stopped)
    session.con.execute("delete from build.table_states where table_name = 'core.crimes'")
    with pytest.raises(stops.BuildStopped):
        session.build(all_cards()["core.crimes"])
    assert "core.crimes" not in withheld.failed(session.con)


def test_a_build_that_is_stopped_between_its_tables_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A signal in a query of no table, of the last publication say, was told as an unexpected failure."""
    def stopped(*_: object) -> list[str]:
        raise RuntimeError("Query interrupted")

    monkeypatch.setattr(build, "build_home", stopped)
    assert build.run(tmp_path, tmp_path, None).exit_code == 130
    ended = last_build(tmp_path)
    assert ended is not None and ended.words == "the build was stopped. The published copy is unchanged."
    assert capsys.readouterr().err == f"stra: {ended.words}\n"


def test_a_stop_that_a_library_keeps_to_itself_publishes_nothing(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Dagster between two steps, Splink or Great Expectations may take the signal for a fault of their own."""
    before = publish.copies_in_use(session.home)
    monkeypatch.setattr(stops, "_signals", [signal.SIGINT])
    with pytest.raises(stops.BuildStopped):
        replace(session, run_ref=uuid.uuid4().hex).publish()
    assert publish.copies_in_use(session.home) == before
    assert stops.was_stopped(ValueError("a fault of a table, it seems"))


def test_an_engine_that_is_killed_in_a_check_withholds_what_rests_on_it_and_the_next_build_judges_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = set(withheld.reasons(session.con))
    assert withheld.all_rules_ran(session.con), "in the build above"

    def killed(con: duckdb.DuckDBPyConnection, batches: object, docs: object) -> object:
        con.interrupt()
        raise duckdb.InterruptException("INTERRUPT Error: Interrupted!")

    with monkeypatch.context() as patch:
        patch.setattr(engine_of_rules, "_run", killed)
        session.run_rules()
        session.publish()
    states = dict(session.con.execute("select status, count(*) from quality.rule_results group by 1").fetchall())
    assert set(states) == {"ERROR", "NOT_EVALUABLE"}, "nothing passes that was not judged"
    assert not withheld.all_rules_ran(session.con), "so that the same files are built and judged again"
    held_back = {table for manifest in manifests(session.home).values() for table in manifest["withheld"]}
    assert "core.crimes" in held_back and len(held_back) > 100
    assert not held_back & {t for manifest in manifests(session.home).values() for t in manifest["tables"]}
    session.run_rules()
    assert set(withheld.reasons(session.con)) == before


def test_every_table_is_tried_or_named_as_one_without_which_nothing_is() -> None:
    assert {card.table for card in build_order() if card.maker is not None and card.schema != "raw"} == (
        set(TRIED) | FIRST | {t for t in quality.TABLES if all_cards()[t].maker is not None}
    )
