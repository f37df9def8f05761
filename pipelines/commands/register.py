"""`stra register import`: a force's published plan into the register of inspection recommendations."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.commands.failure import fail, refusals_told
from pipelines.commands.options import Home

if TYPE_CHECKING:
    from casework.assessment.plans.take import Outcome

IN_PART = 3  # as of a build: done, but for what is listed

register_app = typer.Typer(no_args_is_help=True, help="The registers of the strategic assessment.")


@register_app.callback()
def _group() -> None:
    """The registers of the strategic assessment."""


@register_app.command(name="import")
def import_plan(
    home: Home,
    file: Annotated[Path, typer.Option(help="The published plan: CSV, Word (.docx) or HTML, with a table.")],
    by: Annotated[str, typer.Option(help="Who imports it, for the revisions and the log.")],
    body: Annotated[str, typer.Option(help="Whose recommendations they are.")] = "Super-complaint report",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; change nothing.")] = False,
) -> None:
    """Import a published action plan; what is not understood is listed, and the exit code is then 3."""
    from assets.reference import list_rows
    from casework.assessment.plans.take import REGISTER, Held, take_plan
    from casework.assessment.plans.words import Words

    if not home.is_dir():
        raise fail(f"{home}: expected the home folder; there is none. Run stra build first, or make the folder.")
    try:
        content = file.read_bytes()
    except OSError as problem:
        raise fail(f"{file}: the plan could not be read ({problem.strerror}). Give its file with --file.") from problem
    shipped = [row for row in list_rows("register_starters") if row["register"] == REGISTER]
    starters = [Held(row["entry_ref"], 0, json.loads(row["fields"])) for row in shipped]
    with refusals_told():
        words = Words.of(list_rows("plan_words"))
        found = take_plan(home, file.name, content, words, starters, by, body=body, is_trial=dry_run)
    _say(found, is_trial=dry_run)
    if found.problems:
        raise typer.Exit(IN_PART)


def _say(found: Outcome, *, is_trial: bool) -> None:
    for notice in found.notices:
        typer.echo(notice)
    for one in found.problems:
        typer.echo(f"NOT IMPORTED {one.place}: expected {one.expected}; saw {one.seen}. {one.remedy}.", err=True)
    would = "would be " if is_trial else ""
    for numbers, what in ((found.added, "added"), (found.changed, "changed"), (found.same, "the same as the plan")):
        if numbers:
            is_same = numbers is found.same
            typer.echo(f"{len(numbers)} {'' if is_same else would}{what}: {', '.join(numbers)}.")
    typer.echo(f"{len(found.problems)} not imported." if found.problems else "Everything in the plan was understood.")
