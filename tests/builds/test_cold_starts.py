"""Cold starts beside other work. Once in twelve a first build failed, when two threads imported at a time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from invented_extract import invented, write_csv
from trials import count

from pipelines.tables.cards import ROOT

pytestmark = [pytest.mark.trials, pytest.mark.skipif(not count(0, 1), reason="takes an hour: make trials runs it")]
IMPORTS = "from pipelines.commands.watch import import_all; import_all()"


@pytest.fixture(scope="module", autouse=True)
def four_busy_processes() -> Iterator[None]:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    yield
    for process in busy:
        process.kill()


def failures(commands: list[list[str]], **environment: str) -> list[str]:
    """What each command said that failed, three at a time."""

    def run(command: list[str]) -> str:
        whole = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        done = subprocess.run([sys.executable, *command], env=whole, capture_output=True, text=True, check=False)
        return done.stdout[-500:] + done.stderr[-2000:] if done.returncode else ""

    with ThreadPoolExecutor(3) as three:
        return [said for said in three.map(run, commands) if said]


def test_thirty_first_builds_of_two_files_without_compiled_files(tmp_path: Path) -> None:
    rows, data = invented(), tmp_path / "data"
    write_csv(data, {table: rows[table] for table in ("crime", "outcome")})
    build = ["-m", "pipelines.commands.cli", "build", "--data", str(data), "--home"]
    nothing = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert failures([[*build, str(tmp_path / str(number))] for number in range(30)], **nothing) == []


def test_two_hundred_starts_of_the_imports_alone() -> None:
    assert failures([["-c", IMPORTS]] * 200) == []
