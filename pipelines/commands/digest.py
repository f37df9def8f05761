"""`stra digest`: what is new, sent to those who asked for it in HOME/digests.toml."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from casework.store import event_log

if TYPE_CHECKING:
    from dashboards.documents.digest import dispatch


def run(home: Path, only: str, *, is_shown: bool) -> None:
    """Send what is due, or show it. Raises typer.Exit with code 1 where a digest could not be made or sent."""
    from sqlalchemy.exc import DatabaseError

    from casework.store.database import in_words
    from casework.store.refusal import Refused
    from dashboards.documents.digest import dispatch

    failed = False
    for one in dispatch.wanted(home, only):
        try:
            digest = dispatch.made(home, one, os.environ)
            if is_shown:
                typer.echo(f"{digest.subject}\n\n{digest.body}")
            else:
                result, words = _sent(home, digest)
                typer.echo(words)
                event_log.write(home, "digest ended", result=result, new_lines=digest.new_count)
        except (Refused, DatabaseError) as problem:
            typer.echo(f"stra: {in_words(problem)}", err=True)
            failed = True
            if not is_shown:
                event_log.write(home, "digest ended", result="failed")
    if failed:
        raise typer.Exit(1)


def _sent(home: Path, digest: dispatch.Digest) -> tuple[str, str]:
    """What came of it: a word for the log, and words for the terminal."""
    from dashboards.documents.digest.dispatch import send

    if not digest.new_count:
        return "nothing new", f"{digest.wanted.name}: nothing new, so nothing was sent."
    if not digest.is_due:
        words = f"{digest.new_count} new, for the next digest: one a {digest.wanted.every}."
        return "not due", f"{digest.wanted.name}: {words}"
    return "sent", f"{digest.wanted.name}: {digest.new_count} new, sent to {send(home, digest, os.environ)}."
