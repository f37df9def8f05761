"""How a command says that it has failed."""

from __future__ import annotations

import errno
import json
import logging
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import typer

from pipelines.disk import is_disk_trouble

LAST_BUILD = "last_build.json"  # in the home: how the last build ended


def record_end(home: Path, result: str, words: str = "") -> None:
    """Keep how a build ended, published or failed, for pages, `stra status` and digests."""
    ended = {"ended_at": datetime.now(UTC).isoformat(timespec="seconds"), "result": result, "words": words}
    unfinished = home / f"{LAST_BUILD}.part"
    try:
        unfinished.write_text(json.dumps(ended), encoding="utf-8")
        os.replace(unfinished, home / LAST_BUILD)
    except OSError as problem:
        typer.echo(f"stra: {home}: the end of this build could not be recorded ({problem.strerror}).", err=True)


def last_build(home: Path) -> dict[str, Any] | None:
    """How the last build ended; None for a home of an earlier version."""
    try:
        found: dict[str, Any] = json.loads((home / LAST_BUILD).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found


def fail(message: str, code: int = 1) -> typer.Exit:
    """Say why on the error output; return the exit for the command to raise."""
    typer.echo(f"stra: {message}", err=True)
    return typer.Exit(code)


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
