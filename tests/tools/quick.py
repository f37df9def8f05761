"""The tests nearest to what changed, within minutes: `python tests/tools/quick.py [BASE]`, where BASE is a commit.

Without BASE: what is not committed yet, else the last commit. A file of tests is near where it changed itself, where
it imports a changed module, through the modules of invented worlds too, or where it or they name a changed table. If no
file of tests does, those are near that do so to what uses the change.
Not run: tests marked browser, kill, slow or long; files of tests that reach a change only through other modules of
the product, if some reach it at once; and what would take longer than SECONDS by the last `make test`. Each is said.
`make test` runs all.
"""

import os
import re
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

import pytest
from processor_time import costs

from pipelines.tables.cards import ROOT, SCHEMAS

TESTS = ROOT / "tests"
PRODUCT = ("assets", "benchmarks", "casework", "dashboards", "docs", "expectations", "pipelines", "sample", "stra")
LAST_RUN = ROOT / ".cache" / "processor_time.jsonl"
SECONDS, UNKNOWN = 120, 5  # processor seconds in all; of a file of tests that no run has measured
READ = (".py", ".sql", ".toml")
LEFT_OUT = "not browser and not kill and not slow and not long"
ALL_LEFT_OUT = re.compile(r"^pytestmark = .*\bmark\.(?:browser|kill|slow|long)\b", re.MULTILINE)
_TABLE = re.compile(rf"\b({'|'.join(SCHEMAS)})(?:\.|_+)(\w+)|\blist_rows\(\s*\"(\w+)")
_FILE = re.compile(rf"\b\w+/\w+\.(?:py|sql|csv|toml)\b|\b(?:{'|'.join(PRODUCT)})(?:\.\w+)+")
_IMPORT = re.compile(r"^[ \t]*(?:from ([\w.]+) import (\([^)]*\)|[^#\n]+)|import ([\w., ]+))", re.MULTILINE)
_NAME = re.compile(r"[\w.]+")
_METHOD = re.compile(r'^(?:--|#) method = "([\w.]+)\.\w+"', re.MULTILINE)  # in the card of a table


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
    found = set[str]()
    for module, names, modules in _IMPORT.findall(file.read_text(encoding="utf-8")):
        found |= {module, *(f"{module}.{name}" for name in _NAME.findall(names))} - {""}
        found.update(_NAME.findall(modules))
    return frozenset(found)


@cache
def named(file: Path) -> frozenset[str]:
    """What a file imports, and the tables and files that it names. A file of tests names what its worlds name."""
    if file.is_relative_to(TESTS):
        return frozenset({file.stem}).union(*map(_named, sources(file)))
    return _named(file)


@cache
def _named(file: Path) -> frozenset[str]:
    text = file.read_text(encoding="utf-8")
    found = {f"{schema or 'reference'}.{name or listed}" for schema, name, listed in _TABLE.findall(text)}
    found |= {f"assets.methods.{module}" for module in _METHOD.findall(text)}
    found.update(_FILE.findall(text.replace('" / "', "/")))
    return frozenset(found | imported(file) if file.suffix == ".py" else found)


def names_of(file: Path) -> set[str]:
    """What others call a file: its module or world, its table, its last folder and name."""
    *folders, stem = file.relative_to(ROOT).with_suffix("").parts
    found = {"/".join(file.parts[-2:])}
    if file.suffix == ".py":
        found.add(stem if folders[:1] == ["tests"] else ".".join((*folders, stem)).removesuffix(".__init__"))
    if folders[:1] == ["assets"] and folders[1:]:
        found.add(f"{folders[1]}.{stem}")
    return found


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


@cache
def users() -> dict[str, set[Path]]:
    """Name -> files of the product, and files of tests, that import or name it; a file of tests names itself."""
    found = defaultdict(set)
    product = (file for room in PRODUCT for file in (ROOT / room).rglob("*.*"))
    for file in (*(file for file in product if file.suffix in READ), *TESTS.rglob("test_*.py")):
        for name in named(file):
            found[name].add(file)
    return found


def nearest_first(change: Path) -> Iterator[set[Path]]:
    """The files of tests that name a changed file; those that name what names it; and so on.

    A file that nothing names is read with its folder, so it is as near as the module of that.
    """
    waiting, seen, is_found = {ROOT / change}, set[Path](), False
    while waiting:
        using = {user for file in waiting for name in names_of(file) for user in users().get(name, ())} - seen
        seen |= using
        waiting = {file for file in using if not file.is_relative_to(TESTS)}
        is_found = is_found or using != waiting
        yield using - waiting
    folder = change.parents[change.name == "__init__.py"]
    if not is_found and folder.parts:
        yield from nearest_first(folder / "__init__.py")


def near(change: Path) -> set[Path]:
    """The files of tests nearest to a change. Those of which `make quick` runs nothing do not count as the nearest."""
    found = set[Path]()
    for tests in nearest_first(change):
        found |= tests
        if any(map(is_run, tests)):
            break
    return found


@cache
def is_run(file: Path) -> bool:
    """Whether `make quick` runs any test of a file."""
    return ALL_LEFT_OUT.search(file.read_text(encoding="utf-8")) is None


def known_costs() -> Counter[str]:
    """Name of a file of tests -> processor seconds by the last `make test`."""
    known = Counter[str]()
    for test, seconds in costs(LAST_RUN).items() if LAST_RUN.exists() else ():
        known[Path(test.split("::")[0]).name] += seconds
    return known


def ordered(files: Iterable[Path], changes: list[Path]) -> list[Path]:
    """Those that changed themselves, those that name a change in their own text, those that name its package, others.

    Of each the cheap ones come first.
    """
    names = {name for change in changes for name in names_of(ROOT / change)}
    packages = {".".join(change.parent.parts) for change in changes}
    known = known_costs()

    def place(file: Path) -> tuple[bool, bool, bool, float, Path]:
        own = _named(file)
        is_changed = file.relative_to(ROOT) in changes
        return not is_changed, own.isdisjoint(names), own.isdisjoint(packages), known[file.name], file

    return sorted(files, key=place)


def chosen(changes: list[Path]) -> tuple[list[Path], list[Path]]:
    """The files of tests to run, in their order; and those near that would take too long."""
    run, left, total, known = list[Path](), list[Path](), 0.0, known_costs()
    for file in ordered({file for change in changes for file in near(change)}, changes):
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
