"""Casework of an invented force: written once, by the functions of the pages, never into a real force's home."""

import shutil
from pathlib import Path

import pytest
from conftest import InventedForce
from published_home import build_home

from casework.assessment import assessments, overrides, registers
from casework.audit import cycles, panels, results
from casework.audit.cycles import name_of
from casework.people import links
from casework.store.database import FILE, open_store
from casework.store.refusal import Refused
from casework.upkeep import checks
from dashboards import invented_casework
from dashboards.data import extract


@pytest.fixture(scope="module")
def home(invented_force: InventedForce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The published copies of the invented force, and a casework store of its own."""
    folder = tmp_path_factory.mktemp("invented_casework")
    shutil.copytree(invented_force.home / "published", folder / "published", symlinks=True)
    assert invented_casework.issue(folder) == ["The assessment of 2026-03-31, issued."]
    invented_casework.write(folder)
    return folder


def test_the_audit_is_signed_off_with_two_raters_and_findings(home: Path) -> None:
    engine = open_store(home)
    [cycle] = cycles.cycles(engine)
    assert cycle["signed_off_by"] == cycle["registrar"] == name_of(invented_casework.REGISTRAR)
    assert results.outstanding_for_sign_off(engine, cycle["cycle_ref"]) == []
    assert results.findings(engine, cycle["cycle_ref"]) and results.estimates(engine, cycle["cycle_ref"])
    assert results.progress(engine, cycle["cycle_ref"])["second_owed"] == 0


def test_people_have_read_decided_and_issued(home: Path) -> None:
    engine = open_store(home)
    assert {row["state"] for row in overrides.history(engine)} == {"waiting", "in_force", "lapsed"}
    assert len(assessments.issued(engine)) == 1
    [panel] = panels.samples(engine)
    assert set(panels.latest_answers(engine, panel["panel_ref"])) == {
        case["case_ref"] for case in panels.cases(engine, panel["panel_ref"])
    }
    held = links.everything(engine)
    assert held and all({"first", "second"} <= set(pair.latest) for pair in held.values())
    kept = registers.entries(engine)
    assert {row["register"] for row in kept} == set(registers.KINDS)
    assert all("Invented" in row["fields"].get("owner", "Invented") for row in kept)


def test_the_logs_are_whole(home: Path) -> None:
    assert checks.faults(home) == []


def test_it_is_written_once(home: Path) -> None:
    before = (home / FILE).read_bytes()
    assert invented_casework.write(home) == ["Somebody has worked in this home already: nothing was written."]
    assert invented_casework.issue(home) == ["An assessment was issued in this home already: nothing was written."]
    assert (home / FILE).read_bytes() == before


def test_a_home_of_no_invented_force_is_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = build_home(tmp_path)
    monkeypatch.setattr(extract.Extract, "is_invented", False)
    for write in (invented_casework.write, invented_casework.issue):
        with pytest.raises(Refused, match="expected the home of an invented force"):
            write(real)
    assert not (real / FILE).exists()
