"""`stra synth`: the extract of an invented force, and what was planted in it."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.commands.failure import fail
from pipelines.system import stops


def synth(
    out: Annotated[Path, typer.Option(help="Empty or new folder for the invented extract.")],
    crimes: Annotated[int, typer.Option(min=200, max=5_000_000, help="Crimes; few break some rules only.")] = 40_000,
    seed: Annotated[int, typer.Option(help="The same seed gives the same force.")] = 1,
    noise: Annotated[str, typer.Option(help="Errors in identities: none, low, medium or heavy.")] = "none",
    form: Annotated[str, typer.Option(help="csv or parquet.")] = "csv",
    until: Annotated[str, typer.Option(help="Day, YYYY-MM-DD: the extract as it was then, without truth/.")] = "",
    steady: Annotated[bool, typer.Option("--steady", help="Without its story: nothing changes.")] = False,
    neighbour: Annotated[
        bool, typer.Option("--neighbour", help="The force beside it, a tenth as large; it knows some of its people.")
    ] = False,
    series: Annotated[
        bool, typer.Option("--series", help="Only the monthly counts of every measure by part, in series.parquet.")
    ] = False,
    seeds: Annotated[int, typer.Option(min=1, help="With --series: as many forces, with seeds from --seed on.")] = 1,
) -> None:
    """Write an invented force's extract, and what was planted in it to `truth/`.

    Nobody in it is real. With --series nothing but counts is written.
    """
    from casework.store.files import whole_folder
    from pipelines.commands.series import write_series
    from sample.synth import write_force
    from sample.synth.neighbour import write_neighbour

    if neighbour and (until or steady or series):
        raise typer.BadParameter("--neighbour is of the force with its story: leave out --until, --steady and --series")
    if seeds > 1 and not series:
        raise typer.BadParameter("--seeds is for --series: an extract is of one force")
    if series and (until or form != "csv"):
        raise typer.BadParameter("--series is of the whole force, as parquet: leave out --until and --form")
    if out.exists() and any(out.iterdir() if out.is_dir() else [out]):
        raise fail(f"{out}: expected an empty or new folder; it already has files. Give another --out.")
    try:
        with whole_folder(out) as fresh:
            if series:
                said = write_series(fresh, crimes, range(seed, seed + seeds), noise, has_story=not steady).words()
            else:
                if neighbour:
                    rows = write_neighbour(fresh, crimes, seed, noise, form)
                else:
                    whole = fresh / ".whole" if until else fresh
                    rows = write_force(whole, crimes, seed, noise, form, has_story=not steady)
                if until:
                    rows = _keep_known(whole, date.fromisoformat(until), fresh, form)
                said = [f"{table}: {count:,} rows" for table, count in rows.items()]
            if stops.asked():  # polars kept the signal to itself
                raise KeyboardInterrupt
    except ValueError as problem:
        raise typer.BadParameter(str(problem)) from problem
    except OSError as problem:
        raise fail(f"{out}: could not write ({problem.strerror}). Free some space or give another --out.") from problem
    for line in said:
        typer.echo(line)
    if series:
        forces = "an invented force" if seeds == 1 else f"{seeds:,} invented forces"
        typer.echo(f"The monthly counts of {forces} of {crimes:,} crimes are in {out / 'series.parquet'}.")
    elif until:
        typer.echo(f"The extract of {until} of an invented force is in {out}: {rows['crime']:,} of {crimes:,} crimes.")
    elif neighbour:
        typer.echo(f"The neighbour of an invented force, with {rows['crime']:,} crimes of its own, is in {out}.")
    else:
        typer.echo(f"An invented force with {crimes:,} crimes is in {out}; what was planted is in {out / 'truth'}.")


def _keep_known(whole: Path, day: date, out: Path, form: str) -> dict[str, int]:
    """Keep of a whole force what was known on a day; return the rows of each table."""
    from pipelines.builds.replayed import replay_own
    from sample.synth.commissioning import EARLIER

    done = replay_own(whole, day, out, form)
    shutil.rmtree(whole)
    (out / "README.txt").write_text(EARLIER.format(day=day.isoformat()), encoding="utf-8")
    return {table: then for table, (then, _) in done.rows.items()}
