"""`make wheelhouse`: what an installation without a package index needs, all of it and no more, each with its hash."""

import base64
import hashlib
import importlib.metadata
import os
import runpy
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]


def program() -> dict[str, Any]:
    return runpy.run_path(str(ROOT / ".ci/wheelhouse"))


def names(entries: list[str]) -> set[str]:
    return {canonicalize_name(entry.split("==")[0].split("[")[0].strip()) for entry in entries}


def asked_by(requirement: Requirement) -> list[Requirement]:
    """What a package asks for here by its own metadata, with the extras that are asked of it."""
    found = map(Requirement, importlib.metadata.requires(requirement.name) or ())
    surroundings = [{"extra": extra} for extra in ("", *requirement.extras)]
    return [r for r in found if r.marker is None or any(r.marker.evaluate(given) for given in surroundings)]


def test_it_has_all_that_the_packages_ask_for_by_their_own_metadata() -> None:
    """The lock's notes say what is there for what; here the installed packages say it themselves."""
    kept = names(program()["run_time"](LOCK, PROJECT["dependencies"]))
    waiting, seen = [Requirement(line) for line in PROJECT["dependencies"]], set()
    while waiting:
        requirement = waiting.pop()
        key = (canonicalize_name(requirement.name), frozenset(requirement.extras))
        if key not in seen:
            seen.add(key)
            waiting += asked_by(requirement)
    needed = {name for name, _ in seen}
    assert len(needed) > 100
    assert needed - kept == set()
    assert len(kept - needed) < 15  # those of other systems and other Pythons


def test_no_tool_of_the_tests_is_in_it() -> None:
    kept = names(program()["run_time"](LOCK, PROJECT["dependencies"]))
    tools = {Requirement(line).name for line in PROJECT["optional-dependencies"]["dev"]}
    assert kept & tools == set()


def test_a_dependency_without_an_entry_in_the_lock_is_named() -> None:
    with pytest.raises(SystemExit, match=r"requirements\.lock: expected invented-package"):
        program()["run_time"](LOCK, ["invented-package>=1"])


def write_wheel(folder: Path, name: str, needs: str = "") -> Path:
    """A wheel without content, as pip takes it."""
    wheel, info = folder / f"{name}-1.0-py3-none-any.whl", f"{name}-1.0.dist-info"
    needed = f"Requires-Dist: {needs}\n" if needs else ""
    files = {
        f"{name}.py": "",
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n{needed}",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: tests\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = ""
    for path, text in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(text)}\n"
    with zipfile.ZipFile(wheel, "w") as packed:
        for path, text in (files | {f"{info}/RECORD": f"{record}{info}/RECORD,,\n"}).items():
            packed.writestr(path, text)
    return wheel


@pytest.fixture
def wheelhouse(tmp_path: Path) -> Path:
    """One of a small product: it runs with `near`, which asks for `far`; `tool` is for its tests."""
    root, index = tmp_path / "checkout", tmp_path / "index"
    index.mkdir()
    hashes = {name: hashlib.sha256(write_wheel(index, name, needs).read_bytes()).hexdigest()
              for name, needs in (("near", "far"), ("far", ""), ("tool", ""))}  # fmt: skip
    (root / ".ci").mkdir(parents=True)
    (root / "pyproject.toml").write_text('[project]\ndependencies = ["near>=1"]\n')
    via = {"near": "stra (pyproject.toml)", "far": "near", "tool": "stra (pyproject.toml)"}
    (root / "requirements.lock").write_text(
        "".join(f"{n}==1.0 \\\n    --hash=sha256:{hashes[n]}\n    # via {via[n]}\n" for n in sorted(hashes))
    )
    write_wheel(index, "stra", "near>=1")
    (root / ".ci/wheel").write_text(f'#!/bin/sh\ncp {index}/stra-1.0-py3-none-any.whl "$1"\n')
    (root / ".ci/wheel").chmod(0o755)
    code = (ROOT / ".ci/wheelhouse").read_text("utf-8")
    (root / ".ci/wheelhouse").write_text(code)
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    write_wheel(folder, "old")  # of an earlier lock
    own = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(index)}
    command = [sys.executable, root / ".ci/wheelhouse", folder]
    done = subprocess.run(command, env=own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(f"3 wheels in {folder}, ")
    return folder


def install(folder: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """What pip would install from a folder alone."""
    own = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")} | {
        "PIP_CONFIG_FILE": os.devnull
    }
    command = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--dry-run",
        "--ignore-installed",
        "--no-index",
        "--find-links",
        folder,
    ]
    return subprocess.run(
        [*map(str, command), *map(str, arguments)], env=own, capture_output=True, text=True, check=False
    )


def test_it_installs_by_name_and_by_hash_without_an_index(wheelhouse: Path) -> None:
    assert {file.name.split("-")[0] for file in wheelhouse.glob("*.whl")} == {"far", "near", "stra"}
    by_name = install(wheelhouse, "stra")
    assert "Would install far-1.0 near-1.0 stra-1.0" in by_name.stdout, by_name.stderr
    by_hash = install(wheelhouse, "--require-hashes", "--requirement", wheelhouse / "requirements.txt")
    assert "Would install far-1.0 near-1.0 stra-1.0" in by_hash.stdout, by_hash.stderr
    check = ["sha256sum", "--quiet", "--check", "SHA256SUMS"]
    assert subprocess.run(check, cwd=wheelhouse, check=False).returncode == 0


def test_a_wheel_that_was_changed_on_the_way_is_refused(wheelhouse: Path) -> None:
    write_wheel(wheelhouse, "far", "near")
    refused = install(wheelhouse, "--require-hashes", "--requirement", wheelhouse / "requirements.txt")
    assert refused.returncode != 0 and "DO NOT MATCH THE HASHES" in refused.stderr
    checked = subprocess.run(
        ["sha256sum", "--check", "SHA256SUMS"], cwd=wheelhouse, capture_output=True, text=True, check=False
    )
    assert checked.returncode != 0 and "far-1.0-py3-none-any.whl: FAILED" in checked.stdout
