"""`stra purge`: people past their clear period, and the proof of their erasure."""

from __future__ import annotations

from typing import Annotated

import typer

from pipelines.commands.failure import explained, fail
from pipelines.commands.options import Home, day_of


def purge_people(
    home: Home,
    as_of: Annotated[str | None, typer.Option(help="People whose clear period ended by this day; else today.")] = None,
    accept_by: Annotated[str, typer.Option(help="Who accepts the erasure; without it, it is only shown.")] = "",
    seen: Annotated[str, typer.Option(help="The mark of who is due, as a run without --accept-by shows it.")] = "",
) -> None:
    """Show how many people are past their clear period.

    Erase them with --accept-by, and prove that no published figure changes.
    """
    from casework.store.database import today
    from pipelines.people import retention

    day = day_of(as_of) or today()
    if day > today():
        raise typer.BadParameter(f"expected --as-of today or earlier, saw {day}: a period still running has not ended")
    if accept_by and not seen:
        raise typer.BadParameter("expected --seen with --accept-by: run this without both, and read who is due")
    if not (home / "warehouse.duckdb").is_file():
        raise fail(f"{home}: nothing has been built here yet, so there is nobody to erase. Run stra build first.")
    try:
        if retention.pending_purge(home) is not None:
            typer.echo("An earlier purge, accepted and logged, was interrupted. It is completed now.")
            proof = retention.complete(home, typer.echo)
        elif accept_by:
            proof = retention.purge(home, day, accept_by, seen, typer.echo)
        else:
            found = retention.review(home, day)
            for line in found.lines():
                typer.echo(line)
            if found.people.height:
                typer.echo(f"To erase exactly these, which cannot be undone: --accept-by NAME --seen {found.mark}")
            return
    except Exception as problem:
        raise explained(problem, home) from problem
    for line in (*proof.failures, *proof.lines()):
        typer.echo(line)
    if proof.failures:
        raise fail("they are erased, but the home could not be rebuilt: run stra purge again to complete it.")
    typer.echo(f"The proof is in {retention.proof_file(home, proof)}")
    if not proof.is_reconciled:
        raise fail(f"{len(proof.unreconciled)} published tables have changed for no known reason.")
    typer.echo("Published figures of command and commissioning are unchanged, except for the reasons given.")
