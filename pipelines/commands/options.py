"""Options that several commands have."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


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
