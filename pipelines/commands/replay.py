"""`stra replay`: an extract as it was known on an earlier day."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.failure import explained, fail
from pipelines.commands.options import Data, day_of


def replay(
    data: Data,
    as_of: Annotated[str, typer.Option(help="Day, YYYY-MM-DD: what was known at its end in London.")],
    out: Annotated[Path, typer.Option(help="Empty or new folder for the extract of that day.")],
) -> None:
    """Write the extract as it was known on an earlier day, from the times that its rows give.

    Rows, times and results of later are left out. Build it like any other folder.
    """
    from casework.store.files import whole_folder
    from pipelines.builds.replayed import NothingToReplay
    from pipelines.builds.replayed import replay as write
    from pipelines.fetching.folder import DataFolderMissing, read_folder

    day = day_of(as_of)
    assert day is not None
    if out.exists() and not (out.is_dir() and not any(out.iterdir())):
        raise fail(f"{out}: expected an empty or new folder; it already has files. Give another --out.")
    try:
        with whole_folder(out) as fresh:
            fresh.chmod(0o700)  # it holds records of people
            done = write(read_folder(data), day, fresh, fresh / ".whole")
            shutil.rmtree(fresh / ".whole")
    except (NothingToReplay, DataFolderMissing) as words:
        raise fail(str(words), 2) from words
    except Exception as problem:
        raise explained(problem, out) from problem
    for table, (then, now) in done.rows.items():
        typer.echo(f"{table}: {then:,} of {now:,} rows were known on {day}")
    for line in done.missing:
        typer.echo(line)
    if done.copied:
        typer.echo(f"Copied as they are now, for they are not of the extract: {', '.join(done.copied)}")
    typer.echo(f"The extract of {day} is in {out}. Build it with: stra build --data {out} --as-of {day} --home HOME")
