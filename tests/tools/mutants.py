"""How many small faults the tests find: `python tests/tools/mutants.py [N] [SEED]`, else 200 by seed 1.

Each mutant is one change of one place: a comparison, a join, a number, a sign, a word of logic. It runs in a checkout
of the last commit: first the nearest tests (quick.py), then those one step further, then all others that reach its
file, without browsers, kills of processes and slow tests. A run stops at the first failure, which counts if the same
test passes on sound code. What came of each mutant is a line of the log: a run that was stopped goes on behind it.
`mutants.toml` lists mutants that change no behaviour, each with its reason; they are left out.

mutmut and cosmic-ray read Python alone, universalmutator changes text by pattern: none chooses tests by their nearness.
"""

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
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

import pytest
import sqlglot
from quick import LEFT_OUT, is_run, nearest_first, ordered
from sqlglot.tokens import Tokenizer

from pipelines.tables.cards import ROOT

LOG = ROOT / ".cache" / "mutants.jsonl"
EQUIVALENT = Path(__file__).with_suffix(".toml")
WORKERS = int(os.environ.get("WORKERS", "2"))
PASSING, FAILING, RUNNING = set[str](), set[str](), dict[Path, int]()  # tests, on sound code; processes
FIRST = 15  # files of tests that a mutant meets first
ENDLESS = "a test that does not end"  # within five minutes: it ends the run
LIMITS = ("-o", "faulthandler_timeout=300", "-o", "faulthandler_exit_on_timeout=true")
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
        return f"{self.file}:{self.text.count(chr(10), 0, self.start) + 1}: {self.line}  ({self.was!r} -> {self.put!r})"

    @property
    def is_sound(self) -> bool:
        """Whether it can be read at all: to find what cannot be read is no strength."""
        with suppress(SyntaxError, sqlglot.errors.SqlglotError):
            ast.parse(self.changed) if self.file.endswith(".py") else sqlglot.parse_one(self.changed, dialect="duckdb")
            return True
        return False


def changed_word(word: str, words: dict[str, str], after: str) -> str | None:
    """What stands for a word instead: another operator, or the next number; None where there is nothing to change."""
    is_first_of_two = word == "is" and after.lstrip().startswith("not")  # the second is changed
    if is_first_of_two or (word == "*" and after[:1] not in (" ", "=")):  # every column, or arguments
        return None
    return str(int(word) + 1) if word.isdecimal() else words.get(word)


def in_python(text: str) -> Iterator[tuple[int, str, str]]:
    """Places in Python; docstrings and comments have none."""
    starts, before = [0], ["", ""]
    for line in text.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    for token in tokenize.generate_tokens(StringIO(text).readline):
        start = starts[token.start[0] - 1] + token.start[1]
        put = changed_word(token.string, IN_PYTHON, text[start + len(token.string) :][:9])
        if put is not None and before[0] not in GUARDS:
            yield start, token.string, put
        before = [before[1], token.string]


def in_sql(text: str) -> Iterator[tuple[int, str, str]]:
    """Places in a SELECT; its card and comments have none."""
    for token in Tokenizer(dialect="duckdb").tokenize(text):
        word = text[token.start : token.end + 1]
        put = changed_word(word, IN_SQL, text[token.end + 1 :][:9])
        if put is not None:
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
    near, above, *others = [*filter(None, steps), list[Path](), list[Path]()]
    found = near[:FIRST], near[FIRST:] + above, [file for step in others for file in step]
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
            if test in PASSING or not first_failure(checkout, tier if test == ENDLESS else [test]):
                PASSING.update({test} - {ENDLESS})
                return number, test
            FAILING.add(test)
            print(f"left out, for it fails on sound code: {test}", flush=True)
    return -1, ""


def first_failure(checkout: Path, tests: list[str]) -> str:
    """The first test that fails, or that does not end; "" where all pass."""
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "-m", LEFT_OUT, *LIMITS, *tests]
    command += [f"--deselect={test}" for test in FAILING]
    environment = os.environ | {"PYTHONPATH": str(checkout), "XDG_CACHE_HOME": f"{checkout}.cache"}
    environment.pop("STRA_KEPT", None)  # no home and no cache of sound code: they show no fault
    with tempfile.TemporaryFile("w+") as said:
        run = subprocess.Popen(command, cwd=checkout, env=environment, stdout=said, stderr=said, process_group=0)
        RUNNING[checkout] = run.pid
        code = run.wait()
        end(run.pid)  # servers that a test left
        said.seek(0)
        lines = said.read().splitlines()
    if code in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        return ""
    named = (line.split(" ", 1)[1].split(" - ")[0] for line in lines if line.startswith(("FAILED ", "ERROR ")))
    return next(named, ENDLESS)


def run(mutants: list[Mutant], checkouts: list[Path], commit: str) -> None:
    """Run those that the log does not have, as many at a time as there are checkouts."""
    known = logged(commit)
    waiting = iter([mutant for mutant in mutants if mutant.name not in known])  # of all checkouts

    def work(checkout: Path) -> None:
        for mutant in waiting:
            began = time.monotonic()
            tier, test = outcome(mutant, checkout)
            line = {"mutant": mutant.name, "commit": commit, "tier": tier, "test": test}
            with LOG.open("a", encoding="utf-8") as log:
                log.write(json.dumps(line | {"seconds": round(time.monotonic() - began)}) + "\n")
            print(f"{'SURVIVED' if tier < 0 else f'killed ({tier})'}  {mutant.name}  {test}", flush=True)

    signal.signal(signal.SIGTERM, signal.default_int_handler)
    with ThreadPoolExecutor(len(checkouts)) as workers:
        try:
            list(workers.map(work, checkouts))
        except KeyboardInterrupt:  # else the threads would go on
            list(map(end, RUNNING.values()))
            os._exit(130)


def end(group: int) -> None:
    """End a run of tests with all that it started."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


def logged(commit: str) -> dict[str, int]:
    """Mutant -> the tier that found it, of all that ran on a commit so far."""
    lines = map(json.loads, LOG.read_text("utf-8").splitlines())
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
    same = {(m["file"], m["line"]) for m in tomllib.loads(EQUIVALENT.read_text("utf-8")).get("mutant", [])}
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
