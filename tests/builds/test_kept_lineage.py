"""Column lineage is kept between processes, and is the same when what was kept is lost, damaged or of other code."""

import dataclasses
from collections.abc import Callable
from pathlib import Path

import pytest

from pipelines.tables import code_cache, kept_lineage
from pipelines.tables.cards import Card, all_cards
from pipelines.tables.column_lineage import column_lineage

TABLE = "metrics.recorded_rates"


@pytest.fixture
def worked_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The tables whose lineage was read from their SQL, in a process that knows none yet; only TABLE is."""
    asked: list[str] = []

    def note(card: Card) -> kept_lineage.Lineage:
        asked.append(card.table)
        return column_lineage(card) if card.table == TABLE else {}

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setattr(kept_lineage, "_known", {})
    monkeypatch.setattr(kept_lineage, "_worked_out", note)
    return asked


def in_a_new_process(monkeypatch: pytest.MonkeyPatch) -> kept_lineage.Lineage:
    monkeypatch.setattr(kept_lineage, "_known", {})
    return kept_lineage.lineages()[TABLE]


def test_it_is_read_from_the_sql_once(worked_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    first = kept_lineage.lineages()[TABLE]
    assert TABLE in worked_out and ["reference.forces", "force_name"] in first["force_name"]
    worked_out.clear()
    assert in_a_new_process(monkeypatch) == first
    assert worked_out == []


@pytest.mark.parametrize("damage", [lambda text: text[:-40], lambda text: text.replace(b"force_name", b"force_mane"),
                                    lambda text: b"", lambda text: b"\0"])  # fmt: skip
def test_a_damaged_file_is_not_believed(
    damage: Callable[[bytes], bytes], worked_out: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    first = kept_lineage.lineages()[TABLE]
    path = code_cache.folder() / kept_lineage.FILE
    path.write_bytes(damage(path.read_bytes()))
    worked_out.clear()
    assert in_a_new_process(monkeypatch) == first
    assert TABLE in worked_out


def test_only_what_was_edited_is_read_again(worked_out: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    kept_lineage.lineages()
    worked_out.clear()
    edited = dataclasses.replace(all_cards()[TABLE], description="edited")
    vars(edited)["code_hash"] = "of edited code"
    monkeypatch.setattr(kept_lineage, "all_cards", lambda: {**all_cards(), TABLE: edited})
    in_a_new_process(monkeypatch)
    assert worked_out == [TABLE]


def test_nowhere_to_keep_it_is_no_fault(worked_out: list[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    assert in_a_new_process(monkeypatch)["force_name"]
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setattr(Path, "home", lambda: (_ for _ in ()).throw(RuntimeError("no home")))
    assert in_a_new_process(monkeypatch)["force_name"]
