"""`stra backup` and `stra restore`: what a force would lose with its machine, kept elsewhere, and put back."""

from __future__ import annotations

import errno
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from casework.store import backups
from casework.store.sizes import in_words as size_in_words
from pipelines.commands.failure import fail
from pipelines.commands.options import Home

BARRED = (errno.EROFS, errno.EACCES, errno.EPERM)


def backup(
    home: Home,
    to: Annotated[Path, typer.Option(help="Folder for the backups, apart from the home: best on another machine.")],
    keep: Annotated[int, typer.Option(min=0, help="How many of the newest backups to keep; 0 keeps all.")] = 0,
) -> None:
    """Back up a home, encrypted with STRA_BACKUP_KEY, while builds run and people work."""
    from casework.store.database import UNUSABLE, in_words
    from casework.store.refusal import Refused
    from pipelines.backup.make import make

    if not home.is_dir():
        raise fail(f"{home}: expected the home folder; there is none. Name it with --home.")
    try:
        made = make(home, to, keep, typer.echo)
    except OSError as problem:
        raise _not_made(home, _unwritten(to, problem)) from problem
    except (Refused, *UNUSABLE) as problem:
        raise _not_made(home, in_words(problem)) from problem
    typer.echo(
        f"Backup {int(made.name[:6])}: {made.file_count:,} files, {size_in_words(made.size)}; new in {to}: "
        f"{made.new_count:,} objects, {size_in_words(made.new_size)}. All of it was read back."
    )
    if made.repaired:
        what = f"{len(made.repaired)} objects of earlier backups were damaged and were written again"
        typer.echo(f"{what}. Examine the disk of {to}.", err=True)
    if made.removed:
        typer.echo(f"{len(made.removed)} earlier backups were removed.")
    typer.echo("It does not hold the keys: keep STRA_BACKUP_KEY and STRA_IDENTITY_KEY where the force keeps its keys.")
    try:
        backups.record(home)
    except OSError as problem:
        raise fail(f"The backup was made, but stra status cannot say so. {_unwritten(home, problem)}") from problem


def _not_made(home: Path, words: str) -> typer.Exit:
    """Say why there is no backup, here and in the home, where `stra status` and monitors look."""
    from pipelines.backup.make import is_home

    with suppress(OSError):  # the command says the same, and a backup that is missed shows by its age
        if is_home(home):
            backups.record(home, words)
    return fail(f"{words} Earlier backups are unchanged.")


def restore(
    folder: Annotated[Path, typer.Option("--from", help="Folder with the backups.")],
    home: Annotated[Path, typer.Option(help="New or empty folder for the restored home.")],
    number: Annotated[int | None, typer.Option("--backup", help="Number of the backup; else the newest.")] = None,
) -> None:
    """Restore a home from a backup into a new folder."""
    from casework.store.database import UNUSABLE, in_words
    from casework.store.refusal import Refused
    from pipelines.backup.restore import EDITED
    from pipelines.backup.restore import restore as put_back

    nothing = f"Nothing was written to {home}."
    try:
        done = put_back(folder, home, number, typer.echo)
    except OSError as problem:
        raise fail(f"{_unwritten(home, problem)} {nothing}") from problem
    except (Refused, *UNUSABLE) as problem:
        raise fail(f"{in_words(problem)} {nothing}") from problem
    typer.echo(f"{home}: {done.file_count:,} files as they were at {done.made_at}, each compared with its hash.")
    for note in done.notes:
        typer.echo(note)
    if done.edited:
        few = ", ".join(done.edited[:5]) + (" and others" if len(done.edited) > 5 else "")
        typer.echo(
            f"{len(done.edited)} reference lists differ from those of this installation ({few}). Those of the backup "
            f"are in {home / EDITED}: copy what the force had edited into the product before the next build."
        )
    typer.echo(f"Check it with: stra verify --home {home}")


def _unwritten(place: Path, problem: OSError) -> str:
    """What could not be written, and what helps."""
    remedy = "Let this account write there" if problem.errno in BARRED else "Free some space, or mend the disk"
    seen = f"{problem.filename or place}: expected to read and write it, saw: {problem.strerror}"
    return f"{seen}. {remedy}, then run this again."
