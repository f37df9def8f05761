"""The tests nearest to what changed, within minutes: `python tests/tools/quick.py [BASE]`, where BASE is a commit.

Without BASE: what is not committed yet, else the last commit. A file of tests is near where it changed itself, where
it imports a changed module, through the modules of invented worlds too, or where it or they name a changed table.
Not run: tests marked browser, kill, slow or long; files of tests that reach a change only through other modules of
the product; and what would take longer than SECONDS by the last `make test`. Each is said. `make test` runs all.
"""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
from processor_time import costs

from pipelines.cards import ROOT

TESTS = ROOT / "tests"
LAST_RUN = ROOT / ".cache" / "processor_time.jsonl"
SECONDS, UNKNOWN = 120, 5  # processor seconds in all; of a file of tests that no run has measured
LEFT_OUT = "not browser and not kill and not slow and not long"


def changed(base: str = "") -> list[Path]:
    """Files that differ from a commit, new ones included, as paths below the root."""

    def git(*arguments: str) -> list[Path]:
        done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=True)
        return [Path(line) for line in done.stdout.splitlines()]

    found = git("diff", "--name-only", base or "HEAD") + git("ls-files", "--others", "--exclude-standard")
    return found or git("diff", "--name-only", "HEAD~1")


@cache
def imported(file: Path) -> frozenset[str]:
    """Dotted names that a file imports, those inside of functions too: `from a import b` gives a and a.b."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {name.name for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found |= {node.module, *(f"{node.module}.{name.name}" for name in node.names)}
    return frozenset(found)


@cache
def worlds() -> dict[str, Path]:
    """Modules of the tests that are imported by their bare name."""
    return {file.stem: file for file in TESTS.rglob("*.py")}


def sources(file: Path) -> set[Path]:
    """A file of tests and the modules of tests that it rests on."""
    found, waiting = {file}, [file]
    while waiting:
        new = {worlds()[name] for name in imported(waiting.pop()) if name in worlds()} - found
        found |= new
        waiting += new
    return found


def is_near(file: Path, changes: Iterable[Path]) -> bool:
    """Whether a file of tests is near to one of the changes."""
    rests_on = sources(file)
    names = frozenset().union(*map(imported, rests_on))
    texts = [source.read_text(encoding="utf-8") for source in rests_on]
    for change in changes:
        if ROOT / change in rests_on or ".".join(change.with_suffix("").parts) in names:
            return True
        if change.parts[0] == "assets" and len(change.parts) > 2:
            schema, table = change.parts[1], change.stem
            if any(f"{schema}.{table}" in text or f"{schema}_{table}" in text for text in texts):
                return True
    return False


def chosen(changes: list[Path]) -> tuple[list[Path], list[Path]]:
    """The files of tests to run, those that changed themselves first; and those near that would take too long."""
    near = [file for file in sorted(TESTS.rglob("test_*.py")) if is_near(file, changes)]
    near.sort(key=lambda file: file.relative_to(ROOT) not in changes)
    known: dict[str, float] = {}
    for test, seconds in costs(LAST_RUN).items() if LAST_RUN.exists() else ():
        name = Path(test.split("::")[0]).name
        known[name] = known.get(name, 0.0) + seconds
    run, left, total = [], [], 0.0
    for file in near:
        total += known.get(file.name, UNKNOWN)
        (run if total <= SECONDS or file.relative_to(ROOT) in changes else left).append(file)
    return run, left


def main(base: str = "") -> int:
    """Run them; the exit code of pytest, 0 where there is nothing to run."""
    changes = changed(base)
    run, left = chosen(changes)
    print(
        f"{len(changes)} files changed; {len(run)} files of tests are near. Not run: mypy; tests marked browser, kill,"
        " slow or long; and what reaches the change only through other modules. `make test` runs all."
    )
    if left:
        print(f"Near, and left out because they take long: {', '.join(file.name for file in left)}")
    if not run:
        return 0
    os.chdir(ROOT)
    code = pytest.main(["-q", "-m", LEFT_OUT, *map(str, run)])
    return 0 if code == pytest.ExitCode.NO_TESTS_COLLECTED else int(code)


if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:2]))
