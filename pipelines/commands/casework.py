"""`stra casework move`: the decisions of a home from SQLite to PostgreSQL, or back."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.failure import fail, refusals_told
from pipelines.commands.options import Home

casework_app = typer.Typer(no_args_is_help=True, help="The store of what people decided.")


@casework_app.callback()
def _group() -> None:
    """The store of what people decided."""


@casework_app.command()
def move(
    home: Home,
    to: Annotated[str, typer.Option(help="postgresql, or sqlite; STRA_CASEWORK_URL names the server either way.")],
    by: Annotated[str, typer.Option(help="Who moves them, for the log.")],
) -> None:
    """Move all decisions, with every chain, to an empty store; the old one is kept and refuses changes."""
    from casework.store import address
    from casework.upkeep.move import TO_POSTGRESQL, TO_SQLITE
    from casework.upkeep.move import move as move_to

    if to not in (TO_POSTGRESQL, TO_SQLITE):
        raise typer.BadParameter(f"expected --to {TO_POSTGRESQL} or {TO_SQLITE}, saw {to!r}")
    if not by.strip():
        raise typer.BadParameter("expected a name with --by: a move is logged")
    if not home.is_dir():
        raise fail(f"{home}: expected the home folder; there is none. Name it with --home.")
    with refusals_told():
        made = move_to(home, to, by.strip())
    if made.rows:
        for table, count in made.rows.items():
            if count:
                typer.echo(f"{table}: {count:,} rows")
        typer.echo(f"{sum(made.rows.values()):,} rows were moved from {made.source} to {made.target}.")
    else:
        typer.echo(f"The move from {made.source} to {made.target}, which was interrupted, is complete.")
    typer.echo("Every chain is whole there, and the move is logged. The old store is kept and refuses every change.")
    if made.aside is not None:
        typer.echo(f"The file that an earlier move left is {made.aside.name} of the home now.")
    if to == TO_POSTGRESQL:
        typer.echo(f"From now on set {address.URL} for every command and server of this home.")
    else:
        typer.echo(f"From now on leave {address.URL} out of the environment, and start the server again.")
