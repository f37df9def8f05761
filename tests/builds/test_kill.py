"""Killing the build at any moment leaves the published copy whole, and the next build finishes without help."""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest
from commands import stra
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month

from pipelines.cards import AUDIENCES, ROOT
from pipelines.publication.publish import differences

pytestmark = pytest.mark.kill
SEED = 20261125
# A run of all tests kills fewer, so that it ends in good time:
# STRA_KILLS=30 pytest tests/builds/test_kill.py kills thirty
# times, and at each step for each audience.
MOMENTS = int(os.environ.get("STRA_KILLS", "5"))
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}

def build(data: Path, home: Path) -> list[str]:
    return [sys.executable, "-m", "pipelines.commands.cli", "build", "--data", str(data), "--home", str(home)]


def finish(data: Path, home: Path) -> None:
    stra("build", "--data", data, "--home", home)


def assert_published_whole(home: Path) -> None:
    for audience in AUDIENCES:
        link = home / "published" / audience
        if link.is_symlink():
            assert differences(link) == []


def published_run(home: Path) -> str:
    return str(
        json.loads((home / "published" / "integrity" / "manifest.json").read_text(encoding="utf-8"))[
            "run_ref"
        ]
    )


def crimes(home: Path) -> list[tuple[str, int]]:
    with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
        return con.execute(
            "select strftime(month, '%Y-%m'), count(*) from core.recorded_crimes group by 1 order by 1"
        ).fetchall()


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    root = tmp_path_factory.mktemp("kill")
    return copy_street_home(root)


STEPS = [
    f"{audience}: {step}"
    for audience in AUDIENCES
    for step in (
        "sweep",
        "write tables",
        "write provenance",
        "write manifest",
        "flush",
        "name the folder",
        "swap the link",
        "remove old copies",
    )
]

KILL_AT = """
import os, signal, sys
from pathlib import Path
from pipelines.delivery.folder import DataFolder
from pipelines.publication import publish
wanted, home = sys.argv[1], Path(sys.argv[2])
from pipelines.session import open_session
def step(name):
    if name == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
with open_session(home, DataFolder(home)) as session:
    publish.publish(session.con, home, "killed run", "test", None, step)
raise SystemExit("the step was never reached")
"""


KINDS = [s for s in STEPS if s.startswith(AUDIENCES[0]) or s.endswith(("swap the link", "write manifest"))]


@pytest.mark.parametrize("step", STEPS if MOMENTS >= 30 else KINDS)
def test_killed_at_a_step_of_publish(built: tuple[Path, Path], step: str) -> None:
    _, home = built
    before = {a: (home / "published" / a).readlink() for a in AUDIENCES}
    done = subprocess.run(
        [sys.executable, "-c", KILL_AT, step, str(home)], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert_published_whole(home)
    audience, name = step.split(": ")
    swapped = AUDIENCES[: AUDIENCES.index(audience) + (name == "remove old copies")]
    for other in AUDIENCES:
        assert ((home / "published" / other).readlink() != before[other]) == (other in swapped), other


def test_the_next_publication_sweeps_up_after_the_killed_ones(built: tuple[Path, Path]) -> None:
    data, home = built
    write_month(data, "2025-02", 60)
    finish(data, home)
    assert_published_whole(home)
    for audience in AUDIENCES:
        copies = list((home / "published" / "copies" / audience).iterdir())
        assert 1 <= len(copies) <= 3 and not [c for c in copies if c.name.startswith(".")]
    assert crimes(home) == [(FIRST_MONTH, FIRST_ROWS), ("2025-02", 60)]


def test_killed_at_random_moments(tmp_path: Path) -> None:
    """A build that ends before its moment comes is not counted: another is drawn, from the shortest time yet seen."""
    chance = random.Random(SEED)
    data, home = copy_street_home(tmp_path)
    write_month(data, "2024-01", 40)
    started = time.monotonic()
    subprocess.run(build(data, home), env=ENVIRONMENT, check=True, capture_output=True)
    shortest = time.monotonic() - started
    expected = [(FIRST_MONTH, FIRST_ROWS), ("2024-01", 40)]
    killed = 0
    while killed < MOMENTS:
        number = len(expected)
        assert number < 4 * MOMENTS, f"only {killed} of {number} builds were caught running"
        month, rows = f"{2024 + number // 12}-{number % 12 + 1:02d}", 40 + number  # from March 2024
        write_month(data, month, rows)
        expected.append((month, rows))
        if killed_while_running(data, home, chance.uniform(0.1, shortest)):
            killed += 1
        else:
            shortest *= 0.9
        assert_published_whole(home)
        if number % 10 == 0:
            finish(data, home)
            assert crimes(home) == sorted(expected)
    finish(data, home)
    assert_published_whole(home)
    assert crimes(home) == sorted(expected)


def killed_while_running(data: Path, home: Path, after_seconds: float) -> bool:
    """Start a build and kill it after so long; False where it had ended by then."""
    with subprocess.Popen(
        build(data, home), env=ENVIRONMENT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        try:
            process.wait(timeout=after_seconds)
        except subprocess.TimeoutExpired:
            process.kill()
    return process.returncode == -signal.SIGKILL


def test_a_second_build_while_one_runs_says_so_and_harms_nothing(built: tuple[Path, Path]) -> None:
    data, home = built
    hold = (
        "import sys, time; from pathlib import Path; from pipelines.warehouse import build_lock\n"
        "with build_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(home)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        write_month(data, "2025-03", 10)
        second = subprocess.run(
            build(data, home), env=ENVIRONMENT, capture_output=True, text=True, check=False
        )
        holder.kill()
    assert second.returncode == 1
    assert f"process {holder.pid}" in second.stderr and "wait for it to finish" in second.stderr
    assert_published_whole(home)
    finish(data, home)
    assert ("2025-03", 10) in crimes(home)


def test_a_full_disk_is_explained_and_the_published_copy_stays(
    built: tuple[Path, Path], tmp_path: Path
) -> None:
    data, home = built
    other = tmp_path / "data"
    shutil.copytree(data, other)
    write_month(other, "2025-04", 5000)
    before = published_run(home)
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (200_000, 200_000)); sys.argv = ['stra', *sys.argv[1:]]\n"
        "from pipelines.commands.cli import main; main()"
    )
    done = subprocess.run(
        [sys.executable, "-c", limited, *build(other, home)[3:]],
        env=ENVIRONMENT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "could not write" in done.stderr and "Free some space" in done.stderr, done.stderr
    assert published_run(home) == before
    assert_published_whole(home)
    finish(other, home)
    assert ("2025-04", 5000) in crimes(home)
