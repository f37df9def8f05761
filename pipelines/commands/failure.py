"""How a command says that it has failed."""

from __future__ import annotations

import errno
import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperGroup

from casework.store.refusal import Refused
from casework.store.words import escaped
from pipelines.system.disk import in_words, is_disk_trouble
from pipelines.system.stops import INTERRUPTED


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say why on the error output; return the exit for the command to raise.

    Further lines are indented, so that none that a name holds passes for a message of its own.
    """
    first, *more = message.split("\n")
    for line in (f"stra: {first}", *(f"  {line.strip()}" for line in more)):
        say(line, err=True)
    return typer.Exit(code)


def say(message: str, err: bool = False) -> None:
    """Print one line, whatever is in it: a file's name can hold a new line or a command to the terminal."""
    typer.echo(escaped(message), err=err)


@contextmanager
def refusals_told() -> Iterator[None]:
    """End the command with the words of a refusal, or of a casework store that cannot be used."""
    from casework.store.database import UNUSABLE, in_words

    try:
        yield
    except (Refused, *UNUSABLE) as problem:
        raise fail(in_words(problem)) from problem


# failures whose own words are for the person at the terminal
OWN_WORDS = (
    "WarehouseBusy", "DataFolderMissing", "TableDiffers", "CardError", "MappingError", "PurgeRefused", "ErasedUnknown",
    "WrongIdentityKey", "MachineSettingWrong", "EngineNotReady", "EngineLost", "BuildStopped", "WarehouseDamaged",
)  # fmt: skip


class Commands(TyperGroup):
    """Commands that end with one sentence where the casework store refuses, or does not answer."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        try:
            return super().invoke(ctx)
        except Exception as problem:
            words = _of_store(problem) or _of_path(problem)
            if not words:
                raise
            raise fail(words) from problem


def _of_store(problem: BaseException) -> str:
    """The words of the casework store, where the problem is one of it; else none. Its libraries are not imported."""
    if isinstance(problem, Refused):
        return str(problem)
    if not type(problem).__module__.startswith("sqlalchemy."):
        return ""
    from sqlalchemy.exc import DatabaseError

    from casework.store import database

    return database.in_words(problem) if isinstance(problem, DatabaseError) else ""


def _of_path(problem: BaseException) -> str:
    """The words for a path that no system holds: too long, or with a NUL; else none."""
    if isinstance(problem, OSError) and problem.errno == errno.ENAMETOOLONG:
        length = len(os.fsdecode(problem.filename or ""))
        return f"expected a path that this machine can hold, saw one of {length:,} characters. Give a shorter one."
    if isinstance(problem, ValueError) and "embedded null" in str(problem):
        return "expected a path, saw a text with a NUL byte. Give it without."
    return ""


def explained(problem: Exception, home: Path) -> typer.Exit:
    """The reason in one line for errors a person can act on; others in full."""
    words = str(problem)
    if type(problem).__name__ in OWN_WORDS:
        return fail(words, INTERRUPTED if type(problem).__name__ == "BuildStopped" else 1)
    if of_store := _of_store(problem):
        return fail(of_store)
    if isinstance(problem, FileNotFoundError) and problem.filename is not None:
        seen = f"{os.fsdecode(problem.filename)}: expected a file or folder, saw that it is not there."
        return fail(f"{seen} Put it back if it was removed, then run this again. The published copy is unchanged.")
    if is_disk_trouble(problem) or isinstance(problem, OSError):
        return fail(
            f"{home}: could not write ({in_words(problem)}). {_remedy(problem)} or give another --home, then "
            "run this again. The published copy is unchanged and nothing loaded is lost."
        )
    logging.getLogger(__name__).exception("unexpected failure")
    return fail(f"unexpected: {type(problem).__name__}: {words}. The published copy is unchanged.")


def _remedy(problem: Exception) -> str:
    """What helps where something could not be written."""
    is_barred = isinstance(problem, OSError) and problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    return "Let this account write there" if is_barred else "Free some space"
