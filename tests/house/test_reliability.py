"""docs/reliability.md: 54 lines in order, each with tests that exist, and none that holds without a test."""

import ast
import re
from functools import cache
from pathlib import Path

import long_run
import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "reliability.md"
ROW = re.compile(r"^\| (\d+) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$", re.M)
FEWER = re.compile(r"skipif|mark\.long|\bcount\(\(?\d+, [\d_]+\)|'LEGAL'")  # `count` of trials.py, and `make long`
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
    """The tests of a file that a usual run skips, or of which it makes fewer trials, by what they mention."""
    said = {text.partition(" = ")[0]: text for text in map(ast.unparse, ast.parse(path.read_text("utf-8")).body)}
    names = {name for left, all_of_it in said.items() if left != all_of_it and FEWER.search(all_of_it)
             for name in re.findall(r"^[\w, ]+$", left) for name in name.split(", ")}  # fmt: skip
    partial = re.compile("|".join([FEWER.pattern, *(rf"\b{name}\b" for name in names)]))
    whole = [text for text in said.values() if partial.search(text) or "pytestmark" in names]
    return frozenset(t for t in named_in(path) if any(f" {t.partition('::')[0]}" in text for text in whole))


def test_a_line_says_what_a_usual_run_does_not_try() -> None:
    """A test that is skipped, or makes fewer trials, without `make trials` or `make long`, or on some machines."""
    said = re.compile(r"`make (trials|long)`|\bonly\b")
    named = [(number, name) for number, _, tests, state in ROWS if not said.search(state)
             for name in re.findall(r"`([^`]+::[^`]+)`", tests)]  # fmt: skip
    assert [one for one in named if one[1].partition("::")[2] in partial_in(ROOT / one[1].partition("::")[0])] == []


def test_the_last_run_of_make_long_takes_the_place_of_the_one_before() -> None:
    report = '<testsuites><testsuite tests="9" failures="1" errors="1" skipped="2"/></testsuites>'
    assert long_run.counted(report, 1) == {"passed": 5, "failed": 2, "skipped": 2}
    assert long_run.counted("", 4) == {"passed": 0, "failed": 1, "skipped": 0}, "it could not begin"
    first, *_ = long_run.SWEEPS
    page = PAGE.read_text("utf-8")
    for commit in ("abc", "def"):
        page = long_run.written(page, commit, "2026-11-30", {first: long_run.counted(report, 1)})
    assert f"commit `def`. It was ended after 1 of {len(long_run.SWEEPS)} sweeps." in page and "`abc`" not in page
    assert f"| {first} | 5 | 2 | 2 |" in page and len(ROW.findall(page)) == 54


def test_what_make_long_makes_alone_is_listed() -> None:
    """Marked `long`, or `representative` where Spark is; and what is called near to each exists."""
    listed = re.findall(r"^\| `(tests/[^`]+)` \| ([^|]+) \|$", PAGE.read_text("utf-8"), re.M)
    marked = set()
    for path in sorted((ROOT / "tests").rglob("test_*.py")):
        for node in ast.parse(path.read_text("utf-8")).body:
            of_module = ast.unparse(node) if isinstance(node, ast.Assign) else ""
            marks = " ".join(map(ast.unparse, getattr(node, "decorator_list", [])))
            names = named_in(path) if "mark.long" in of_module else [getattr(node, "name", "")]
            if "mark.long" in of_module or re.search(r"mark\.long|representative", marks):
                marked |= {f"{path.relative_to(ROOT)}::{name}" for name in names}
    assert {name for name, _ in listed} == marked
    assert [near for _, words in listed for near in re.findall("`([^`]+)`", words) if not (ROOT / near).is_file()] == []


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
