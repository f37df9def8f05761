"""Backup and restore, failing or killed at every write, flush, rename and link: old or new, never mixed."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

import pytest
from home_by_hand import log, sha256
from trials import count

from pipelines.backup import make, restore, sealed
from pipelines.backup.sealed import KEY, Vault, open_vault
from pipelines.tables.cards import ROOT

pytestmark = pytest.mark.kill
SECRET = "an invented key of thirty characters"
CALLS = ("write", "fsync", "replace", "rename", "link", "open", "mkdir")
MOST = 400


@pytest.fixture(autouse=True)
def key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY, SECRET)
    monkeypatch.delenv("STRA_CASEWORK_URL", raising=False)
    (tmp_path / "reference").mkdir()
    (tmp_path / "reference" / "settings.csv").write_text("key,value\n")
    for module in (make, restore):
        monkeypatch.setattr(module, "REFERENCE", tmp_path / "reference")
    monkeypatch.setattr(sealed, "_vault", cache(sealed._vault))  # a key takes long to derive, on purpose


def tiny_home(home: Path) -> Path:
    """Rows, a publication of one file, decisions: each kind of thing that a backup holds, but a warehouse."""
    for name in ("raw/crime/d1.parquet", "identity/salt", "published/copies/command/000001-x/manifest.json"):
        path = home / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"run_ref": "r1", "invented": name}))
    (home / "published" / "command").symlink_to("copies/command/000001-x")
    (home / "reports.jsonl").write_text("{}\n")
    log(home, "first")
    return home


@contextmanager
def failing(at: int, calls: tuple[str, ...] = CALLS) -> Iterator[list[str]]:
    """The n-th call of the system that changes something fails as on a full disk; a write may be cut short first."""
    seen: list[str] = []
    real = {name: getattr(os, name) for name in calls} | {"fsync": lambda handle: None}  # no power is lost here

    def wrapped(name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **more: Any) -> Any:
            if name == "open" and not arguments[1] & os.O_CREAT:
                return real[name](*arguments, **more)
            seen.append(name)
            if len(seen) == at:
                if name == "write":
                    real[name](arguments[0], bytes(arguments[1])[: len(arguments[1]) // 2])
                raise OSError(errno.ENOSPC, "No space left on device")
            return real[name](*arguments, **more)

        return call

    with pytest.MonkeyPatch.context() as patch:
        for name in calls:
            patch.setattr(os, name, wrapped(name))
        yield seen


def ends_whole(action: Callable[[], object]) -> bool:
    """Whether it did what it was asked; if not, the disk was full and nothing else was wrong."""
    try:
        action()
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        return False
    return True


def assert_whole(vault: Vault, name: str) -> None:
    """Every object of a backup is as it was written, and each file has its hash."""
    import hashlib

    for entry in vault.read_list(name)["files"]:
        digest = hashlib.sha256()
        for each in entry["objects"]:
            digest.update(vault.read(each))
        assert digest.hexdigest() == entry["sha256"]


def files_of(home: Path) -> dict[str, str]:
    return {
        path.relative_to(home).as_posix(): sha256(path)
        for path in sorted(home.rglob("*"))
        if path.is_file() and not path.name.startswith(("casework", "backup.lock"))
    }


def test_a_backup_that_fails_anywhere_leaves_the_earlier_one_and_the_next_one_is_whole(tmp_path: Path) -> None:
    home, first = tiny_home(tmp_path / "home"), tmp_path / "first"
    make.make(home, first)
    (home / "raw" / "crime" / "d2.parquet").write_bytes(b"rows that came since")
    kinds = set()
    for at in range(1, MOST):
        to = tmp_path / f"to{at}"
        shutil.copytree(first, to)
        with failing(at) as seen:
            is_done = ends_whole(partial(make.make, home, to))
        assert not list(home.glob(".backup-*")), "what was frozen is gone"
        vault = open_vault(to, is_new=False)
        names = vault.lists()
        assert len(names) in ((2,) if is_done else (1, 2)), (at, seen[-1])
        for name in names:
            assert_whole(vault, name)
        kinds.add(seen[min(at, len(seen)) - 1])
        if at % 10 == 0 or is_done:
            assert_whole(vault, make.make(home, to).name)
        shutil.rmtree(to)
        # a link that fails is a copy instead, so that a failure there may end well
        if is_done and len(seen) < at:
            break
    assert at < MOST - 1 and kinds == {"write", "fsync", "replace", "link", "open", "mkdir"}


def test_a_stop_while_what_was_frozen_is_removed_leaves_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home, real, begun = tiny_home(tmp_path / "home"), shutil.rmtree, []

    def removing(path: Path, **how: Any) -> None:
        begun.append(path)
        if len(begun) == 1:
            raise KeyboardInterrupt
        real(path, **how)

    monkeypatch.setattr(shutil, "rmtree", removing)
    with pytest.raises(KeyboardInterrupt):
        make.make(home, tmp_path / "to")
    assert not list(home.glob(".backup-*"))


def test_a_restore_that_fails_anywhere_leaves_no_home_and_the_next_one_is_whole(tmp_path: Path) -> None:
    home, to, new = tiny_home(tmp_path / "home"), tmp_path / "to", tmp_path / "new"
    make.make(home, to)
    kinds = set()
    for at in range(1, MOST):
        with failing(at) as seen:
            is_done = ends_whole(partial(restore.restore, to, new))
        kinds.add(seen[min(at, len(seen)) - 1])
        assert not (tmp_path / ".new.restoring").exists()
        if new.exists():
            assert is_done or seen[-1] == "fsync", "only the flush of the folder around it comes after the rename"
            assert files_of(new) == files_of(home)
            shutil.rmtree(new)
        else:
            assert not is_done
        if is_done and len(seen) < at:
            break
    assert at < MOST - 1 and kinds == {"write", "fsync", "rename", "open", "mkdir"}


def test_nothing_has_its_name_before_it_is_on_the_disk_and_no_list_before_its_objects(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was not flushed is lost with the power."""
    dirty: set[str] = set()  # files with content, and folders with names, that were not flushed
    real = {name: getattr(os, name) for name in ("write", "fsync", "replace", "rename")}
    to = tmp_path / "to"

    def path_of(handle: int) -> str:
        return str(Path(f"/proc/self/fd/{handle}").readlink())

    def write(handle: int, content: Any) -> int:
        dirty.add(path_of(handle))
        return int(real["write"](handle, content))

    def fsync(handle: int) -> None:
        dirty.discard(path_of(handle))
        real["fsync"](handle)

    def replace(source: Path, target: Path) -> None:
        assert str(source) not in dirty, f"{target} was named before it was flushed"
        if target.parent.name == "lists":
            assert dirty == set(), f"the list was named before {dirty} was flushed"
        real["replace"](source, target)
        dirty.add(str(target.parent))

    def rename(source: Path, target: Path) -> None:
        assert dirty == set(), f"the home was named before {dirty} was flushed"
        real["rename"](source, target)
        dirty.add(str(target.parent))

    home = tiny_home(tmp_path / "home")
    for name, each in {"write": write, "fsync": fsync, "replace": replace, "rename": rename}.items():
        monkeypatch.setattr(os, name, each)
    make.make(home, to)
    assert dirty == set()
    restore.restore(to, tmp_path / "new")
    assert dirty == set()


