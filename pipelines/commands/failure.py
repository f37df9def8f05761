"""How a command says that it has failed."""

from __future__ import annotations

import errno
import logging
from pathlib import Path

import typer

from casework.store.words import escaped
from pipelines.disk import is_disk_trouble


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say why on the error output; return the exit for the command to raise."""
    say(f"stra: {message}", err=True)
    return typer.Exit(code)


def say(message: str, err: bool = False) -> None:
    """Print one line, whatever is in it: a file's name can hold a new line or a command to the terminal."""
    typer.echo(escaped(message), err=err)


# failures whose own words are for the person at the terminal
OWN_WORDS = (
    "WarehouseBusy", "DataFolderMissing", "TableDiffers", "CardError", "MappingError", "PurgeRefused", "ErasedUnknown",
    "WrongIdentityKey", "MachineSettingWrong", "EngineNotReady", "EngineLost", "BuildStopped",
)  # fmt: skip


def explained(problem: Exception, home: Path) -> typer.Exit:
    """The reason in one line for errors a person can act on; others in full."""
    words = str(problem)
    if type(problem).__name__ in OWN_WORDS:
        return fail(words)
    if is_disk_trouble(problem) or isinstance(problem, OSError):
        return fail(
            f"{home}: could not write ({words.splitlines()[0]}). {_remedy(problem)} or give another --home, then "
            "run this again. The published copy is unchanged and nothing loaded is lost."
        )
    logging.getLogger(__name__).exception("unexpected failure")
    return fail(f"unexpected: {type(problem).__name__}: {words}. The published copy is unchanged.")


def _remedy(problem: Exception) -> str:
    """What helps where something could not be written."""
    is_barred = isinstance(problem, OSError) and problem.errno in (errno.EROFS, errno.EACCES, errno.EPERM)
    return "Let this account write there" if is_barred else "Free some space"
