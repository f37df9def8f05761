"""Cold starts beside other work: a first build without anything compiled, and the imports of a build alone.

Once in twelve a first build failed, when Great Expectations was imported in a second thread.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from invented_extract import invented, write_csv
from trials import count

from pipelines.cards import ROOT

pytestmark = [
    pytest.mark.trials,
    pytest.mark.skipif(not count(0, 1), reason="takes an hour: make trials runs it"),
]
IMPORTS = "from pipelines.commands.watch import import_all; import_all()"


@pytest.fixture(scope="module", autouse=True)
def four_busy_processes() -> Iterator[None]:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    yield
    for process in busy:
        process.kill()
        process.wait()


def failures(command: list[str], folders: list[Path], **environment: str) -> list[str]:
    """What each run of a command said that failed, three at a time, each with caches of its own folder."""

    def run(folder: Path) -> str:
        caches = {"XDG_CACHE_HOME": str(folder / "cache"), "PYTHONPATH": str(ROOT), **environment}
        home = [part.replace("HOME", str(folder / "home")) for part in command]
        done = subprocess.run(
            [sys.executable, *home], env={**os.environ, **caches}, cwd=ROOT, capture_output=True, text=True, check=False
        )
        return "" if done.returncode == 0 else f"{done.returncode}: {done.stdout[-500:]}{done.stderr[-2000:]}"

    with ThreadPoolExecutor(3) as three:
        return [said for said in three.map(run, folders) if said]


def test_thirty_first_builds_of_two_files_without_compiled_files(tmp_path: Path) -> None:
    rows = invented()
    write_csv(tmp_path / "data", {table: rows[table] for table in ("crime", "outcome")})
    command = ["-m", "pipelines.commands.cli", "build", "--data", str(tmp_path / "data"), "--home", "HOME"]
    nothing = {"PYTHONPYCACHEPREFIX": str(tmp_path / "compiled"), "PYTHONDONTWRITEBYTECODE": "1"}
    assert failures(command, [tmp_path / str(number) for number in range(30)], **nothing) == []


def test_two_hundred_starts_of_the_imports_alone(tmp_path: Path) -> None:
    assert failures(["-c", IMPORTS], [tmp_path / str(number) for number in range(200)]) == []
