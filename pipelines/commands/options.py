"""Options that several commands have."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Annotated

import typer


def day_of(text: str | None) -> date | None:
    """The day of an option, written as YYYY-MM-DD; None without one."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise typer.BadParameter(f"expected a day like 2026-03-31, saw {text!r}") from problem


def _known(home: Path) -> Path:
    """The home, unless a newer product wrote to it: then no command touches it."""
    if home.is_dir():
        from casework.store.versions import refuse_newer

        refuse_newer(home)
    return home


Home = Annotated[
    Path, typer.Option(help="Folder for the warehouse, the published copies and the documents.", callback=_known)
]
Data = Annotated[Path, typer.Option(help="Folder with the delivered files, at any depth.")]
Force = Annotated[str, typer.Option(help="Code of the force, if the extract has figures of several.")]
Folder = Annotated[Path, typer.Option("--out", help="Folder for the documents.")]
Page = Annotated[Path, typer.Option("--out", help="HTML file to write.")]
Template = Annotated[Path | None, typer.Option(help="Your own Word template (.docx): styles, header and footer.")]
