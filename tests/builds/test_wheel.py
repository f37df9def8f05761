"""The wheel: the same bytes for the same commit, and, with `make long`, a product that works outside the checkout."""

import hashlib
import os
import socket
import subprocess
import sys
import time
import urllib.request
import zipfile
from pathlib import Path

import pytest

from pipelines.tables.cards import ROOT, all_cards

pytestmark = pytest.mark.slow

STREET = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,Crime type,"
    "Last outcome category,Context\n"
    f"{1:064x},2025-01,Kent Police,Kent Police,0.5,51.2,On or near High Street,E01000001,Kent 001A,Burglary,,\n"
)


def build_wheel(target: Path, umask: int) -> Path:
    subprocess.run([str(ROOT / ".ci" / "wheel"), str(target)], check=True, capture_output=True, umask=umask)
    [wheel] = target.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_wheel(tmp_path_factory.mktemp("wheel"), 0o022)


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of an environment with the wheel in it; the libraries are those that the tests themselves use."""
    root = tmp_path_factory.mktemp("installed")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(root / "env")], check=True)
    [packages] = (root / "env" / "lib").glob("python*/site-packages")
    with zipfile.ZipFile(wheel) as files:
        files.extractall(packages)
    libraries = [path for path in sys.path if path.endswith("site-packages")]
    (packages / "libraries.pth").write_text("\n".join(libraries))
    return root / "env" / "bin" / "python"


def run(python: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`stra` of the wheel, in a folder of its own with a home of its own."""
    folder = python.parents[2]
    return subprocess.run(
        [str(python), "-m", "pipelines.commands.cli", *arguments],
        cwd=folder, env=environment(folder), capture_output=True, text=True, check=False,
    )  # fmt: skip


def environment(folder: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "PATH")}
    return {**kept, "HOME": str(folder), "PATH": "/usr/bin:/bin"}


def test_the_same_commit_gives_the_same_bytes(wheel: Path, tmp_path: Path) -> None:
    again = build_wheel(tmp_path, 0o077)
    assert hashlib.sha256(again.read_bytes()).digest() == hashlib.sha256(wheel.read_bytes()).digest()


def test_every_card_and_list_is_in_it(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        held = set(files.namelist())
    cards = {file for card in all_cards().values() for file in (card.path, card.maker) if file is not None}
    assert {str(file.relative_to(ROOT)) for file in cards} - held == set()
    assert {"pipelines/dagster_records/dagster.yaml", "docs/index.md", "dashboards/app.py"} <= held


@pytest.mark.long
def test_it_builds_serves_and_reports_outside_the_checkout(installed: Path) -> None:
    """Without dagster.yaml it said: free some space."""
    folder = installed.parents[2]
    (folder / "data").mkdir()
    (folder / "data" / "2025-01-kent-street.csv").write_text(STREET)
    places = ("--home", "home")
    built = run(installed, "build", "--data", "data", *places)
    assert built.returncode == 0, built.stdout + built.stderr
    where = "import pipelines, dashboards, assets; print(pipelines.__file__, dashboards.__file__, assets.__file__)"
    files = subprocess.run([str(installed), "-c", where], cwd=folder, env=environment(folder), capture_output=True)
    assert str(ROOT).encode() not in files.stdout
    assert "command: " in run(installed, "status", *places).stdout
    assert run(installed, "verify", *places).returncode == 0
    assert run(installed, "report", "model-card", *places, "--out", "card.html").returncode == 0
    assert (folder / "card.html").stat().st_size > 10_000
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    server = subprocess.Popen(
        [str(installed), "-m", "pipelines.commands.cli", "serve", *places, "--port", port],
        cwd=folder, env=environment(folder), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        assert b"<script" in answered(f"http://127.0.0.1:{port}/")
        assert b"stra" in answered(f"http://127.0.0.1:{port}/docs/")
    finally:
        server.terminate()
        server.wait(timeout=60)


def answered(address: str) -> bytes:
    """What the server answers, once it does."""
    deadline = time.monotonic() + 90
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers={"accept": "text/html"})) as answer:
                content: bytes = answer.read()
                return content
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.3)
