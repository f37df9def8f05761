"""Whole homes of earlier versions, made by the code of that time out of this checkout's history, then upgraded.

    python tests/tools/earlier_homes.py 5 FOLDER

It takes minutes for each version and writes to FOLDER alone. Everything in the homes is invented.
"""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

ROOT = Path(__file__).resolve().parents[2]
# version of the casework store -> a commit with it, and its command line
COMMITS = {
    5: ("5d6c61bc", "pipelines.cli"),
    7: ("b53c0b10", "pipelines.commands.cli"),
    8: ("3d4f59dc", "pipelines.commands.cli"),
}
CRIMES, SEED = "3000", "3"
STORE = "casework.sqlite"
KEY = {"STRA_IDENTITY_KEY": "an invented key of thirty characters"}
DECISIONS = ("events", "link_decisions", "score_overrides", "override_decisions", "scheme_changes", "register_rows")
FIGURES = "select * from metrics.measure_values order by all"
PEOPLE = "select person_key, person_ref from core.people order by all"
# people decide with the code of that time, wherever its modules were
DECIDE = """
import datetime, importlib, sys
from pathlib import Path
import duckdb
def module(*names):
    for name in names:
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError:
            continue
    raise SystemExit(f"none of {names}")
home = Path(sys.argv[1])
engine = module("casework.store.database", "casework.store").open_store(home)
overrides = module("casework.assessment.overrides", "casework.overrides")
scheme = module("casework.assessment.scheme", "casework.scheme")
links = module("casework.people.links", "casework.links")
reasons = module("casework.people.link_reasons", "casework.link_reasons").REASONS_FOR
why = module("casework.assessment.scheme_words", "casework.scheme_words").OVERRIDE_REASONS
with duckdb.connect(str(home / "warehouse.duckdb"), read_only=True) as con:
    keys = [key for key, in con.execute("select person_key from core.people order by 1 limit 4").fetchall()]
for pair, verdict in (((keys[0], keys[1]), "same"), ((keys[2], keys[3]), "different")):
    for who, role in (("Invented Reader", "first"), ("Another Reader", "second")):
        links.decide(engine, who, role, pair, verdict, reasons[verdict][0])
proposal = overrides.Proposal("T1", "psychological", 3, 2, list(why)[0],
                              "An invented rationale of the length that is asked for.", "invented minutes 4",
                              str(datetime.date.today() + datetime.timedelta(days=200)))
ref = overrides.propose(engine, proposal, "Invented Analyst")
overrides.decide(engine, ref, "approved", "Invented Chief", "invented", seen_decisions=0)
change = scheme.Change("weight", "invented.key", 1.0, 2.0, "an invented reason", {"moves": "nothing"})
scheme.accept(engine, change, "Invented Chief", seen_version=scheme.version(engine))
"""


@dataclass(frozen=True)
class Upgraded:
    """What was there before, what is there after, and what is wrong."""

    faults: list[str]
    decisions_before: dict[str, list[Any]]
    decisions_after: dict[str, list[Any]]
    people_before: list[Any]
    people_after: list[Any]
    figures: list[Any]
    figures_of_a_new_home: list[Any]


def is_in_history(version: int) -> bool:
    """Whether this checkout has the commit: a shallow clone has none of the past."""
    return _git("cat-file", "-e", f"{COMMITS[version][0]}^{{commit}}").returncode == 0


def upgraded(version: int, folder: Path) -> Upgraded:
    """Make a home with the code of a version and people who decide; then build it with today's code."""
    data, home, new = folder / "data", folder / "home", folder / "new"
    with _checkout(version, folder / "code") as code:
        line = COMMITS[version][1]
        _run(code, line, "synth", "--out", data, "--crimes", CRIMES, "--seed", SEED, "--noise", "low")
        _run(code, line, "build", "--data", data, "--home", home)
        _python(code, "-c", DECIDE, home)
        _run(code, line, "build", "--data", data, "--home", home)
    decisions, people = _decisions(home), _select(home, PEOPLE)
    now = "pipelines.commands.cli"
    faults = []
    for step in ("status", "verify", "build", "verify", "status"):
        more = ("--data", data) if step == "build" else ()
        done = _run(ROOT, now, step, "--home", home, *more, is_checked=False)
        if done.returncode:
            faults.append(f"{step}: code {done.returncode}: {(done.stdout + done.stderr)[-500:]}")
    new.mkdir(mode=0o700)
    with closing(sqlite3.connect(home / STORE)) as held, closing(sqlite3.connect(new / STORE)) as copy:
        held.backup(copy)  # the same decisions, in a home that was never of another version
    _run(ROOT, now, "build", "--data", data, "--home", new)
    kept, after = _decisions(home), _select(home, PEOPLE)
    return Upgraded(faults, decisions, kept, people, after, _select(home, FIGURES), _select(new, FIGURES))


def _decisions(home: Path) -> dict[str, list[Any]]:
    with closing(sqlite3.connect(home / STORE)) as con:
        return {table: con.execute(f"select * from {table} order by rowid").fetchall() for table in DECISIONS}


def _select(home: Path, sql: str) -> list[Any]:
    with closing(duckdb.connect(str(home / "warehouse.duckdb"), read_only=True)) as con:
        return con.execute(sql).fetchall()


def _git(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(["git", "-C", ROOT, *arguments], capture_output=True, text=True, check=False)


@contextmanager
def _checkout(version: int, folder: Path) -> Iterator[Path]:
    done = _git("worktree", "add", "--detach", str(folder), COMMITS[version][0])
    assert done.returncode == 0, done.stderr
    try:
        yield folder
    finally:
        _git("worktree", "remove", "--force", str(folder))


def _run(code: Path, line: str, *arguments: object, is_checked: bool = True) -> subprocess.CompletedProcess[str]:
    return _python(code, "-m", line, *arguments, is_checked=is_checked)


def _python(code: Path, *arguments: object, is_checked: bool = True) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, **KEY, "PYTHONPATH": str(code), "STRA_CASEWORK_URL": ""}
    command = [sys.executable, *map(str, arguments)]
    done = subprocess.run(command, cwd=code, env=environment, capture_output=True, text=True, check=False)
    assert not is_checked or done.returncode == 0, f"{command}: {done.stdout[-800:]}{done.stderr[-2000:]}"
    return done


if __name__ == "__main__":
    result = upgraded(int(sys.argv[1]), Path(sys.argv[2]))
    print(f"faults: {result.faults or 'none'}")
    kept = sum(map(len, result.decisions_before.values()))
    print(f"decisions kept: {result.decisions_before == result.decisions_after} ({kept} rows)")
    print(f"references of people kept: {result.people_before == result.people_after} ({len(result.people_before)})")
    print(f"figures as of a new home: {result.figures == result.figures_of_a_new_home} ({len(result.figures)} rows)")
