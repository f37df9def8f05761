"""`stra combine`: one home for a region from the homes of its forces."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from casework.store.builds import FAILED
from pipelines.builds import combined, empty_warehouse
from pipelines.commands import build
from pipelines.commands.failure import explained, fail
from pipelines.fetching.folder import DataFolder
from pipelines.system.build_lock import build_lock
from pipelines.system.disk import make_private


def run(homes: Sequence[Path], home: Path, wanted: date | None) -> typer.Exit:
    """Load what the homes hold, then build and publish; return the exit, once everything is said."""
    began = time.monotonic()
    try:
        parts = combined.read_parts(homes)
        as_of = combined.described_day(parts, wanted)
        if (home / combined.NAME).exists() and not (home / combined.RECORD).is_file():
            return fail(f"{home}: expected a new folder, or a home combined before; it holds a home of its own.", 2)
        for warning in combined.warnings(parts):
            typer.echo(warning)
        make_private(home)
        with build_lock(home):
            empty_warehouse.provide(home)
            combined.take_in(home, parts, as_of)
    except Exception as problem:
        if (home / combined.RECORD).is_file():  # a home combined before, whose earlier figures stay in use
            build.record(home, began, FAILED, str(problem) or type(problem).__name__)
        return fail(str(problem), 2) if isinstance(problem, combined.CannotCombine) else explained(problem, home)
    for part in parts:
        typer.echo(f"{part.home}: {', '.join(part.forces)}, {len(part.deliveries)} deliveries")
    return build.run_folder(DataFolder(home.resolve() / "raw"), home, as_of)
