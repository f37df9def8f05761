"""How many small faults the tests find: `python tests/tools/mutants.py [N] [SEED]`, else 200 by seed 1.

Each mutant is one change of one place: a comparison, a join, a number, a sign, a word of logic. It runs in a checkout
of the last commit: first the nearest tests (quick.py), then those one step further, then all others that reach its
file, without browsers, kills of processes and slow tests. A run stops at the first failure, which counts if the same
test passes on sound code. What came of each mutant is a line of the log: a run that was stopped goes on behind it.
`mutants.toml` lists mutants that change no behaviour, each with its reason; they are left out.

mutmut and cosmic-ray read Python alone, universalmutator changes text by pattern: none chooses tests by their nearness.
"""

from __future__ import annotations

import ast
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
import tokenize
import tomllib
from collections import Counter, deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import sqlglot
from quick import LEFT_OUT, TESTS, is_run, nearest_first, ordered
from sqlglot.tokens import Tokenizer

from pipelines.cards import ROOT

LOG = ROOT / ".cache" / "mutants.jsonl"
EQUIVALENT = Path(__file__).with_suffix(".toml")
WORKERS = int(os.environ.get("WORKERS", "2"))
PASSING, FAILING = set[str](), set[str]()  # tests, on sound code
FIRST = 15  # files of tests that a mutant meets first
# a test that does not end within ten minutes ends the run, and so finds the mutant
ENDLESS = ("-o", "faulthandler_timeout=600", "-o", "faulthandler_exit_on_timeout=true")
SHARES = {  # of each hundred mutants
    "casework/**/*.py": 15, "assets/core/**/*.sql": 20, "assets/metrics/**/*.sql": 25, "assets/methods/**/*.py": 15,
    "dashboards/data/*.py": 10, "pipelines/**/*.py": 15,
}  # fmt: skip
IN_BOTH = {"<": "<=", "<=": "<", ">": ">=", ">=": ">", "+": "-", "-": "+", "*": "/", "and": "or", "or": "and",
           "min": "max", "max": "min", "not": "", "is": "is not"}  # fmt: skip
IN_PYTHON = IN_BOTH | {"==": "!=", "!=": "==", "any": "all", "all": "any", "True": "False", "False": "True"}
IN_SQL = IN_BOTH | {
    "=": "<>", "<>": "=", "inner": "left", "left": "inner", "distinct": "", "true": "false", "false": "true",
    "least": "greatest", "greatest": "least", "sum": "max", "asc": "desc", "desc": "",
}  # fmt: skip
GUARDS = ("strict", "frozen", "slots")  # they forbid what no caller does: no input could show that they are gone


@dataclass(frozen=True)
class Mutant:
    """One place of a file, and what stands there instead."""

    part: str
    file: str
    text: str  # the sound one
    start: int
    was: str
    put: str

    @property
    def changed(self) -> str:
        """The text of the file with the change."""
        return self.text[: self.start] + self.put + self.text[self.start + len(self.was) :]

    @property
    def line(self) -> str:
        """The changed line: by it and its file a mutant is known, wherever the line moves."""
        return " ".join(self.changed.splitlines()[self.text.count("\n", 0, self.start)].split())

    @property
    def name(self) -> str:
        """File, number of the line, the line as it is now, and the change."""
        number = self.text.count("\n", 0, self.start) + 1
        return f"{self.file}:{number}: {self.line}  ({self.was!r} -> {self.put!r})"

    @property
    def is_sound(self) -> bool:
        """Whether it can be read at all: to find what cannot be read is no strength."""
        try:
            ast.parse(self.changed) if self.file.endswith(".py") else sqlglot.parse_one(self.changed, dialect="duckdb")
        except (SyntaxError, sqlglot.errors.SqlglotError):
            return False
        return True


def changed_word(word: str, words: dict[str, str], after: str) -> str | None:
    """What stands for a word instead: another operator, or the next number."""
    if word == "is" and after.split(maxsplit=1)[:1] == ["not"]:  # there the second word is changed
        return None
    return str(int(word) + 1) if word.isdecimal() else words.get(word)


