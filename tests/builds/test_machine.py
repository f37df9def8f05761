"""What a build may use of the machine: defaults, settings, and what is said of those that cannot be right."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import pipelines
from pipelines.commands import cli
from pipelines.system import machine
from pipelines.system.build_lock import build_lock
from pipelines.system.machine import GB, MB, MachineSettingWrong, default_memory, limits, memory_of_machine, watched
from pipelines.tables.sql import scalar
from pipelines.tables.warehouse import connect

RUN = CliRunner()


def test_matrices_have_one_thread_before_numpy_is_imported_unless_somebody_says_otherwise() -> None:
    code = f"import os, sys, {pipelines.__name__}; print(os.environ['OPENBLAS_NUM_THREADS'], 'numpy' in sys.modules)"
    without = {name: value for name, value in os.environ.items() if name != "OPENBLAS_NUM_THREADS"}
    for given, threads in (({}, "1"), ({"OPENBLAS_NUM_THREADS": "3"}, "3")):
        done = subprocess.run([sys.executable, "-c", code], env=without | given, capture_output=True, text=True)
        assert done.stdout.split() == [threads, "False"], done.stderr


@pytest.mark.parametrize(
    ("whole", "memory"),
    [(2 * GB, GB), (4 * GB, 1800 * MB), (8 * GB, 1800 * MB), (24 * GB, 5800 * MB), (256 * GB, 63_800 * MB)],
)
def test_a_small_machine_gives_what_it_always_gave_and_a_large_one_a_quarter_of_the_rest(
    whole: int, memory: int
) -> None:
    assert default_memory(whole) == memory


def test_a_container_counts_and_not_the_machine_it_is_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = memory_of_machine()
    for text, memory in (("max\n", whole), (f"{GB}\n", GB), (f"{10**18}\n", whole)):
        (tmp_path / "memory.max").write_text(text)
        monkeypatch.setattr(machine, "CGROUPS", (str(tmp_path / "memory.max"), str(tmp_path / "none")))
        assert memory_of_machine() == min(memory, whole)


def test_linkage_has_half_of_the_machine_unless_memory_is_set() -> None:
    assert machine.linkage_memory({}) == memory_of_machine() // 2
    assert machine.linkage_memory({"STRA_MEMORY": "700MB"}) == 700 * MB


def test_what_is_set_is_what_the_warehouse_has(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere, homes = tmp_path / "fast disk", [tmp_path / "a", tmp_path / "b"]
    elsewhere.mkdir()
    monkeypatch.setenv("STRA_MEMORY", "700MB")
    monkeypatch.setenv("STRA_THREADS", "1")
    monkeypatch.setenv("STRA_SPILL", str(elsewhere))
    for home in homes:
        with build_lock(home):
            con = connect(home)
            found = [
                scalar(con, f"select current_setting('{s}')") for s in ("memory_limit", "threads", "temp_directory")
            ]
            con.close()
        spill = machine.spill_folder(home)
        assert found == ["667.5 MiB", 1, str(spill)] and spill.parent == elsewhere
        assert spill.stat().st_mode & 0o777 == 0o700
    assert len(list(elsewhere.iterdir())) == 2, "two homes share one folder: a build removes what the other needs"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("STRA_MEMORY", "lots", "a size from 500MB"),
        ("STRA_MEMORY", "4", "a size from 500MB"),
        ("STRA_MEMORY", "100MB", "a size from 500MB"),
        ("STRA_MEMORY", "900TB", "a size from 500MB"),
        ("STRA_THREADS", "0", "a whole number from 1"),
        ("STRA_THREADS", "2.5", "a whole number from 1"),
        ("STRA_SPILL", "spill", "the whole path of a folder"),
        ("STRA_SPILL", "/nowhere/at/all", "the whole path of a folder"),
    ],
)
def test_a_setting_that_cannot_be_right_is_wrong_use_and_writes_nothing(
    name: str, text: str, expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(name, text)
    (tmp_path / "data").mkdir()
    with pytest.raises(MachineSettingWrong):
        limits(tmp_path / "home")
    said = RUN.invoke(cli.app, ["build", "--data", str(tmp_path / "data"), "--home", str(tmp_path / "home")])
    assert said.exit_code == 2 and f"{name}: saw {text!r}; expected {expected}" in said.output, said.output
    assert "unset it" in said.output and not (tmp_path / "home").exists()


def test_the_end_of_a_build_says_what_was_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "BETWEEN_LOOKS", 0.01)
    limit = limits(tmp_path)
    with watched(limit) as used:
        assert "nothing was spilt" in used.words()
        limit.spill.mkdir()
        (limit.spill / "part").write_bytes(b"x" * 3 * MB)
        for _ in range(500):
            if used.spilt >= 3 * MB:
                break
            machine.threading.Event().wait(0.01)
        (limit.spill / "part").unlink()
    assert f"3 MB were spilt to {limit.spill}" in used.words()