KILL = """
import os, signal, sys
from functools import cache
from pathlib import Path
what, stride, home, to, new, reference = sys.argv[1], int(sys.argv[2]), *map(Path, sys.argv[3:])
from pipelines.backup import make, restore, sealed
make.REFERENCE = restore.REFERENCE = reference
sealed._vault = cache(sealed._vault)
from casework.assessment import overrides, scheme  # as heavy as they are, once
def work():
    make.make(home, to, 2) if what == "backup" else restore.restore(to, new)
for at in range(1, 400, stride):
    child = os.fork()
    if child == 0:
        seen = 0
        def wrapped(real):
            def call(*arguments, **more):
                global seen
                seen += 1
                if seen == at:
                    os.kill(os.getpid(), signal.SIGKILL)
                return real(*arguments, **more)
            return call
        os.fsync = lambda handle: None  # what was written outlives a killed process
        for name in ("write", "fsync", "replace", "rename", "link", "mkdir", "unlink"):
            setattr(os, name, wrapped(getattr(os, name)))
        work()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    vault = sealed.open_vault(to, is_new=False)
    for name in vault.lists():
        for entry in vault.read_list(name)["files"]:
            for each in entry["objects"]:
                vault.read(each)
    if what == "restore" and new.exists():
        assert (new / "raw" / "crime" / "d1.parquet").is_file() and (new / "casework.sqlite").is_file()
        assert (new / "published" / "command" / "manifest.json").is_file()
    if not os.WIFSIGNALED(status):
        assert os.WEXITSTATUS(status) == 0
        break
    if what == "backup":
        (home / "raw" / "crime" / "k.parquet").write_text(f"rows {at}")
    if what == "restore" and new.exists():
        break
print(at, len(vault.lists()))
"""


@pytest.mark.trials
@pytest.mark.parametrize("what", ["backup", "restore"])
def test_killed_anywhere_what_was_there_is_whole_and_the_next_run_needs_no_help(tmp_path: Path, what: str) -> None:
    home, to, new = tiny_home(tmp_path / "home"), tmp_path / "to", tmp_path / "new"
    make.make(home, to)
    done = subprocess.run(
        [sys.executable, "-c", KILL, what, str(count(5, 1)), str(home), str(to), str(new), str(tmp_path / "reference")],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    kills, backups = map(int, done.stdout.split())
    assert kills > 20 and backups >= 1
    if what == "restore":
        assert files_of(new) == files_of(home)
        return
    last = make.make(home, to)
    assert not list(home.glob(".backup-*")) and not list(to.glob("*/*/.*"))
    assert_whole(open_vault(to, is_new=False), last.name)
    restore.restore(to, new)
    assert files_of(new) == files_of(home)


def test_a_full_disk_is_said_and_what_to_do(tmp_path: Path) -> None:
    home, to = tiny_home(tmp_path / "home"), tmp_path / "to"
    make.make(home, to)
    (home / "raw" / "crime" / "d2.parquet").write_bytes(os.urandom(3_000_000))
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN)\n"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)); sys.argv = ['stra', *sys.argv[1:]]\n"
        "from pipelines.commands.cli import main; main()"
    )
    run = [sys.executable, "-c", limited, "backup", "--home", str(home), "--to", str(to)]
    done = subprocess.run(run, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False)
    assert done.returncode == 1 and done.returncode != -signal.SIGXFSZ
    assert "expected to read and write it, saw: File too large. Free some space" in done.stderr, done.stderr
    assert "Earlier backups are unchanged." in done.stderr
    vault = open_vault(to, is_new=False)
    assert len(vault.lists()) == 1
    assert_whole(vault, vault.lists()[0])
