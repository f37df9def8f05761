"""Killing the build at any moment leaves the published copy whole, and the next build finishes without help."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import stra
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month
from trials import count

from pipelines.cards import AUDIENCES, ROOT
from pipelines.publication.publish import differences

pytestmark = [pytest.mark.kill, pytest.mark.trials]
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


@pytest.mark.parametrize("step", STEPS if count(0, 1) else KINDS)
def test_killed_at_a_step_of_publish(built: tuple[Path, Path], step: str) -> None:
    _, home = built
    before = {a: (home / "published" / a).readlink() for a in AUDIENCES}
    done = subprocess.run(
        [sys.executable, "-c", KILL_AT, step, str(home)], env=ENVIRONMENT, capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    assert_published_whole(home)
    audience, name = step.split(": ")
    # all copies are written before the first link is swapped, and old ones are removed after the last
    before_it = AUDIENCES[: AUDIENCES.index(audience)] if name == "swap the link" else ()
    swapped = AUDIENCES if name == "remove old copies" else before_it
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
    assert f"process {holder.pid} on {socket.gethostname()}, started 20" in second.stderr
    assert "wait for it to finish" in second.stderr
    assert_published_whole(home)
    finish(data, home)
    assert ("2025-03", 10) in crimes(home)
