"""`stra lists`: which reference lists are not as they were accepted, and their acceptance."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.failure import fail, say


def lists(
    accept_by: Annotated[str, typer.Option(help="Who accepts the lists as they are; without it, they are shown.")] = "",
) -> None:
    """Show the lists in assets/reference that were changed since they were accepted.

    Each build names them until they are accepted.
    """
    from pipelines.delivery import accepted_lists

    if accept_by:
        for one in accepted_lists.accept(accept_by):
            say(f"Accepted: assets/reference/{one.file}")
        say("Every list is as it was accepted.")
        return
    if words := accepted_lists.notice():
        raise fail(words)
    say("Every list is as it was accepted.")
