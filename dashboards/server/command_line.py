"""The product's own commands, in processes of their own, for a page that needs what no published copy holds.

A page may not read delivered files itself. A process has what it needs for a moment, and a damaged file ends that
process and not the server.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from casework.store.builds import running_build
from casework.store.refusal import Refused

ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 600  # seconds until a folder that cannot be read is given up
READING = "reading: "  # how `stra map --json` begins a line about a file that it reads
LOG = "build.log"  # below the home: what a build that a page started has said
LAST_LINES = 20
_OF_A_TABLE = re.compile(r"(raw|reference|core|quality|metrics)[.]\w+: [\d,]+ rows, ")

_started: dict[Path, subprocess.Popen[bytes]] = {}


def delivered_folder(home: Path | None, given: Path | None) -> Path | None:
    """The folder with the delivered files: the one that the server was given, else that of the last build."""
    if given is not None or home is None:
        return given
    try:
        return Path(json.loads((home / "build.json").read_text(encoding="utf-8"))["data"])
    except (OSError, ValueError, KeyError, TypeError):
        return None


def ask_map(
    data: Path, request: Mapping[str, Any], tell: Callable[[str], object] = lambda file: None
) -> dict[str, Any]:
    """The reply of `stra map --json`, with each file named as it is read. Raises Refused in the command's words."""
    said, is_late = list[str](), threading.Event()
    with tempfile.TemporaryFile("w+", encoding="utf-8") as given, tempfile.TemporaryFile("w+", encoding="utf-8") as out:
        given.write(json.dumps(request))
        given.seek(0)
        try:
            run = subprocess.Popen(
                _stra("map", "--data", str(data), "--json"), stdin=given, stdout=out, stderr=subprocess.PIPE,
                text=True, encoding="utf-8", cwd=ROOT, env=_environment(),
            )  # fmt: skip
        except OSError as problem:
            raise Refused(f"The command could not be started ({type(problem).__name__}).") from problem

        def give_up() -> None:
            is_late.set()
            run.kill()

        late = threading.Timer(PATIENCE, give_up)
        late.start()
        with run:
            for line in run.stderr or ():
                said += [line.strip().removeprefix("stra: ")] if line.startswith("stra: ") else []
                if line.startswith(READING):
                    tell(line.removeprefix(READING).strip())
        late.cancel()
        if is_late.is_set():
            raise Refused(f"{data} could not be read in {PATIENCE // 60} minutes. Run `stra map` on the server.")
        if run.returncode != 0:
            raise Refused(said[-1] if said else f"The command ended with code {run.returncode} and without a reason.")
        out.seek(0)
        return dict(json.load(out))


def build_command(data: Path, home: Path) -> list[str]:
    """The command that builds a home, as a person would write it."""
    return ["stra", "build", "--data", str(data), "--home", str(home)]


def start_build(data: Path, home: Path) -> None:
    """Start a build that goes on if the page is closed. Raises Refused if one runs, or if it cannot be started."""
    if is_starting(home) or running_build(home) is not None:
        raise Refused("A build is running already. Wait until it has ended.")
    try:
        with open(os.open(home / LOG, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as log:
            _started[home] = subprocess.Popen(
                _stra(*build_command(data, home)[1:]), stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT,
                cwd=ROOT, env=_environment(), start_new_session=True,
            )  # fmt: skip
    except OSError as problem:
        raise Refused(f"The build could not be started ({problem.strerror}).") from problem


def is_starting(home: Path) -> bool:
    """Whether a build that a page of this server started still runs."""
    return home in _started and _started[home].poll() is None


def ended_build(home: Path) -> tuple[int, list[str]] | None:
    """Exit code and last lines of the latest build that a page of this server started; None if none has ended.

    The lines that name each table are left out: what was refused or withheld would be lost among them.
    """
    if home not in _started or (code := _started[home].poll()) is None:
        return None
    try:
        lines = (home / LOG).read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        lines = []
    return code, [line for line in lines if line.strip() and not _OF_A_TABLE.match(line)][-LAST_LINES:]


def _stra(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "pipelines.commands.cli", *arguments]


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))}