def in_python(text: str) -> Iterator[tuple[int, str, str]]:
    """Places in Python; docstrings and comments have none."""
    starts, before = [0], ["", ""]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(StringIO(text).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        after = text[start + len(token.string) :]
        is_word = token.type in (tokenize.OP, tokenize.NAME, tokenize.NUMBER)
        put = changed_word(token.string, IN_PYTHON, after) if is_word else None
        is_unpacking = token.string == "*" and after[:1] not in (" ", "=")
        if put is not None and not is_unpacking and before[0] not in GUARDS:
            yield start, token.string, put
        before = [before[1], token.string]


def in_sql(text: str) -> Iterator[tuple[int, str, str]]:
    """Places in a SELECT; its card and comments have none."""
    for token in Tokenizer(dialect="duckdb").tokenize(text):
        word, after = text[token.start : token.end + 1], text[token.end + 1 :]
        put = changed_word(word, IN_SQL, after)
        is_star = word == "*" and after[:1] in ("", "\n", ")", ",")
        if put is not None and not is_star:
            yield token.start, word, put


def drawn(checkout: Path, number: int, seed: int) -> list[Mutant]:
    """`number` mutants, each part of the product in its share. More of them by the same seed begin with the fewer."""
    draw, found = random.Random(seed), []
    for pattern, share in SHARES.items():
        places = [
            Mutant(pattern, str(path.relative_to(checkout)), text, *place)
            for path in sorted(checkout.glob(pattern))
            for text in [path.read_text(encoding="utf-8")]
            for place in (in_python(text) if path.suffix == ".py" else in_sql(text))
        ]
        draw.shuffle(places)
        sound = (mutant for mutant in places if mutant.is_sound)
        found += [mutant for _, mutant in zip(range(max(1, round(number * share / 100))), sound)]
    return found[:number]


def tiers(change: Path) -> list[list[str]]:
    """Files of tests: the nearest, the others that are as near or one step further, all others that reach the file."""
    steps = [ordered(filter(is_run, tests), [change]) for tests in nearest_first(change)]
    steps = [step for step in steps if step] or [sorted(filter(is_run, TESTS.rglob("test_*.py")))]
    near, above = steps[0], steps[1] if len(steps) > 1 else []
    rest = [file for step in steps[2:] for file in step]
    found = near[:FIRST], near[FIRST:] + above, rest
    return [[str(file.relative_to(ROOT)) for file in tier] for tier in found if tier]


def outcome(mutant: Mutant, checkout: Path) -> tuple[int, str]:
    """The tier of tests that finds a mutant, and the test; -1 where it survives."""
    target = checkout / mutant.file
    for number, tier in enumerate(tiers(Path(mutant.file))):
        while True:
            target.write_text(mutant.changed, encoding="utf-8")
            test = first_failure(checkout, tier)
            target.write_text(mutant.text, encoding="utf-8")
            if not test or test in FAILING:
                break
            if test in PASSING or not first_failure(checkout, [test]):
                PASSING.add(test)
                return number, test
            FAILING.add(test)
            print(f"left out, for it fails on sound code: {test}", flush=True)
    return -1, ""


def first_failure(checkout: Path, tests: list[str]) -> str:
    """The first test that fails, or that does not end; "" where all pass."""
    left_out = [f"--deselect={test}" for test in FAILING]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", LEFT_OUT, *ENDLESS]
    # homes and caches of its own: what sound code made shows no fault
    environment = os.environ | {"PYTHONPATH": str(checkout), "XDG_CACHE_HOME": f"{checkout}.cache"}
    environment.pop("STRA_KEPT", None)
    with tempfile.TemporaryFile("w+") as said:
        run = subprocess.Popen([*command, *left_out, *tests], cwd=checkout, env=environment, stdout=said,
                               stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        try:
            code = run.wait()
        finally:
            with suppress(ProcessLookupError):  # servers that a test left
                os.killpg(run.pid, signal.SIGKILL)
        said.seek(0)
        lines = said.read().splitlines()
    if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return ""
    named = (line.split(" ", 1)[1].split(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR ")))
    return next(named, f"a test did not end, or pytest broke ({code})")


def run(mutants: list[Mutant], checkouts: list[Path], commit: str) -> None:
    """Run those that the log does not have, as many at a time as there are checkouts."""
    waiting = deque(mutant for mutant in mutants if mutant.name not in logged(commit))

    def work(checkout: Path) -> None:
        while waiting:
            mutant, began = waiting.popleft(), time.monotonic()
            tier, test = outcome(mutant, checkout)
            line = {"mutant": mutant.name, "commit": commit, "tier": tier, "test": test}
            with LOG.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line | {"seconds": round(time.monotonic() - began)}) + "\n")
            print(f"{'SURVIVED' if tier < 0 else f'killed ({tier})'}  {mutant.name}  {test}", flush=True)

    with ThreadPoolExecutor(len(checkouts)) as workers:
        list(workers.map(work, checkouts))


def logged(commit: str) -> dict[str, int]:
    """Mutant -> the tier that found it, of all that ran on a commit so far."""
    lines = map(json.loads, LOG.read_text(encoding="utf-8").splitlines()) if LOG.exists() else ()
    return {line["mutant"]: line["tier"] for line in lines if line["commit"] == commit}


def summary(mutants: list[Mutant], commit: str, left_out: int) -> str:
    """Killed by part and by tier of tests, and the survivors."""
    tier = logged(commit)
    killed = [mutant for mutant in mutants if tier[mutant.name] >= 0]
    in_parts, by = Counter(mutant.part for mutant in killed), Counter(tier[mutant.name] for mutant in killed)
    return "\n".join([
        *(f"{part}: {in_parts[part]} of {number}" for part, number in Counter(m.part for m in mutants).items()),
        f"by the nearest tests {by[0]}, by the next {by[1]}, by the rest {by[2]}; {left_out} change no behaviour",
        *(f"survived: {mutant.name}" for mutant in mutants if mutant not in killed),
        f"killed {len(killed)} of {len(mutants)}",
    ])  # fmt: skip


def main(number: int = 200, seed: int = 1) -> None:
    """Draw, run and say what came of it."""
    commit = subprocess.check_output(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, text=True).strip()
    listed = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("mutant", [])
    same = {(entry["file"], entry["line"]) for entry in listed}
    with tempfile.TemporaryDirectory() as folder:
        checkouts = [Path(folder) / str(place) for place in range(WORKERS)]
        for checkout in checkouts:
            subprocess.run(["git", "clone", "--quiet", "--shared", str(ROOT), str(checkout)], check=True)
        found = drawn(checkouts[0], number, seed)
        mutants = [mutant for mutant in found if (mutant.file, mutant.line) not in same]
        run(mutants, checkouts, commit)
    print(summary(mutants, commit, len(found) - len(mutants)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:3]))
