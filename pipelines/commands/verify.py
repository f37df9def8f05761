"""`stra verify`: was anything changed since it was published, decided or written?"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.failure import fail
from pipelines.commands.options import Home


def verify(
    home: Home,
    document: Annotated[
        Path | None, typer.Option(help="Check only this document, written from this home, wherever it is now.")
    ] = None,
    data: Annotated[
        Path | None, typer.Option(help="Folder with the delivered files, to compare each with what was loaded.")
    ] = None,
) -> None:
    """Check published copies, loaded rows, decisions and documents for changes.

    Each is compared with its manifest or its hash.
    """
    from casework.store.refusal import Refused
    from casework.upkeep.checks import faults, published_marks
    from pipelines.delivery import inputs
    from pipelines.publication.publish import differences_in_use

    if document is not None:
        if _documents_differ(home, document.resolve()):
            raise fail(f"{document}: not as it was written from {home}. Write it again, and find out who changed it.")
        typer.echo("The document is as it was written, and its numbers are those that were published.")
        return
    wrong = differences_in_use(home)
    altered = inputs.kept_differences(home)
    if data is not None:
        changed, unknown = inputs.delivered_differences(home, data)
        altered += changed
        for line in unknown:
            typer.echo(line)
    for line in altered:
        typer.echo(f"CHANGED {line}", err=True)
    try:
        damaged = faults(home, published_marks(home))
    except Refused as words:
        for line in wrong:
            typer.echo(line, err=True)
        raise fail(f"what people decided could not be checked. {words}") from words
    for line in wrong + [f"DAMAGED {fault}" for fault in damaged]:
        typer.echo(line, err=True)
    has_documents = (home / "reports.jsonl").exists() or inputs.names_documents(home)
    differ = has_documents and _documents_differ(home)
    if damaged:
        raise fail(
            f"{len(damaged)} faults in what people decided, {len(wrong)} differences in what is published. A build "
            "does not repair a decision: restore the casework store from a backup, and find out who writes to it."
        )
    if wrong:
        raise fail(f"{len(wrong)} differences. Run the build again; if they come back, someone writes to {home}.")
    if altered:
        raise fail(f"{len(altered)} inputs are not those used for the published figures.")
    typer.echo("All published copies match their manifests; their inputs and all decisions are unchanged.")
    if differ:
        raise fail("documents differ from what was written. Write them again.")
    if has_documents:
        typer.echo("Every document still where it was written is unchanged.")


def _documents_differ(home: Path, document: Path | None = None) -> bool:
    """Print findings on the documents, faults as errors; True if there is a fault."""
    from dashboards.documents.checks import examine

    verdict = examine(home.resolve(), document)
    for line in verdict.remarks:
        typer.echo(line)
    for line in verdict.faults:
        typer.echo(line, err=True)
    return bool(verdict.faults)
