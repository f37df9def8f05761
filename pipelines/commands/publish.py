"""`stra publish --back`: an earlier publication in use again."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.failure import explained, fail
from pipelines.commands.options import Home


def publish(
    home: Home,
    by: Annotated[str, typer.Option(help="Who goes back, for the log and the pages.")],
    back: Annotated[bool, typer.Option("--back", help="Put an earlier publication in use for all audiences.")] = False,
    to: Annotated[str, typer.Option(help="The publication, by its run; else the one before that in use.")] = "",
    reason: Annotated[str, typer.Option(help="Why, for the log and the banner on every page.")] = "",
) -> None:
    """Go back to an earlier publication, until the next build publishes again."""
    from casework.store.database import UNUSABLE, in_words
    from casework.store.refusal import Refused
    from pipelines.people import retention
    from pipelines.publication.back import BackRefused, choose, go_back
    from pipelines.system.build_lock import build_lock

    if not back:
        raise typer.BadParameter("expected --back: `stra build` publishes what is new")
    if not by.strip():
        raise typer.BadParameter("expected a name with --by: going back is logged")
    if not (home / "published").is_dir():
        raise fail(f"{home}: expected a home with a publication; there is none. Run stra build first.")
    try:
        with build_lock(home):
            if retention.pending_purge(home) is not None:
                raise fail(
                    f"{home}: an erasure of people is under way. Run stra purge to complete it, then this again."
                )
            chosen = choose(home, to.strip())
            go_back(home, chosen, by.strip(), reason.strip())
    except typer.Exit:
        raise
    except BackRefused as words:
        raise fail(str(words)) from words
    except (Refused, *UNUSABLE) as problem:
        if isinstance(problem, OSError):
            raise explained(problem, home) from problem
        raise fail(f"{in_words(problem)} What is not logged is not done.") from problem
    except Exception as problem:
        raise explained(problem, home) from problem
    typer.echo(
        f"All audiences use the publication {chosen.run_ref} again: published {chosen.published_at}, "
        f"as of {chosen.as_of or 'no day'}. Every page says so."
    )
    typer.echo("The next `stra build` publishes again. Mend the cause before it.")
