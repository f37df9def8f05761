"""`stra build`: load what is new, build what has changed, publish."""

from __future__ import annotations

import tempfile
from datetime import date
from pathlib import Path

import typer

from pipelines.build import build_home
from pipelines.commands.failure import explained, fail, record_end
from pipelines.delivery.folder import DataFolder, read_folder
from pipelines.delivery.signature import nothing_new
from pipelines.disk import is_disk_trouble, make_private
from pipelines.engines.choice import USUAL, Choice

PUBLISHED_IN_PART = 3
LONGEST_FAILURE = 500


def run(data: Path, home: Path, wanted: date | None, chosen: Choice = USUAL) -> typer.Exit:
    """Build the home; return the exit, once everything is said. How it ended is kept in the home."""
    if not data.is_dir():
        words = f"{data}: expected a folder with delivered files; there is none. Give the folder with --data."
        _record(home, words)
        return fail(words)
    try:
        if home.is_dir():
            tempfile.TemporaryFile(dir=home).close()  # a read-only home is named before anything is read
        if home.is_dir() and make_private(home):
            typer.echo(f"{home} could be read by other accounts of this machine. It no longer can.")
        folder = read_folder(data)
    except Exception as problem:
        _record(home, str(problem) or type(problem).__name__)
        return explained(problem, home)
    return run_folder(folder, home, wanted, chosen)


def run_folder(folder: DataFolder, home: Path, wanted: date | None, chosen: Choice = USUAL) -> typer.Exit:
    """The same for a folder that was walked already."""
    try:
        is_current = nothing_new(folder, home, wanted)
        failures = [] if is_current else build_home(folder, home, wanted, typer.echo, chosen)
    except Exception as problem:
        fault = stopped_or(problem)
        _record(home, str(fault) or type(fault).__name__)
        return explained(fault, home)
    _record(home, "; ".join(failures))
    for failure in failures:
        typer.echo(f"stra: {failure}", err=True)
    if any(map(is_disk_trouble, failures)):
        return explained(OSError(failures[0]), home)
    if failures:
        return fail("the build did not finish; the last published copy is unchanged.")
    if is_current:
        typer.echo("Nothing new: the published copy is up to date.")
    return _published(home)


def stopped_or(problem: Exception) -> Exception:
    """The problem itself, or that somebody stopped the build: a signal looks like a fault of the query it ends."""
    from pipelines.publication import withheld

    words = f"{withheld.STOPPED}. The published copy is unchanged."
    return withheld.BuildStopped(words) if withheld.was_stopped(problem) else problem


def _record(home: Path, failure: str) -> None:
    """Keep how the build ended, where there is a home."""
    if home.is_dir():
        record_end(home, "failed" if failure else "published", failure.split("\n")[0][:LONGEST_FAILURE])


def _published(home: Path) -> typer.Exit:
    """Exit code 0 if every table is published, 3 if some are withheld. These are named at the end."""
    from pipelines.publication import withheld

    found = withheld.published(home)
    for table, reason in found.items():
        typer.echo(f"WITHHELD {table}: {reason}", err=True)
    if found:
        number = f"{len(found)} tables are" if len(found) > 1 else "1 table is"
        typer.echo(f"stra: {number} withheld; everything else is published. `stra status` shows the reasons.", err=True)
    return typer.Exit(PUBLISHED_IN_PART if found else 0)
