"""Killing the build at any moment leaves the published copy whole, and the next build finishes without help.

Builds: the kept street home, copied, and two more months of it, as who was killed or refused before has them built.
"""

import errno
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest
from commands import stra
from faults import Faults
from street_home import FIRST_MONTH, FIRST_ROWS, copy_street_home, write_month
from trials import count

from pipelines.publication.publish import differences
from pipelines.system import build_lock
from pipelines.system.disk import is_shared
from pipelines.tables.cards import AUDIENCES, ROOT

pytestmark = [pytest.mark.kill, pytest.mark.trials]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT)}


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
import os, signal
from pathlib import Path
from pipelines.fetching.folder import DataFolder
from pipelines.publication import publish
from pipelines.builds.session import open_session
home = Path(arguments[0])
def step(name):
    if name == wanted:
        os.kill(os.getpid(), signal.SIGKILL)
with open_session(home, DataFolder(home)) as session:
    publish.publish(session.con, home, "killed run", "test", None, step)
raise SystemExit("the step was never reached")
"""


# before any copy is there, between two links, and after all
SOME = [f"{AUDIENCES[0]}: write manifest", *(f"{audience}: swap the link" for audience in AUDIENCES),
        f"{AUDIENCES[-1]}: remove old copies"]  # fmt: skip


@pytest.mark.parametrize("step", STEPS if count(0, 1) else SOME)
def test_killed_at_a_step_of_publish(machine: Faults, built: tuple[Path, Path], step: str) -> None:
    _, home = built
    before = {a: (home / "published" / a).readlink() for a in AUDIENCES}
    done = machine.run(f"wanted = {step!r}\n{KILL_AT}", [home])
    assert done.code == -signal.SIGKILL, done.said
    assert_published_whole(home)
    audience, name = step.split(": ")
    # all copies are written before the first link is swapped, and old ones are removed after the last
    before_it = AUDIENCES[: AUDIENCES.index(audience)] if name == "swap the link" else ()
    swapped = AUDIENCES if name == "remove old copies" else before_it
    for other in AUDIENCES:
        assert ((home / "published" / other).readlink() != before[other]) == (other in swapped), other


def test_a_second_build_while_one_runs_says_so_and_harms_nothing(machine: Faults, built: tuple[Path, Path]) -> None:
    """What it was to build is in the next one, below."""
    data, home = built
    hold = (
        "import sys, time; from pathlib import Path; from pipelines.system.build_lock import build_lock\n"
        "with build_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", hold, str(home)], env=ENVIRONMENT, stdout=subprocess.PIPE, text=True
    ) as holder:
        assert holder.stdout is not None and holder.stdout.readline() == "held\n"
        write_month(data, "2025-02", 60)
        second = machine.run(["build", "--data", data, "--home", home], [home])
        holder.kill()
    assert second.code == 1
    assert f"process {holder.pid} on {socket.gethostname()}, started 20" in second.said
    assert "wait for it to finish" in second.said
    assert_published_whole(home)


def test_the_next_publication_sweeps_up_after_the_killed_ones(built: tuple[Path, Path]) -> None:
    data, home = built
    stra("build", "--data", data, "--home", home)
    assert_published_whole(home)
    for audience in AUDIENCES:
        copies = list((home / "published" / "copies" / audience).iterdir())
        assert 1 <= len(copies) <= 3 and not [c for c in copies if c.name.startswith(".")]
    assert crimes(home) == [(FIRST_MONTH, FIRST_ROWS), ("2025-02", 60)]


class TestSharedDisk:
    """Of two machines that share the disk of a home, one builds at a time."""

    MOUNTS = "22 1 8:1 / / rw - ext4 /dev/sda1 rw\n40 22 0:5 / {} rw shared:1 - {} store:/stra rw,vers=4.2\n"

    @pytest.mark.skipif(os.getuid() != 0, reason="only root can give the machine another name for one process")
    def test_the_machine_that_builds_is_named(self, machine: Faults, built: tuple[Path, Path]) -> None:
        data, home = built
        hold = (
            "import socket, sys, time; from pathlib import Path; from pipelines.system.build_lock import build_lock\n"
            "socket.sethostname('records-two')\n"
            "with build_lock(Path(sys.argv[1])): print('held', flush=True); time.sleep(60)"
        )
        with subprocess.Popen(
            ["unshare", "--uts", sys.executable, "-c", hold, str(home)], env=ENVIRONMENT, stdout=subprocess.PIPE,
            text=True,
        ) as holder:  # fmt: skip
            assert holder.stdout is not None and holder.stdout.readline() == "held\n"
            write_month(data, "2025-04", 10)
            second = machine.run(["build", "--data", data, "--home", home], [home])
            holder.kill()
        assert second.code == 1
        assert f"process {holder.pid} on records-two, started 20" in second.said
        with build_lock.build_lock(home):  # a disk of this machine alone: its lock ended with that process
            pass

    @pytest.mark.parametrize("kind", ["nfs4", "cifs", "fuse.sshfs"])
    def test_a_share_that_keeps_locks_to_each_machine(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        """There a lock is had although the other machine holds one: its name in the file is heeded."""
        home = tmp_path / "a home"
        home.mkdir()
        mounts = tmp_path / "mountinfo"
        mounts.write_text(self.MOUNTS.format(str(home).replace(" ", "\\040"), kind), encoding="utf-8")
        assert is_shared(home / "published", mounts) and not is_shared(tmp_path, mounts)
        monkeypatch.setattr(build_lock, "is_shared", lambda folder: is_shared(folder, mounts))
        held = "4711 on records-two, started 2026-11-30 08:00:00 UTC"
        (home / "build.lock").write_text(held, encoding="utf-8")
        with pytest.raises(build_lock.WarehouseBusy) as refused, build_lock.build_lock(home):
            pass
        assert f"process {held}" in str(refused.value) and "If it was cut off, remove" in str(refused.value)
        assert (home / "build.lock").read_text(encoding="utf-8") == held
        (home / "build.lock").unlink()  # as the message says
        with build_lock.build_lock(home):
            assert f" on {socket.gethostname()}, " in (home / "build.lock").read_text(encoding="utf-8")
        assert (home / "build.lock").read_text(encoding="utf-8") == "", "the next machine may build"

    def test_a_disk_without_locks_is_refused(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def refuses(*_: object) -> None:
            raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

        monkeypatch.setattr(build_lock.fcntl, "flock", refuses)
        with pytest.raises(build_lock.WarehouseBusy, match=r"keeps no locks .* Expected: a disk of this machine"):
            build_lock.build_lock(tmp_path).__enter__()
