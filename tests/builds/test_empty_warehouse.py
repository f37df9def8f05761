"""A new home starts from a copy of an empty warehouse, and differs in nothing from one that was built without it."""

from collections.abc import Iterator
from pathlib import Path

import duckdb
import pytest

from pipelines.builds import empty_warehouse
from pipelines.standards import quality
from pipelines.tables import code_cache
from pipelines.tables.cards import all_cards
from pipelines.tables.lineage import downstream_of


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A new home as the next build finds it."""
    folder = tmp_path_factory.mktemp("new") / "home"
    folder.mkdir()
    empty_warehouse.provide(folder)
    return folder


@pytest.fixture
def warehouse(home: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    con = duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)
    yield con
    con.close()


def test_it_holds_every_table_that_does_not_rest_on_what_the_rules_find(warehouse: duckdb.DuckDBPyConnection) -> None:
    held = {name for (name,) in warehouse.execute("select table_name from build.table_states").fetchall()}
    made = {t for t, card in all_cards().items() if card.maker is not None} - downstream_of(set(quality.TABLES))
    assert made <= held


def test_nothing_in_it_was_delivered_and_no_build_is_recorded(warehouse: duckdb.DuckDBPyConnection) -> None:
    kept = [f"{s}.{t}" for s, t in warehouse.execute(
        "select schema_name, table_name from duckdb_tables() where schema_name in ('raw', 'quality', 'build')"
        " and table_name not in ('table_states', 'home')").fetchall()]  # fmt: skip
    assert "raw.deliveries" in kept and "raw.linkage_runs" in kept
    rows = {t: warehouse.execute(f"select count(*) from {t}").fetchone() for t in kept}
    assert {t: n for t, n in rows.items() if n != (0,)} == {}


def test_the_second_home_is_a_copy(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(empty_warehouse, "_built", lambda home: pytest.fail("built a second time"))
    empty_warehouse.provide(tmp_path)
    assert (tmp_path / "warehouse.duckdb").read_bytes() == (home / "warehouse.duckdb").read_bytes()


def test_a_warehouse_that_is_there_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "warehouse.duckdb").write_bytes(b"of an earlier build")
    empty_warehouse.provide(tmp_path)
    assert (tmp_path / "warehouse.duckdb").read_bytes() == b"of an earlier build"


@pytest.mark.parametrize("damage", ["cut", "changed", "of other code"])
def test_one_that_is_damaged_or_of_other_code_is_not_used(
    damage: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(empty_warehouse, "_built", lambda home: b"built now")
    empty_warehouse.provide(tmp_path)
    (kept,) = code_cache.folder().glob("empty-*.duckdb")
    if damage == "of other code":
        monkeypatch.setattr(empty_warehouse.intake, "code_version", lambda: "other")
    else:
        kept.write_bytes(kept.read_bytes()[:-1] if damage == "cut" else b"B" + kept.read_bytes()[1:])
    (tmp_path / "warehouse.duckdb").unlink()
    monkeypatch.setattr(empty_warehouse, "_built", lambda home: b"built again")
    empty_warehouse.provide(tmp_path)
    assert (tmp_path / "warehouse.duckdb").read_bytes() == b"built again"


def test_a_table_that_cannot_be_built_leaves_the_home_without_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(empty_warehouse, "_built", lambda home: None)
    empty_warehouse.provide(tmp_path)
    assert not (tmp_path / "warehouse.duckdb").exists()
    assert list(code_cache.folder().glob("*")) == []
