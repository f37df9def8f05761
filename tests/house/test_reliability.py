"""docs/reliability.md: 54 lines in order, each with tests that exist, and none that holds without a test."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
STATES = re.compile(r"(holds|in part: \w|no: \w|does not apply: \w)")
ROWS = [(int(number), *rest) for number, *rest in ROW.findall(PAGE.read_text("utf-8"))]
NAMED = [name for _, _, tests, _ in ROWS for name in re.findall(r"`([^`]+)`", tests)]


@cache
def named_in(path: Path) -> frozenset[str]:
    """Name of each test in a file, with its class before it if it has one; read and not run."""
    found = set()
    for node in ast.parse(path.read_text("utf-8")).body:
        inside = node.body if isinstance(node, ast.ClassDef) else [node]
        before = f"{node.name}::" if isinstance(node, ast.ClassDef) else ""
        found |= {before + one.name for one in inside if isinstance(one, ast.FunctionDef) and one.name[:5] == "test_"}
    return frozenset(found)


@cache
def partial_in(path: Path) -> frozenset[str]:
    """The tests of a file that a usual run skips, or of which it makes fewer trials: by what they and theirs use."""
    text = path.read_text("utf-8")
    fewer = {"skipif", "LEGAL", *(["count"] if re.search(r"import (count|trials)\b", text) else [])}
    uses: dict[str, set[str]] = {}  # each name of the module -> what its definition mentions
    for node in ast.parse(text).body:
        targets = node.targets if isinstance(node, ast.Assign) else [node]
        names = {getattr(one, "id", "") or getattr(one, "name", "") for target in targets for one in _tree(target)}
        mentioned = {getattr(one, kind, "") for one in ast.walk(node) for kind in ("id", "arg", "attr", "value")
                     if isinstance(getattr(one, kind, ""), str)}  # fmt: skip
        uses |= dict.fromkeys(names - {""}, mentioned)

    def is_partial(name: str) -> bool:
        reached = {name}
        while more := {other for one in reached for other in uses.get(one, ())} - reached:
            reached |= more
        return bool(reached & fewer)

    return frozenset(t for t in named_in(path) if is_partial(t.partition("::")[0]) or is_partial("pytestmark"))


def _tree(target: ast.AST) -> list[ast.AST]:
    """A name, or the names of a tuple; of a function or class only itself."""
    return [target] if isinstance(target, ast.stmt) else list(ast.walk(target))


def test_a_line_says_what_a_usual_run_does_not_try() -> None:
    """A test that is skipped, or makes fewer trials, without `make trials` or `make long`, or on some machines."""
    silent = [
        (number, name)
        for number, _, tests, state in ROWS
        for name in re.findall(r"`([^`]+::[^`]+)`", tests)
        if name.partition("::")[2] in partial_in(ROOT / name.partition("::")[0])
        and not re.search(r"`make (trials|long)`|\bonly\b", state)
    ]
    assert silent == []


def test_every_line_is_there_once_and_in_order() -> None:
    assert [number for number, *_ in ROWS] == list(range(1, 55))


@pytest.mark.parametrize("name", sorted(set(NAMED)))
def test_a_test_that_is_named_exists(name: str) -> None:
    file, _, test = name.partition("::")
    assert file.startswith("tests/") and (ROOT / file).is_file(), name
    assert test in named_in(ROOT / file), name


def test_a_line_has_a_state_and_what_holds_has_a_test() -> None:
    wrong = [number for number, _, _, state in ROWS if not STATES.match(state)]
    wrong += [number for number, _, tests, state in ROWS if state.startswith("holds") and "::" not in tests]
    wrong += [number for number, _, tests, _ in ROWS if ("::" in tests) == (tests == "none")]
    assert wrong == []
