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
