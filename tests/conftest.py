"""What several modules of tests share: a browser; an invented force, written once and built once for the whole run."""

import asyncio
import gc
import os
from asyncio import events
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import budget
import duckdb
import parts
import published_home
import pytest
from audit_hands import store
from dashboard_browser import Visit, launch, serving
from faults import Faults, faults
from hypothesis import HealthCheck, settings
from kept_homes import kept
from page_read import Reader
from playwright.sync_api import Browser, sync_playwright
from processor_time import RECORD, Recorder
from sqlalchemy import Engine

from pipelines.builds import empty_warehouse
from pipelines.fetching.folder import read_folder
from pipelines.tables.cards import SCHEMAS
from pipelines.tables.warehouse import STATE

# The same commit gives the same run. HYPOTHESIS_PROFILE=search looks for examples that nobody has thought of.
# no example is timed: a busy machine is no fault of what is tested
UNTIMED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("same", UNTIMED, derandomize=True)
settings.register_profile("search", UNTIMED, derandomize=False)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


def pytest_configure(config: pytest.Config) -> None:
    """Record what each test costs, and what is dear, where a file for it is named."""
    gc.set_threshold(50_000, 50, 100)  # as in `stra`
    if RECORD:
        config.pluginmanager.register(Recorder(Path(RECORD)))
    if budget.RECORD:
        budget.watch(Path(budget.RECORD))
    if parts.PART:
        config.pluginmanager.register(parts.Part(parts.PART))


def pytest_sessionstart(session: pytest.Session) -> None:
    """Of several parts of one run, the first makes the warehouse that every new home begins with: else each would."""
    if os.environ.get("STRA_KEPT"):
        kept("empty_warehouse", empty_warehouse.provide)


@dataclass(frozen=True)
class InventedForce:
    """An invented extract with what was planted in it, and the home that was built from it."""

    data: Path
    home: Path

    @property
    def truth(self) -> Path:
        """Folder of the planted truth."""
        return self.data / "truth"

    def connect(self) -> duckdb.DuckDBPyConnection:
        """The warehouse, for reading, with the truth beside it as `planted` and `decoys`."""
        con = duckdb.connect(str(self.home / "warehouse.duckdb"), read_only=True)
        con.execute("set timezone = 'UTC'")
        for table, file in (("planted", "planted_breaches"), ("decoys", "decoys")):
            con.execute(
                f"create temp table {table} as select distinct rule_code, record_type, record_ref"
                " from read_csv(?, all_varchar = true)",
                [str(self.truth / f"{file}.csv")],
            )
        return con


    def copied(self, tables: Iterable[str]) -> duckdb.DuckDBPyConnection:
        """A database in memory with these tables of the warehouse, to be changed and built from at will."""
        con = duckdb.connect()
        con.execute("set timezone = 'UTC'")
        con.execute(STATE)
        con.execute(f"attach '{self.home / 'warehouse.duckdb'}' as built (read_only)")
        for schema in SCHEMAS:
            con.execute(f"create schema {schema}")
        for table in tables:
            con.execute(f"create table {table} as select * from built.{table}")
        return con


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    """An empty store of decisions."""
    return store(tmp_path)


@pytest.fixture(scope="session")
def invented_force() -> InventedForce:
    """Twelve thousand crimes: enough for every rule, monthly series included. Built without Dagster."""

    def make(folder: Path) -> None:
        from built_home import build_home

        from sample.synth import write_force

        write_force(folder / "data", 12_000, seed=20)
        assert build_home(read_folder(folder / "data"), folder / "home") == []

    folder = kept("invented_force", make)
    return InventedForce(folder / "data", folder / "home")


@pytest.fixture(scope="module")
def warehouse(invented_force: InventedForce) -> Iterator[duckdb.DuckDBPyConnection]:
    """Its warehouse, for reading, with the truth."""
    with invented_force.connect() as con:
        yield con


@pytest.fixture(scope="session")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faults]:
    """The process of which commands that are killed, or that fail on purpose, are copies: it imports once for all."""
    with faults(tmp_path_factory.mktemp("machine")) as made:
        yield made


@pytest.fixture(scope="session")
def launched() -> Iterator[tuple[Browser, asyncio.AbstractEventLoop]]:
    """One browser for all tests, which keeps the scripts of the dashboards compiled, and the event loop of its driver.
    In modules that use no browser the loop is out of sight: what they test may run loops of its own."""
    with sync_playwright() as playwright:
        browser, loop = launch(playwright), asyncio.get_running_loop()
        events._set_running_loop(None)
        yield browser, loop
        events._set_running_loop(loop)
        browser.close()


@pytest.fixture(scope="module")
def browser(launched: tuple[Browser, asyncio.AbstractEventLoop]) -> Iterator[Browser]:
    """The browser, for a module of tests."""
    browser, loop = launched
    events._set_running_loop(loop)
    yield browser
    events._set_running_loop(None)


@pytest.fixture(scope="session")
def standing_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An invented home of all audiences, to be looked at: who enters something on a page has a home of their own."""
    return published_home.build_home(tmp_path_factory.mktemp("standing"))


@pytest.fixture(scope="module")
def address(request: pytest.FixtureRequest, standing_home: Path) -> Iterator[str]:
    """A server of the invented home: of one audience's copy, where the module names its AUDIENCE."""
    with serving(standing_home, getattr(request.module, "AUDIENCE", "")) as address:
        yield address


@pytest.fixture(scope="module")
def read(address: str) -> Reader:
    """The pages of that server, each read once, without a browser."""
    return Reader(address)


@pytest.fixture
def visit(browser: Browser) -> Iterator[Visit]:
    """A visit that must end without a fault."""
    visit = Visit(browser)
    yield visit
    visit.close()
    assert visit.faults == []


@pytest.fixture(scope="module")
def led(browser: Browser) -> Iterator[Visit]:
    visit = Visit(browser, is_led=True)
    yield visit
    visit.close()


@pytest.fixture
def one_visit(led: Visit) -> Iterator[Visit]:
    """The same visit for a whole module: it goes from page to page, and must leave each without a fault."""
    led.faults.clear()
    yield led
    assert led.faults == []
