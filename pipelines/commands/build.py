"""`stra build`: load what is new, build what has changed, publish."""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Mapping, Sized
from datetime import date
from pathlib import Path

import typer

from casework.store import event_log
from casework.store.builds import FAILED, PARTIAL, PUBLISHED, UNCHANGED, record_end
from pipelines.builds.signature import nothing_new
from pipelines.commands.failure import explained, fail, say
from pipelines.dagster_records.build import build_home
from pipelines.engines.choice import USUAL, Choice
from pipelines.fetching.folder import DataFolder, read_folder
from pipelines.system import stops
from pipelines.system.disk import is_disk_trouble, make_private

PUBLISHED_IN_PART = 3
LONGEST_FAILURE = 500


def run(data: Path, home: Path, wanted: date | None, chosen: Choice = USUAL) -> typer.Exit:
    """Build the home; return the exit, once everything is said. How it ended is kept in the home."""
    began = time.monotonic()
    if not data.is_dir():
        words = f"{data}: expected a folder with delivered files; there is none. Give the folder with --data."
        record(home, began, FAILED, words)
        return fail(words)
    try:
        if home.is_dir():
            tempfile.TemporaryFile(dir=home).close()  # a read-only home is named before anything is read
        if home.is_dir() and make_private(home):
            typer.echo(f"{home} could be read by other accounts of this machine. It no longer can.")
        folder = read_folder(data)
    except Exception as problem:
        record(home, began, FAILED, str(problem) or type(problem).__name__)
        return explained(problem, home)
    return run_folder(folder, home, wanted, chosen)


def run_folder(folder: DataFolder, home: Path, wanted: date | None, chosen: Choice = USUAL) -> typer.Exit:
    """The same for a folder that was walked already."""
    from pipelines.publication import publish, withheld

    began, before = time.monotonic(), publish.copies_in_use(home)
    try:
        # a copy that the disk has damaged is published again, though nothing is new
        is_current = nothing_new(folder, home, wanted) and not publish.differences_in_use(home)
        if not is_current:
            event_log.write(home, "build started", engine=chosen.engine, process=os.getpid())
        failures = [] if is_current else build_home(folder, home, wanted, say, chosen)
        held_back = {} if failures else withheld.published(home)
        left_out = {} if failures else withheld.published(home, "left_out")
    except (Exception, KeyboardInterrupt) as problem:
        fault = stopped_or(problem, publish.copies_in_use(home) == before)
        record(home, began, FAILED, str(fault) or type(fault).__name__)
        return explained(fault, home)
    result = FAILED if failures else UNCHANGED if is_current else PARTIAL if held_back or left_out else PUBLISHED
    record(home, began, result, "; ".join(failures or [f"not loaded: {n}" for n in left_out]), held_back, left_out)
    if failures == [stops.STOPPED]:
        return explained(stopped_or(KeyboardInterrupt(), publish.copies_in_use(home) == before), home)
    for failure in failures:
        say(f"stra: {failure}", err=True)
    if any(map(is_disk_trouble, failures)):
        return explained(OSError(failures[0]), home)
    if failures:
        return fail("the build did not finish; the last published copy is unchanged.")
    if is_current:
        typer.echo("Nothing new: the published copy is up to date.")
    return _published(held_back, left_out)


def stopped_or(problem: BaseException, is_unchanged: bool) -> Exception:
    """The problem itself, or that somebody stopped the build: a signal looks like a fault of the query it ends."""
    if isinstance(problem, Exception) and not stops.was_stopped(problem):
        return problem
    done = "The published copy is unchanged." if is_unchanged else "What it built is published already."
    return stops.BuildStopped(f"{stops.STOPPED}. {done}")


def record(
    home: Path, began: float, result: str, words: str = "", held_back: Sized = (), left_out: Sized = ()
) -> None:  # fmt: skip
    """Keep how the build ended, where there is a home, and log it without the words, which may quote a record."""
    if not home.is_dir():
        return
    seconds = time.monotonic() - began
    try:
        record_end(home, result, words.split("\n")[0][:LONGEST_FAILURE], seconds)
    except OSError as problem:
        typer.echo(f"stra: {home}: the end of this build could not be recorded ({problem.strerror}).", err=True)
    code = 1 if result == FAILED else PUBLISHED_IN_PART if held_back or left_out else 0
    event_log.write(
        home, "build ended", result=result, exit_code=code, seconds=round(seconds, 1), process=os.getpid(),
        withheld_tables=len(held_back),
    )  # fmt: skip


def _published(held_back: Mapping[str, str], left_out: Mapping[str, str]) -> typer.Exit:
    """Exit code 0 if all is loaded and published, 3 if something stays out. It is named at the end."""
    for name, reason in left_out.items():
        say(f"NOT LOADED {name}: {reason}", err=True)
    for table, reason in held_back.items():
        say(f"WITHHELD {table}: {reason}", err=True)
    if held_back:
        number = f"{len(held_back)} tables are" if len(held_back) > 1 else "1 table is"
        typer.echo(f"stra: {number} withheld; everything else is published. `stra status` shows the reasons.", err=True)
    return typer.Exit(PUBLISHED_IN_PART if held_back or left_out else 0)
